import factory
from factory.django import DjangoModelFactory

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    kind = OrganisationKind.CUSTOMER

    class Params:
        vendor = factory.Trait(kind=OrganisationKind.VENDOR)
        auditor = factory.Trait(kind=OrganisationKind.AUDITOR)


class UserFactory(DjangoModelFactory):
    """A person of a vendor, who reads English."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    organisation = factory.SubFactory(OrganisationFactory, vendor=True)
    language = "en"

    class Params:
        administrator = factory.Trait(is_administrator=True)
        of_customer = factory.Trait(organisation=factory.SubFactory(OrganisationFactory))

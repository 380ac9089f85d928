"""Who may open which page of accounts."""

from accounts.domain import invitations
from tests.access import SIGNED_IN, STRANGERS, Route
from tests.accounts.domain.test_invitations import sent_token
from tests.accounts.factories import OrganisationFactory, UserFactory


def person(project):
    return {"pk": UserFactory(of_customer=True).pk}


def organisation(project):
    return {"pk": OrganisationFactory().pk}


def open_link(project):
    invited = UserFactory(of_customer=True)
    invitations.send(invited, by=UserFactory())
    return {"token": sent_token(invited)}


ROUTES = {
    "accounts:theme": Route(allowed=SIGNED_IN, post=True, data={"theme": "dark"}),
    "accounts:language": Route(allowed=STRANGERS, post=True, data={"language": "en"}),
    "accounts:invitation": Route(allowed=STRANGERS, args=open_link, post=True),
}

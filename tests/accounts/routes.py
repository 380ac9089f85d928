"""Who may open which page of accounts."""

from accounts.domain import api_tokens, invitations
from accounts.models import User
from tests.access import ADMINISTRATORS, SIGNED_IN, STRANGERS, VENDOR, Route
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


def own_token(project):
    asking = User.objects.latest("pk")  # the person who asks was made last
    return {"pk": api_tokens.create(asking, name="Import")[0].pk}


ROUTES = {
    "accounts:person_list": Route(allowed=VENDOR),
    "accounts:person_invite": Route(allowed=ADMINISTRATORS),
    "accounts:person_edit": Route(allowed=ADMINISTRATORS, args=person),
    "accounts:person_deactivate": Route(allowed=ADMINISTRATORS, args=person, post=True),
    "accounts:person_reactivate": Route(allowed=ADMINISTRATORS, args=person, post=True),
    "accounts:person_invite_again": Route(allowed=ADMINISTRATORS, args=person, post=True),
    "accounts:organisation_list": Route(allowed=VENDOR),
    "accounts:organisation_create": Route(allowed=ADMINISTRATORS),
    "accounts:organisation_edit": Route(allowed=ADMINISTRATORS, args=organisation),
    "accounts:preferences": Route(allowed=SIGNED_IN),
    "accounts:theme": Route(allowed=SIGNED_IN, post=True, data={"theme": "dark"}),
    "accounts:token_list": Route(allowed=SIGNED_IN),
    "accounts:token_revoke": Route(allowed=SIGNED_IN, args=own_token, post=True),
    "accounts:session_renew": Route(allowed=SIGNED_IN, post=True),
    "accounts:language": Route(allowed=STRANGERS, post=True, data={"language": "en"}),
    "accounts:invitation": Route(allowed=STRANGERS, args=open_link, post=True),
    "accounts:invitation_renew": Route(allowed=STRANGERS, args=open_link, post=True),
}

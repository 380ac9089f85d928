"""Who may open which page of signing."""

from datetime import date, timedelta

from projects.enums import EVERY_ROLE, Role
from signing.domain import links
from signing.models import Authority
from tests.access import STRANGERS, Route
from tests.projects.factories import member
from tests.signing.factories import row


def document(project):
    request = row(project, kind="srs", shared_for_audit=True)
    return {"number": request.number, "version": request.version}


def archived(project):
    return document(project) | {"copy": 1}  # there is none yet


def signer(project):
    request = row(project, kind="srs")
    return {"number": request.number, "version": request.version, "signer_id": request.signers.get().pk}


def authority(project):
    until = date.today() + timedelta(days=30)
    held = Authority.objects.create(
        project=project,
        user=member(project, Role.REPRESENTATIVE),
        kind="srs",
        valid_until=until,
        granted_by=project.created_by,
    )
    return {"pk": held.pk}


def token(project):
    """A link that works; its token is only in its address."""
    address = links.make_link(row(project, kind="srs").signers.get())
    return {"token": address.strip("/").split("/")[-1]}


MANAGER = {Role.PROJECT_MANAGER}
HOSTS = {*MANAGER, Role.CONSULTANT}
ROUTES = {
    "signing:document_list": Route(allowed=EVERY_ROLE),
    "signing:document_detail": Route(args=document, allowed=EVERY_ROLE),
    "signing:document_body": Route(args=document, allowed=EVERY_ROLE),
    "signing:document_sealed": Route(args=document, allowed=EVERY_ROLE, hidden=EVERY_ROLE),  # nothing is sealed yet
    "signing:document_archive": Route(args=archived, allowed=EVERY_ROLE, hidden=EVERY_ROLE),
    "signing:document_kit": Route(args=document, allowed=EVERY_ROLE, hidden=EVERY_ROLE),
    "signing:document_sign": Route(args=document, allowed=EVERY_ROLE, hidden=EVERY_ROLE, post=True),  # not theirs
    "signing:document_audit": Route(args=document, allowed=MANAGER, post=True),
    "signing:document_void": Route(args=document, allowed=MANAGER, post=True),
    "signing:signer_remind": Route(args=signer, allowed={*MANAGER, Role.CONSULTANT}, post=True),
    "signing:in_person": Route(args=signer, allowed=HOSTS),
    "signing:in_person_open": Route(args=signer, allowed=HOSTS, post=True),
    "signing:in_person_code": Route(args=signer, allowed=HOSTS, post=True),
    "signing:in_person_decide": Route(args=signer, allowed=HOSTS, post=True),
    "signing:authority_list": Route(allowed=EVERY_ROLE),
    "signing:authority_revoke": Route(args=authority, allowed={Role.SPONSOR}, post=True),
    "signing:link_request": Route(allowed=STRANGERS),
    "signing:sign": Route(args=token, allowed=STRANGERS),
    "signing:sign_open": Route(args=token, allowed=STRANGERS, post=True),
    "signing:sign_code": Route(args=token, allowed=STRANGERS, post=True),
    "signing:sign_decide": Route(args=token, allowed=STRANGERS, post=True),
    "signing:delegate": Route(args=token, allowed=STRANGERS),
    "signing:delegate_code": Route(args=token, allowed=STRANGERS, post=True),
    "signing:sign_state": Route(args=token, allowed=STRANGERS),
    "signing:sign_renew": Route(args=token, allowed=STRANGERS, post=True),
    "signing:sign_body": Route(args=token, allowed=STRANGERS),
    "signing:sign_sealed": Route(args=token, allowed=STRANGERS),
    "signing:sign_kit": Route(args=token, allowed=STRANGERS),
    "signing:verify_fingerprint": Route(allowed=STRANGERS),
    "signing:verify": Route(allowed=STRANGERS),
    "signing:verify_record": Route(args=document, allowed=STRANGERS),
}

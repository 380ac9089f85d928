from django.utils.translation import gettext_lazy as _

from projects.enums import EVERY_ROLE, Role
from projects.models import Project
from projects.rights import Right, Rights, roles
from signing.models import Authority, SignatureRequest, Signer

RIGHTS = Rights(
    _("Signing"),
    {
        "view_document": Right(_("See the documents that are shared with them"), EVERY_ROLE),
        "void_request": Right(_("Withdraw a document that waits for signatures"), roles(Role.PROJECT_MANAGER)),
        "share_document": Right(_("Show signed documents to auditors"), roles(Role.PROJECT_MANAGER)),
        "remind_signer": Right(_("Remind signers"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)),
        "host_signing": Right(
            _("Let a signer sign in person on their device"), roles(Role.PROJECT_MANAGER, Role.CONSULTANT)
        ),
        "view_authority": Right(_("See the authority register"), EVERY_ROLE),
        "grant_authority": Right(_("Say who may sign for the customer"), roles(Role.SPONSOR)),
    },
)


def can_view_document(user, obj: Project | SignatureRequest) -> bool:
    return RIGHTS.allows("view_document", user, obj)


def can_void_request(user, obj: Project | SignatureRequest) -> bool:
    return RIGHTS.allows("void_request", user, obj)


def can_share_document(user, obj: Project | SignatureRequest) -> bool:
    return RIGHTS.allows("share_document", user, obj)


def can_remind_signer(user, obj: Project | SignatureRequest) -> bool:
    return RIGHTS.allows("remind_signer", user, obj)


def can_host_signing(user, obj: Project | SignatureRequest) -> bool:
    return RIGHTS.allows("host_signing", user, obj)


def can_view_authority(user, obj: Project | Authority) -> bool:
    return RIGHTS.allows("view_authority", user, obj)


def can_grant_authority(user, obj: Project | Authority) -> bool:
    return RIGHTS.allows("grant_authority", user, obj)


def is_signer(user, signer: Signer) -> bool:
    """The named person themselves, signed in to their account."""
    return user.is_authenticated and user.is_active and user.pk == signer.user_id

"""Who may bind whom: the project manager signs for the vendor; for the customer the sponsor signs, or a
representative whom the authority register names for this kind of document until a day that has not passed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.domain import trail
from projects.enums import Role
from projects.models import Membership, Project
from signing import kinds
from signing.domain.errors import AlreadyValid
from signing.enums import Side
from signing.models import Authority

LONGEST = timedelta(days=3 * 366)


def contract_day(project: Project, now: datetime) -> date:
    """Return the day that `now` is in the zone of the contract."""
    return now.astimezone(ZoneInfo(project.time_zone)).date()


def signing_role(project: Project, user: User, side: str, kind_code: str, *, on: date) -> str | None:
    """Return the role by which `user` may sign this kind of document for `side` on that day, or None."""
    if not user.is_active:
        return None
    held = set(Membership.objects.filter(project=project, user=user).values_list("role", flat=True))
    if side == Side.VENDOR:
        return Role.PROJECT_MANAGER.value if Role.PROJECT_MANAGER in held else None
    if Role.SPONSOR in held:
        return Role.SPONSOR.value
    authorised = Authority.objects.valid(on=on).filter(project=project, user=user, kind=kind_code)
    if Role.REPRESENTATIVE in held and authorised.exists():
        return Role.REPRESENTATIVE.value
    return None


def is_member(project: Project, user: User) -> bool:
    """Whether the person may act in the project at all."""
    return user.is_active and Membership.objects.filter(project=project, user=user).exists()


def possible_signers(project: Project, kind_code: str, *, on: date) -> list[tuple[User, str, str]]:
    """Return (person, side, role) of everyone who may sign this kind of document: vendor first, sponsors next."""
    authorised = set(
        Authority.objects.valid(on=on).filter(project=project, kind=kind_code).values_list("user_id", flat=True)
    )
    members = Membership.objects.filter(project=project, user__is_active=True).select_related("user__organisation")
    by_role: dict[str, list[User]] = {}
    for membership in members.order_by("user__name", "pk"):
        by_role.setdefault(membership.role, []).append(membership.user)
    sponsors = by_role.get(Role.SPONSOR, [])
    named = [user for user in by_role.get(Role.REPRESENTATIVE, []) if user.pk in authorised and user not in sponsors]
    return [
        *((user, Side.VENDOR.value, Role.PROJECT_MANAGER.value) for user in by_role.get(Role.PROJECT_MANAGER, [])),
        *((user, Side.CUSTOMER.value, Role.SPONSOR.value) for user in sponsors),
        *((user, Side.CUSTOMER.value, Role.REPRESENTATIVE.value) for user in named),
    ]


def check_last_day(project: Project, day: date, now: datetime) -> date:
    """Return `day` if an authority given now may last until then; raise ValidationError if not."""
    today = contract_day(project, now)
    if day < today:
        raise ValidationError(_("This day has passed."))
    if day > today + LONGEST:
        raise ValidationError(_("An authority lasts at most three years; renew it then."))
    return day


@transaction.atomic
def grant(project: Project, user: User, kind_code: str, valid_until: date, *, by: User) -> Authority:
    """Enter one line into the register; the representative is told.

    Raises AlreadyValid if a line for the same person and kind holds as long or longer.
    """
    from notices.domain import outbox

    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    longer = Authority.objects.valid(on=valid_until).filter(project=project, user=user, kind=kind_code).first()
    if longer:
        raise AlreadyValid(name=user.name, until=longer.valid_until.isoformat())
    authority = Authority(project=project, user=user, kind=kind_code, valid_until=valid_until, granted_by=by)
    trail.save(authority, by=by, action="grant")
    with translation.override(user.language):
        label = str(kinds.get(kind_code).label)
    outbox.tell(
        user,
        "signing/mails/authority_granted",
        {"project": project, "kind": label, "until": valid_until, "by": by.name},
        url=_register_url(project),
        project_id=project.pk,
    )
    return authority


@transaction.atomic
def revoke(authority_id: int, *, by: User) -> Authority:
    """End a line of the register now; what was signed under it stays. A second call changes nothing."""
    authority = Authority.objects.select_for_update(of=("self",)).get(pk=authority_id)
    if authority.revoked_at is None:
        before = trail.snapshot(authority)
        authority.revoked_at, authority.revoked_by = timezone.now(), by
        authority.save(update_fields=["revoked_at", "revoked_by"])
        trail.record("revoke", authority, by=by, before=before)
    return authority


def _register_url(project: Project) -> str:
    from django.urls import reverse

    return reverse("signing:authority_list", args=[project.key])

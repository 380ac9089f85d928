"""Who is in a project and as what. Roles fit the side a person belongs to, and a project keeps a manager."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.domain import people
from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from audit.domain import trail
from notices.domain import outbox
from projects.domain import errors
from projects.enums import CUSTOMER_ROLES, VENDOR_ROLES, Role
from projects.models import Membership, Project

ROLES_OF_KIND: dict[str, frozenset[str]] = {
    OrganisationKind.VENDOR: VENDOR_ROLES,
    OrganisationKind.SUPPLIER: frozenset({Role.CONSULTANT, Role.ENGINEER, Role.TESTER}),  # they work in the team
    OrganisationKind.CUSTOMER: CUSTOMER_ROLES,
    OrganisationKind.AUDITOR: frozenset({Role.AUDITOR}),
}


@dataclass(frozen=True)
class Change:
    """What a step did to one member's roles; both empty when everything was so already."""

    user: User
    given: frozenset[str]
    taken: frozenset[str] = frozenset()


def roles_for(organisation: Organisation, project: Project) -> frozenset[str]:
    """Return the roles that people of `organisation` may hold in `project`; another customer's people none."""
    if organisation.kind == OrganisationKind.CUSTOMER and organisation.pk != project.customer_id:
        return frozenset()
    return ROLES_OF_KIND.get(organisation.kind, frozenset())


def organisations_for(project: Project):
    """Return the organisations whose people may take part: vendor, suppliers, this customer, auditors."""
    kinds = [OrganisationKind.VENDOR, OrganisationKind.SUPPLIER, OrganisationKind.AUDITOR]
    return Organisation.objects.filter(kind__in=kinds) | Organisation.objects.filter(pk=project.customer_id)


@transaction.atomic
def add_person(
    project: Project,
    *,
    email: str,
    name: str,
    organisation: Organisation,
    roles: Iterable[str],
    language: str,
    time_zone: str = "",
    job_title: str = "",
    by: User,
) -> Change:
    """Invite a person by e-mail, if they are new, and give them roles; roles they hold already stay as they are.

    Raises RoleDoesNotFit, NoRole, and what accounts.domain.people.invite raises.
    """
    wanted = _fitting(project, organisation, roles)
    user = people.invite(
        email, name, organisation, language, time_zone or organisation.time_zone, by=by, job_title=job_title
    )
    held = _lock_roles(project, user)
    return _apply(project, user, given=wanted - held, taken=frozenset(), by=by)


@transaction.atomic
def add_member(project: Project, user: User, roles: Iterable[str], *, by: User) -> Change:
    """Give roles to a person who is known; roles they hold already stay. Raises RoleDoesNotFit and NoRole."""
    wanted = _fitting(project, user.organisation, roles)
    return _apply(project, user, given=wanted - _lock_roles(project, user), taken=frozenset(), by=by)


@transaction.atomic
def set_roles(project: Project, user: User, roles: Iterable[str], *, by: User) -> Change:
    """Make `roles` all the roles of a member.

    Raises NotAMember, RoleDoesNotFit, NoRole and LastProjectManager.
    """
    wanted = _fitting(project, user.organisation, roles)
    held = _lock_roles(project, user)
    if not held:
        raise errors.NotAMember(person=user.name)
    return _apply(project, user, given=wanted - held, taken=held - wanted, by=by)


@transaction.atomic
def remove_person(project: Project, user: User, *, by: User) -> Change:
    """Take all roles from a member; what they did stays. Raises LastProjectManager; twice does nothing."""
    return _apply(project, user, given=frozenset(), taken=_lock_roles(project, user), by=by)


def _fitting(project: Project, organisation: Organisation, roles: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(Role(role) for role in roles)
    if not wanted:
        raise errors.NoRole
    for role in sorted(wanted - roles_for(organisation, project)):
        raise errors.RoleDoesNotFit(role=Role(role).label, organisation=organisation.name)
    return wanted


def _lock_roles(project: Project, user: User) -> frozenset[str]:
    """Return the roles of `user`, holding the project's row: two people changing the team come one after the other."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    return frozenset(project.memberships.filter(user=user).values_list("role", flat=True))


def _apply(project: Project, user: User, *, given: frozenset[str], taken: frozenset[str], by: User) -> Change:
    if Role.PROJECT_MANAGER in taken:
        _keep_a_manager(project, user)
    for role in sorted(given):
        trail.save(Membership(project=project, user=user, role=role), by=by)
    for membership in project.memberships.filter(user=user, role__in=taken).select_related("user"):
        trail.delete(membership, by=by)
    for person in (user, by):  # what they were is kept on the object for the request
        person.__dict__.pop("_roles_by_project", None)
    if given and user.pk != by.pk and user.last_login:  # who is new is told by the invitation
        _tell(project, user, given, by)
    return Change(user, given, taken)


def _keep_a_manager(project: Project, leaver: User) -> None:
    others = project.memberships.filter(role=Role.PROJECT_MANAGER, user__is_active=True).exclude(user=leaver)
    if not others.exists():
        raise errors.LastProjectManager(person=leaver.name)


def _tell(project: Project, user: User, given: frozenset[str], by: User) -> None:
    context = {"project": project, "by": by, "roles": [Role(role).label for role in Role if role in given]}
    outbox.tell(user, "projects/mails/joined", context, url=f"/projects/{project.key}/", project_id=project.pk)

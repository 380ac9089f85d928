from datetime import timedelta

import pytest
from django.utils import timezone

from notices.models import Message
from projects.enums import Role
from signing.domain import authority
from signing.domain.errors import AlreadyValid, NotASigner
from signing.enums import Side
from tests.projects.factories import member
from tests.signing.factories import PHASE_KIND, make_project, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_project()[0]


@pytest.fixture
def today(project):
    return authority.contract_day(project, timezone.now())


def role_of(project, user, day, side=Side.CUSTOMER):
    return authority.signing_role(project, user, side, PHASE_KIND.code, on=day)


def test_representative_signs_only_with_an_authority_that_holds(project, today):
    user = member(project, Role.REPRESENTATIVE)
    assert role_of(project, user, today) is None

    held = authority.grant(project, user, PHASE_KIND.code, today, by=project.created_by)

    assert role_of(project, user, today) == Role.REPRESENTATIVE
    assert role_of(project, user, today + timedelta(days=1)) is None
    assert authority.signing_role(project, user, Side.CUSTOMER, "another", on=today) is None
    assert Message.objects.filter(address=user.email, channel="email").count() == 1

    authority.revoke(held.pk, by=project.created_by)
    authority.revoke(held.pk, by=project.created_by)
    assert role_of(project, user, today) is None


def test_authority_gives_nothing_to_who_is_no_representative(project, today):
    user = member(project, Role.KEY_USER)
    authority.grant(project, user, PHASE_KIND.code, today, by=project.created_by)
    assert role_of(project, user, today) is None


def test_signing_role_of_a_leaver_is_none(project, today):
    user = member(project, Role.SPONSOR)
    user.is_active = False
    assert role_of(project, user, today) is None


def test_grant_refuses_what_already_holds_as_long(project, today):
    user = member(project, Role.REPRESENTATIVE)
    authority.grant(project, user, PHASE_KIND.code, today, by=project.created_by)
    with pytest.raises(AlreadyValid):
        authority.grant(project, user, PHASE_KIND.code, today, by=project.created_by)
    authority.grant(project, user, PHASE_KIND.code, today + timedelta(days=9), by=project.created_by)


def test_an_authorised_representative_can_be_asked_and_a_revoked_one_cannot():
    project, manager, _sponsor = make_project()
    user = member(project, Role.REPRESENTATIVE)
    today = authority.contract_day(project, timezone.now())
    held = authority.grant(project, user, PHASE_KIND.code, today, by=manager)
    assert send(project, manager, user).signers.get(order=2).role == Role.REPRESENTATIVE
    authority.revoke(held.pk, by=manager)
    with pytest.raises(NotASigner):
        send(project, manager, user)


def test_possible_signers_are_manager_sponsor_and_authorised_representatives(project, today):
    user, _unnamed = member(project, Role.REPRESENTATIVE), member(project, Role.REPRESENTATIVE)
    authority.grant(project, user, PHASE_KIND.code, today, by=project.created_by)
    found = authority.possible_signers(project, PHASE_KIND.code, on=today)
    assert [role for _user, _side, role in found] == ["project_manager", "sponsor", "representative"]
    assert found[-1][0] == user

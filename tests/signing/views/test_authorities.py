from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.enums import Role
from signing.domain import authority
from signing.models import Authority
from tests.projects.factories import ProjectFactory, member
from tests.signing.factories import PHASE_KIND

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def data(project):
    until = authority.contract_day(project, timezone.now()) + timedelta(days=30)
    user = member(project, Role.REPRESENTATIVE)
    return {"user": user.pk, "kind": PHASE_KIND.code, "valid_until": until.isoformat()}


def url(project):
    return reverse("signing:authority_list", args=[project.key])


def test_the_sponsor_enters_and_ends_an_authority(client, project, data):
    client.force_login(member(project, Role.SPONSOR))
    client.post(url(project), data)
    held = Authority.objects.get()
    client.post(reverse("signing:authority_revoke", args=[project.key, held.pk]))
    held.refresh_from_db()
    assert held.revoked_at
    assert b"Revoked" in client.get(url(project)).content


def test_the_register_says_when_a_line_holds_already(client, project, data):
    client.force_login(member(project, Role.SPONSOR))
    client.post(url(project), data)
    assert b"already has this authority" in client.post(url(project), data).content


@pytest.mark.parametrize("days", [-1, 4 * 366])
def test_the_last_day_is_neither_past_nor_far(client, project, data, days):
    client.force_login(member(project, Role.SPONSOR))
    data["valid_until"] = (authority.contract_day(project, timezone.now()) + timedelta(days=days)).isoformat()
    assert "valid_until" in client.post(url(project), data).context["form"].errors


@pytest.mark.parametrize("role", [Role.PROJECT_MANAGER, Role.REPRESENTATIVE, Role.KEY_USER])
def test_others_read_the_register_and_enter_nothing(client, project, data, role):
    client.force_login(member(project, role))
    assert client.get(url(project)).context["form"] is None
    assert client.post(url(project), data).status_code == 403
    assert Authority.objects.count() == 0

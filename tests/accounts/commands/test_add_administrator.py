from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import OrganisationKind
from accounts.management.commands import add_administrator
from accounts.models import Organisation, User
from audit.domain import trail
from tests.accounts.factories import UserFactory

PASSWORD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch):
    """What the person at the keyboard answers, question by question."""

    def answers(*lines):
        left = iter(lines)
        monkeypatch.setattr(add_administrator, "getpass", lambda prompt: next(left))

    return answers


def run(*options, email="Ada@Example.com"):
    call_command("add_administrator", email, "Ada Lin", "--organisation", "Northwind", *options, stdout=StringIO())


@pytest.mark.django_db
def test_add_administrator_begins_an_installation(typed):
    typed(PASSWORD, PASSWORD)
    run("--language", "zh-hans", "--time-zone", "Asia/Shanghai")
    user = User.objects.get()
    assert (user.email, user.is_administrator, user.language) == ("ada@example.com", True, "zh-hans")
    assert (user.organisation.name, user.organisation.kind) == ("Northwind", OrganisationKind.VENDOR)
    assert user.check_password(PASSWORD)
    assert [entry.action for entry in trail.entries_for(user)] == ["create"]


@pytest.mark.django_db
def test_add_administrator_without_password_takes_the_organisation_that_is_there():
    run("--no-password")
    run("--no-password", email="bo@example.com")
    assert Organisation.objects.count() == 1
    assert not User.objects.get(email="bo@example.com").has_usable_password()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "reason"),
    [(("short",), "too short"), ((PASSWORD, PASSWORD + "r"), "differ")],
)
def test_add_administrator_refuses_a_bad_password(typed, answers, reason):
    typed(*answers)
    with pytest.raises(CommandError, match=reason):
        run()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_add_administrator_refuses_a_known_address():
    UserFactory(email="ada@example.com")
    with pytest.raises(CommandError, match="already belongs to a person"):
        run("--no-password")


@pytest.mark.django_db
def test_add_administrator_refuses_what_is_no_address():
    with pytest.raises(CommandError, match="valid email"):
        run("--no-password", email="ada")

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain import people
from accounts.domain.errors import AddressOfAnotherOrganisation, LastAdministrator, OwnAccount, PersonDeactivated
from accounts.models import Invitation, User
from audit.domain import trail
from notices.domain import sending
from notices.models import Message
from tests.accounts.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def invite(email="wang@customer.example", *, organisation=None, by=None):
    return people.invite(
        email,
        "Wang Fang",
        organisation or OrganisationFactory(),
        "zh-hans",
        "Asia/Shanghai",
        by or UserFactory(),
    )


def test_invite_makes_an_unknown_person_without_a_password():
    person = invite("Wang@Customer.example")

    assert (person.email, person.language, person.has_usable_password()) == ("wang@customer.example", "zh-hans", False)
    assert [entry.action for entry in trail.entries_for(person)] == ["create", "invite"]


def test_invite_mails_a_sealed_link_and_keeps_only_its_hash():
    person = invite()

    message = Message.objects.get(address=person.email)
    token = re.search(r"/invitations/([\w-]+)/", sending.text_of(message)).group(1)
    assert len(token) >= 43  # 256 bits in base64
    assert message.body == ""
    assert Invitation.objects.get().token_hash != token


def test_invite_again_ends_the_link_before():
    organisation = OrganisationFactory()

    invite(organisation=organisation)
    invite(organisation=organisation)

    assert User.objects.filter(email="wang@customer.example").count() == 1
    assert Invitation.objects.open(timezone.now()).count() == 1
    assert Invitation.objects.count() == 2


def test_invite_returns_somebody_who_signed_in_before_without_a_mail():
    known = UserFactory(of_customer=True, last_login=timezone.now())

    person = invite(known.email, organisation=known.organisation)

    assert person == known
    assert person.name != "Wang Fang"
    assert not Message.objects.exists()


def test_invite_refuses_somebody_deactivated():
    gone = UserFactory(is_active=False, deactivated_at=timezone.now())

    with pytest.raises(PersonDeactivated):
        invite(gone.email, organisation=gone.organisation)


def test_invite_refuses_somebody_of_another_organisation():
    with pytest.raises(AddressOfAnotherOrganisation):
        invite(UserFactory(of_customer=True).email)


def test_deactivate_closes_the_account_and_records_it():
    leaver, administrator = UserFactory(), UserFactory(administrator=True)

    people.deactivate(leaver.pk, by=administrator)

    leaver.refresh_from_db()
    assert not leaver.is_active
    assert timezone.now() - leaver.deactivated_at < timedelta(minutes=1)
    entry = trail.entries_for(leaver).get()
    assert (entry.action, entry.changes["is_active"]) == ("deactivate", [True, False])


def test_deactivate_twice_changes_nothing():
    leaver, administrator = UserFactory(), UserFactory(administrator=True)

    first = people.deactivate(leaver.pk, by=administrator)
    second = people.deactivate(leaver.pk, by=administrator)

    assert first.deactivated_at == second.deactivated_at
    assert trail.entries_for(leaver).count() == 1


def test_deactivate_refuses_the_own_account():
    administrator = UserFactory(administrator=True)

    with pytest.raises(OwnAccount):
        people.deactivate(administrator.pk, by=administrator)


def test_deactivate_refuses_the_last_administrator():
    with pytest.raises(LastAdministrator):
        people.deactivate(UserFactory(administrator=True).pk, by=UserFactory())


def test_reactivate_opens_the_account():
    gone = UserFactory(is_active=False, deactivated_at=timezone.now())

    people.reactivate(gone.pk, by=UserFactory(administrator=True))

    gone.refresh_from_db()
    assert (gone.is_active, gone.deactivated_at) == (True, None)


def test_edit_refuses_to_leave_no_administrator():
    only = UserFactory(administrator=True)
    only.is_administrator = False

    with pytest.raises(LastAdministrator):
        people.edit(only, by=only)


def test_edit_records_before_and_after_without_the_password():
    person = UserFactory(name="Old")
    person.name = "New"
    person.set_password("something long enough")

    people.edit(person, by=UserFactory(administrator=True))

    assert trail.entries_for(person).get().changes == {"name": ["Old", "New"]}

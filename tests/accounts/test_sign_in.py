"""Signing in as Landfall has set allauth up: codes by mail, passwords for those who have one, nobody by themselves."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notices.domain import sending
from notices.models import Message
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db

ASK = reverse("account_request_login_code")
CONFIRM = reverse("account_confirm_login_code")
LOGIN = reverse("account_login")


def newest_text():
    return sending.text_of(Message.objects.mails().first())


def code_in_mail():
    return re.search(r"^\d{6}$", newest_text(), re.MULTILINE).group()


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_code_signs_in_a_customer_without_a_password(client):
    user = UserFactory(of_customer=True)

    client.post(ASK, {"email": user.email.upper()})
    client.post(CONFIRM, {"code": code_in_mail()})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_code_is_in_the_sealed_text_only(client):
    client.post(ASK, {"email": UserFactory().email})

    message = Message.objects.get()
    assert (message.body, code_in_mail() in message.subject) == ("", False)


def test_code_mail_speaks_the_persons_language(client):
    client.post(ASK, {"email": UserFactory(language="zh-hans").email}, headers={"Accept-Language": "en"})

    assert Message.objects.get().language == "zh-hans"


def test_wrong_code_five_times_ends_the_attempt(client):
    client.post(ASK, {"email": UserFactory().email})
    code = code_in_mail()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"

    for _ in range(5):
        client.post(CONFIRM, {"code": wrong})
    client.post(CONFIRM, {"code": code})

    assert not is_signed_in(client)


@pytest.mark.parametrize("is_known", [True, False])
def test_sixth_request_for_codes_is_refused_whether_or_not_the_address_is_known(client, settings, is_known):
    settings.ACCOUNT_RATE_LIMITS = False  # allauth's own count in one process; ours counts in the database
    address = UserFactory().email if is_known else "stranger@example.com"

    answers = [type(client)().post(ASK, {"email": address}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [200]
    assert "within 15 minutes" in answers[-1].content.decode()
    assert Message.objects.count() == (5 if is_known else 0)


def test_new_code_replaces_the_one_before(client):
    client.post(ASK, {"email": UserFactory().email})
    first = code_in_mail()

    client.post(CONFIRM, {"action": "resend"})
    second = code_in_mail()

    assert Message.objects.count() == 2
    client.post(CONFIRM, {"code": second})
    assert is_signed_in(client)
    assert first != second


def test_another_address_can_be_given(client):
    client.post(ASK, {"email": UserFactory().email})

    response = client.post(reverse("account_logout"), {"next": ASK})

    assert response["Location"] == ASK
    assert client.get(ASK).status_code == 200


def test_stranger_gets_no_mail_and_no_other_answer(client):
    known = client.post(ASK, {"email": UserFactory().email})
    client.logout()
    unknown = client.post(ASK, {"email": "stranger@example.com"})

    assert (unknown.status_code, unknown["Location"]) == (known.status_code, known["Location"])
    assert not Message.objects.filter(address="stranger@example.com").exists()


def test_leaver_gets_a_mail_that_says_so_and_no_code(client):
    leaver = UserFactory(is_active=False, deactivated_at=timezone.now())

    client.post(ASK, {"email": leaver.email})

    assert Message.objects.get().subject == "Your account is deactivated"


def test_leaver_with_the_right_password_is_told_on_the_page(client):
    leaver = UserFactory(is_active=False, deactivated_at=timezone.now())
    leaver.set_password("correct horse battery")
    leaver.save()

    page = client.post(LOGIN, {"login": leaver.email, "password": "correct horse battery"}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("account_inactive")
    assert not is_signed_in(client)


def test_password_signs_in(client):
    user = UserFactory()
    user.set_password("correct horse battery")
    user.save()

    client.post(LOGIN, {"login": user.email, "password": "correct horse battery"})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_password_reset_mails_a_sealed_link(client):
    user = UserFactory()
    user.set_password("correct horse battery")
    user.save()

    client.post(reverse("account_reset_password"), {"email": user.email})

    assert Message.objects.get().subject == "Choose a new password"
    assert "/accounts/password/reset/key/" in newest_text()


def test_nobody_signs_up_alone(client):
    client.post(reverse("account_signup"), {"email": "new@example.com", "password1": "correct horse battery"})

    assert not User.objects.exists()


def test_nobody_changes_their_own_address(client):
    user = UserFactory()
    client.force_login(user)

    response = client.post(reverse("account_email"), {"action_add": "", "email": "other@example.com"})

    assert response["Location"] == reverse("accounts:preferences")
    assert not Message.objects.exists()


def test_every_request_asks_for_the_person_once(client, django_assert_num_queries):
    client.force_login(UserFactory())

    with django_assert_num_queries(3):  # session, person with organisation, unread notices
        client.get(reverse("accounts:person_invite"))

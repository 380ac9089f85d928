import pytest
from django.urls import reverse

from notices.enums import MessageState
from notices.models import Message
from tests.accounts.factories import UserFactory
from tests.notices.factories import MessageFactory

pytestmark = pytest.mark.django_db

NOTICES = reverse("notices:notice_list")


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client):
    administrator = UserFactory(administrator=True)
    client.force_login(administrator)
    return administrator


def test_notice_list_shows_the_persons_own_notices(client, user):
    MessageFactory(recipient=user, in_app=True, subject="Mine")
    MessageFactory(in_app=True, subject="Not mine")
    MessageFactory(recipient=user, subject="A mail")

    page = client.get(NOTICES).content.decode()

    assert ("Mine" in page, "Not mine" in page, "A mail" in page) == (True, False, False)


def test_notice_list_answers_htmx_with_the_items_alone(client, user):
    MessageFactory(recipient=user, in_app=True)

    page = client.get(NOTICES, headers={"HX-Request": "true"}).content.decode()

    assert page.strip().startswith("<li>")


def test_opening_the_list_reads_nothing(client, user):
    MessageFactory(recipient=user, in_app=True)

    client.get(NOTICES)

    assert Message.objects.get().read_at is None


def test_notice_open_marks_it_read_and_goes_where_it_leads(client, user):
    notice = MessageFactory(recipient=user, in_app=True, url="/there/")

    response = client.post(reverse("notices:notice_open", args=[notice.pk]))

    assert response["Location"] == "/there/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_notice_open_again_keeps_the_first_reading(client, user):
    notice = MessageFactory(recipient=user, in_app=True)
    url = reverse("notices:notice_open", args=[notice.pk])

    client.post(url)
    notice.refresh_from_db()
    first = notice.read_at
    client.post(url)

    notice.refresh_from_db()
    assert notice.read_at == first


def test_notice_open_of_somebody_else_does_not_exist(client, user):
    notice = MessageFactory(in_app=True)

    response = client.post(reverse("notices:notice_open", args=[notice.pk]))

    assert response.status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_notice_open_refuses_a_get(client, user):
    notice = MessageFactory(recipient=user, in_app=True)

    assert client.get(reverse("notices:notice_open", args=[notice.pk])).status_code == 405


def test_notice_read_all_reads_the_persons_own(client, user):
    MessageFactory.create_batch(2, recipient=user, in_app=True)
    other = MessageFactory(in_app=True)

    client.post(reverse("notices:notice_read_all"))

    assert list(Message.objects.unread()) == [other]


@pytest.mark.parametrize("unread", [0, 3])
def test_bell_counts_the_unread(client, user, unread):
    MessageFactory.create_batch(unread, recipient=user, in_app=True)

    page = client.get(NOTICES)

    assert page.context["unread_notices"] == unread
    assert (f'<span class="lf-count">{unread}</span>' in page.content.decode()) is bool(unread)


@pytest.mark.parametrize("count", [1, 100])
def test_notice_list_costs_few_queries(client, user, count, django_assert_max_num_queries):
    MessageFactory.create_batch(count, recipient=user, in_app=True)

    with django_assert_max_num_queries(6):
        client.get(NOTICES)


@pytest.mark.parametrize("count", [1, 100])
def test_mail_list_costs_few_queries(client, administrator, count, django_assert_max_num_queries):
    MessageFactory.create_batch(count, recipient=administrator)

    with django_assert_max_num_queries(6):
        client.get(reverse("notices:mail_list"))


def test_mail_list_shows_why_a_mail_was_refused_and_no_text(client, administrator):
    MessageFactory(failed=True, last_error="550 unknown", body="Private words")

    page = client.get(reverse("notices:mail_list"), {"state": MessageState.FAILED}).content.decode()

    assert ("550 unknown" in page, "Private words" in page) == (True, False)


def test_mail_send_again_puts_it_up_for_sending(client, administrator):
    mail = MessageFactory(failed=True)

    response = client.post(reverse("notices:mail_send_again", args=[mail.pk]))

    assert response.status_code == 302
    mail.refresh_from_db()
    assert mail.state == MessageState.WAITING


def test_outbox_shows_sealed_texts_with_their_links(client, administrator):
    MessageFactory(secret=True, sent=True)
    MessageFactory(body="Sign here.\n\nhttp://127.0.0.1:8000/sign/a-token/")

    page = client.get(reverse("notices:outbox")).content.decode()

    assert "The code is 123456." in page
    assert '<a href="http://127.0.0.1:8000/sign/a-token/" rel="nofollow">' in page


def test_outbox_escapes_what_a_mail_says(client, administrator):
    MessageFactory(body="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(reverse("notices:outbox")).content.decode()


def test_outbox_does_not_exist_outside_the_demo(client, administrator, settings):
    settings.LANDFALL_DEMO = False

    assert client.get(reverse("notices:outbox")).status_code == 404


@pytest.mark.parametrize("count", [1, 100])
def test_outbox_costs_few_queries(client, administrator, count, django_assert_max_num_queries):
    MessageFactory.create_batch(count, recipient=administrator)

    with django_assert_max_num_queries(6):
        client.get(reverse("notices:outbox"))

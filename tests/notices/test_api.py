import pytest

from tests.accounts.factories import UserFactory
from tests.notices.factories import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_notices_are_the_callers_own(client, user):
    own = MessageFactory(recipient=user, in_app=True)
    MessageFactory(in_app=True)
    MessageFactory(recipient=user)

    assert [row["id"] for row in client.get("/api/v1/notices/").json()["results"]] == [own.pk]


def test_reading_a_notice_marks_nothing(client, user):
    notice = MessageFactory(recipient=user, in_app=True)

    assert client.get(f"/api/v1/notices/{notice.pk}/").json()["read_at"] is None
    assert client.post(f"/api/v1/notices/{notice.pk}/read/").status_code == 204
    assert client.get(f"/api/v1/notices/{notice.pk}/").json()["read_at"] is not None


def test_notice_of_somebody_else_does_not_exist(client, user):
    notice = MessageFactory(in_app=True)

    assert client.get(f"/api/v1/notices/{notice.pk}/").status_code == 404
    assert client.post(f"/api/v1/notices/{notice.pk}/read/").status_code == 404


@pytest.mark.parametrize("count", [1, 100])
def test_notices_cost_few_queries(client, user, count, django_assert_max_num_queries):
    MessageFactory.create_batch(count, recipient=user, in_app=True)

    with django_assert_max_num_queries(4):
        client.get("/api/v1/notices/")

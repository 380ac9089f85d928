import pytest
from django.utils import timezone

from accounts.domain import api_tokens
from accounts.models import Organisation
from audit.domain import trail
from notices.models import Message
from tests.accounts.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

ME = "/api/v1/people/me/"


def headers(user):
    _token, secret = api_tokens.create(user, name="Import")
    return {"Authorization": f"Bearer {secret}"}


def test_token_authenticates(client):
    user = UserFactory()

    answer = client.get(ME, headers=headers(user))

    assert (answer.status_code, answer.json()["email"]) == (200, user.email)


@pytest.mark.parametrize("value", ["Bearer", "Bearer lf_unknown", "Bearer a b", "Bearer \u00ff"])
def test_token_that_is_wrong_is_401_with_the_scheme(client, value):
    answer = client.get(ME, headers={"Authorization": value})

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_token_of_a_leaver_is_refused(client):
    user = UserFactory()
    sent = headers(user)
    user.is_active, user.deactivated_at = False, timezone.now()
    user.save()

    assert client.get(ME, headers=sent).status_code == 401


def test_without_a_token_or_session_nothing_is_told(client):
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize("path", ["people", "organisations"])
@pytest.mark.parametrize(
    ("traits", "status"), [({}, 200), ({"of_customer": True}, 403), ({"administrator": True}, 200)]
)
def test_people_and_organisations_are_for_the_vendors_people(client, path, traits, status):
    assert client.get(f"/api/v1/{path}/", headers=headers(UserFactory(**traits))).status_code == status


def test_customer_reads_nobody_elses_record(client):
    sent = headers(UserFactory(of_customer=True))

    assert client.get(f"/api/v1/people/{UserFactory().pk}/", headers=sent).status_code == 403
    assert client.get(ME, headers=sent).status_code == 200


@pytest.mark.parametrize("count", [1, 100])
def test_people_cost_few_queries(client, count, django_assert_max_num_queries):
    sent = headers(UserFactory())
    UserFactory.create_batch(count)

    with django_assert_max_num_queries(5):
        answer = client.get("/api/v1/people/", headers=sent)
    assert answer.json()["count"] >= count


def test_organisations_filter_by_kind(client):
    sent = headers(UserFactory())
    customer = OrganisationFactory()

    answer = client.get("/api/v1/organisations/", {"kind": "customer"}, headers=sent)

    assert [row["id"] for row in answer.json()["results"]] == [customer.pk]


INVITED = {"email": "wang@customer.example", "name": "Wang Fang", "language": "zh-hans"}


def test_invite_by_api_mails_a_link(client):
    data = INVITED | {"organisation": OrganisationFactory().pk}

    answer = client.post("/api/v1/people/", data, headers=headers(UserFactory(administrator=True)))

    assert (answer.status_code, answer.json()["email"]) == (201, "wang@customer.example")
    message = Message.objects.get()
    assert (message.address, message.body) == ("wang@customer.example", "")
    assert "token" not in answer.content.decode()


def test_invite_by_api_says_what_is_wrong(client):
    data = INVITED | {"organisation": 0, "time_zone": "Mars"}

    answer = client.post("/api/v1/people/", data, headers=headers(UserFactory(administrator=True)))

    assert (answer.status_code, set(answer.json())) == (400, {"organisation", "time_zone"})


def test_refusal_by_api_is_409_with_its_words(client):
    administrator = UserFactory(administrator=True)

    answer = client.post(f"/api/v1/people/{administrator.pk}/deactivate/", headers=headers(administrator))

    assert (answer.status_code, answer.json()) == (409, {"detail": "You cannot deactivate your own account."})


def test_deactivate_and_reactivate_by_api(client):
    sent, person = headers(UserFactory(administrator=True)), UserFactory()

    assert client.post(f"/api/v1/people/{person.pk}/deactivate/", headers=sent).json()["is_active"] is False
    assert client.post(f"/api/v1/people/{person.pk}/reactivate/", headers=sent).json()["is_active"] is True


def test_invite_again_by_api(client):
    person = UserFactory(of_customer=True)

    answer = client.post(f"/api/v1/people/{person.pk}/invite/", headers=headers(UserFactory(administrator=True)))

    assert (answer.status_code, Message.objects.get().address) == (204, person.email)


def test_organisation_by_api_is_recorded(client):
    sent = headers(UserFactory(administrator=True))

    made = client.post("/api/v1/organisations/", {"name": "Hengxin", "kind": "customer"}, headers=sent)
    url = f"/api/v1/organisations/{made.json()['id']}/"
    client.patch(url, {"name": "Hengxin Valves"}, content_type="application/json", headers=sent)

    organisation = Organisation.objects.get(pk=made.json()["id"])
    assert organisation.name == "Hengxin Valves"
    assert [entry.action for entry in trail.entries_for(organisation)] == ["create", "edit"]


@pytest.mark.parametrize("path", ["people/", "organisations/", "people/{pk}/deactivate/", "people/{pk}/invite/"])
@pytest.mark.parametrize("traits", [{}, {"of_customer": True}])
def test_only_administrators_write(client, path, traits):
    url = f"/api/v1/{path.format(pk=UserFactory().pk)}"

    assert client.post(url, headers=headers(UserFactory(**traits))).status_code == 403

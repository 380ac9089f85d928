import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from audit.domain import trail
from notices.models import Message
from tests.accounts.factories import OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    administrator = UserFactory(administrator=True, name="Admin")
    client.force_login(administrator)
    return administrator


def person_data(person, **changes):
    names = ["email", "name", "job_title", "language", "time_zone"]
    return {name: getattr(person, name) for name in names} | {"organisation": person.organisation_id} | changes


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("name", ["person_list", "organisation_list"])
def test_list_costs_few_queries(client, administrator, name, count, django_assert_max_num_queries):
    UserFactory.create_batch(count)

    with django_assert_max_num_queries(7):
        assert client.get(reverse(f"accounts:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["person_list", "organisation_list"])
def test_list_answers_htmx_with_the_table_alone(client, administrator, name):
    page = client.get(reverse(f"accounts:{name}"), headers={"HX-Request": "true"}).content.decode()

    assert page.strip().startswith("<div id=")
    assert "<html" not in page


def test_person_list_finds_by_name_address_and_organisation(client, administrator):
    UserFactory(name="Wang Fang", organisation=OrganisationFactory(name="Hengxin Valves"))
    UserFactory(name="Zoe")

    rows = client.get(reverse("accounts:person_list"), {"q": "Hengxin"}).context["page"].rows

    assert [person.name for person in rows] == ["Wang Fang"]


def test_person_list_filters_by_state(client, administrator):
    gone = UserFactory(is_active=False, deactivated_at=timezone.now())

    rows = client.get(reverse("accounts:person_list"), {"is_active": "false"}).context["page"].rows

    assert rows == [gone]


def test_person_list_offers_an_invitation_to_administrators_only(client, administrator):
    url, invite = reverse("accounts:person_list"), reverse("accounts:person_invite")
    assert invite in client.get(url).content.decode()

    client.force_login(UserFactory())
    assert invite not in client.get(url).content.decode()


def test_person_invite_makes_the_person_and_mails_the_link(client, administrator):
    data = {
        "email": "New@customer.example",
        "name": "Wang Fang",
        "organisation": OrganisationFactory().pk,
        "language": "zh-hans",
        "time_zone": "Asia/Shanghai",
    }

    response = client.post(reverse("accounts:person_invite"), data)

    assert response["Location"] == reverse("accounts:person_list")
    assert Message.objects.get().address == "new@customer.example"


def test_person_invite_says_why_it_refuses(client, administrator):
    known = UserFactory(of_customer=True)

    data = person_data(known, organisation=OrganisationFactory().pk)
    page = client.post(reverse("accounts:person_invite"), data).content.decode()

    assert "already belongs to a person of another organisation" in page


def test_person_edit_saves_and_records(client, administrator):
    person = UserFactory(name="Old")

    client.post(reverse("accounts:person_edit", args=[person.pk]), person_data(person, name="New"))

    person.refresh_from_db()
    assert person.name == "New"
    assert trail.entries_for(person).get().actor == administrator


def test_person_edit_keeps_administrators_to_the_vendor(client, administrator):
    person = UserFactory(of_customer=True)

    data = person_data(person, is_administrator="on")
    page = client.post(reverse("accounts:person_edit", args=[person.pk]), data).content.decode()

    assert "can be administrators" in page
    assert not User.objects.get(pk=person.pk).is_administrator


def test_person_edit_shows_that_the_last_administrator_stays(client, administrator):
    page = client.post(reverse("accounts:person_edit", args=[administrator.pk]), person_data(administrator))

    assert "is the last administrator" in page.content.decode()


def test_person_deactivate_signs_the_person_out(client, administrator, django_user_model):
    leaver = UserFactory()
    leavers_browser = type(client)()
    leavers_browser.force_login(leaver)

    client.post(reverse("accounts:person_deactivate", args=[leaver.pk]))

    response = leavers_browser.get(reverse("accounts:preferences"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_person_deactivate_of_oneself_is_refused(client, administrator):
    page = client.post(reverse("accounts:person_deactivate", args=[administrator.pk]), follow=True).content.decode()

    assert "You cannot deactivate your own account." in page


def test_person_reactivate(client, administrator):
    gone = UserFactory(is_active=False, deactivated_at=timezone.now())

    client.post(reverse("accounts:person_reactivate", args=[gone.pk]))

    assert User.objects.get(pk=gone.pk).is_active


def test_person_invite_again_of_somebody_who_joined_is_refused(client, administrator):
    person = UserFactory(last_login=timezone.now())

    page = client.post(reverse("accounts:person_invite_again", args=[person.pk]), follow=True).content.decode()

    assert "has signed in before and needs no invitation" in page


def test_organisation_create_and_edit_are_recorded(client, administrator):
    data = {"name": "Hengxin", "kind": "customer", "time_zone": "Asia/Shanghai"}
    client.post(reverse("accounts:organisation_create"), data)
    organisation = Organisation.objects.get(name="Hengxin")

    client.post(reverse("accounts:organisation_edit", args=[organisation.pk]), data | {"time_zone": "Europe/London"})

    assert [entry.action for entry in trail.entries_for(organisation)] == ["create", "edit"]


def test_organisation_edit_refuses_a_zone_that_does_not_exist(client, administrator):
    data = {"name": "Hengxin", "kind": "customer", "time_zone": "Asia/Nowhere"}

    page = client.post(reverse("accounts:organisation_create"), data).content.decode()

    assert "is not a time zone" in page
    assert not Organisation.objects.filter(name="Hengxin").exists()

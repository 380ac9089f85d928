import pytest
from django.urls import reverse

from projects.enums import Audience, Role
from tests.delivery.factories import DeliverableFactory, TaskFactory
from tests.projects.factories import ProjectFactory, member
from tests.quality.factories import CaseFactory, DefectFactory
from tests.requirements.factories import RequirementFactory
from tests.signing.factories import row

pytestmark = pytest.mark.django_db
EVERY = [RequirementFactory, TaskFactory, DeliverableFactory, CaseFactory, DefectFactory, row]


def make(factory, project, **fields):
    return row(project, **fields) if factory is row else factory(project=project, **fields)


def search(client, project, words):
    answer = client.get(reverse("cockpit:search", args=[project.key]), {"q": words})
    return [thing for group in answer.context["found"] for thing in group.rows]


@pytest.mark.parametrize("factory", EVERY)
def test_search_finds_by_words_what_exists_for_the_person(client, factory):
    project = ProjectFactory()
    shared = make(factory, project, title="Match the invoice", audience=Audience.CUSTOMER)
    hidden = make(factory, project, title="Invoice, ours", audience=Audience.TEAM)
    make(factory, project, title="Another")
    make(factory, ProjectFactory(), title="Invoice of others", audience=Audience.CUSTOMER)
    client.force_login(member(project, Role.CONSULTANT))
    assert set(search(client, project, "invoice")) == {shared, hidden}
    client.force_login(member(project, Role.SPONSOR))
    assert search(client, project, "invoice") == [shared]
    client.force_login(member(project, Role.AUDITOR))
    assert search(client, project, "invoice") == []


@pytest.mark.parametrize("words", ["12", "R-012", "R-12"])
def test_search_finds_by_number(client, words):
    project = ProjectFactory()
    wanted = RequirementFactory(project=project, number=12)
    RequirementFactory(project=project, number=13)
    client.force_login(member(project, Role.CONSULTANT))
    assert search(client, project, words) == [wanted]


def test_search_finds_pages_and_nothing_for_no_words(client):
    project = ProjectFactory()
    client.force_login(member(project, Role.CONSULTANT))
    url = reverse("cockpit:search", args=[project.key])
    assert reverse("quality:defect_list", args=[project.key]) in [
        link.url for link in client.get(url, {"q": "defec"}).context["links"]
    ]
    RequirementFactory(project=project)
    empty = client.get(url, {"q": " "})
    assert (empty.context["links"], empty.context["found"]) == ([], [])


@pytest.mark.parametrize("count", [1, 100])
def test_search_costs_few_queries_and_is_limited(client, count, django_assert_max_num_queries):
    project = ProjectFactory()
    for factory in EVERY:
        for _ in range(count):
            make(factory, project, title="Invoice")
    client.force_login(member(project, Role.CONSULTANT))
    with django_assert_max_num_queries(11):
        found = search(client, project, "invoice")
    assert len(found) == len(EVERY) * min(count, 8)


def test_search_house_finds_pages_and_the_projects_of_the_person(client):
    mine, other = ProjectFactory(name="Roll-out North"), ProjectFactory(name="Roll-out South")
    client.force_login(member(mine, Role.CONSULTANT))

    answer = client.get(reverse("cockpit:search_house"), {"q": "roll-out"})

    assert [thing for group in answer.context["found"] for thing in group.rows] == [mine]
    assert other.name not in answer.text
    pages = client.get(reverse("cockpit:search_house"), {"q": "playb"}).context["links"]
    assert [link.url for link in pages] == [reverse("projects:playbook_list")]

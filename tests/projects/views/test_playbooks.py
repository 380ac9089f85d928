import pytest
from django.urls import reverse

from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "name"), [("en", "ERP roll-out"), ("zh-hans", "ERP 实施")])
def test_playbook_pages_speak_the_readers_language(client, language, name):
    client.force_login(UserFactory(language=language))

    assert name in client.get(reverse("projects:playbook_list")).text
    assert name in client.get(reverse("projects:playbook_detail", args=["erp_rollout"])).text


def test_playbook_detail_knows_only_what_ships(client):
    client.force_login(UserFactory())

    assert client.get(reverse("projects:playbook_detail", args=["none"])).status_code == 404

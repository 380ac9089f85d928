import logging
import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from config.urls import handler500 as handler500
from config.urls import urlpatterns as site
from tests.accounts.factories import UserFactory


@login_not_required
def broken(request):
    raise RuntimeError("the database is on fire")


urlpatterns = [path("broken/", broken), *site]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_server_error_shows_the_number_that_stands_in_the_log(client, caplog):
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="common.views"):
        response = client.get("/broken/", headers={"accept-language": "zh-hans"})
    assert response.status_code == 500
    incident = re.search(r"Incident (\w{8}): GET /broken/", caplog.text)[1]
    assert f">{incident}</strong>" in response.text
    assert '<html lang="zh-Hans"' in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(("person", "frame"), [({}, "lf-staff"), ({"of_customer": True}, "lf-portal")])
def test_not_found_is_shown_in_the_persons_own_shell(client, person, frame):
    client.force_login(UserFactory(**person))
    response = client.get("/nothing/")
    assert response.status_code == 404
    assert f'<body class="{frame}"' in response.text


@pytest.mark.django_db
def test_csrf_failure_says_what_to_do(client):
    client.handler.enforce_csrf_checks = True
    response = client.post("/accounts/login/", {})
    assert response.status_code == 403
    assert 'href="/accounts/login/">Load the page again' in response.text


@pytest.mark.django_db
@pytest.mark.parametrize(("theme", "written"), [("light", 'data-bs-theme="light"'), ("auto", 'data-lf-theme="auto"')])
def test_theme_is_written_by_the_server(client, theme, written):
    client.force_login(UserFactory(theme=theme))
    response = client.get("/nothing/")
    assert written in response.text
    assert ("js/theme.js" in response.text) == (theme == "auto")

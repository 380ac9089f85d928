import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.urls import reverse

from cockpit.domain import health

READY = reverse("cockpit:health_ready")


@pytest.fixture
def parts(monkeypatch):
    """Every part works; a test breaks some: parts("database", "broker")."""

    def broken(*names):
        def check(name):
            if name in names:
                raise OperationalError(f"{name} is down")

        for name in health.CHECKS:
            monkeypatch.setitem(health.CHECKS, name, lambda name=name: check(name))
        monkeypatch.setattr(health, "_find_worker", lambda: check("worker"))

    return broken


def test_live_answers_without_a_database(client):
    response = client.get(reverse("cockpit:health_live"))
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_tells_every_part(client, parts):
    parts()
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json() == dict.fromkeys(["status", "database", "storage", "broker", "worker"], "ok")


@pytest.mark.parametrize("part", ["database", "storage"])
def test_ready_is_503_without(client, parts, part):
    parts(part)
    response = client.get(READY)
    assert response.status_code == 503
    assert response.json() == {"status": "away", "database": "ok", "storage": "ok", "broker": "ok", "worker": "ok"} | {
        part: "away"
    }


def test_ready_is_200_without_broker_whose_worker_then_counts_as_away(client, parts):
    parts("broker")
    response = client.get(READY)
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "storage": "ok", "broker": "away", "worker": "away"}


def test_ready_is_200_without_worker(client, parts):
    parts("worker")
    response = client.get(READY)
    assert (response.status_code, response.json()["worker"]) == (200, "away")


@pytest.mark.django_db
def test_check_all_asks_the_real_database_and_storage(monkeypatch):
    monkeypatch.setattr(health, "_find_worker", lambda: None)
    found = health.check_all()
    assert (found["database"], found["storage"]) == (True, True)
    assert default_storage.listdir("health")[1] == []


def test_ready_is_not_cached(client, parts):
    parts()
    assert "no-store" in client.get(READY).headers["Cache-Control"]

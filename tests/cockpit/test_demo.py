from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from audit.domain import trail
from audit.models import Entry
from cockpit.domain.demo.people import PASSWORD, sign_ins
from projects.models import Project
from quality.models import Acceptance, AcceptanceRecord, PunchItem
from signing.domain import verification
from signing.models import SignatureRequest
from success.enums import ReportState
from success.models import HealthReport

pytestmark = pytest.mark.django_db


def test_demo_tells_three_projects_once(client):
    call_command("demo", stdout=StringIO())
    entries = Entry.objects.count()
    call_command("demo", stdout=StringIO())

    assert Entry.objects.count() == entries
    assert sorted(Project.objects.values_list("key", flat=True)) == ["FH-POS", "HL-ERP", "TY-CRM"]
    assert list(trail.find_breaks()) == []
    documents = SignatureRequest.objects.all()
    assert sorted(documents.values_list("state", flat=True)) == (["declined"] * 2 + ["delivered"] * 12 + ["sent"])
    accepted = Acceptance.objects.filter(state="accepted").exclude(phase=None).get()
    assert accepted.document.is_sealed
    conditional = Acceptance.objects.filter(state="conditional")
    assert (conditional.count(), conditional.filter(fulfilled_at=None).count()) == (2, 1)
    states = PunchItem.objects.filter(acceptance__fulfilled_at=None).values_list("state", flat=True)
    assert sorted(states) == ["confirmed", "done", "open"]
    assert AcceptanceRecord.objects.filter(acceptance__state="declined").count() == 2
    states = list(HealthReport.objects.order_by("month").values_list("state", flat=True))
    assert states == [ReportState.PUBLISHED] * 3 + [ReportState.DRAFT]
    assert not User.objects.filter(last_login=None).exists()  # nobody is shown as only invited
    for person in sign_ins():
        assert client.login(email=person["email"], password=PASSWORD)
        assert client.get("/").status_code == 200
    check_documents(documents.filter(state="delivered"))


def check_documents(documents):
    for document in documents:
        with default_storage.open(document.sealed_file.file) as file:
            assert verification.verify(file.read()).is_unchanged


def test_sign_in_page_offers_the_people_of_the_demo(client):
    page = client.get(reverse("account_login")).content.decode()
    assert all(f'name="login" value="{person["email"]}"' in page for person in sign_ins())


def test_sign_in_page_offers_nobody_where_this_is_no_demo(client, settings):
    settings.LANDFALL_DEMO = False
    assert PASSWORD not in client.get(reverse("account_login")).content.decode()


def test_demo_is_refused_where_this_is_no_demo(settings):
    settings.LANDFALL_DEMO = False
    with pytest.raises(Exception, match="not a demo"):
        call_command("demo")
    assert not User.objects.exists()

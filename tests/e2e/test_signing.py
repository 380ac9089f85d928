"""Signing in the browser: on a phone, by drawing, after a code; and the pages around it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from notices.domain import sealing as outbox_sealing
from notices.models import Message
from projects.enums import Role
from signing import kinds
from signing.domain import documents, links, sealing
from tests.e2e.conftest import DESKTOP, PHONE, assert_accessible
from tests.projects.factories import ProjectFactory, member
from tests.signing.conftest import phase_kind  # noqa: F401  a kind of document of our own
from tests.signing.factories import PHASE_KIND, make_project, sealed, send, sign_next
from tests.test_access import ROUTES, address

VIEWS = [("zh-hans", DESKTOP, "dark"), ("en", PHONE, "light")]  # the other two are those of test_every_page
WAVE = [(40, 90), (80, 30), (120, 110), (170, 40), (220, 100), (270, 50)]


@pytest.fixture(autouse=True)
def _kind(phase_kind, transactional_db):  # noqa: F811
    assert kinds.get(PHASE_KIND.code)


def in_language(request, language):
    for signer in request.signers.select_related("user"):
        signer.user.language = language
        signer.user.save()


def link_of_sponsor(request):
    return links.make_link(request.signers.get(order=2))


def draw(page):
    page.evaluate("document.querySelector('canvas').scrollIntoView({block: 'center'})")
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for x, y in WAVE:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sponsor_signs_on_a_phone_by_drawing_after_a_code(visit, language):
    request = send()
    in_language(request, language)
    sign_next(request)
    sponsor = request.signers.get(order=2)

    page = visit(link_of_sponsor(request), width=PHONE, language=language)
    assert_accessible(page)
    page.locator("form[action$='/open/'] button").click()
    assert_accessible(page)
    page.locator("[name=decision][value=accept]").check()
    draw(page)
    page.locator("#code button").click()
    # Only then fill in the code: the answer replaces its field.
    expect(page.locator("#code button")).to_have_text(re.compile("Send again|重新发送"))
    mail = Message.objects.filter(address=sponsor.user.email, channel="email").latest("pk")
    page.locator("#id_code").fill(re.search(r"\b\d{6}\b", outbox_sealing.unseal(mail.sealed_body)).group())
    page.locator("#id_consent").check()
    page.locator("button.sign-accept").click()

    expect(page.locator("#receipt [aria-busy=true]")).to_be_visible()
    assert_accessible(page)
    sponsor.refresh_from_db()
    assert (sponsor.method, sponsor.identification) == ("drawn", "code")
    sealing.seal_and_deliver(request.pk)
    expect(page.locator("#receipt .lf-fingerprint")).to_have_text(request.sealed_file.sha256)
    with page.expect_download() as download:
        page.locator("#receipt a.btn-primary").click()
    assert download.value.suggested_filename == request.file_name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_button_follows_the_decision(visit, theme):
    path = address("signing:sign", ROUTES["signing:sign"], ProjectFactory())
    page = visit(path, width=PHONE, theme=theme)
    page.get_by_role("button", name="Open the document").click()
    expect(page.get_by_role("radio", name="Accept")).not_to_be_checked()
    expect(page.get_by_role("radio", name="Decline")).not_to_be_checked()
    assert_accessible(page)
    page.get_by_role("radio", name="Accept").check()
    expect(page.get_by_role("button", name="Sign and accept")).to_be_visible()
    expect(page.get_by_label("Reason")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("radio", name="Decline").check()
    expect(page.get_by_role("button", name="Send decline")).to_be_visible()
    expect(page.get_by_label("Reason")).to_be_visible()
    expect(page.get_by_role("button", name="Sign and accept")).to_be_hidden()
    assert_accessible(page)


def test_a_drawing_survives_a_refusal_and_a_line_is_refused(visit):
    request = send()
    sign_next(request)
    page = visit(link_of_sponsor(request), width=PHONE)
    page.locator("form[action$='/open/'] button").click()
    page.locator("[name=decision][value=accept]").check()
    draw(page)
    kept = page.locator("[name=strokes]").input_value()
    page.locator("button.sign-accept").click()
    expect(page.locator(".lf-summary")).to_be_visible()
    assert page.locator("[name=strokes]").input_value() == kept
    assert_accessible(page)
    page.locator("[data-sign-clear]").click()
    assert page.locator("[name=strokes]").input_value() == ""


@pytest.mark.parametrize(("language", "width", "theme"), VIEWS)
def test_pages_of_documents_are_accessible(visit, language, width, theme):
    project, manager, sponsor = make_project()
    for user in (manager, sponsor):
        user.language = language
        user.save()
    member(project, Role.REPRESENTATIVE, name="王磊")
    done, waiting = sealed(project=project, manager=manager, sponsor=sponsor), send(project, manager, sponsor)
    paths = [
        reverse("signing:document_list", args=[project.key]),
        done.get_absolute_url(),
        waiting.get_absolute_url(),
        reverse("signing:authority_list", args=[project.key]),
    ]
    for user in (manager, sponsor):
        page = visit(user=user, width=width, language=language, theme=theme)
        for path in paths:
            page.goto(path)
            assert_accessible(page)


@pytest.mark.parametrize(("language", "width", "theme"), VIEWS)
def test_verification_and_closed_links_are_accessible(visit, tmp_path, language, width, theme):
    request = sealed()
    file = tmp_path / "sealed.pdf"
    file.write_bytes(documents.read(request.sealed_file.file))
    page = visit("/verify/", width=width, language=language, theme=theme)
    assert_accessible(page)
    page.locator("[name=file]").set_input_files(file)
    page.locator("form[enctype] button").click()
    expect(page.locator(".sign-verdicts .lf-good")).to_be_visible()
    assert_accessible(page)
    for path in (reverse("signing:verify_record", args=[request.number, 1]), f"/sign/{'x' * 43}/"):
        page.goto(path)
        assert_accessible(page)

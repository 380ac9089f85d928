from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage

from audit.domain import trail
from notices.models import Message
from projects.enums import Role
from signing.domain import documents, manifest, requests
from signing.domain.errors import AlreadyOpen, MoveNotAllowed, NoSigners, NotASigner, ReasonMissing
from signing.domain.requests import SignerSpec
from signing.enums import RequestState, Side
from signing.models import SignatureRequest
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.signing.factories import make_project, overdue, send, sign_next, signed

pytestmark = pytest.mark.django_db


def mails(user):
    return list(Message.objects.filter(address=user.email, channel="email").order_by("pk"))


def test_send_freezes_manifest_and_document_and_asks_the_first_signer():
    project, manager, sponsor = make_project(key="HX-ERP")

    request = send(project, manager, sponsor)

    assert (request.number, request.version, request.state) == ("HX-ERP-TST-001", 1, RequestState.SENT)
    assert request.manifest_sha256 == manifest.fingerprint(request.manifest)
    body = documents.read(request.body_file)
    assert manifest.sha256(body) == request.body_sha256
    assert "Answers within 2 seconds" in request.body_html
    assert [signer.told_at is not None for signer in request.signers.order_by("order")] == [True, False]
    assert len(mails(manager)) == 1
    assert mails(sponsor) == []
    assert [entry.action for entry in trail.entries_for(request)] == ["send", "ask"]


def test_send_asks_equal_numbers_in_parallel():
    request = send(parallel=True)
    assert all(signer.told_at for signer in request.signers.all())


def test_send_refuses_a_second_open_request_about_the_same_subject():
    project, manager, sponsor = make_project()
    phase = PhaseFactory(project=project)
    send(project, manager, sponsor, phase=phase)
    with pytest.raises(AlreadyOpen):
        send(project, manager, sponsor, phase=phase)


def test_send_anew_keeps_the_number_and_raises_the_version():
    project, manager, sponsor = make_project()
    phase = PhaseFactory(project=project)
    first = send(project, manager, sponsor, phase=phase)
    requests.void(first.pk, by=manager, reason="Typing error")

    second, other = send(project, manager, sponsor, phase=phase), send(project, manager, sponsor)

    assert (second.number, second.version) == (first.number, 2)
    assert (other.sequence, other.version) == (2, 1)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SPONSOR}))
def test_send_refuses_a_customer_signer_without_authority(role):
    project, manager, _sponsor = make_project()
    with pytest.raises(NotASigner):
        send(project, manager, member(project, role))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PROJECT_MANAGER}))
def test_send_refuses_a_vendor_signer_who_is_not_the_project_manager(role):
    project, _manager, sponsor = make_project()
    with pytest.raises(NotASigner):
        send(project, member(project, role), sponsor)


def test_send_refuses_one_side_alone():
    project, manager, _sponsor = make_project()
    phase = PhaseFactory(project=project)
    with pytest.raises(NoSigners):
        requests.send(
            project,
            "phase_test",
            phase,
            title="x",
            manifest={},
            facts={},
            signers=[SignerSpec(manager, Side.VENDOR, 1)],
            by=manager,
        )
    assert SignatureRequest.objects.count() == 0


def test_void_closes_with_its_reason_and_tells_who_was_asked(calls):
    request = send()
    manager = request.signers.get(order=1).user

    requests.void(request.pk, by=None, reason=" Wrong annex ")

    request.refresh_from_db()
    assert (request.state, request.closing_reason) == (RequestState.VOIDED, "Wrong annex")
    assert calls == [("voided", request.pk)]
    assert [message.subject.split(":")[0] for message in mails(manager)] == ["Please sign", "Withdrawn"]


def test_void_needs_a_reason():
    with pytest.raises(ReasonMissing):
        requests.void(send().pk, by=None, reason="  ")


def test_void_refuses_what_everyone_has_signed():
    with pytest.raises(MoveNotAllowed):
        requests.void(signed().pk, by=None, reason="too late")


def test_open_for_and_latest_for_find_the_request_of_a_subject():
    project, manager, sponsor = make_project()
    phase = PhaseFactory(project=project)
    assert (requests.open_for(phase), requests.latest_for(phase)) == (None, None)
    request = send(project, manager, sponsor, phase=phase)
    assert requests.open_for(phase) == requests.latest_for(phase) == request
    requests.void(request.pk, by=manager, reason="x")
    assert (requests.open_for(phase), requests.latest_for(phase)) == (None, request)


def test_recheck_voids_what_no_longer_tells_the_truth_with_a_readable_difference(calls):
    project, manager, sponsor = make_project()
    phase = PhaseFactory(project=project, name="Design")
    request = send(project, manager, sponsor, phase=phase)
    phase.name = "Build"
    phase.save()

    assert [voided.pk for voided in requests.recheck(project, by=manager)] == [request.pk]

    request.refresh_from_db()
    assert request.state == RequestState.VOIDED
    assert request.closing_reason == "Changed after it was sent:\nphase: Design → Build"
    assert calls == [("voided", request.pk)]


def test_recheck_leaves_what_is_still_true(django_assert_num_queries):
    request = send()
    assert requests.recheck(request.project) == []
    project = ProjectFactory()
    with django_assert_num_queries(3):  # one, and the savepoint around it
        assert requests.recheck(project) == []


def test_expire_due_closes_what_is_overdue_once(calls):
    due, open_still = overdue(send()), send()

    assert requests.expire_due() == 1
    assert requests.expire_due() == 0

    due.refresh_from_db()
    open_still.refresh_from_db()
    assert (due.state, open_still.state) == (RequestState.EXPIRED, RequestState.SENT)
    assert calls == [("expired", due.pk)]
    assert "Expired" in mails(due.sent_by)[-1].subject


def at(day, hour=10):
    """An hour of November 2026 in Shanghai: the 27th is a Friday."""
    return datetime(2026, 11, day, hour - 8, 0, tzinfo=UTC)


@pytest.fixture
def asked_on_friday():
    request = send()
    request.signers.filter(order=1).update(told_at=at(27))
    return request


def test_remind_due_waits_two_working_days_then_two_more(asked_on_friday):
    signer = asked_on_friday.signers.get(order=1)
    reminded = [at(28), at(30), at(30) + timedelta(days=1), at(30) + timedelta(days=2), at(30) + timedelta(days=3)]
    assert [requests.remind_due(moment) for moment in reminded] == [0, 0, 1, 0, 1]
    assert len(mails(signer.user)) == 3


def test_remind_due_keeps_to_office_hours_of_the_customer(asked_on_friday):
    tuesday = at(30) + timedelta(days=1)
    assert requests.remind_due(tuesday.replace(hour=23)) == 0  # seven in the morning on Wednesday
    assert requests.remind_due(tuesday) == 1


def test_remind_due_follows_the_requests_own_number_of_days():
    request = send(remind_after_days=1)
    request.signers.filter(order=1).update(told_at=at(26))
    assert requests.remind_due(at(27)) == 1


def test_remind_due_reminds_once_more_on_the_last_day_whatever_day_it_is():
    request = send()
    request.signers.filter(order=1).update(told_at=at(27, 17))
    request.expires_at = at(30, 12)  # a Monday: its last day begins on Sunday at noon
    request.save(update_fields=["expires_at"])
    moments = [at(29, 11), at(29, 13), at(29, 14), at(30, 9)]
    assert [requests.remind_due(moment) for moment in moments] == [0, 1, 0, 0]


def test_remind_due_leaves_those_who_signed_and_those_who_were_not_asked():
    request = send()
    sign_next(request)
    request.signers.filter(order=2).update(told_at=at(26))
    assert requests.remind_due(at(30)) == 1
    assert requests.remind_due(at(30)) == 0


def test_remind_by_hand_tells_only_who_is_waited_for():
    request = send()
    first, second = request.signers.order_by("order")
    assert requests.remind(first.pk, by=request.sent_by)
    assert not requests.remind(second.pk, by=request.sent_by)


def test_body_file_is_stored_once_under_its_hash():
    request = send()
    assert default_storage.listdir("signing/bodies")[1].count(f"{request.body_sha256}.pdf") == 1

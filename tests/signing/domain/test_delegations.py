from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.utils import timezone

from audit.domain import trail
from common import pdf
from notices.models import Message
from projects.enums import Role
from projects.models import Membership
from signing.domain import delegations, documents, links, requests, sealing, signatures, verification
from signing.domain.delegations import Naming
from signing.domain.errors import (
    DelegatedAway,
    DelegateDoesNotDelegate,
    DelegationOver,
    LetterMissing,
    NotADelegate,
    NotASigner,
    NotYourTurn,
    ReasonMissing,
    TimeNotWithinRequest,
)
from signing.enums import RequestState
from signing.models import Authority, Delegation
from tests.accounts.factories import UserFactory
from tests.projects.factories import ProjectFactory, member
from tests.signing.factories import BY_CODE, PHASE_KIND, send, sign_next, signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_sent():
    """The project manager has signed; it is the sponsor's turn."""
    request = send()
    sign_next(request)
    return request


@pytest.fixture
def sponsor(request_sent):
    return request_sent.signers.select_related("user").get(order=2)


@pytest.fixture
def deputy(request_sent):
    """A second sponsor, who may sign everything."""
    return member(request_sent.project, Role.SPONSOR, name="Dora Deputy")


@pytest.fixture
def key_user(request_sent):
    return member(request_sent.project, Role.KEY_USER, name="Kim Keyuser")


def letter():
    return SimpleUploadedFile("授权书.pdf", b"%PDF-1.7\nWe authorise Kim Keyuser")


def naming(user, *, hours=24, reason="On holiday", with_letter=False):
    until = timezone.now() + timedelta(hours=hours)
    return Naming(user, reason, until, letter() if with_letter else None)


def delegate(signer, user, **options):
    return delegations.delegate(signer.pk, naming(user, **options), BY_CODE)


def mails(user):
    found = Message.objects.filter(address=user.email, channel="email").order_by("pk")
    return [mail.subject.split(":")[0] for mail in found]


def test_delegate_asks_the_new_person_ends_the_link_of_the_other_and_tells_everyone(request_sent, sponsor, deputy):
    link = links.find(links.make_link(sponsor).strip("/").split("/")[-1])

    given = delegate(sponsor, deputy)

    link.refresh_from_db()
    assert (links.is_usable(link), given.delegate.links.count()) == (False, 1)
    assert mails(deputy) == ["Please sign for Sam Sponsor"]
    assert mails(request_sent.sent_by)[-1] == mails(sponsor.user)[-1] == "Dora Deputy signs"
    assert (given.delegate.order, given.delegate.side, given.delegate.meaning) == (2, "customer", sponsor.meaning)
    entry = trail.entries_for(request_sent).filter(action="delegate").get()
    assert (entry.facts["signer"], entry.facts["delegate"], entry.facts["reason"]) == (
        "Sam Sponsor",
        "Dora Deputy",
        "On holiday",
    )


def test_the_delegates_signature_completes_the_request_and_the_delegators_is_refused(request_sent, sponsor, deputy):
    given = delegate(sponsor, deputy)
    with pytest.raises(DelegatedAway):
        signatures.sign(sponsor.pk, signature(), BY_CODE)

    signatures.sign(given.delegate_id, signature("Dora Deputy"), BY_CODE)

    request_sent.refresh_from_db()
    assert request_sent.state == RequestState.SIGNED
    assert not request_sent.signers.unsigned().exists()


def test_who_has_no_authority_needs_a_letter_that_is_kept_in_the_sealed_file(request_sent, sponsor, key_user):
    with pytest.raises(LetterMissing):
        delegate(sponsor, key_user)
    given = delegate(sponsor, key_user, with_letter=True)
    signatures.sign(given.delegate_id, signature("Kim Keyuser"), BY_CODE)
    sealing.seal_and_deliver(request_sent.pk)

    request_sent.refresh_from_db()
    content = documents.read(request_sent.sealed_file.file)
    answer = verification.verify(content)
    assert (answer.is_unchanged, [signer.name for signer in answer.signers]) == (True, ["Petra Manager", "Kim Keyuser"])
    text = "".join(pdf.extract_text(content).split())
    for fact in ("Sam Sponsor", "On holiday", "In place of", given.letter.sha256):
        assert "".join(fact.split()) in text
    with pikepdf.open(BytesIO(content)) as file:
        assert file.attachments["authorisation-1.pdf"].get_file().read_bytes().endswith(b"Kim Keyuser")


def test_a_representative_in_the_register_needs_no_letter(request_sent, sponsor):
    named = member(request_sent.project, Role.REPRESENTATIVE)
    until = timezone.now().date() + timedelta(days=9)
    Authority.objects.create(
        project=request_sent.project,
        user=named,
        kind=PHASE_KIND.code,
        valid_until=until,
        granted_by=sponsor.user,
    )
    assert delegate(sponsor, named).letter is None


def test_only_people_of_the_same_company_who_are_not_asked_already_can_be_named(request_sent, sponsor):
    project = request_sent.project
    strangers = [
        member(project, Role.PROJECT_MANAGER),
        member(ProjectFactory(), Role.SPONSOR),
        member(project, Role.AUDITOR),
        UserFactory(organisation=project.customer),
        request_sent.signers.get(order=1).user,
        sponsor.user,
    ]
    for stranger in strangers:
        with pytest.raises(NotADelegate):
            delegate(sponsor, stranger, with_letter=True)
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("hours", [-1, 24 * 15])
def test_a_delegation_ends_within_the_time_of_the_request(sponsor, deputy, hours):
    with pytest.raises(TimeNotWithinRequest):
        delegate(sponsor, deputy, hours=hours)


def test_a_delegation_needs_a_reason_and_the_turn(sponsor, deputy):
    with pytest.raises(ReasonMissing):
        delegate(sponsor, deputy, reason=" ")
    early = send().signers.get(order=2)
    with pytest.raises(NotYourTurn):
        delegate(early, deputy)


def test_a_delegate_names_nobody_else(request_sent, sponsor, deputy):
    given = delegate(sponsor, deputy)
    with pytest.raises(DelegateDoesNotDelegate):
        delegate(given.delegate, member(request_sent.project, Role.SPONSOR))


def test_a_delegate_signs_by_the_authority_of_the_delegator_while_that_one_has_it(request_sent, sponsor, deputy):
    given = delegate(sponsor, deputy)
    Membership.objects.filter(user=sponsor.user).delete()
    with pytest.raises(NotASigner):
        signatures.sign(given.delegate_id, signature(), BY_CODE)


def test_a_delegation_that_lapses_gives_the_turn_back_once(request_sent, sponsor, deputy):
    given = delegate(sponsor, deputy, hours=1)
    later = timezone.now() + timedelta(hours=2)

    assert [delegations.lapse_due(later), delegations.lapse_due(later)] == [1, 0]

    assert given.delegate.links.get().revoked_at
    assert [signer.pk for signer in request_sent.signers.unsigned()] == [sponsor.pk]
    assert mails(sponsor.user)[-1] == "Your turn again"
    assert mails(deputy)[-1] == mails(request_sent.sent_by)[-1] == "Delegation ended"
    with pytest.raises(DelegationOver):
        signatures.sign(given.delegate_id, signature(), BY_CODE)
    signatures.sign(sponsor.pk, signature(), BY_CODE)
    request_sent.refresh_from_db()
    assert request_sent.state == RequestState.SIGNED


def test_a_delegate_is_refused_at_the_end_though_no_sweep_came_by(sponsor, deputy, monkeypatch):
    given = delegate(sponsor, deputy, hours=1)
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(signatures.timezone, "now", lambda: later)
    with pytest.raises(DelegationOver):
        signatures.sign(given.delegate_id, signature(), BY_CODE)


def test_another_person_can_be_named_after_a_delegation_lapsed(request_sent, sponsor, deputy, key_user):
    delegate(sponsor, deputy, hours=1)
    delegations.lapse_due(timezone.now() + timedelta(hours=2))
    given = delegate(sponsor, key_user, with_letter=True)
    signatures.sign(given.delegate_id, signature("Kim Keyuser"), BY_CODE)
    request_sent.refresh_from_db()
    assert request_sent.state == RequestState.SIGNED


def test_reminders_go_to_the_delegate_alone(request_sent, sponsor, deputy):
    given = delegate(sponsor, deputy)
    assert not requests.remind(sponsor.pk, by=request_sent.sent_by)
    assert requests.remind(given.delegate_id, by=request_sent.sent_by)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE signing_delegation SET reason = 'other'",
        "UPDATE signing_delegation SET valid_until = '2099-01-01'",
        "DELETE FROM signing_delegation",
        "UPDATE signing_signaturerequest SET state = 'signed', signed_at = '2026-01-01'",
    ],
)
def test_the_database_keeps_a_delegation_and_asks_for_the_delegates_signature(sponsor, deputy, sql):
    delegate(sponsor, deputy)
    with pytest.raises(IntegrityError):
        run(sql)


def test_the_database_refuses_a_delegation_across_sides(request_sent, sponsor):
    first = request_sent.signers.get(order=1)
    now = timezone.now()
    with pytest.raises(IntegrityError, match="same side"):
        Delegation.objects.create(signer=sponsor, delegate=first, reason="x", valid_until=now, delegated_at=now)

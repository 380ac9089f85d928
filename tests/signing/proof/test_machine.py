"""The signing machine under whatever order of acts, with crashes between any two writes, and with people at once.

After every step, whoever did whatever: a completed request has every required signature, a sealed one exactly one
seal, what was sent is what is there, and the trail tells of every step that happened and of none that did not.
What a PDF costs is left out: the body and the seal are a few bytes here.
"""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audit.domain import trail
from common.errors import Refusal
from projects.enums import Role
from signing.domain import certificates, delegations, documents, manifest, requests, sealing, signatures
from signing.domain.delegations import Naming
from signing.enums import BINDING, CLOSED_UNSIGNED, RequestState, Side
from signing.models import Delegation, SealedFile, SignatureRequest
from tests.projects.factories import PhaseFactory, member
from tests.signing.factories import BY_CODE, PHASE_KIND, make_project, phase_manifest, signature

WRITES = ("INSERT", "UPDATE", "DELETE")
CLOSINGS = {"decline": "declined", "void": "voided", "expire": "expired"}


class Crash(BaseException):
    """The process dies: nothing catches this but the test."""


@pytest.fixture
def cheap(monkeypatch):
    """Sending and sealing without printing."""
    body = documents.Body(html="<p>Paper</p>", pdf=b"%PDF-1.7 body", pages=1)
    monkeypatch.setattr(documents, "make_body", lambda *args, **kwargs: body)
    key = certificates.current_seal()
    monkeypatch.setattr(certificates, "current_seal", lambda: key)
    monkeypatch.setattr(sealing, "make", lambda request, key: (b"%%PDF-1.7 sealed %d" % request.pk, ["Platform"]))


class Machine:
    """One request with three signers (two of them in parallel), and everything that people can do to it."""

    def __init__(self):
        self.project, self.manager, self.sponsor = make_project()
        self.deputies = [member(self.project, Role.SPONSOR), member(self.project, Role.KEY_USER)]
        self.phase = PhaseFactory(project=self.project, name="Design")
        second = member(self.project, Role.SPONSOR)
        self.request = requests.send(
            self.project,
            PHASE_KIND.code,
            self.phase,
            title="Approval",
            manifest=phase_manifest(self.phase),
            facts={},
            signers=[
                requests.SignerSpec(self.manager, Side.VENDOR, 1),
                requests.SignerSpec(self.sponsor, Side.CUSTOMER, 2),
                requests.SignerSpec(second, Side.CUSTOMER, 2),
            ],
            by=self.manager,
        )
        self.frozen = SignatureRequest.objects.filter(pk=self.request.pk).values("manifest", "body_sha256").get()

    def signer(self, number):
        signers = list(self.request.signers.order_by("pk"))
        return signers[number % len(signers)]

    def sign(self, number):
        signatures.sign(self.signer(number).pk, signature(f"Person {number}"), BY_CODE)

    def decline(self, number):
        signatures.decline(self.signer(number).pk, "Not so", BY_CODE)

    def open(self, number):
        signatures.open_document(self.signer(number).pk)

    def delegate(self, number):
        letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 letter")
        until = timezone.now() + timedelta(hours=1)
        naming = Naming(self.deputies[number % 2], "On holiday", until, letter)
        delegations.delegate(self.signer(number).pk, naming, BY_CODE)

    def lapse(self, number):
        delegations.lapse_due(timezone.now() + timedelta(hours=2))

    def void(self, number):
        requests.void(self.request.pk, by=self.manager, reason="Wrong annex")

    def expire(self, number):
        requests.expire_due(timezone.now() + timedelta(days=15))

    def remind(self, number):
        requests.remind(self.signer(number).pk, by=self.manager)

    def change_subject(self, number):
        with transaction.atomic():
            self.phase.name = f"Design {number}"
            self.phase.save()
            requests.recheck(self.project, by=self.manager)

    def seal(self, number):
        sealing.seal_and_deliver(self.request.pk)

    def do(self, act, number, crash_at=0):
        """Do one act, as a page would; `crash_at` is the write before which the process dies (0: it lives)."""
        writes = 0

        def count(execute, sql, params, many, context):
            nonlocal writes
            if sql.startswith(WRITES):
                writes += 1
                if writes == crash_at:
                    raise Crash
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count), suppress(Refusal, Crash):
            getattr(self, act)(number)
        assert not connection.needs_rollback, f"{act} writes outside of a transaction"

    def check(self):
        request = SignatureRequest.objects.get(pk=self.request.pk)
        signers = {signer.pk: signer for signer in request.signers.all()}
        given = list(Delegation.objects.filter(signer__request=request))
        delegates = {delegation.delegate_id for delegation in given}
        stood_in_for = {d.signer_id for d in given if signers[d.delegate_id].signed_at}
        originals = [signer for pk, signer in signers.items() if pk not in delegates]
        every = all(signer.signed_at or signer.pk in stood_in_for for signer in originals)
        assert len(originals) == 3
        if request.state in BINDING:
            assert every
        else:
            assert not every  # the last signature completes, in the same transaction
        assert not any(signers[pk].signed_at for pk in stood_in_for)  # nobody signs beside their delegate
        seals = SealedFile.objects.filter(request=request)
        assert seals.count() == (request.state in {RequestState.SEALED, RequestState.DELIVERED})
        assert {"manifest": request.manifest, "body_sha256": request.body_sha256} == self.frozen
        assert manifest.fingerprint(request.manifest) == request.manifest_sha256
        self._check_trail(request, signers.values(), given)

    def _check_trail(self, request, signers, given):
        told = Counter(trail.entries_for(request).values_list("action", flat=True))
        assert told["send"] == 1
        assert told["sign"] == sum(signer.signed_at is not None for signer in signers)
        assert told["open"] <= sum(signer.opened_at is not None for signer in signers)
        assert told["delegate"] == len(given)
        assert told["lapse"] == sum(delegation.lapsed_at is not None for delegation in given)
        assert told["complete"] == (request.state in BINDING)
        assert told["seal"] == (request.sealed_at is not None)
        assert told["deliver"] == (request.state == RequestState.DELIVERED)
        for action, state in CLOSINGS.items():
            assert told[action] == (request.state == state)


ACTS = ("sign", "decline", "open", "delegate", "lapse", "void", "expire", "remind", "change_subject", "seal")
# Signing comes often, or hardly any request would ever be complete; the same act twice is a second tab.
LIKELY = ("sign",) * 8 + ("delegate", "seal", "remind", "open", "lapse") * 2 + ACTS
steps = st.tuples(st.sampled_from(LIKELY), st.integers(0, 5), st.sampled_from([0, 0, 0, *range(1, 12)]))


@pytest.mark.django_db
@settings(
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(steps, min_size=4, max_size=16))
def test_no_order_of_acts_and_no_crash_breaks_a_request(cheap, acts):
    machine = Machine()
    for act, number, crash_at in acts:
        machine.do(act, number, crash_at)
        machine.check()
    state = SignatureRequest.objects.get(pk=machine.request.pk).state
    machine.do("seal", 0)
    machine.do("seal", 0)
    machine.check()
    ended = SignatureRequest.objects.get(pk=machine.request.pk).state
    assert ended == (RequestState.DELIVERED if state in BINDING else state)


@pytest.mark.django_db
@pytest.mark.parametrize("crash_at", range(1, 30))
def test_a_crash_before_any_write_of_signing_and_sealing_leaves_what_can_be_finished(cheap, crash_at):
    """Everything from the first signature to the delivery, dying once before its n-th write, then done again."""
    machine = Machine()
    for act, number in (("sign", 0), ("sign", 1), ("sign", 2), ("seal", 0)):
        machine.do(act, number, crash_at)
        machine.check()
        machine.do(act, number)
        machine.check()
    assert SignatureRequest.objects.get(pk=machine.request.pk).state == RequestState.DELIVERED


TOGETHER = [
    ["sign", "sign", "sign"],
    ["sign", "decline", "void"],
    ["sign", "delegate", "expire"],
    ["delegate", "delegate", "sign"],
    ["seal", "seal", "seal"],
    ["sign", "change_subject", "void"],
    ["decline", "expire", "void"],
    ["sign", "sign", "delegate", "remind"],
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("acts", TOGETHER, ids="-".join)
def test_people_who_act_at_once_do_not_break_a_request(cheap, acts):
    """Real transactions of several connections; afterwards one of the legal orders has happened."""
    chance = random.Random("-".join(acts))
    machine = Machine()
    machine.do("sign", 0)
    if "seal" in acts:
        machine.do("sign", 1)
        machine.do("sign", 2)
    barrier, faults = Barrier(len(acts)), []

    def work(act, number):
        barrier.wait()
        try:
            machine.do(act, number)
        except Exception as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=(act, chance.choice([1, 2]))) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    machine.check()
    state = SignatureRequest.objects.get(pk=machine.request.pk).state
    assert state in {RequestState.SENT, *BINDING, *CLOSED_UNSIGNED}

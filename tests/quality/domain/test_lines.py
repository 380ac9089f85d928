import pytest
from django.db import IntegrityError, transaction

from projects.enums import PhaseItemKind
from projects.models import PhaseItem
from quality import acceptable
from quality.domain import acceptances, lines
from quality.domain.errors import AcceptanceStands, CriteriaNotMet, ForeignRows, NothingIsAccepted
from quality.enums import AcceptanceState
from quality.models import AcceptanceLine
from tests.projects.factories import PhaseFactory, ProjectFactory
from tests.quality.factories import CriteriaSetFactory, CriterionFactory
from tests.quality.signing import accepted_scope, in_part, people, signers
from tests.signing.factories import sign_next

pytestmark = pytest.mark.django_db


def ask(criteria_set, sides, **options):
    manager, sponsor = sides
    return acceptances.request_acceptance(
        criteria_set.project, criteria_set.phase, by=manager, signers=signers(manager, sponsor), **options
    )


def test_a_project_hands_over_its_phases_and_a_phase_its_outputs():
    phase = PhaseFactory(name="Design")
    output = PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.OUTPUT, position=1, text="Blueprint")
    PhaseItem.objects.create(phase=phase, kind=PhaseItemKind.CHECK, position=1, text="Reviewed")
    assert [item.key for item in acceptable.items_of(phase.project, None)] == [f"phase:{phase.code}"]
    assert acceptable.items_of(phase.project, phase) == [acceptable.Item(f"output:{output.pk}", "Blueprint")]


def test_a_part_is_accepted_and_the_rest_is_offered_next():
    acceptance = in_part()
    assert (acceptance.state, acceptance.state_words) == (AcceptanceState.ACCEPTED, "Accepted in part")
    accepted, left = acceptance.lines.all()
    assert [line["accepted"] for line in acceptance.document.manifest["lines"]] == [True, False]
    for words in (accepted.label, left.label, "Remaining scope", "is not accepted by this"):
        assert words in acceptance.document.body_html
    assert [item.key for item in lines.remaining(acceptance.project, None)] == [left.key]

    sides = acceptance.requested_by, acceptance.document.signers.get(order=2).user
    again = ask(acceptance.criteria_set, sides)
    assert [line.key for line in again.lines.all()] == [left.key]
    assert again.is_partial is False
    sign_next(again.document)
    sign_next(again.document)
    with pytest.raises(AcceptanceStands):
        ask(acceptance.criteria_set, sides)


def test_criteria_that_are_not_met_may_belong_to_what_remains():
    project = ProjectFactory()
    first, _second = PhaseFactory(project=project), PhaseFactory(project=project)
    criteria_set = CriteriaSetFactory(project=project, agreed=True)
    CriterionFactory(criteria_set=criteria_set)
    sides = people(project)
    with pytest.raises(CriteriaNotMet):
        ask(criteria_set, sides)
    acceptance = ask(criteria_set, sides, accepted_lines=[f"phase:{first.code}"])
    assert "Not every criterion was met" in acceptance.document.body_html


def test_choose_refuses_what_is_not_offered_and_nothing_at_all():
    items = [acceptable.Item("a", "A"), acceptable.Item("b", "B")]
    assert lines.choose(items, None) == [(items[0], True), (items[1], True)]
    assert lines.choose(items, ["b"]) == [(items[0], False), (items[1], True)]
    assert lines.choose([], []) == []
    with pytest.raises(ForeignRows):
        lines.choose(items, ["c"])
    with pytest.raises(NothingIsAccepted):
        lines.choose(items, [])


def test_a_scope_without_lines_is_accepted_as_one():
    criteria_set = accepted_scope(PhaseFactory())
    acceptance = ask(criteria_set, people(criteria_set.project))
    assert "lines" not in acceptance.document.manifest
    assert acceptance.is_partial is False


def test_the_database_keeps_a_line_as_it_was_signed():
    in_part()
    with transaction.atomic(), pytest.raises(IntegrityError, match="append-only"):
        AcceptanceLine.objects.update(is_accepted=True)

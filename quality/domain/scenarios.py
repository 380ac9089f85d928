"""The abnormal situations that every requirement should be tried in, and the skeleton of a case for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quality.domain.cases import Step
from quality.domain.drafts import MAX_TITLE, Draft, cut
from quality.enums import ABNORMAL, CaseKind, Scenario
from quality.models import TestCase
from requirements.models import Requirement


@dataclass(frozen=True)
class Prompt:
    """A situation, and the number of a case that tries it; None: one is asked for."""

    scenario: Scenario
    case: int | None


@dataclass(frozen=True)
class Skeleton:
    """The words of a case for a situation: its title, what must be there first, what is done and must be seen."""

    kind: CaseKind
    title: str | Promise
    preconditions: str | Promise
    steps: tuple[tuple[str | Promise, str | Promise], ...]


def with_tries(requirements: QuerySet[Requirement], cases: QuerySet[TestCase]) -> QuerySet[Requirement]:
    """Add `tried_in_…` for every abnormal situation: the number of the first active one of `cases` that tries it."""
    tied = cases.active().filter(requirements=OuterRef("pk")).order_by("number")  # type: ignore[attr-defined]
    return requirements.annotate(
        **{_tried(scenario): Subquery(tied.filter(scenario=scenario).values("number")[:1]) for scenario in ABNORMAL}
    )


def prompts_of(requirement: Requirement) -> list[Prompt]:
    """Return every abnormal situation of a requirement that was read `with_tries`."""
    return [Prompt(scenario, getattr(requirement, _tried(scenario))) for scenario in ABNORMAL]


def _tried(scenario: Scenario) -> str:
    return f"tried_in_{scenario.value}"


def draft_for(requirement: Requirement, scenario: Scenario) -> Draft:
    """Return the skeleton of a case that tries `requirement` in an abnormal situation, in the active language."""
    skeleton = SKELETONS[scenario]
    ending = str(skeleton.title)
    return Draft(
        title=gettext("%(what)s – %(situation)s")
        % {"what": cut(requirement.title, MAX_TITLE - len(ending) - 10), "situation": ending},
        kind=skeleton.kind,
        scenario=scenario,
        process=requirement.process,
        preconditions=str(skeleton.preconditions),
        steps=tuple(_steps(skeleton.steps)),
    )


def _steps(rows: Iterable[tuple[str | Promise, str | Promise]]) -> Iterable[Step]:
    return (Step(str(action), str(expected)) for action, expected in rows)


SKELETONS = {
    Scenario.NETWORK_CUT: Skeleton(
        CaseKind.FUNCTIONAL,
        _("network cut"),
        _("Signed in with the rights that this needs; the network of the device can be switched off."),
        (
            (_("Begin as usual and fill everything in."), _("What was typed is on the screen.")),
            (
                _("Switch the network off and save."),
                _("A message says that nothing is saved yet; what was typed is still there."),
            ),
            (_("Switch the network on and save again."), _("It is saved once, complete, with no second record.")),
        ),
    ),
    Scenario.WRONG_DATA: Skeleton(
        CaseKind.FUNCTIONAL,
        _("wrong data"),
        _("Signed in with the rights that this needs."),
        (
            (
                _("Leave a required field empty and save."),
                _("It is refused; the field is marked and the reason stands beside it."),
            ),
            (
                _("Enter a value beyond its limit, then one of the wrong kind, and save each."),
                _("Each is refused with its reason; the other fields keep what was typed."),
            ),
            (_("Correct the values and save."), _("It is saved with exactly these values.")),
        ),
    ),
    Scenario.DOUBLE_SUBMIT: Skeleton(
        CaseKind.FUNCTIONAL,
        _("sent twice"),
        _("Signed in with the rights that this needs; the number of records is noted."),
        (
            (_("Fill everything in and press Save twice, quickly."), _("One record is there, with one number.")),
            (
                _("Go back in the browser and save the same again."),
                _("No second record is made, or a message asks before it is."),
            ),
        ),
    ),
    Scenario.NO_RIGHTS: Skeleton(
        CaseKind.SECURITY,
        _("no rights"),
        _("An account that has no right to do this, and one that has."),
        (
            (
                _("Sign in without the right and look for the function."),
                _("It is not offered, neither in the menu nor on the page."),
            ),
            (
                _("Open the address of the page directly."),
                _("It is refused; nothing of the data is shown or changed."),
            ),
        ),
    ),
}

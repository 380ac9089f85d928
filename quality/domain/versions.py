"""What one version of a test case changed against the one before."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext

from quality.models import CaseVersion
from requirements.domain.differences import FieldChange, word_difference

StepContent = dict[str, Any]
SAID = ("action", "test_data", "expected")


def difference(before: CaseVersion, after: CaseVersion) -> list[FieldChange]:
    """Return what `after` changed, word by word. A step that only moved to another place is no change of its words."""
    changes = [
        FieldChange(label, word_difference(old, new))
        for label, old, new in (
            (gettext("Title"), before.title, after.title),
            (gettext("Preconditions"), before.preconditions, after.preconditions),
        )
        if old != new
    ]
    return [*changes, *_step_changes(before.steps, after.steps)]


def with_differences(versions: Sequence[CaseVersion], earlier: CaseVersion | None) -> list[CaseVersion]:
    """Give each version, newest first, its `changes`; `earlier` is the one before the last of them."""
    for version, previous in zip(versions, [*versions, earlier][1:], strict=True):
        version.changes = difference(previous, version) if previous else []  # type: ignore[attr-defined]
    return list(versions)


def _step_changes(before: Sequence[StepContent], after: Sequence[StepContent]) -> Iterator[FieldChange]:
    old, new = [_text(step) for step in before], [_text(step) for step in after]
    for tag, left, left_end, right, right_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for place in range(max(left_end - left, right_end - right)):
            was = old[left + place] if left + place < left_end else ""
            is_now = new[right + place] if right + place < right_end else ""
            number = (right if is_now else left) + place + 1
            yield FieldChange(gettext("Step %(number)s") % {"number": number}, word_difference(was, is_now))


def _text(step: StepContent) -> str:
    return "\n".join(step[name] for name in SAID if step[name])

"""Who is told of the moves of a defect.

Who reported a duplicate hears of the moves of the defect that it repeats, in words about their own: the other may not
exist for them.
"""

from typing import Any

from accounts.models import User
from notices.domain import outbox
from quality.models import Defect

TEMPLATES = {
    "reported": "quality/mails/defect_reported",
    "assigned": "quality/mails/defect_assigned",
    "retest_asked": "quality/mails/retest_asked",
    "moved": "quality/mails/defect_moved",
    "closed": "quality/mails/defect_closed",
    "reopened": "quality/mails/defect_reopened",
    "duplicate_moved": "quality/mails/defect_duplicate_moved",
}


def tell(person: User, what: str, defect: Defect, *, by: User, url: str = "", **context: Any) -> None:
    facts = {"defect": defect, "project": defect.project, "by": by, **context}
    outbox.tell(person, TEMPLATES[what], facts, url=url or defect.get_absolute_url(), project_id=defect.project_id)


def tell_finder(defect: Defect, *, by: User, url: str) -> None:
    """Ask who found it to test again."""
    finder = defect.result.executed_by if defect.result else defect.reported_by
    tell(finder, "retest_asked", defect, by=by, url=url)
    _tell_duplicates(defect, by=by, told={finder, by})


def tell_reporter(defect: Defect, *, by: User, reason: str) -> None:
    """Tell who reported it that it was declined, deferred or found to be a duplicate, and why."""
    if defect.reported_by != by:
        tell(defect.reported_by, "moved", defect, by=by, reason=reason)
    _tell_duplicates(defect, by=by, told={defect.reported_by, by})


def tell_closed(defect: Defect, *, by: User) -> None:
    tell(defect.reported_by, "closed", defect, by=by)
    _tell_duplicates(defect, by=by, told={defect.reported_by, by})


def tell_reopened(defect: Defect, fixer: User | None, *, by: User, reason: str) -> None:
    told = {person for person in (defect.owner, fixer, defect.reported_by) if person} - {by}
    for person in told:
        tell(person, "reopened", defect, by=by, reason=reason)
    _tell_duplicates(defect, by=by, told=told | {by})


def _tell_duplicates(defect: Defect, *, by: User, told: set[User]) -> None:
    """Tell those who reported the same, once each, unless they are told already."""
    told = set(told)
    for duplicate in defect.duplicates.select_related("reported_by", "project").order_by("number"):
        if duplicate.reported_by not in told:
            told.add(duplicate.reported_by)
            tell(duplicate.reported_by, "duplicate_moved", duplicate, by=by, original=defect)

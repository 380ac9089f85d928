"""Whose turn it is with a defect, and how old it is. Values in, value out; no database, no clock."""

from datetime import date, datetime

from quality.enums import SETTLED, DefectState, Turn


def whose_turn(state: str, *, has_owner: bool, asks_customer: bool, deferred_until: date | None, on: date) -> Turn:
    """Return who has to do something about a defect on a day.

    A fix and a refusal wait for whoever found it: the customer, where `asks_customer`, else the reporter. What is
    deferred waits for nobody until its day has come.
    """
    if state in SETTLED or (state == DefectState.DEFERRED and deferred_until is not None and deferred_until > on):
        return Turn.NOBODY
    if state in {DefectState.FIXED, DefectState.DECLINED}:
        return Turn.CUSTOMER if asks_customer else Turn.REPORTER
    return Turn.OWNER if has_owner else Turn.MANAGER


def age_in_days(reported_at: datetime, settled_at: datetime | None, now: datetime) -> int:
    """Return for how many whole days a defect has been known, until it was settled."""
    return ((settled_at or now) - reported_at).days

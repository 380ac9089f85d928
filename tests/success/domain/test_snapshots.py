import json

from success.domain import snapshots
from success.domain.spans import Span
from tests.success.factories import make_facts, month_of_checks
from tests.success.samples import sample_checks


def test_thaw_gives_back_what_was_frozen():
    checks = sample_checks()["manual-dev"]
    maintenance = [Span(checks[3].at, checks[5].at)]
    facts = make_facts(checks, before=month_of_checks("2026-07", down=[1, 2]), maintenance=maintenance)
    thawed = snapshots.thaw(json.loads(json.dumps(snapshots.freeze(facts))))
    assert thawed.current == facts.current
    assert thawed.previous.availability == facts.previous.availability
    assert thawed.previous.days == ()
    assert snapshots.freeze(thawed) == snapshots.freeze(facts)


def test_facts_without_a_month_before():
    assert snapshots.thaw(snapshots.freeze(make_facts())).previous is None

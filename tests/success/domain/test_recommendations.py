from decimal import Decimal

from success.domain import words
from success.domain.recommendations import advise
from success.enums import Priority, Rule
from tests.success.factories import make_facts, month_of_checks


def rules(facts):
    return [advice.rule for advice in advise(facts)]


def test_advise_says_nothing_when_all_is_well():
    assert rules(make_facts()) == []


def test_advise_puts_a_missed_target_first_with_its_figures():
    facts = make_facts(month_of_checks(down=[100, 101, 400]), before=month_of_checks("2026-07"), target_p95_ms=250)
    advice = advise(facts)
    assert [item.rule for item in advice] == [Rule.TARGET_MISSED, Rule.ABOVE_TARGET]
    assert advice[0].priority == Priority.HIGH
    assert advice[0].figures == {
        "availability_percent": "99.79",
        "target_percent": "99.9",
        "outage_s": 5400,
        "budget_s": 2678.4,
        "longest_s": 3600,
        "longest_start": "2026-08-03T02:00:00+00:00",
    }


def test_advise_warns_when_half_of_the_budget_is_spent():
    assert rules(make_facts(month_of_checks(down=[5]))) == [Rule.BUDGET_SPENT]


def test_advise_finds_outages_at_the_same_time_of_day():
    at_two = [day * 48 + 4 for day in (2, 9, 16)]  # 02:00
    (advice,) = advise(make_facts(month_of_checks(down=[*at_two, 700]), target_percent=Decimal(99)))
    assert advice.rule == Rule.SAME_HOURS
    assert advice.figures == {"from_hour": 2, "to_hour": 4, "times": 3, "outages": 4}


def test_advise_sees_no_pattern_in_half_of_the_outages():
    down = [*(day * 48 + 4 for day in (2, 9, 16)), 300, 520, 780]
    assert rules(make_facts(month_of_checks(down=down), target_percent=Decimal(99))) == []


def test_advise_compares_with_the_month_before():
    slower = month_of_checks(response_ms=lambda n: 300 + n % 100)
    assert rules(make_facts(slower, before=month_of_checks("2026-07"))) == [Rule.SLOWER]


def test_advise_finds_a_long_tail():
    assert rules(make_facts(month_of_checks(response_ms=lambda n: 1000 if n % 50 == 0 else 250))) == [Rule.LONG_TAIL]


def test_advise_asks_for_better_monitoring_before_anything_about_availability():
    (advice,) = advise(make_facts(month_of_checks(down=range(50))[:600]))
    assert advice.rule == Rule.BLIND_SPOTS
    assert advice.figures["floor_percent"] == "95"


def test_every_rule_has_words_for_its_advice_and_its_figures():
    facts = [
        make_facts(month_of_checks()[:600]),
        make_facts(month_of_checks(down=[100, 101, 400]), target_p95_ms=250),
        make_facts(month_of_checks(down=[5])),
        make_facts(month_of_checks(down=[day * 48 + 4 for day in (2, 9, 16)]), target_percent=Decimal(99)),
        make_facts(month_of_checks(response_ms=lambda n: 300 + n % 100), before=month_of_checks("2026-07")),
        make_facts(month_of_checks(response_ms=lambda n: 1000 if n % 50 == 0 else 250)),
    ]
    said = {}
    for advice in (advice for one in facts for advice in advise(one)):
        said[advice.rule] = (
            words.advice(advice.rule, advice.figures, "UTC"),
            words.evidence(advice.rule, advice.figures, "UTC"),
        )
    assert set(said) == set(Rule)
    assert said[Rule.SAME_HOURS] == (
        "Look at what runs between 02:00 and 04:00, such as backups and nightly jobs, and move it.",
        "3 of 3 outages began in these two hours of the day.",
    )
    assert said[Rule.TARGET_MISSED][1] == (
        "Availability 99.79 %, target 99.9 %; outage 1 h 30 min, error budget 44 min; the longest outage took 1 h."
    )

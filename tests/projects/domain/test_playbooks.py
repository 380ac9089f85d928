import pytest

from projects.domain import playbooks
from projects.domain.playbooks import Moment, PlaybookError, parse_playbook
from tests.projects.playbook_text import SMALL


def test_parse_playbook_reads_moments_and_texts():
    playbook = parse_playbook("small", SMALL)

    assert playbook.data["phases"][1]["ends"] == Moment("go_live", 10)
    assert playbook.in_language("en")["tasks"][0]["title"] == "Kick-off"
    assert playbook.in_language("zh-hans")["test_cases"][0]["steps"] == [{"action": "过账", "expected": "已过账"}]


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("owner: consultant", "owner: boss", "tasks[1].owner"),
        ("at: start+50", "at: soon", "tasks[1].at"),
        ("at: start+50", "at: start-5", "tasks[1].at"),
        ("days: 10", "days: many", "tasks[1].days"),
        ("requirements: [close]", "requirements: [closing]", "tasks[1].requirements"),
        ("name: {en: Run, zh-hans: 运行}", "name: {en: Run}", "phases[1].name"),
        ("name: {en: Run, zh-hans: 运行}", "name: {en: '', zh-hans: 运行}", "phases[1].name.en"),
        ("code: run", "code: prepare", "phases[1].code"),
        ("code: run", "code: The run", "phases[1].code"),
        ("priority: must", "urgency: must", "requirements[0].urgency"),
        ("    priority: must\n", "", "requirements[0].priority"),
        ("kind: functional", "kind: nice", "criteria[0].kind"),
        ("shared: true", "shared: 1", "tasks[0].shared"),
        ("tasks:\n", "tasks: none\nextra:\n", "extra"),
        ("go_live_day: 100", "go_live_day: [", "line 6"),
    ],
)
def test_parse_playbook_names_the_place_of_a_slip(right, wrong, place):
    with pytest.raises(PlaybookError) as caught:
        parse_playbook("small", SMALL.replace(right, wrong, 1))

    assert caught.value.place == place


def test_parse_playbook_refuses_what_is_no_mapping():
    with pytest.raises(PlaybookError, match="is not a mapping"):
        parse_playbook("small", "- a list")


def test_load_playbook_refuses_an_unknown_code():
    with pytest.raises(KeyError):
        playbooks.load_playbook("../secrets")


def test_parse_playbook_takes_an_output_as_its_title_alone_or_with_more():
    more = (
        "[{title: {en: Charter, zh-hans: 章程}, headings: [{en: Scope, zh-hans: 范围}], shared: false, due: start+20}]"
    )
    playbook = parse_playbook(
        "small", SMALL.replace("[{en: Charter, zh-hans: 项目章程}]\n    checks", f"{more}\n    checks", 1)
    )

    (described,), (plain,) = (phase["outputs"] for phase in playbook.in_language("en")["phases"])
    assert (described["title"], described["headings"], described["shared"]) == ("Charter", ["Scope"], False)
    assert described["due"] == Moment("start", 20)
    assert (plain["title"], plain["headings"], plain["shared"], plain["accountable"]) == (
        "System",
        [],
        True,
        "project_manager",
    )


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("[{title: {en: Charter, zh-hans: 章程}, accountable: boss}]", "phases[0].outputs[0].accountable"),
        ("[{title: {en: Charter, zh-hans: 章程}, heading: []}]", "phases[0].outputs[0].heading"),
        ("[{en: Charter}]", "phases[0].outputs[0].title"),
    ],
)
def test_parse_playbook_names_the_place_of_a_slip_in_an_output(wrong, place):
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(
            "small", SMALL.replace("[{en: Charter, zh-hans: 项目章程}]\n    checks", f"{wrong}\n    checks", 1)
        )

    assert caught.value.place == place

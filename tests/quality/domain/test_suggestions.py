import pytest

from quality.domain.cases import Step
from quality.domain.suggestions import MAX_STEPS, kind_of, suggest
from quality.enums import CaseKind


def said(text):
    return [(step.action, step.expected) for step in suggest("Book", text).steps]


@pytest.mark.parametrize(
    ("text", "precondition", "steps"),
    [
        (
            "Given a supplier exists\nWhen the order is saved\nThen it has a number\nAnd the supplier gets a mail",
            "a supplier exists",
            [
                ("the order is saved", "it has a number"),
                ("Look at the result of the step before.", "the supplier gets a mail"),
            ],
        ),
        (
            "假设供应商已建立\n当保存订单时\n那么生成编号\n并且发送邮件",
            "供应商已建立",
            [("保存订单", "生成编号"), ("Look at the result of the step before.", "发送邮件")],
        ),
        (
            "前提：已登录。当库存低于安全库存时，系统应生成采购申请。",
            "已登录",
            [("库存低于安全库存", "系统应生成采购申请")],
        ),
        ("If the price is missing, saving is refused.", "", [("the price is missing", "saving is refused")]),
    ],
)
def test_suggest_reads_given_when_then_in_both_languages(text, precondition, steps):
    assert (suggest("Book", text).preconditions, said(text)) == (precondition, steps)


@pytest.mark.parametrize(
    "text",
    [
        "1. It has a number.\n2) It shows 1.4 units.",
        "- It has a number\n- It shows 1.4 units",
        "It has a number. It shows 1.4 units.",
    ],
)
def test_suggest_makes_a_step_of_every_point_of_a_list(text):
    assert said(text) == [
        ("Carry out “Book”.", "It has a number"),
        ("Look at the result of the step before.", "It shows 1.4 units"),
    ]


def test_suggest_reads_chinese_numbered_points():
    assert [expected for _action, expected in said("一、生成编号；\n（二）发送邮件。\n3、留痕")] == [
        "生成编号",
        "发送邮件",
        "留痕",
    ]


def test_suggest_gives_an_action_without_result_a_place_for_it():
    assert said("When the order is saved") == [("the order is saved", "What must be seen is still to be written.")]


def test_suggest_without_text_gives_one_step_to_complete():
    assert said("") == [("Carry out “Book”.", "What must be seen is still to be written.")]


def test_suggest_stays_within_the_fields_of_a_case():
    draft = suggest("很长" * 150, "\n".join(["当" + "保存" * 400 + "，" + "生成" * 400] * 40))
    assert (len(draft.title), len(draft.steps)) == (200, MAX_STEPS)
    assert draft.steps[0] == Step("保存" * 249 + "保…", "生成" * 249 + "生…")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("p95 of the order page ≤ 2 s", CaseKind.PERFORMANCE),
        ("十秒内打开", CaseKind.PERFORMANCE),
        ("支持 200 人并发", CaseKind.PERFORMANCE),
        ("Usable by keyboard only", CaseKind.ACCESSIBILITY),
        ("无权限的用户看不到价格", CaseKind.SECURITY),
        ("订单通过接口推送", CaseKind.INTEGRATION),
        ("90 % of the orders have a price", CaseKind.UAT),
    ],
)
def test_kind_of(text, kind):
    assert kind_of(text) == kind

"""How acceptances end in the demo: signed, with conditions that are followed to their end, and declined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from accounts.models import User
from cockpit.domain.demo.clock import Story
from cockpit.domain.demo.steps import both_sides, decline, sign
from projects.models import Phase, Project
from quality.domain import acceptances, agreements, checks, criteria_sets, punch_items
from quality.domain.criteria_sets import Wording
from quality.enums import CriterionKind, Operator
from quality.models import Acceptance, CriteriaSet
from quality.sources import MANUAL
from signing.models import SignatureRequest


@dataclass(frozen=True)
class Sides:
    """Who acts: the manager asks and signs, the consultant checks, the sponsor signs for the customer."""

    manager: User
    consultant: User
    sponsor: User


def agree(
    project: Project, phase: Phase, statements: Sequence[str], story: Story, day: int, sides: Sides
) -> tuple[CriteriaSet, SignatureRequest]:
    """Write criteria that a person checks, and have both sides sign them."""
    words = [Wording(text, MANUAL, CriterionKind.MANUAL, Operator.EXACTLY, Fraction(1)) for text in statements]
    with story.at(day, "10:05"):
        criteria_set = criteria_sets.start_set(project, phase, by=sides.manager, criteria=words)
        document = agreements.send(
            criteria_set.pk, signers=both_sides(sides.manager, sides.sponsor), by=sides.manager
        ).document
    sign(document, sides.manager, story, day, "10:12")
    sign(document, sides.sponsor, story, day + 1, "08:47")
    return criteria_set, document


def check(criteria_set: CriteriaSet, found: dict[int, str], story: Story, day: int, *, by: User) -> None:
    """Record for each position of `found` that the criterion is met, in these words."""
    for criterion in criteria_set.criteria.filter(position__in=found):
        with story.at(day, "15:30"):
            checks.record_check(criterion.pk, value=criterion.threshold, comment=found[criterion.position], by=by)


def ask(
    project: Project,
    phase: Phase | None,
    story: Story,
    day: int,
    sides: Sides,
    punch_list: Sequence[punch_items.Wording] = (),
) -> Acceptance:
    """Request an acceptance, signed by the manager at once."""
    with story.at(day, "09:40"):
        acceptance = acceptances.request_acceptance(
            project, phase, by=sides.manager, punch_list=punch_list, signers=both_sides(sides.manager, sides.sponsor)
        )
    assert acceptance.document is not None  # it was sent
    sign(acceptance.document, sides.manager, story, day, "09:52")
    return acceptance


def settle(acceptance: Acceptance, position: int, words: str, story: Story, day: int, *, confirmed_by: User | None):
    """Do an item of a punch list, and confirm it the day after where someone does."""
    item = acceptance.punch_items.get(position=position)
    with story.at(day, "16:20"):
        punch_items.finish_item(item.pk, comment=words, by=item.owner)
    if confirmed_by:
        with story.at(day + 1, "09:10"):
            punch_items.confirm_item(item.pk, by=confirmed_by)


def accept_blueprint(project: Project, story: Story, sides: Sides) -> list[SignatureRequest]:
    """A phase that is simply accepted."""
    phase = project.phases.get(code="blueprint")
    criteria_set, agreement = agree(
        project, phase, ["各部门业务蓝图已评审并签字", "权限矩阵与单据编码规则已确认"], story, 40, sides
    )
    found = {1: "采购、生产、仓库、财务四份蓝图均有部门负责人签字。", 2: "权限矩阵 V3 与编码规则经信息中心确认。"}
    check(criteria_set, found, story, 66, by=sides.consultant)
    document = ask(project, phase, story, 68, sides).document
    assert document is not None  # it was sent
    sign(document, sides.sponsor, story, 69, "17:26")
    return [agreement, document]


def accept_configuration(project: Project, story: Story, sides: Sides, today: int, engineer: User):
    """A phase accepted with conditions: one item is confirmed, one waits for the customer, one is overdue."""
    phase = project.phases.get(code="configure")
    statements = ["核心业务流程配置完成并通过内部走查", "约定的报表与单据打印模板全部可用"]
    criteria_set, agreement = agree(project, phase, statements, story, 96, sides)
    check(criteria_set, {1: "27 条流程走查记录齐全，问题均已关闭。"}, story, 124, by=sides.consultant)
    last = story.day(today)
    items = [
        punch_items.Wording(
            "补齐 3 张车间日报模板", sides.consultant, story.day(138), "生产部用当日数据各打印一份核对", 2
        ),
        punch_items.Wording(
            "采购订单打印格式加盖合同专用章位置", engineer, last - timedelta(days=3), "采购部打印 3 份比对版式", 2
        ),
        punch_items.Wording(
            "库存台账导出时保留批次号", engineer, last + timedelta(days=2), "仓库导出上月台账抽查 20 行", 2
        ),
    ]
    acceptance = ask(project, phase, story, 126, sides, items)
    document = acceptance.document
    assert document is not None  # it was sent
    sign(document, sides.sponsor, story, 127, "18:40")
    settle(acceptance, 1, "3 张日报模板已发布，字段与纸质日报一致。", story, 135, confirmed_by=sides.sponsor)
    settle(acceptance, 3, "导出已增加批次号列，并随 2.4.2 发布。", story, today - 1, confirmed_by=None)
    return [agreement, document]


def decline_migration(project: Project, story: Story, sides: Sides, today: int) -> Acceptance:
    """The first request: the sponsor declines it, and says why."""
    phase = project.phases.get(code="migrate")
    criteria_set = CriteriaSet.objects.of_scope(project, phase).get()
    found = "第二次模拟迁移对账完成，汇总金额一致；明细由财务继续核对。"
    check(
        criteria_set,
        {row.position: found for row in criteria_set.criteria.all()},
        story,
        today - 9,
        by=sides.consultant,
    )
    acceptance = ask(project, phase, story, today - 8, sides)
    assert acceptance.document is not None  # it was sent
    reason = "应付账款明细中有 3 家供应商的期初余额与财务账不符（合计差 12,640.50 元），请更正并重新对账后再提请验收。"
    decline(acceptance.document, sides.sponsor, reason, story, today - 7, "11:18")
    return acceptance


def accept_build(project: Project, story: Story, sides: Sides, engineer: User) -> list[SignatureRequest]:
    """A phase accepted with conditions that are fulfilled since, and before it a request that was declined."""
    phase = project.phases.get(code="build")
    statements = ["Every till function of the scope is configured and walked through", "Stock reaches head office"]
    criteria_set, agreement = agree(project, phase, statements, story, 36, sides)
    check(criteria_set, {1: "Walked through with Oliver Grant, 61 of 61 functions."}, story, 62, by=sides.consultant)
    check(criteria_set, {2: "Seen at two tills of the laboratory."}, story, 62, by=sides.consultant)
    first = ask(project, phase, story, 63, sides)
    assert first.document is not None  # it was sent
    reason = "Stock was shown from laboratory tills only. Show it from a store, over its own line, before we sign."
    decline(first.document, sides.sponsor, reason, story, 64, "12:31")
    owner, day = engineer, story.day(76)
    items = [
        punch_items.Wording(
            "Show stock from the Leeds store within a minute", owner, day, "Oliver Grant times ten sales"
        ),
        punch_items.Wording("Write down how a till is exchanged", owner, day, "Priya Nair exchanges one by the card"),
    ]
    acceptance = ask(project, phase, story, 66, sides, items)
    document = acceptance.document
    assert document is not None  # it was sent
    sign(document, sides.sponsor, story, 67, "15:02")
    done = {1: "Ten of ten sales were seen within 40 seconds.", 2: "The card is in the store pack, version 2."}
    for position, words in done.items():
        settle(acceptance, position, words, story, 72 + position, confirmed_by=sides.sponsor)
    return [agreement, document]

"""A Chinese manufacturer's ERP project in mid-UAT: scope signed, criteria agreed, defects found and fixed."""

from datetime import timedelta
from io import BytesIO

from django.utils import timezone

from accounts.models import User
from cockpit.domain.demo import papers
from cockpit.domain.demo.auditing import Finding, follow_up, hold_audit
from cockpit.domain.demo.clock import Story
from cockpit.domain.demo.outcomes import Sides, accept_blueprint, accept_configuration, ask, check, decline_migration
from cockpit.domain.demo.people import CHINA
from cockpit.domain.demo.steps import (
    both_sides,
    gather_suite,
    join,
    name_owners,
    run_case,
    share_milestones,
    sign,
    walk_phases,
    work_off,
)
from projects.domain import discussions, projects
from projects.enums import Audience, Role
from projects.models import Project
from quality.domain import agreements, defects, proposals, result_imports, runs
from quality.domain.cases import Step
from quality.domain.executions import Observation
from quality.domain.result_imports import About
from quality.enums import CaseState, FindingGrade, ImportChannel, Outcome, Severity
from quality.models import CriteriaSet, Execution
from requirements.domain import freezing, sending
from signing.models import SignatureRequest

GO_LIVE = 182  # days from the start, as the playbook has it
TODAY = 152  # the day of the story that is today: ten days into UAT
UAT_BEGINS = 141

LATE = {"缺陷修复与复测": 70, "性能压力测试": 60}  # per cent done of what should be finished

# What the key users saw: case by its place in the run -> (who, day, outcome, words, failed step, severity)
SEEN = (
    ("xie.dong", 142, Outcome.PASSED, "", None, ""),
    ("xie.dong", 142, Outcome.PASSED, "差异说明已带到凭证备注。", None, ""),
    (
        "xie.dong",
        143,
        Outcome.FAILED,
        "到货数量超出订单 3 % 时仍可入库，按约定应提示并禁止。",
        2,
        Severity.CRITICAL,
    ),
    ("wang.fei", 143, Outcome.PASSED, "", None, ""),
    ("wang.fei", 144, Outcome.PASSED, "", None, ""),
    ("wang.fei", 144, Outcome.FAILED, "放行后订单列表要等约 5 分钟才显示“已放行”。", 2, Severity.MINOR),
    ("wang.hongxia", 145, Outcome.PASSED, "", None, ""),
    ("wang.hongxia", 145, Outcome.PASSED, "与手工核算结果一致。", None, ""),
    (
        "wang.hongxia",
        146,
        Outcome.FAILED,
        "税号更正后重新推送，税务平台已受理，但系统中发票仍显示“推送失败”。",
        1,
        Severity.MAJOR,
    ),
    ("xie.dong", 147, Outcome.PASSED, "", None, ""),
    ("wang.fei", 149, Outcome.BLOCKED, "夜间 MRP 作业未跑完，例外信息为空，无法继续。", None, ""),
    ("xie.dong", 150, Outcome.PASSED, "", None, ""),
    ("wang.hongxia", 151, Outcome.PASSED, "", None, ""),
)


LOAD = (("保存采购订单", 300), ("查询库存", 120), ("月末结账试算", 900))  # label, least milliseconds


def tell(people: dict[str, User]) -> list[int]:
    """Tell the story up to today; return the ids of the documents that are to be sealed."""
    story = Story(timezone.localdate() - timedelta(days=TODAY), CHINA)
    manager, sponsor = people["chen.gang"], people["lin.lihua"]
    project = _start(story, people)
    baseline = _sign_scope(project, story, manager, sponsor)
    agreed = [
        _agree_criteria(project, "migrate", story, 112, people),
        _agree_criteria(project, "uat", story, 120, people),
    ]
    sides = Sides(manager, people["luo.dan"], sponsor)
    agreed += accept_blueprint(project, story, sides)
    agreed += accept_configuration(project, story, sides, TODAY, people["han.tao"])
    with story.at(TODAY - 1, "18:00"):
        work_off(project, story, on=story.day(TODAY), late=LATE, by=manager)
        papers.hand_over(project, story, on=story.day(TODAY), stand_ins=[manager, people["luo.dan"]])
        walk_phases(project, story, on=story.day(TODAY), by=manager)
        name_owners(project, since=story.day(TODAY - 14), by=manager)
    _test(project, story, people)
    _import_results(project, story, people)
    _audit(project, story, people)
    _ask_for_acceptance_of_the_migration(project, story, people)
    return [document.pk for document in (baseline, *agreed)]


def _start(story: Story, people: dict[str, User]) -> Project:
    manager = people["chen.gang"]
    with story.at(0, "09:00"):
        project = projects.start_project(
            key="HL-ERP",
            name="合联电子 ERP 实施项目",
            customer=people["lin.lihua"].organisation,
            language="zh-hans",
            playbook="erp_rollout",
            starts_on=story.day(0),
            go_live_on=story.day(GO_LIVE),
            manager=manager,
            summary="以一套 ERP 取代现有进销存系统与各部门台账，采购、生产、库存、财务同时上线。",
            by=people["zhou.bin"],
        )
        join(
            project,
            people,
            {
                "luo.dan": [Role.CONSULTANT],
                "han.tao": [Role.ENGINEER],
                "li.lin": [Role.TESTER],
                "he.nan": [Role.CSM],
                "gu.yuying": [Role.EXECUTIVE],
                "lin.lihua": [Role.SPONSOR],
                "zhu.yan": [Role.REPRESENTATIVE],
                "xie.dong": [Role.KEY_USER],
                "wang.hongxia": [Role.KEY_USER],
                "wang.fei": [Role.KEY_USER],
                "zhang.xu": [Role.AUDITOR],
            },
            by=manager,
        )
        share_milestones(project, by=manager)
        papers.share_out(project, by=manager)
    return project


def _sign_scope(project: Project, story: Story, manager: User, sponsor: User) -> SignatureRequest:
    with story.at(58, "14:20"):
        baseline = freezing.freeze(project, by=manager, share=True)
        request = sending.send_baseline(baseline.pk, signers=both_sides(manager, sponsor), by=manager)
    sign(request, manager, story, 58, "14:41")
    sign(request, sponsor, story, 61, "20:16")
    return request


def _agree_criteria(project: Project, code: str, story: Story, day: int, people: dict[str, User]) -> SignatureRequest:
    manager, sponsor = people["chen.gang"], people["lin.lihua"]
    criteria_set = CriteriaSet.objects.of_scope(project, project.phases.get(code=code)).get()
    with story.at(day, "10:05"):
        request = agreements.send(criteria_set.pk, signers=both_sides(manager, sponsor), by=manager).document
    sign(request, manager, story, day, "10:12")
    sign(request, sponsor, story, day + 2, "08:47")
    return request


def _ask_for_acceptance_of_the_migration(project: Project, story: Story, people: dict[str, User]) -> None:
    """Declined once; the second request waits for the sponsor, who finds it on the page after sign-in."""
    sides = Sides(people["chen.gang"], people["luo.dan"], people["lin.lihua"])
    decline_migration(project, story, sides, TODAY)
    phase = project.phases.get(code="migrate")
    criteria_set = CriteriaSet.objects.of_scope(project, phase).get()
    found = "3 家供应商期初余额已更正，财务部汪红霞、仓库谢东逐项核对并签字，差异 0 项；对账表存于项目文件柜 MG-07。"
    positions = {row.position: found for row in criteria_set.criteria.all()}
    check(criteria_set, positions, story, TODAY - 4, by=sides.consultant)
    ask(project, phase, story, TODAY - 2, sides)


def _test(project: Project, story: Story, people: dict[str, User]) -> None:
    manager = people["chen.gang"]
    with story.at(UAT_BEGINS - 3, "14:00"):
        gather_suite(project, "冒烟测试", "每个构建交付测试前执行，半小时内跑完主流程。", by=people["li.lin"])
    with story.at(UAT_BEGINS, "09:00"):
        run = runs.create_run(
            project,
            by=people["li.lin"],
            phase=project.phases.get(code="uat"),
            name="UAT 第一轮",
            build="2.4.1",
            environment="UAT 测试环境",
        )
        cases = list(project.test_cases.filter(state=CaseState.ACTIVE).order_by("number"))
        whom = [seen[0] for seen in SEEN] + ["xie.dong", "wang.fei", "wang.hongxia"] * len(cases)
        runs.plan_cases(run.pk, {case.pk: people[key] for case, key in zip(cases, whom, strict=False)}, by=manager)
        runs.start_run(run.pk, by=manager)
    executions = list(Execution.objects.filter(run=run).select_related("case").order_by("case__number"))
    for number, (execution, seen) in enumerate(zip(executions, SEEN, strict=False)):
        who, day, outcome, words, step, severity = seen
        observation = Observation(outcome, words, step, severity or Severity.MAJOR)
        run_case(execution, observation, story, day, f"{9 + number % 8:02}:{7 * number % 60:02}", by=people[who])
    _work_on_defects(project, executions, story, people)
    _propose_cases(project, story, people)


def _propose_cases(project: Project, story: Story, people: dict[str, User]) -> None:
    """A key user asks for two tests: one the testers have already, the other waits for them."""
    key_user = people["xie.dong"]
    with story.at(144, "16:20"):
        known = proposals.propose_case(
            project,
            by=key_user,
            title="收货数量超过订单数量",
            process="采购到付款",
            why="每周都会遇到，供应商有时多送几件。",
            steps=[Step("对订单收货，数量多填 5 件", "系统提示超出容差，不允许入库")],
        )
    with story.at(145, "09:40"):
        reason = "收货容差已有测试用例，本轮已经执行过，缺陷修复后会请您复测。"
        proposals.decline_proposal(known.pk, by=people["li.lin"], reason=reason)
    with story.at(148, "14:05"):
        proposals.propose_case(
            project,
            by=key_user,
            title="月末最后一天收到的货物记在当月",
            process="采购到付款",
            why="每个月末都有当天晚上才到的货，记错月份财务就对不上。",
            preconditions="有一张未收货的采购订单，系统日期为月末最后一天。",
            steps=[
                Step("晚上对订单收货", "收货单日期为当天", "10 件"),
                Step("打开当月的库存报表", "报表包含这 10 件"),
            ],
        )


def _audit(project: Project, story: Story, people: dict[str, User]) -> None:
    """The audit before going live: reported last week; one action is verified, one still to do."""
    auditor, run = people["zhang.xu"], project.test_runs.get(name="UAT 第一轮")
    requirement = project.requirements.order_by("number").first()
    found = [
        Finding(
            FindingGrade.MINOR,
            "8.3.4",
            "UAT 第一轮有一例受阻用例超过一天无人跟进，测试记录中没有说明原因和处理人。",
            "UAT 第一轮执行记录；审核当日与测试工程师李琳的访谈。",
            about=run,
            cause="受阻用例没有指定跟进人，每日例会未逐条过问。",
            action="每日例会逐条过问受阻用例，并在执行记录中写明处理人和期限。",
            owner="li.lin",
            due=3,
            done="已修订例会议程并执行两天，受阻用例均有处理人和期限。",
            proof=("例会议程.txt", "每日例会议程 第 3 项：受阻用例逐条过问，写明处理人与期限。"),
        ),
        Finding(
            FindingGrade.MINOR,
            "8.3.6",
            "抽查的一项需求在会议上口头调整过阈值，变更记录中没有登记。",
            "需求评审纪要与需求清单比对，两处阈值不一致。",
            about=requirement,
            cause="口头约定后没有指定登记人。",
            action="补登该项变更，并规定会议上的任何调整当日由业务顾问登记。",
            owner="luo.dan",
            due=8,
        ),
        Finding(
            FindingGrade.OBSERVATION,
            "8.3.3",
            "性能指标写在合同附件中，未在需求清单中单列，查找不便。",
            "合同附件三，需求清单。",
        ),
    ]
    audit = hold_audit(
        project,
        story,
        day=TODAY - 6,
        plan={
            "title": "上线前设计与开发过程审核",
            "standard": "ISO 9001:2015 8.3 设计和开发",
            "scope": "需求、变更、测试与缺陷的管理过程；自项目启动至 UAT 第一轮。",
        },
        shared=[
            run,
            requirement,
            *project.baselines.all(),
            *project.signature_requests.binding(),
            *project.defects.all(),
        ],
        found=found,
        conclusion="设计和开发过程总体符合 ISO 9001:2015 8.3 的要求，需求基线与签署证据完整可验证。"
        "发现两项一般不符合，应在上线前完成整改并提交证据。",
        auditor=auditor,
        people=people,
        by=people["chen.gang"],
    )
    follow_up(audit, story, day=TODAY - 3, found=found, auditor=auditor)


INTERFACE_TESTS = """<testsuites name="接口回归"><testsuite name="erp.interfaces">
<testcase classname="OrderInterface" name="创建采购订单并回传单号" time="0.42"/>
<testcase classname="OrderInterface" name="重复推送同一订单只建一次" time="0.38"/>
<testcase classname="InvoiceInterface" name="发票回执按发票号核对状态" time="1.20">
<failure message="收到 2 条回执，应为 1 条"/></testcase>
<testcase classname="InvoiceInterface" name="断网后自动重发" time="0.00"><skipped message="等待网络演练"/></testcase>
</testsuite></testsuites>
"""


def _import_results(project: Project, story: Story, people: dict[str, User]) -> None:
    """The regression of the interfaces and a load test, as the build server and JMeter wrote them."""
    samples = [f"{label},{base + 37 * number % 900},true" for label, base in LOAD for number in range(120)]
    load_test = "label,elapsed,success\n" + "\n".join([*samples, f"{LOAD[0][0]},30000,false"]) + "\n"
    uat = project.phases.get(code="uat")
    for clock, name, content in (("08:30", "interfaces.xml", INTERFACE_TESTS), ("21:15", "load.jtl", load_test)):
        with story.at(149, clock):
            result_imports.import_results(
                project,
                BytesIO(content.encode()),
                About(build="2.4.2", environment="UAT 测试环境", phase=uat),
                file_name=name,
                by=people["li.lin"],
                channel=ImportChannel.API,
            )


def _work_on_defects(project: Project, executions: list[Execution], story: Story, people: dict[str, User]) -> None:
    critical, minor, major = project.defects.order_by("number")
    engineer, manager = people["han.tao"], people["chen.gang"]
    with story.at(143, "17:10"):
        defects.edit_defect(critical.pk, by=manager, owner=engineer, priority=1, fix_planned_on=story.day(146))
        discussions.add_comment(
            critical, "收货容差参数未在公司级生效，已定位，今晚发布修复。", by=engineer, audience=Audience.CUSTOMER
        )
    with story.at(146, "11:30"):
        defects.fix_defect(critical.pk, by=engineer, fixed_in="2.4.2")
    retested = executions[2]
    run_case(
        retested, Observation(Outcome.PASSED, "复测通过，超差已禁止入库。"), story, 147, "10:40", by=people["xie.dong"]
    )
    with story.at(147, "09:30"):
        defects.edit_defect(minor.pk, by=manager, owner=engineer, priority=3, fix_planned_on=story.day(TODAY + 6))
    with story.at(148, "09:15"):
        defects.edit_defect(
            major.pk, by=manager, owner=people["luo.dan"], priority=2, fix_planned_on=story.day(TODAY + 2)
        )
        discussions.add_comment(
            major, "回执接口没有处理“重复推送”的返回码，改为按发票号核对状态。", by=people["luo.dan"], audience=""
        )

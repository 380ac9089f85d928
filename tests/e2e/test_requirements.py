import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.enums import Role
from requirements.domain import freezing, requirements, sending
from requirements.enums import BaselineState
from tests.e2e.conftest import DESKTOP, PHONE, assert_accessible
from tests.projects.factories import PhaseFactory, ProjectFactory, member
from tests.requirements.factories import ObjectiveFactory, RequirementFactory, frozen_baseline
from tests.signing.factories import sign_next, specs

VIEWS = [("zh-hans", DESKTOP, "dark"), ("en", PHONE, "light")]  # the other two are those of test_every_page


@pytest.fixture
def project(transactional_db):
    return ProjectFactory(name="ERP roll-out", language="zh-hans")


def people(project, language):
    manager = member(project, Role.PROJECT_MANAGER, name="王磊", language=language)
    return manager, member(project, Role.SPONSOR, name="陈伟", language=language)


def fill(project):
    """A scope as a project has it: objectives, phases, requirements of two processes, one withdrawn."""
    days = ObjectiveFactory(project=project, title="月结时间缩短", baseline_value="12 天", target_value="5 天")
    errors = ObjectiveFactory(project=project, title="发票差错减少", baseline_value="", target_value="不超过 1 %")
    design, build = (
        PhaseFactory(project=project, number=n, name=name) for n, name in ((2, "蓝图设计"), (3, "系统建设"))
    )
    common = {"project": project, "process": "采购到付款", "priority": "must"}
    RequirementFactory(**common, title="三单匹配", phase=design, objectives=[days, errors])
    RequirementFactory(**common, title="超差发票自动冻结，待采购员确认后放行", phase=build, objectives=[errors])
    RequirementFactory(project=project, title="按工厂打印收货标签", phase=build, objectives=[days])
    RequirementFactory(project=project, title="电子发票查验", priority="wont", withdrawn=True, objectives=[errors])


def paths(project, *names):
    return [reverse(f"requirements:{name}", args=[project.key, *args]) for name, *args in names]


@pytest.mark.parametrize(("language", "width", "theme"), VIEWS)
def test_empty_pages_are_accessible(visit, project, language, width, theme):
    manager, sponsor = people(project, language)
    names = [("objective_list",), ("requirement_list",), ("baseline_list",)]
    page = visit(user=manager, width=width, language=language, theme=theme)
    for path in paths(project, *names, ("baseline_freeze",), ("requirement_add",), ("objective_add",)):
        page.goto(path)
        assert_accessible(page)
    page = visit(user=sponsor, width=width, language=language, theme=theme)
    for path in paths(project, *names):
        page.goto(path)
        assert_accessible(page)


@pytest.mark.parametrize(("language", "width", "theme"), VIEWS)
def test_pages_with_a_scope_are_accessible(visit, project, language, width, theme):
    manager, sponsor = people(project, language)
    fill(project)
    first = freezing.freeze(project, by=manager)
    requirement = project.requirements.get(number=2)
    requirement.acceptance = "差异超过 3 % 的发票自动冻结。"
    requirements.edit_requirement(requirement, list(requirement.objectives.all()), by=manager, discard=True)
    frozen_baseline(project, by=manager)
    sent = sending.send_baseline(project.baselines.get(number=2).pk, signers=specs(manager, sponsor), by=manager)
    sign_next(sent)
    names = [
        ("objective_list",),
        ("objective_detail", 1),
        ("requirement_list",),
        ("requirement_detail", 1),
        ("requirement_detail", 4),
        ("baseline_list",),
        ("baseline_detail", 2),
    ]
    staff = [("requirement_edit", 1), ("requirement_withdraw", 1), ("baseline_freeze",), ("baseline_discard", 2)]
    page = visit(user=manager, width=width, language=language, theme=theme)
    for path in [
        *paths(project, *names, *staff),
        f"{paths(project, ('baseline_difference', 2))[0]}?other={first.number}",
    ]:
        page.goto(path)
        assert_accessible(page)
    page = visit(user=sponsor, width=width, language=language, theme=theme)
    for path in paths(project, *names):
        page.goto(path)
        assert_accessible(page)


def test_manager_freezes_sends_and_edits_after_being_asked(visit, project):
    manager, _ = people(project, "en")
    fill(project)
    page = visit(*paths(project, ("requirement_list",)), user=manager)
    page.get_by_role("link", name="Freeze a baseline").click()
    page.get_by_role("button", name="Freeze the baseline").click()
    page.get_by_role("link", name="Send for signature").click()
    assert_accessible(page)
    page.get_by_role("button", name="Send for signature").click()
    expect(page.get_by_role("status").filter(has_text="is out for signature")).to_be_visible()
    page.goto(paths(project, ("requirement_edit", 1))[0])
    page.get_by_label("Title").fill("三单匹配与差异处理")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="saving this voids the open request")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Discard SRS-001 and save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("三单匹配与差异处理")
    assert project.baselines.get().state == BaselineState.DISCARDED


def test_signed_scope_is_explained_and_accessible(visit, project):
    manager, sponsor = people(project, "zh-hans")
    fill(project)
    baseline = frozen_baseline(project, by=manager)
    sent = sending.send_baseline(baseline.pk, signers=specs(manager, sponsor), by=manager)
    sign_next(sent)
    sign_next(sent)
    page = visit(user=manager, language="zh-hans")
    names = [("requirement_detail", 1), ("requirement_edit", 1), ("requirement_add",), ("objective_edit", 1)]
    for path in [*paths(project, *names, ("baseline_detail", 1), ("baseline_reopen", 1)), sent.get_absolute_url()]:
        page.goto(path)
        assert_accessible(page)
    page.goto(*paths(project, ("requirement_edit", 1)))
    expect(page.get_by_label("标题")).to_be_disabled()


def test_list_filters_without_reloading_the_page(visit, project):
    manager, _ = people(project, "en")
    fill(project)
    page = visit(*paths(project, ("requirement_list",)), user=manager)
    page.get_by_label("Priority").select_option("must")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("link", name="Remove the filter Priority: Must have")).to_be_visible()
    assert "priority=must" in page.url

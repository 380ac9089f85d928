"""A CRM project that has just begun: a team, a plan, first requirements under discussion, nothing signed."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from cockpit.domain.demo import papers
from cockpit.domain.demo.clock import Story
from cockpit.domain.demo.people import CHINA
from cockpit.domain.demo.steps import join, name_owners, share_milestones, walk_phases, work_off
from projects.domain import discussions, projects
from projects.enums import Audience, Role

TODAY = 9
GO_LIVE = 120


def tell(people: dict[str, User]) -> list[int]:
    """Tell the story up to today, nine days in; return the ids of the documents to be sealed: none yet."""
    story = Story(timezone.localdate() - timedelta(days=TODAY), CHINA)
    manager = people["chen.gang"]
    with story.at(0, "10:00"):
        project = projects.start_project(
            key="TY-CRM",
            name="天益科技 CRM 实施项目",
            customer=people["xue.guizhi"].organisation,
            language="zh-hans",
            playbook="crm_rollout",
            starts_on=story.day(0),
            go_live_on=story.day(GO_LIVE),
            manager=manager,
            summary="统一客户资料与商机过程，替代各销售自用的表格。",
            by=people["zhou.bin"],
        )
        roles = {
            "luo.dan": [Role.CONSULTANT],
            "han.tao": [Role.ENGINEER],
            "gu.yuying": [Role.EXECUTIVE],
            "xue.guizhi": [Role.SPONSOR],
            "li.long": [Role.KEY_USER],
        }
        join(project, people, roles, by=manager)
        share_milestones(project, by=manager)
        papers.share_out(project, by=manager)
    with story.at(TODAY - 1, "18:00"):
        work_off(project, story, on=story.day(TODAY), late={}, by=manager)
        papers.hand_over(project, story, on=story.day(TODAY), stand_ins=[manager, people["luo.dan"]])
        walk_phases(project, story, on=story.day(TODAY), by=manager)
        name_owners(project, since=story.day(TODAY), by=manager)
    requirement = project.requirements.order_by("number").first()
    with story.at(TODAY - 2, "11:20"):
        discussions.add_comment(
            requirement,
            "周三访谈后再定：历史客户是否全部导入，由销售运营给出口径。",
            by=people["luo.dan"],
            audience=Audience.TEAM,
        )
    return []

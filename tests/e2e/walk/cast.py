"""Who takes part, and what they type, in the language of the walk."""

from dataclasses import dataclass

from projects.enums import Role
from projects.models import Project
from tests.accounts.factories import OrganisationFactory
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.walk.person import Person
from tests.projects.factories import ProjectFactory, member

PASSWORD = "correct horse battery"
KEY = "HF-ERP"
TYPED = {
    "en": {
        "vendor": "Northwind Consulting",
        "project": "Harbour Foods ERP roll-out",
        "customer": "Harbour Foods",
        "manager": "Laura Bennett",
        "csm": "Marco Silva",
        "sponsor": "Helen Ward",
        "key_user": "Tom Reed",
        "requirement": "Match order, goods receipt and invoice",
        "criterion": "Saving a document takes at most 2 s",
        "run": "UAT, first round",
        "environment": "UAT system",
        "failure": "Goods beyond the ordered quantity were received without a question.",
        "passed": "Now the surplus is refused, as agreed.",
        "checked": "Load test of 30 minutes with 80 people: p95 is 1.4 s.",
        "summary": "The system served the stores well; one outage of an hour is explained below.",
    },
    "zh-hans": {
        "vendor": "北风咨询",
        "project": "海湾食品 ERP 实施项目",
        "customer": "海湾食品",
        "manager": "王磊",
        "csm": "何楠",
        "sponsor": "陈伟",
        "key_user": "谢东",
        "requirement": "订单、收货与发票三单匹配",
        "criterion": "单据保存不超过 2 秒",
        "run": "UAT 第一轮",
        "environment": "UAT 测试环境",
        "failure": "到货数量超出订单时仍可入库，没有任何提示。",
        "passed": "超出部分已被拒收，与约定一致。",
        "checked": "80 人并发、持续 30 分钟：95 分位为 1.4 秒。",
        "summary": "本月系统运行平稳，一次约一小时的中断见下文说明。",
    },
}


@dataclass
class Cast:
    language: str
    typed: dict[str, str]
    manager: Person
    csm: Person
    sponsor: Person
    key_user: Person

    @property
    def project(self) -> Project:
        return Project.objects.get(key=KEY)


def gather(visit, language: str) -> Cast:
    """Open a window for each. The vendor's two have accounts already, from an earlier project; the customer is new."""
    typed = TYPED[language]

    def arrive(part: str, width: int) -> Person:
        page = visit("/", width=width, language=language)
        return Person(typed[part], f"{part.replace('_', '.')}@example.com", page, language)

    cast = Cast(
        language,
        typed,
        manager=arrive("manager", DESKTOP),
        csm=arrive("csm", DESKTOP),
        sponsor=arrive("sponsor", PHONE),
        key_user=arrive("key_user", PHONE),
    )
    vendor = OrganisationFactory(vendor=True, name=typed["vendor"])
    earlier = ProjectFactory()
    for person, role in ((cast.manager, Role.PROJECT_MANAGER), (cast.csm, Role.CSM)):
        user = member(earlier, role, name=person.name, email=person.email, organisation=vendor, language=language)
        user.set_password(PASSWORD)
        user.save()
    return cast

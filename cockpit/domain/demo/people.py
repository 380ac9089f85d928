"""Who acts in the demo. Names of the Chinese people and companies come from a generated list (CC0), see README."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from audit.domain import trail

PASSWORD = "landfall-demo"  # noqa: S105 printed on the sign-in page of the demo, and only there
CHINA, BRITAIN = "Asia/Shanghai", "Europe/London"


@dataclass(frozen=True)
class Company:
    name: str
    kind: str
    zone: str
    domain: str


@dataclass(frozen=True)
class Person:
    """`part` is what the sign-in page says of somebody whom a visitor may sign in as."""

    key: str
    name: str
    job_title: str
    company: str
    language: str = "zh-hans"
    part: str | Promise = ""

    @property
    def zone(self) -> str:
        return COMPANIES[self.company].zone

    @property
    def email(self) -> str:
        return f"{self.key}@{COMPANIES[self.company].domain}"


COMPANIES = {
    "vendor": Company("海创信息有限公司", OrganisationKind.VENDOR, CHINA, "haichuang.example"),
    "maker": Company("合联电子科技有限公司", OrganisationKind.CUSTOMER, CHINA, "helian.example"),
    "retailer": Company("Fairholm Stores Ltd", OrganisationKind.CUSTOMER, BRITAIN, "fairholm.example"),
    "services": Company("天益科技有限公司", OrganisationKind.CUSTOMER, CHINA, "tianyi.example"),
    "auditor": Company("信诚致远信息有限公司", OrganisationKind.AUDITOR, CHINA, "xincheng.example"),
    "assessor": Company("Marlow Assurance Ltd", OrganisationKind.AUDITOR, BRITAIN, "marlow.example"),
}

PEOPLE = (
    Person("zhou.bin", "周彬", "系统管理员", "vendor", part=_("Administrator")),
    Person("chen.gang", "陈刚", "高级项目经理", "vendor", part=_("Project manager")),
    Person("luo.dan", "罗丹", "ERP 业务顾问", "vendor", part=_("Consultant")),
    Person("han.tao", "韩涛", "实施工程师", "vendor", part=_("Engineer")),
    Person("li.lin", "李琳", "测试工程师", "vendor", part=_("Tester")),
    Person("he.nan", "何楠", "客户成功经理", "vendor", part=_("Customer success manager")),
    Person("gu.yuying", "顾玉英", "副总裁", "vendor", part=_("Executive")),
    Person("wang.bin", "王斌", "Project manager", "vendor", "en", part=_("Project manager, in English")),
    Person(
        "zhang.bo", "张波", "Customer success manager", "vendor", "en", part=_("Customer success manager, in English")
    ),
    Person("lin.lihua", "林丽华", "副总经理", "maker", part=_("Sponsor of the customer")),
    Person("zhu.yan", "朱艳", "信息中心主任", "maker", part=_("Representative of the customer")),
    Person("xie.dong", "谢东", "采购部经理", "maker", part=_("Key user of the customer")),
    Person("wang.hongxia", "汪红霞", "财务部主管", "maker"),
    Person("wang.fei", "王飞", "生产计划员", "maker"),
    Person(
        "helen.marsh",
        "Helen Marsh",
        "Chief operating officer",
        "retailer",
        "en",
        part=_("Sponsor of a customer, in English"),
    ),
    Person("oliver.grant", "Oliver Grant", "Head of store systems", "retailer", "en"),
    Person("priya.nair", "Priya Nair", "Store manager, Leeds", "retailer", "en"),
    Person("xue.guizhi", "薛桂芝", "总经理", "services"),
    Person("li.long", "李龙", "销售运营经理", "services"),
    Person("zhang.xu", "张旭", "审计员", "auditor", part=_("Independent auditor")),
    Person("ruth.calder", "Ruth Calder", "Lead auditor", "assessor", "en", part=_("Independent auditor, in English")),
)


def make_people() -> dict[str, User]:
    """Create the companies and people of the demo and return the people by their keys."""
    companies = {}
    for key, company in COMPANIES.items():
        companies[key] = Organisation(name=company.name, kind=company.kind, time_zone=company.zone)
        trail.save(companies[key], by=None)
    people = {}
    for person in PEOPLE:
        user = User.objects.create_user(
            person.email,
            PASSWORD,
            name=person.name,
            job_title=person.job_title,
            organisation=companies[person.company],
            language=person.language,
            time_zone=person.zone,
            is_administrator=person.key == "zhou.bin",
        )
        trail.record("create", user, before={})
        people[person.key] = user
    return people


def sign_ins() -> list[dict[str, str | Promise]]:
    """The people whom the demo's sign-in page offers, with what they are in it."""
    return [
        {"name": person.name, "role": person.part, "email": person.email, "password": PASSWORD}
        for person in PEOPLE
        if person.part
    ]

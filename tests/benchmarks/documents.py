"""What a signed document costs: a Chinese acceptance certificate of 60 criteria, beside bare WeasyPrint.

CPU seconds, those of pdftotext included; the median of several. Ends with status 1 above a limit. With LONG set,
the memory of one process is watched over 500 documents.
"""

import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import django
from django.core.management import call_command
from django.utils import timezone

CRITERIA, SIGNERS, ROUNDS = 60, 3, 7
DOCUMENTS_PER_CORE, CORES = 10, 2
STATEMENTS = [
    "采购订单在两秒内保存，并按部门预算逐级审批",
    "月末结账时库存数量与仓库系统一致，差异有说明",
    "销售发货单打印的客户名称、税号与主数据相同",
    "没有权限的用户看不到其他工厂的生产成本",
]


class Figure(NamedTuple):
    name: str
    value: float
    limit: float
    at_least: bool = False
    unit: str = ""

    @property
    def is_exceeded(self) -> bool:
        return self.value < self.limit if self.at_least else self.value > self.limit


class Certificate(NamedTuple):
    """What makes the body of one document; plain data, so that another process can make it too."""

    facts: Any
    cover: Any

    def make(self):
        from signing.domain import documents

        return documents.make_body(
            "quality/documents/acceptance.html",
            self.facts,
            self.cover,
            language="zh-hans",
            time_zone="Asia/Shanghai",
        )


def main() -> int:
    django.setup()
    call_command("migrate", verbosity=0)
    settle()
    certificate = make_certificate()
    figures = [*measured(certificate), *([growth(certificate)] if "LONG" in os.environ else [])]
    line = "{:52}{:>10}{:>11}  {}"
    print(line.format("", "", "limit", ""))
    for figure in figures:
        bound = f"{'≥' if figure.at_least else '≤'} {figure.limit:g}"
        verdict = "NOT REACHED" if figure.is_exceeded else ""
        print(line.format(figure.name, f"{figure.value:.3g}{figure.unit}", bound, verdict))
    return int(any(figure.is_exceeded for figure in figures))


def settle() -> None:
    """Begin as a worker does: config/celery.py."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def make_certificate() -> Certificate:
    from quality.domain import contents
    from quality.domain.acceptances import Certificate as Facts
    from quality.models import Check
    from signing.domain.documents import Cover, SignerLine
    from tests.projects.factories import ProjectFactory
    from tests.quality.factories import CriteriaSetFactory, CriterionFactory

    project = ProjectFactory(name="恒联制造 ERP 实施", language="zh-hans")
    criteria_set = CriteriaSetFactory(project=project, agreed=True)
    for number in range(1, CRITERIA + 1):
        statement = f"{STATEMENTS[number % len(STATEMENTS)]}（第 {number} 条）"
        criterion = CriterionFactory(criteria_set=criteria_set, position=number, statement=statement)
        Check.objects.create(
            criterion=criterion,
            value_scaled=criterion.threshold_scaled,
            comment="现场查看，符合要求",
            checked_by=criteria_set.created_by,
            checked_at=timezone.now(),
        )
    signers = tuple(
        SignerLine(number, f"王小明{number}", "项目发起人", "恒联制造有限公司", "我代表公司同意验收。")
        for number in range(1, SIGNERS + 1)
    )
    cover = Cover(
        number=f"{project.key}-ACC-001",
        version=1,
        title="验收：整个项目",
        kind="验收证书",
        project=project.name,
        project_key=project.key,
        customer=project.customer.name,
        vendor="顾问公司",
        sent_by="李经理",
        sent_at=timezone.now().replace(microsecond=0),
        manifest_sha256="a" * 64,
        signers=signers,
    )
    return Certificate(Facts("整个项目", contents.read(criteria_set)), cover)


def measured(certificate: Certificate) -> list[Figure]:
    from signing.domain import certificates, seal
    from tests.signing.authority import time_stamp_server

    body = certificate.make()
    whole = page_of(certificate, body.html)
    prepared = prepare(certificate, body.pdf, whole)
    key, acts = certificates.current_seal(), make_acts(certificate)

    bare = cpu(lambda: bare_weasyprint(whole))
    made = cpu(certificate.make)

    def sealed_with(count: int) -> Callable[[], bytes]:
        return lambda: seal.apply(prepared, key, acts[:count], contact="http://127.0.0.1/verify/A/1/")

    def pipeline() -> None:
        printed = certificate.make()
        seal.apply(prepare(certificate, printed.pdf, whole), key, acts[:1], contact="http://127.0.0.1/verify/A/1/")

    with time_stamp_server() as authority:
        contact = "http://127.0.0.1/verify/A/1/"
        stamped = seal.apply(prepared, key, acts, contact=contact, tsa_url=authority)

    certified, signed, all_signed = cpu(sealed_with(1)), cpu(sealed_with(2)), sealed_with(SIGNERS + 1)()
    print(f"bare WeasyPrint: {bare:.3f} s for {body.pages} pages; the body, with its gate: {made:.3f} s\n")
    return [
        Figure("certificates a second, rendered, one core", 1 / made, 2.5, at_least=True),
        Figure("certificates a second, rendered, both cores", both_cores(certificate), 4, at_least=True),
        Figure("whole pipeline with gate, times bare WeasyPrint", cpu(pipeline) / bare, 1.35),
        Figure("certifying, times bare WeasyPrint", certified / bare, 0.05),
        Figure("a visible signature in Chinese, times bare", (signed - certified) / bare, 0.10),
        Figure("size unsigned", len(body.pdf) / 1000, 110, unit=" K"),
        Figure(f"size with {SIGNERS} signatures, no time stamp", len(all_signed) / 1000, 220, unit=" K"),
        Figure(f"size with {SIGNERS} signatures and time stamp", len(stamped) / 1000, 220, unit=" K"),
        Figure("errors of the accessibility checker, all signed", accessibility_errors(all_signed), 0),
    ]


def page_of(certificate: Certificate, body_html: str) -> str:
    from common import pdf

    context = {"body": body_html, "cover": certificate.cover}
    created = certificate.cover.sent_at
    return pdf.render_document_html("signing/document.html", context, "zh-hans", created=created)


def bare_weasyprint(html: str) -> bytes:
    """The least that WeasyPrint does for the same pages: same styles and fonts, no tags, no PDF/A, no gate."""
    from common import pdf
    from signing.domain.documents import STYLES

    engine = pdf._engine()
    styles = [engine.style(name) for name in STYLES]
    source = engine.weasyprint.HTML(string=html, url_fetcher=engine.fetcher(), base_url="asset:/", media_type="print")
    return source.write_pdf(font_config=engine.fonts, stylesheets=styles)


def prepare(certificate: Certificate, body: bytes, whole: str) -> bytes:
    from common import pdf
    from signing.domain import seal

    created = certificate.cover.sent_at
    evidence = certificate_evidence(created)
    fields = [seal.Field("Platform", "平台印章")]
    for number, signer in enumerate(certificate.cover.signers, start=1):
        fields.append(seal.Field(f"Signer{number}", signer.name, 0, (300, 700 - 80 * number, 500, 760 - 80 * number)))
    files = [pdf.File("manifest.json", b'{"criteria": 60}', "What was signed, as data")]
    return seal.prepare(body, evidence, fields, files, created)


def certificate_evidence(created) -> bytes:
    from common import pdf
    from signing.domain.documents import STYLES

    body = '<body class="report signed evidence"><h1>签署证据</h1></body>'
    html = f'<html lang="zh-Hans"><head><title>签署证据</title></head>{body}</html>'
    return pdf.print_html(html, created=created, variant=pdf.SIGNED, styles=STYLES).pdf


def make_acts(certificate: Certificate) -> list:
    from signing.domain import seal

    acts = [seal.Act("Platform", "Landfall", "平台印章")]
    for number, signer in enumerate(certificate.cover.signers, start=1):
        acts.append(seal.Act(f"Signer{number}", signer.name, signer.meaning, (signer.name, "2026-08-31 22:02 UTC+8")))
    return acts


def both_cores(certificate: Certificate) -> float:
    """Return certificates a second of two processes that work at once, without the time that they take to start."""
    with ProcessPoolExecutor(CORES, mp_context=get_context("fork"), initializer=settle) as pool:
        list(pool.map(make_some, [certificate] * CORES, [1] * CORES))
        begun = time.perf_counter()
        list(pool.map(make_some, [certificate] * CORES, [DOCUMENTS_PER_CORE] * CORES))
        return CORES * DOCUMENTS_PER_CORE / (time.perf_counter() - begun)


def make_some(certificate: Certificate, count: int) -> None:
    for _again in range(count):
        certificate.make()


def growth(certificate: Certificate) -> Figure:
    """Return by how many percent the peak memory of a process grows from its 100th document to its 500th."""
    make_some(certificate, 100)
    early = peak_kb()
    make_some(certificate, 400)
    return Figure("memory growth, document 100 → 500", (peak_kb() / early - 1) * 100, 3, unit=" %")


def peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def accessibility_errors(content: bytes) -> int:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        checker = Path(sys.executable).with_name("outloud")
        told = subprocess.run([checker, file.name], capture_output=True, text=True)
    words = (told.stdout + told.stderr).split(" error(s)")[0].split()
    return int(words[-1])


def cpu(work: Callable[[], object]) -> float:
    """Return the median of the CPU seconds that `work` takes, with those of the processes it starts."""
    work()
    taken = []
    for _round in range(ROUNDS):
        before = sum(os.times()[:4])
        work()
        taken.append(sum(os.times()[:4]) - before)
    return median(taken)


if __name__ == "__main__":
    sys.exit(main())

import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from common import pdf
from success.domain import documents, snapshots
from success.domain.bands import band_for
from tests.success.factories import HealthReportFactory, RecommendationFactory, make_facts, month_of_checks
from tests.success.samples import sample_checks

pytestmark = pytest.mark.django_db
JULY = month_of_checks("2026-07")


def report_on(facts, **fields):
    return HealthReportFactory(figures=snapshots.freeze(facts), band=band_for(facts), **fields)


def tiles(facts):
    document = documents.build_document(report_on(facts))
    return {tile.label: (tile.value, tile.chip.word, *tile.notes) for tile in document.tiles}


def test_document_counts_rates_and_compares():
    facts = make_facts(month_of_checks(down=[100, 101, 400]), before=JULY, target_p95_ms=300)
    assert tiles(facts) == {
        "Availability": ("99.79 %", "Not met", "target 99.9 %", "−0.21 points against July"),
        "p95 response time": ("294 ms", "Met", "target 300 ms", "±0 % against July"),
        "Outages": ("2", "Budget exceeded", "1 h 30 min of an error budget of 44 min", "+2 against July"),
        "Coverage": ("100.00 %", "Reportable", "agreed floor 95 %", "1,485 checks answered, 3 failed"),
    }


def test_document_of_the_sample_is_not_reportable_and_names_the_slowest_answer():
    facts = make_facts(sample_checks()["git-hub"])
    shown = tiles(facts)
    assert shown["Availability"][:2] == ("not reportable", "Not rated")
    assert shown["Slowest answer"][0] == "1,135 ms"
    assert shown["Coverage"][:2] == ("33.90 %", "Not reportable")


def test_document_without_data_says_so():
    document = documents.build_document(report_on(make_facts([])))
    assert [tile.value for tile in document.tiles] == ["no data", "no data", "0", "0.00 %"]
    assert document.band.word == "Not rated"
    assert document.outages == ()
    assert dict(document.formula)["Mean time between failures"] == "no data"


def test_document_lists_the_longest_outages_and_sums_up_the_rest():
    down = [number for start in range(20, 1460, 120) for number in range(start, start + 1 + start % 3)]
    document = documents.build_document(report_on(make_facts(month_of_checks(down=down))))
    assert len(document.outages) == documents.MOST_OUTAGES
    assert [row.start for row in document.outages] == sorted(row.start for row in document.outages)
    assert re.fullmatch(r"\d shorter outages took .* together\.", document.outages_left_out)


def test_document_says_where_an_outage_of_two_months_is_counted():
    start = datetime(2026, 7, 31, 22, tzinfo=UTC)
    reaching_in = [sample for sample in month_of_checks() if sample.at > datetime(2026, 8, 1, 3, tzinfo=UTC)]
    checks = [reaching_in[0]._replace(at=start, is_up=False), *reaching_in]
    (row,) = documents.build_document(report_on(make_facts(checks))).outages
    assert (row.length, row.note) == ("3 h 30 min", "began in the month before, where it is counted")


def test_formula_lets_a_reader_compute_the_availability():
    rows = dict(documents.build_document(report_on(make_facts(month_of_checks(down=[5])))).formula)
    assert rows["Month, T"] == "31 d"
    assert rows["Outage, D"] == "30 min"
    assert rows["Availability, A = 1 − D / (T − M − U)"] == "99.9327 %"
    assert rows["Mean time to restore"] == "30 min"


def test_formula_without_a_failure_names_the_hours():
    assert (
        dict(documents.build_document(report_on(make_facts())).formula)["Mean time to restore"] == "no failure in 744 h"
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_print_pdf_says_what_the_page_says_on_three_pages_at_most(language):
    facts = make_facts(
        month_of_checks(down=[*range(100, 1400, 60)]), before=JULY, target_p95_ms=250, target_percent=Decimal("99.9")
    )
    report = report_on(facts, language=language, summary="门店系统本月运行平稳。 A quiet month.")
    line = RecommendationFactory(report=report, text="Move the backup to 02:00.")
    content = documents.print_pdf(report)

    document = documents.build_document(report)
    shown = [document.number, document.month, report.summary, line.text, document.advice[0].evidence, document.rule]
    shown += [tile.value for tile in document.tiles] + [value for _label, value in document.formula]
    pdf.check_text(content, shown)
    assert pages(content) <= 3


def pages(content):
    told = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True).stdout.decode()
    return int(re.search(r"Pages:\s+(\d+)", told)[1])


def test_print_pdf_passes_the_checker_of_accessibility(tmp_path):
    report = report_on(make_facts(month_of_checks(down=[5, 400]), before=JULY, target_p95_ms=250))
    RecommendationFactory(report=report)
    file = tmp_path / "report.pdf"
    file.write_bytes(documents.print_pdf(report))
    told = subprocess.run([Path(sys.executable).with_name("outloud"), file], capture_output=True, text=True)
    assert told.returncode == 0, told.stdout


def test_print_pdf_gives_the_same_bytes_again():
    report = report_on(make_facts())
    assert documents.print_pdf(report) == documents.print_pdf(report)

from datetime import UTC, datetime

import pytest

from success.domain import check_files
from success.domain.errors import BadFile
from tests.success.samples import DATA

NOW = datetime(2026, 9, 1, tzinfo=UTC)
HEADER = "service,checked_at,status,http_code,response_ms\n"
GOOD = "erp,2026-08-17T15:31:20.858Z,up,200,546\n"


def read(text: str | bytes):
    data = text.encode() if isinstance(text, str) else text
    return check_files.read_checks(data, now=NOW)


def test_read_checks_reads_the_sample():
    rows = read((DATA / "checks.csv").read_bytes())
    assert len(rows) == 332
    assert len({row.service for row in rows}) == 18


def test_read_checks_takes_columns_in_any_order_a_byte_order_mark_and_any_zone():
    (row,) = read(
        "\ufeffstatus,service,response_ms,http_code,checked_at\r\ndown,仓库,0,0,2026-08-18T08:00:00+08:00\r\n"
    )
    assert (row.service, row.at, row.result) == ("仓库", datetime(2026, 8, 18, tzinfo=UTC), (False, 0, 0))


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ("", 1, "not the columns"),
        ("a,b,c\n1,2,3\n", 1, "not the columns"),
        (HEADER.replace("status", "service"), 1, "not the columns"),
        (HEADER, 0, "no checks"),
        (HEADER + GOOD + "erp,2026-08-17T15:31:20Z,up,200\n", 3, "4 cells instead of 5"),
        (HEADER + GOOD + "\n" + GOOD.replace("up", "degraded"), 4, "degraded"),
        (HEADER + GOOD.replace("erp", " "), 2, "no name"),
        (HEADER + GOOD.replace("erp", "e" * 101), 2, "is no name"),
        (HEADER + GOOD.replace("erp", '"a\nb"'), 2, "is no name"),
        (HEADER + GOOD.replace("Z", ""), 2, "instant with its zone"),
        (HEADER + GOOD.replace("2026-08-17T15:31:20.858Z", "17/08/2026 15:31"), 2, "instant with its zone"),
        (HEADER + GOOD.replace("2026-", "2027-"), 2, "in the future"),
        (HEADER + GOOD.replace("2026-08-17T15:31:20.858Z", "0001-01-01T00:00:00+12:00"), 2, "out of range"),
        (HEADER + GOOD.replace("546", "-1"), 2, "response_ms is “-1”"),
        (HEADER + GOOD.replace("546", "5e3"), 2, "response_ms is “5e3”"),
        (HEADER + GOOD.replace("546", "9" * 10), 2, "whole number from 0 to 2147483647"),
        (HEADER + GOOD.replace("200", "1000"), 2, "http_code is “1000”"),
        (HEADER + GOOD + '"erp,2026', 3, "not CSV"),
        (HEADER + GOOD + "e\0rp", 3, "not text"),
        ((HEADER + "仓库,2026").encode("gbk"), 2, "looks like GBK"),
        ((HEADER + GOOD).encode("utf-16"), 0, "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\x00", 1, "not UTF-8. Save"),
        ("PK\x03\x04", 1, "not the columns"),
    ],
)
def test_read_checks_refuses_with_row_and_reason(text, row, reason):
    with pytest.raises(BadFile, match="Nothing was imported") as refusal:
        read(text)
    assert refusal.value.facts["row"] == row
    assert reason in str(refusal.value)


def test_read_checks_refuses_too_many_rows(monkeypatch):
    monkeypatch.setattr(check_files, "MAX_ROWS", 2)
    assert len(read(HEADER + GOOD * 2)) == 2
    with pytest.raises(BadFile, match="Row 4: More than 2 rows"):
        read(HEADER + GOOD * 3)


def test_read_checks_refuses_too_large_a_file(settings):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(BadFile, match="larger than"):
        read(HEADER + GOOD)

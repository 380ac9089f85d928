import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook

from quality.domain.results.refusals import (
    DocumentTypeIsRefused,
    EncodingIsWrong,
    FileHoldsTooMuch,
    FileIsBroken,
    FileIsEmpty,
    FileIsTooLarge,
    UnreadableFile,
)
from quality.domain.tables import sheets
from quality.domain.tables.sheets import CellIsTooLong, SheetIsBroken, SheetIsNoTable

ROWS = [["Title", "Action"], ["=1+1", "'=2"], ["订单", "line one\nline two"], ["-5 °C"], ["@x", "+1"]]


def as_csv(rows):
    return b"".join(sheets.csv_lines(rows))


def as_workbook(rows):
    return sheets.workbook(rows, title="Cases", widths=(10, 20))


def read(content):
    return [cells for _number, cells in sheets.read_rows(BytesIO(content))]


@pytest.mark.parametrize("write", [as_csv, as_workbook])
def test_what_is_written_is_read_as_it_was(write):
    assert read(write(ROWS)) == ROWS


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_csv_lines_never_hold_a_formula(text):
    assert as_csv([[text]]).decode("utf-8-sig").lstrip('"').startswith("'")


def test_a_workbook_holds_texts_only():
    with zipfile.ZipFile(BytesIO(as_workbook([["=1+1"]]))) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_read_rows_takes_numbers_dates_and_gaps_as_text():
    book = Workbook()
    book.active["A1"], book.active["A5"], book.active["B5"] = "Title", 12.0, True
    file = BytesIO()
    book.save(file)
    assert sheets.read_rows(file) == [(1, ["Title"]), (5, ["12", "True"])]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_read_rows_knows_the_encodings_that_spreadsheets_save(encoding):
    assert read("Title;Action\n订单;保存\n".encode(encoding)) == [["Title", "Action"], ["订单", "保存"]]


def packed(**parts):
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("_", "/") + ".xml", content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileIsEmpty),
        (b"\n,,\n", FileIsEmpty),
        (b"a" * (5 * 1024 * 1024 + 1), FileIsTooLarge),
        (b"\xd0\xcf\x11\xe0old", SheetIsNoTable),
        (b"a\0b", SheetIsNoTable),
        (b"\xff\xff\xff", EncodingIsWrong),
        (b'Title\n"open', FileIsBroken),
        (b"Title\n" + b"x" * 5001, CellIsTooLong),
        (b"Title\n" + b"," * 60 + b"x", FileHoldsTooMuch),
        (b"Title\n" + b"x\n" * 20_000, FileHoldsTooMuch),
        (b"PK\x03\x04 and nothing", SheetIsBroken),
        (packed(xl_workbook="<x/>"), SheetIsBroken),
        (packed(xl_workbook="0" * (41 * 1024 * 1024)), FileHoldsTooMuch),
        (packed(xl_workbook='<!DOCTYPE x [<!ENTITY a "b">]><x/>'), DocumentTypeIsRefused),
        (packed(**{f"p{n}": "" for n in range(501)}), FileHoldsTooMuch),
    ],
)
def test_read_rows_refuses(content, refusal):
    with pytest.raises(UnreadableFile) as raised:
        sheets.read_rows(BytesIO(content))
    assert type(raised.value) is refusal
    assert str(raised.value)

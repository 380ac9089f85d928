"""Tables that people keep in spreadsheets: XLSX and CSV, written streaming and read within bounds.

A cell that a spreadsheet would take for a formula is written with an apostrophe before it, and read without.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from quality.domain.results.csv_files import DELIMITERS
from quality.domain.results.refusals import (
    DocumentTypeIsRefused,
    EncodingIsWrong,
    FileHoldsTooMuch,
    FileIsBroken,
    FileIsEmpty,
    FileIsTooLarge,
    UnreadableFile,
)

MEGABYTE = 1024 * 1024
MAX_MEGABYTES, MAX_UNPACKED, MAX_PARTS = 5, 40 * MEGABYTE, 500
MAX_ROWS, MAX_CELLS, MAX_LENGTH = 20_000, 50, 5_000

FORMULA = ("=", "+", "-", "@", "\t", "\r")
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Rows = list[tuple[int, list[str]]]  # each with its number in the file, the first being 1


class SheetIsNoTable(UnreadableFile):
    message = _("This is no table that can be read. Save it as XLSX, or as CSV in UTF-8.")


class SheetIsBroken(UnreadableFile):
    message = _("The XLSX file is damaged or not a workbook. Open it in your spreadsheet program and save it again.")


class CellIsTooLong(UnreadableFile):
    message = _("Row %(row)s has a cell of more than %(limit)s characters.")


def read_rows(file: BinaryIO) -> Rows:
    """Return the rows of a table that are not blank, every cell to the last as text; of a workbook its first sheet's.

    Raises UnreadableFile, with the reason, for what is no table or beyond the bounds.
    """
    size = file.seek(0, 2)
    if size > MAX_MEGABYTES * MEGABYTE:
        raise FileIsTooLarge(limit=MAX_MEGABYTES)
    file.seek(0)
    content = file.read()
    if content.startswith(OLD_EXCEL):
        raise SheetIsNoTable
    found = _workbook_rows(content) if content.startswith(ZIP) else _csv_rows(content)
    rows = [(number, cells) for number, cells in found if cells]
    if not rows:
        raise FileIsEmpty
    return rows


def csv_lines(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Yield the lines of a CSV file that spreadsheets open: UTF-8 with its mark, commas."""
    yield b"\xef\xbb\xbf"
    buffer = StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([guard(str(cell)) for cell in row])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def workbook(rows: Iterable[Sequence[Any]], *, title: str, widths: Sequence[int]) -> bytes:
    """Return an XLSX file of one sheet; its first row is the header, which stays in view."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, _printable(guard(str(text))))
            cell.data_type, cell.alignment = "s", wrapped  # a text, whatever it begins with
            if number == 0:
                cell.font = bold
            cells.append(cell)
        sheet.append(cells)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def guard(text: str) -> str:
    """Return `text` so that no spreadsheet computes it."""
    return f"'{text}" if text.startswith(FORMULA) or _is_guarded(text) else text


def unguard(text: str) -> str:
    """Return what `guard` was given."""
    return text[1:] if _is_guarded(text) else text


def _is_guarded(text: str) -> bool:
    return text.startswith("'") and (text[1:].startswith(FORMULA) or _is_guarded(text[1:]))


def _printable(text: str) -> str:
    """Return `text` without the control characters that a workbook cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or sign >= " ")


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    header = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(DELIMITERS, key=header.count), strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, _checked(number, cells)
    except csv.Error:
        raise FileIsBroken(line=reader.line_num + 1) from None


def _decoded(content: bytes) -> str:
    """Decode as spreadsheets save: UTF-8, UTF-16 with its mark, or what Chinese Windows calls ANSI."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise SheetIsNoTable
        return text
    raise EncodingIsWrong


def _workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        _check_parts(content)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=MAX_CELLS), start=1):
            if number > 2 * MAX_ROWS:  # far down there is only formatting, or a trap
                return
            if any(cell is not None for cell in cells):
                yield number, _checked(number, [_as_text(cell) for cell in cells])
    except UnreadableFile:
        raise
    except Exception:  # openpyxl has no error of its own for a damaged workbook: whatever it stumbles over
        raise SheetIsBroken from None


def _check_parts(content: bytes) -> None:
    """Refuse what unpacks to more than a table needs, and XML with a document type. Raises UnreadableFile."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        listed = parts.infolist()
        if len(listed) > MAX_PARTS or sum(part.file_size for part in listed) > MAX_UNPACKED:
            raise FileHoldsTooMuch
        for part in listed:
            with parts.open(part) as opened:
                head = opened.read(4096)
            if any("<!DOCTYPE".encode(encoding) in head for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
                raise DocumentTypeIsRefused


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _checked(number: int, cells: Sequence[str]) -> list[str]:
    clean = [unguard(cell.strip()) for cell in cells]
    while clean and not clean[-1]:
        clean.pop()
    if clean:
        if number > MAX_ROWS or len(clean) > MAX_CELLS:
            raise FileHoldsTooMuch
        if any(len(cell) > MAX_LENGTH for cell in clean):
            raise CellIsTooLong(row=number, limit=MAX_LENGTH)
    return clean

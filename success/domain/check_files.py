"""Read a file of checks: CSV with the columns service, checked_at, status, http_code, response_ms.

All or nothing: the first thing that is wrong is refused with its row and the reason.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO

from django.conf import settings
from django.utils.translation import gettext as _

from success.domain.errors import BadFile

COLUMNS = ("service", "checked_at", "status", "http_code", "response_ms")
MAX_ROWS = 500_000
MAX_RESPONSE_MS = 2**31 - 1
MAX_NAME = 100
CLOCK_SKEW = timedelta(minutes=10)  # a monitor's clock may run ahead of ours


@dataclass(frozen=True)
class CheckRow:
    row: int
    service: str
    at: datetime
    is_up: bool
    http_code: int
    response_ms: int

    @property
    def result(self) -> tuple[bool, int, int]:
        return self.is_up, self.http_code, self.response_ms


def read_checks(data: bytes, *, now: datetime) -> list[CheckRow]:
    """Return the checks of the file in the order of its rows. Raises BadFile with the row and the reason."""
    rows = csv.reader(StringIO(_decode(data), newline=""), strict=True)
    header = _next_row(rows, 1)
    if header is None or sorted(header) != sorted(COLUMNS):
        raise BadFile(
            _("These are not the columns of a file of checks, which are: %(columns)s.")
            % {"columns": ", ".join(COLUMNS)},
            row=1,
        )
    checks = list(_checks(rows, header, now=now))
    if not checks:
        raise BadFile(_("The file holds no checks."))
    return checks


def _checks(rows: Iterator[list[str]], header: list[str], *, now: datetime) -> Iterator[CheckRow]:
    number = 1
    while (cells := _next_row(rows, number + 1)) is not None:
        number += 1
        if number > MAX_ROWS + 1:
            raise BadFile(_("More than %(most)s rows: split the file.") % {"most": f"{MAX_ROWS:,}"}, row=number)
        if not cells:
            continue  # a blank line
        if len(cells) != len(header):
            raise BadFile(
                _("%(found)s cells instead of %(expected)s.") % {"found": len(cells), "expected": len(header)},
                row=number,
            )
        yield _check(number, dict(zip(header, cells, strict=True)), now=now)


def _check(row: int, cells: dict[str, str], *, now: datetime) -> CheckRow:
    if cells["status"] not in ("up", "down"):
        raise BadFile(
            _("The status is “%(value)s”; it must be up or down.") % {"value": _short(cells["status"])}, row=row
        )
    return CheckRow(
        row=row,
        service=_name(row, cells["service"]),
        at=_instant(row, cells["checked_at"], now=now),
        is_up=cells["status"] == "up",
        http_code=_whole_number(row, "http_code", cells["http_code"], most=999),
        response_ms=_whole_number(row, "response_ms", cells["response_ms"], most=MAX_RESPONSE_MS),
    )


def _name(row: int, text: str) -> str:
    name = text.strip()
    if not name:
        raise BadFile(_("The service has no name."), row=row)
    if len(name) > MAX_NAME or not name.isprintable():
        raise BadFile(
            _("“%(value)s” is no name: at most %(most)s printable characters.")
            % {"value": _short(name), "most": MAX_NAME},
            row=row,
        )
    return name


def _instant(row: int, text: str, *, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadFile(
            _("checked_at is “%(value)s”; it must be an instant with its zone, such as 2026-08-17T15:31:20Z.")
            % {"value": _short(text)},
            row=row,
        )
    # The zone is checked before converting: an offset on the first or last day of the calendar would overflow.
    if not 1970 < at.year < 9000 or at.astimezone(UTC) > now + CLOCK_SKEW:
        raise BadFile(
            _("checked_at is “%(value)s”, which is in the future or out of range.") % {"value": text}, row=row
        )
    return at.astimezone(UTC)


def _whole_number(row: int, column: str, text: str, *, most: int) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 10 or int(text) > most:
        raise BadFile(
            _("%(column)s is “%(value)s”; it must be a whole number from 0 to %(most)s.")
            % {"column": column, "value": _short(text), "most": most},
            row=row,
        )
    return int(text)


def _next_row(rows: Iterator[list[str]], number: int) -> list[str] | None:
    try:
        return next(rows)
    except StopIteration:
        return None
    except csv.Error:
        raise BadFile(_("This row is not CSV (an open quote, or a cell too long)."), row=number) from None


def _decode(data: bytes) -> str:
    """UTF-8, with or without a byte order mark; anything else is named, never guessed: names would come out wrong."""
    if len(data) > settings.UPLOAD_MAX_BYTES:
        raise BadFile(
            _("The file is larger than %(most)s MB: split it.") % {"most": settings.UPLOAD_MAX_BYTES // 1024**2}
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(_("The file is UTF-16. Save it as “CSV UTF-8” and send it again."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(_not_utf8(data), row=data.count(b"\n", 0, error.start) + 1) from None
    if "\0" in text:
        raise BadFile(_("The file is not text."), row=text.count("\n", 0, text.index("\0")) + 1)
    return text


def _not_utf8(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return _("The file is not UTF-8. Save it as “CSV UTF-8” and send it again.")
    return _("The file is not UTF-8; it looks like GBK. Save it as “CSV UTF-8” and send it again.")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"

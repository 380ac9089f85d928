"""JSON from strangers, within bounds of size and depth; what is not shaped as expected is named."""

import json
import re
from typing import Any, BinaryIO

from django.utils.functional import Promise

from quality.domain.results.refusals import (
    EncodingIsWrong,
    FileHoldsTooMuch,
    FileIsBroken,
    FileIsTooDeep,
    FileIsTooLarge,
    ShapeIsWrong,
)

MEGABYTE = 1024 * 1024
MAX_MEGABYTES = 20
MAX_VALUES, MAX_CONTAINERS = 2_000_000, 400_000
BYTES_OF_A_BODY = re.compile(rb'"data"\s*:\s*\[[0-9,\s]*\]')  # Newman writes bodies as lists of numbers: not needed


def read_json(file: BinaryIO) -> Any:
    """Return the parsed file, without bodies of answers. Raises UnreadableFile."""
    file.seek(0)
    data = file.read(MAX_MEGABYTES * MEGABYTE + 1)
    if len(data) > MAX_MEGABYTES * MEGABYTE:
        raise FileIsTooLarge(limit=MAX_MEGABYTES)
    data = BYTES_OF_A_BODY.sub(b'"data":[]', data.removeprefix(b"\xef\xbb\xbf"))
    if data.count(b",") > MAX_VALUES or data.count(b"[") + data.count(b"{") > MAX_CONTAINERS:
        raise FileHoldsTooMuch
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        raise EncodingIsWrong from None
    except json.JSONDecodeError as error:
        raise FileIsBroken(line=error.lineno) from None
    except ValueError:  # a whole number of thousands of digits
        raise FileIsBroken(line=1) from None
    except RecursionError:
        raise FileIsTooDeep(limit=1000) from None


class Shaped:
    """Reads values out of parsed JSON and names the place where something else was found."""

    def __init__(self, file_format: str | Promise):
        self.file_format = str(file_format)

    def dictionary(self, value: Any, where: str) -> dict[str, Any]:
        return self._of(dict, value, where)

    def rows(self, value: Any, where: str) -> list[dict[str, Any]]:
        """Return a list of objects; what is absent is an empty one."""
        found: list[Any] = self._of(list, value if value is not None else [], where)
        return [self.dictionary(row, where) for row in found]

    def text(self, value: Any, where: str) -> str:
        return self._of(str, value if value is not None else "", where)

    def _of(self, kind: type, value: Any, where: str) -> Any:
        if not isinstance(value, kind):
            raise ShapeIsWrong(format=self.file_format, where=where)
        return value

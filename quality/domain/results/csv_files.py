"""CSV from strangers, read row by row: lines, cells and rows are bounded, the delimiter is what the header uses."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from typing import BinaryIO

from quality.domain.results.refusals import (
    EncodingIsWrong,
    FileHoldsTooMuch,
    FileIsBroken,
    FileIsEmpty,
    RowIsCut,
    UnreadableFile,
    ValueIsWrong,
)

DELIMITERS = ",;\t|"
MAX_LINE = 256 * 1024
MAX_ROWS = 5_000_000
MAX_CELLS = 500


class Table:
    """The rows of a file under its header. Raises UnreadableFile, at the latest while it is read."""

    def __init__(self, file: BinaryIO):
        file.seek(0)
        self._text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
        self.row = 1
        try:
            header = self._first_line()
            self.delimiter = max(DELIMITERS, key=header.count)
            self.header = [cell.strip() for cell in next(csv.reader([header], delimiter=self.delimiter), [])]
            if len(self.header) > MAX_CELLS:
                raise FileHoldsTooMuch
        except (csv.Error, UnreadableFile) as fault:
            self.close()  # or the wrapper, once forgotten, closes a file that is not its own
            raise FileIsBroken(line=1) if isinstance(fault, csv.Error) else fault from None

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows that are not blank, each as long as the header; `row` counts them, the header being 1."""
        width = len(self.header)
        reader = csv.reader(self._lines(), delimiter=self.delimiter, strict=True)
        try:
            for cells in reader:
                self.row += 1
                if len(cells) == width:
                    yield cells
                elif cells and any(cell.strip() for cell in cells):
                    raise RowIsCut(row=self.row, found=len(cells), expected=width)
                if self.row > MAX_ROWS:
                    raise FileHoldsTooMuch
        except csv.Error:
            raise FileIsBroken(line=reader.line_num + 1) from None

    def close(self) -> None:
        """Let go of the file, which stays open: it is its owner's."""
        self._text.detach()

    def wrong(self, column: str, value: str) -> ValueIsWrong:
        return ValueIsWrong(row=self.row, column=column, value=value[:40])

    def _first_line(self) -> str:
        for line in self._lines():
            if line.strip():
                return line
        raise FileIsEmpty

    def _lines(self) -> Iterator[str]:
        try:
            while line := self._text.readline(MAX_LINE):
                if len(line) == MAX_LINE:
                    raise FileHoldsTooMuch
                yield line
        except UnicodeDecodeError:
            raise EncodingIsWrong from None

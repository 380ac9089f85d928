"""XML from strangers, read as a stream: no document type, so no entities; depth, size and count are bounded."""

from collections.abc import Callable
from typing import BinaryIO, NoReturn
from xml.parsers import expat  # nosec: a document type is refused before anything it declares

from quality.domain.results.refusals import (
    DocumentTypeIsRefused,
    EncodingIsWrong,
    FileHoldsTooMuch,
    FileIsBroken,
    FileIsEmpty,
    FileIsTooDeep,
)

CHUNK = 64 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 10_000_000
MAX_TOKEN = 4 * 1024 * 1024  # one tag, with its attributes: it is held in memory until it ends
BLANK = b" \t\r\n\xef\xbb\xbf"

Start = Callable[[str, dict[str, str], int], None]  # name, attributes, depth (0: the root)
End = Callable[[str, int], None]
Text = Callable[[str], None]


class _Found(Exception):
    """The root was read; the rest need not be."""


def root_of(file: BinaryIO) -> str:
    """Return the name of the root element. Raises UnreadableFile."""

    def start(name: str, attributes: dict[str, str], depth: int) -> None:
        raise _Found(name)

    try:
        read_xml(file, start)
    except _Found as found:
        return str(found)
    raise FileIsEmpty


def read_xml(file: BinaryIO, start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Read a file from its beginning and tell of elements and text as they come. Raises UnreadableFile."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    _follow(parser, start, end)
    if text:
        parser.CharacterDataHandler = text
    file.seek(0)
    try:
        _feed(parser, file)
    except expat.ExpatError as error:
        if error.code in _ENCODING:
            raise EncodingIsWrong from None
        raise FileIsBroken(line=error.lineno) from None
    except (LookupError, ValueError):  # an encoding that Python does not know, or of several bytes
        raise EncodingIsWrong from None


_ENCODING = {
    expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
    expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
}


def _refuse_document_type(*_declared: object) -> NoReturn:
    raise DocumentTypeIsRefused


def _follow(parser: expat.XMLParserType, start: Start, end: End | None) -> None:
    depth = count = 0

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        count += 1
        if depth >= MAX_DEPTH:
            raise FileIsTooDeep(limit=MAX_DEPTH)
        if count > MAX_ELEMENTS:
            raise FileHoldsTooMuch
        start(name, attributes, depth)
        depth += 1

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(name, depth)

    parser.StartElementHandler = started
    parser.EndElementHandler = ended


def _feed(parser: expat.XMLParserType, file: BinaryIO) -> None:
    fed, chunk = 0, b""
    while not chunk:  # some tools write blanks before the declaration, which XML does not allow
        chunk = file.read(CHUNK)
        if not chunk:
            raise FileIsEmpty
        chunk = chunk.lstrip(BLANK)
    while chunk:
        parser.Parse(chunk, False)
        fed += len(chunk)
        if fed - max(parser.CurrentByteIndex, 0) > MAX_TOKEN:
            raise FileHoldsTooMuch
        chunk = file.read(CHUNK)
    parser.Parse(b"", True)

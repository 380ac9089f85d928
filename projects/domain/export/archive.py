"""Writing into the ZIP: streamed, every file with its SHA-256 and under a name that stays inside the folder."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Self

from projects.domain.file_types import ending_of
from projects.sections import safe_path

BLOCK = 1024 * 1024
PACKED = frozenset({"pdf", "png", "jpg", "jpeg", "jfif", "webp", "docx", "xlsx", "pptx"})  # packing again gains nothing


@dataclass(frozen=True)
class Written:
    path: str
    size: int
    sha256: str


class Archive:
    """A ZIP whose files lie in one folder named `root`."""

    def __init__(self, target: IO[bytes], *, root: str, made_at: datetime):
        self._zip = zipfile.ZipFile(target, "w")
        self._root, self._made_at = safe_path(root), made_at
        self.files: dict[str, Written] = {}

    def add(self, path: str, blocks: Iterable[bytes]) -> Written:
        """Write a file. Raises ValueError for a path that leaves the folder or is there already."""
        if safe_path(*path.split("/")) in self.files:
            raise ValueError(f"{path} is written twice")
        entry = zipfile.ZipInfo(f"{self._root}/{path}", date_time=self._made_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED if ending_of(path) in PACKED else zipfile.ZIP_DEFLATED
        entry.create_system, entry.external_attr = 3, 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as file:
            for block in blocks:
                digest.update(block)
                size += len(block)
                file.write(block)
        written = Written(path, size, digest.hexdigest())
        self.files[path] = written
        return written

    def add_text(self, path: str, text: str) -> Written:
        return self.add(path, [text.encode()])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()


def blocks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of an open file, a megabyte in memory at a time."""
    while block := file.read(BLOCK):
        yield block

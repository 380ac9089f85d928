"""The standards that every project begins with: a file of the repository, in every language."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "standards.yaml"


@dataclass(frozen=True)
class Standard:
    """`responsible` is the role that keeps it up to date."""

    title: str
    text: str
    responsible: str


def standards(language: str) -> list[Standard]:
    """Return the standards in `language`."""
    return [Standard(row["title"][language], row["text"][language].strip(), row["responsible"]) for row in _read()]


@cache
def _read() -> list[dict]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))

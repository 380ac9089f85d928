"""Every message of the source is in the Chinese catalogue, translated, and fits its placeholders."""

import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
NOT_OURS = {"build", "docs", "locale", "node_modules", "script", "static", "tests", "var"}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> polib.POFile:
    """What makemessages finds in a copy of the source."""
    copy = tmp_path_factory.mktemp("messages") / "source"
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in NOT_OURS and path.name[0] != "."]
    for folder in folders:
        shutil.copytree(folder, copy / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", copy)
    (copy / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans", "--verbosity", "0"]
    subprocess.run(command, cwd=copy, check=True, env={"PATH": "/usr/bin:/bin", "LANDFALL_HOME": str(copy / "var")})
    return polib.pofile(str(copy / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def test_catalogue_holds_exactly_the_messages_of_the_source(extracted):
    catalogue = {key(entry) for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}
    source = {key(entry) for entry in extracted}
    assert len(source) > 1000
    assert source - catalogue == set()
    assert catalogue - source == set()


def test_catalogue_is_translated_and_certain():
    entries = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy or not entry.translated()] == []


def test_translations_fit_the_placeholders_of_their_messages():
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    assert [(message.id, [str(error) for error in errors]) for message, errors in catalogue.check() if errors] == []

import ast
import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.domain import trail
from projects.domain.export import writing
from projects.domain.export.archive import Archive
from projects.enums import Role
from projects.sections import Section, register_sections, safe_path
from tests.projects.factories import AttachmentFactory, CommentFactory, PhaseFactory, ProjectFactory, member

MOMENT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def export_of(project, *, for_customer=False):
    target = io.BytesIO()
    writing.write_export(project, target, for_customer=for_customer, made_by="Petra Manager", made_at=MOMENT)
    return zipfile.ZipFile(target)


def unpack(archive, folder):
    archive.extractall(folder)
    return next(folder.iterdir())


def check(folder, script=None):
    """Run check.py as people do, in another process, without anything of ours."""
    command = [sys.executable, "-I", str(script or folder / "check.py")]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", encoding="utf-8", timeout=60)


@pytest.fixture
def project(db):
    """A project with a phase, two people, a remark and two files, one with a Chinese name."""
    project = ProjectFactory(key="HX-ERP", name="恒信 ERP", language="zh-hans")
    manager = member(project, Role.PROJECT_MANAGER, name="王芳")
    phase = PhaseFactory(project=project, number=1, name="蓝图设计")
    CommentFactory(project=project, target=phase, author=manager, text="请核对。")
    for attachment in (
        AttachmentFactory(project=project, target=phase, uploaded_by=manager, name="会议纪要 2026.txt"),
        AttachmentFactory(project=project, target=phase, uploaded_by=manager),
    ):
        trail.record("attach", attachment, by=manager, before={}, facts={"about": str(phase)})
    return project


@pytest.fixture
def folder(project, tmp_path):
    return unpack(export_of(project), tmp_path)


def test_write_export_can_be_read_without_us(folder):
    index = json.loads((folder / "index.json").read_text())
    rows = [json.loads(line) for line in (folder / "data" / "attachments.jsonl").read_text().splitlines()]

    assert folder.name == "HX-ERP-evidence-2026-11-24"
    assert (index["variant"], index["exported_by"], index["problems"]) == ("vendor", "Petra Manager", [])
    assert {section["name"]: section["rows"] for section in index["sections"]} == {
        "members": 1,
        "phases": 1,
        "comments": 1,
        "attachments": 2,
        "trail": 2,
    }
    assert (rows[0]["name"], rows[0]["uploaded_by"], rows[0]["about"]) == ("会议纪要 2026.txt", "王芳", "1 蓝图设计")
    assert (folder / rows[0]["files"][0]).read_bytes() == b"hello"
    assert rows[0]["files"][0].endswith("-会议纪要 2026.txt")


def test_write_export_is_readable_in_the_language_of_the_project(folder):
    page = (folder / "index.html").read_text()
    table = (folder / "tables" / "attachments.html").read_text()

    assert '<html lang="zh-hans">' in page
    assert "<script" not in page
    assert 'href="tables/attachments.html"' in page
    assert "%E4%BC%9A%E8%AE%AE" in table  # the link to the file with a Chinese name


def test_check_passes_what_is_genuine(folder):
    done = check(folder)

    assert (done.returncode, done.stdout, done.stderr) == (0, "OK - 完好: every file is as it was exported.\n", "")


def test_sha256sum_passes_what_is_genuine(folder):
    done = subprocess.run(["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK\n") == len(json.loads((folder / "index.json").read_text())["files"]) + 1


def test_check_names_every_file_of_which_a_byte_was_flipped(folder, tmp_path):
    script = shutil.copy(folder / "check.py", tmp_path / "genuine.py")
    script = _beside(script, folder)
    chance = random.Random(20261124)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(paths) > 12

    for path in paths:
        content = path.read_bytes()
        for place in {0, len(content) - 1, chance.randrange(len(content))}:
            flipped = content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
            path.write_bytes(flipped)
            done = check(folder, script)
            assert done.returncode == 1, (path, place)
            assert path.relative_to(folder).as_posix() in done.stdout, (path, place, done.stdout)
            assert done.stderr == ""
        path.write_bytes(content)

    assert check(folder, script).returncode == 0


def _beside(script, folder):
    """A genuine copy of the script that looks at `folder`: what it is asked about may be its own flipped self."""
    text = Path(script).read_text()
    place = "os.path.dirname(os.path.abspath(__file__))"
    assert place in text
    Path(script).write_text(text.replace(place, repr(str(folder))))
    return script


def test_check_names_what_is_missing_and_what_was_added(folder):
    (folder / "data" / "comments.jsonl").unlink()
    (folder / "data" / "more.txt").write_text("new")

    assert check(folder).stdout.splitlines() == [
        "CHANGED - 有改动: data/comments.jsonl: missing",
        "CHANGED - 有改动: data/more.txt: was not exported",
    ]


def test_check_computes_the_trail_again(folder):
    """Whoever changes an entry and all fingerprints of files with it is still found, by the chain."""
    path = folder / "data" / "trail.jsonl"
    before = path.read_text()
    path.write_text(before.replace("王芳", "李娜", 1))
    for name in ("index.json", "SHA256SUMS"):
        _replace_hash(folder, name, before)
    sums = (folder / "SHA256SUMS").read_text().splitlines()
    index = next(line for line in sums if line.endswith("  index.json"))
    fresh = f"{_sha256((folder / 'index.json').read_bytes())}  index.json"
    (folder / "SHA256SUMS").write_text("\n".join(fresh if line == index else line for line in sums) + "\n")

    done = check(folder)

    assert done.stdout == "CHANGED - 有改动: data/trail.jsonl: entry 1 does not have its fingerprint\n"


def _replace_hash(folder, name, before):
    old, new = _sha256(before.encode()), _sha256((folder / "data" / "trail.jsonl").read_bytes())
    (folder / name).write_text((folder / name).read_text().replace(old, new))


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_check_needs_python_3_8_and_the_standard_library_alone():
    tree = ast.parse(writing.CHECK.read_text(), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert imported == {"hashlib", "json", "os", "re", "sys"}
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]


def test_write_export_says_which_file_is_not_what_was_uploaded(project, tmp_path):
    attachment, gone = project.attachments.order_by("pk")
    Path(attachment.file.path).write_bytes(b"other")
    Path(gone.file.path).unlink()

    folder = unpack(export_of(project), tmp_path)

    problems = json.loads((folder / "index.json").read_text())["problems"]
    assert [problem["path"].partition("-")[2] for problem in problems] == ["会议纪要 2026.txt", "notes.txt"]
    assert 'class="note bad"' in (folder / "index.html").read_text()
    assert check(folder).returncode == 0  # the export itself is whole


@pytest.mark.parametrize(
    "name", ["../../evil.txt", "..\\..\\evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a/../evil.txt"]
)
def test_write_export_lets_no_name_leave_the_folder(project, tmp_path, name):
    """A name is cleaned at upload; one that came into the database another way does not get out either."""
    AttachmentFactory(project=project, target=project.phases.get(), name=name)
    archive = export_of(project)

    places = [tmp_path / "out" / entry.filename for entry in archive.infolist()]

    assert all(place.resolve().is_relative_to(tmp_path / "out" / "HX-ERP-evidence-2026-11-24") for place in places)
    assert sum(place.name.endswith("-evil.txt") for place in places) == 1


@pytest.mark.parametrize("part", ["", ".", "..", "../a", "a/b", "a\\b", "C:", "a\nb", "a\x7f"])
def test_safe_path_refuses_what_is_no_plain_name(part):
    with pytest.raises(ValueError, match="cannot be the name"):
        safe_path("attachments", part)


@pytest.mark.parametrize("path", ["../evil", "/evil", "a/../../evil", "data//x"])
def test_archive_refuses_a_path_out_of_its_folder(path):
    with (
        Archive(io.BytesIO(), root="HX", made_at=MOMENT) as archive,
        pytest.raises(ValueError, match="cannot be the name"),
    ):
        archive.add_text(path, "x")


def test_archive_writes_no_path_twice():
    with Archive(io.BytesIO(), root="HX", made_at=MOMENT) as archive:
        archive.add_text("a.txt", "x")

        with pytest.raises(ValueError, match="twice"):
            archive.add_text("a.txt", "y")


def test_write_export_of_a_customer_leaves_out_what_is_about_hidden_things(project, tmp_path):
    folder = unpack(export_of(project, for_customer=True), tmp_path)

    index = json.loads((folder / "index.json").read_text())
    assert {section["name"] for section in index["sections"]} == {"members", "phases"}
    assert "请核对" not in "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    assert check(folder).returncode == 0


def test_write_export_parts_long_tables_into_pages(project, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "ROWS_PER_PAGE", 2)
    CommentFactory.create_batch(4, project=project, target=project.phases.get())

    folder = unpack(export_of(project), tmp_path)

    first = (folder / "tables" / "comments.html").read_text()
    last = (folder / "tables" / "comments-3.html").read_text()
    assert 'href="comments-2.html"' in first
    assert 'href="comments-2.html"' in last
    assert 'href="comments-4.html"' not in last
    assert len((folder / "data" / "comments.jsonl").read_text().splitlines()) == 5


def test_register_sections_refuses_a_name_twice():
    with pytest.raises(ValueError, match="twice"):
        register_sections(Section("phases", "Phases", lambda reader, project: (), columns=()))

"""A table of test cases compared with what is there, looked through by a person, and imported.

The same file again changes nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.domain import trail
from projects.models import Project
from quality.domain import cases
from quality.domain.cases import Step
from quality.domain.errors import SheetIsOutdated
from quality.domain.results.refusals import FileHoldsTooMuch
from quality.domain.tables import sheets
from quality.domain.tables.columns import COLUMNS
from quality.domain.tables.parsing import SheetCase, columns_of, parse
from quality.domain.tables.sheets import Rows
from quality.enums import CaseState
from quality.models import CaseSheet, TestCase
from requirements.models import Requirement

MAX_CASES = 2_000  # in one file
ACTIONS = {  # what an import does with a case, in the order in which a person looks at it
    "refuse": _("Refused"),
    "change": _("Changed"),
    "create": _("New"),
    "same": _("Unchanged"),
}
FAMILIES = {"refuse": "bad", "change": "progress", "create": "good", "same": "none"}


@dataclass
class Line:
    """What an import does with one case of the file, one of ACTIONS; `changes` names the columns that differ."""

    case: SheetCase
    action: str
    existing: TestCase | None = None
    changes: list[str] = field(default_factory=list)

    @property
    def family(self) -> str:
        return FAMILIES[self.action]

    @property
    def word(self) -> str:
        return str(ACTIONS[self.action])

    @property
    def changed(self) -> list[str]:
        """The names of what changes, in words."""
        return [str(COLUMNS.get(name, _("Steps"))) for name in self.changes]


@dataclass(frozen=True)
class Plan:
    """What an import would do. `digest` is of what it would write: the same plan has the same."""

    lines: list[Line]
    unknown_columns: list[str]
    digest: str

    def count(self, action: str) -> int:
        return sum(line.action == action for line in self.lines)

    @property
    def writes(self) -> int:
        return self.count("create") + self.count("change")


@dataclass(frozen=True)
class Table:
    """A file that was read: its rows, its name and the SHA-256 of its bytes."""

    name: str
    sha256: str
    rows: Rows


def read_table(file: BinaryIO, name: str) -> Table:
    """Read a file whose rows are test cases. Raises UnreadableFile."""
    rows = sheets.read_rows(file)
    if len(parse(rows)) > MAX_CASES:
        raise FileHoldsTooMuch
    file.seek(0)
    return Table(name[:200], hashlib.sha256(file.read()).hexdigest(), rows)


@transaction.atomic
def keep_sheet(project: Project, table: Table, *, by: User) -> CaseSheet:
    """Keep a table until its owner imports it; an earlier one of theirs is forgotten."""
    CaseSheet.objects.filter(project=project, owner=by).delete()
    return CaseSheet.objects.create(project=project, owner=by, name=table.name, sha256=table.sha256, rows=table.rows)


def plan_import(project: Project, rows: Rows) -> Plan:
    """Compare the rows of a file with the cases of the project, and say what importing them would do.

    Words of refusals are in the active language. Reads the database, writes nothing. Raises UnreadableFile.
    """
    parsed = parse(rows)
    by_number, by_title = _existing(project, parsed)
    known = set(Requirement.objects.filter(project=project).values_list("number", flat=True))
    seen: set[int | str] = set()
    lines = [_line(case, by_number, by_title, known, seen) for case in parsed]
    used = set(columns_of(rows).values())
    unknown = [cell for place, cell in enumerate(rows[0][1]) if cell and place not in used]
    written = [(line.action, line.existing and line.existing.version, line.changes, line.case.row) for line in lines]
    digest = hashlib.sha256(json.dumps([written, rows], ensure_ascii=False).encode()).hexdigest()
    return Plan(lines, unknown, digest)


@transaction.atomic
def import_sheet(sheet_id: int, *, digest: str, by: User) -> Plan:
    """Write what the plan of `digest` says: all of it or nothing; the sheet is gone then.

    Raises SheetIsOutdated where the plan has become another since, or the sheet is gone.
    """
    sheet = CaseSheet.objects.select_for_update(of=("self",)).filter(pk=sheet_id).first()
    if sheet is None:
        raise SheetIsOutdated
    plan = import_table(sheet.project, Table(sheet.name, sheet.sha256, sheet.rows), digest=digest, by=by)
    sheet.delete()
    return plan


@transaction.atomic
def import_table(project: Project, table: Table, *, digest: str = "", by: User) -> Plan:
    """Write what importing a table does; with `digest` only if that is still what a person looked through.

    Raises SheetIsOutdated.
    """
    Project.objects.select_for_update().get(pk=project.pk)  # imports of one project wait for each other
    plan = plan_import(project, table.rows)
    if digest and plan.digest != digest:
        raise SheetIsOutdated
    known = {row.number: row for row in Requirement.objects.filter(project=project)}
    for line in plan.lines:
        if line.action == "create":
            cases.create_case(project, by=by, **_arguments(line, known))
        elif line.action == "change" and line.existing is not None:
            cases.edit_case(line.existing.pk, by=by, version=line.existing.version, **_arguments(line, known))
    if plan.writes:
        facts = {"file": table.name, "sha256": table.sha256, "count": plan.writes}
        trail.record("import_cases", project, by=by, facts=facts)
    return plan


def _existing(project: Project, parsed: Sequence[SheetCase]) -> tuple[dict[int, TestCase], dict[str, list[TestCase]]]:
    """Return the cases that the file names, by number, and the active ones of its titles."""
    of_project = TestCase.objects.filter(project=project).prefetch_related("steps", "requirements").order_by("number")
    numbers = {case.number for case in parsed if case.number}
    titles = {case.title for case in parsed if not case.code and case.title}
    by_title: dict[str, list[TestCase]] = {}
    for case in of_project.filter(title__in=titles, state=CaseState.ACTIVE):
        by_title.setdefault(case.title, []).append(case)
    return {case.number: case for case in of_project.filter(number__in=numbers)}, by_title


def _line(
    case: SheetCase,
    by_number: dict[int, TestCase],
    by_title: dict[str, list[TestCase]],
    known: set[int],
    seen: set[int | str],
) -> Line:
    existing = None
    if case.number:
        existing = by_number.get(case.number)
        if existing is None:
            case.problems.append(gettext("There is no test case “%(typed)s”.") % {"typed": case.code[:40]})
    elif len(same := by_title.get(case.title, [])) > 1:
        facts = {"cases": ", ".join(row.code for row in same[:5])}
        case.problems.append(gettext("Several cases have this title; name the one that is meant: %(cases)s.") % facts)
    elif same:
        existing = same[0]
    for number in case.requirements or ():
        if number not in known:
            case.problems.append(gettext("There is no requirement R-%(number)03d.") % {"number": number})
    key: int | str = existing.number if existing else case.title
    if key in seen and not case.problems:
        case.problems.append(gettext("The file has this case twice."))
    seen.add(key)
    if case.problems:
        return Line(case, "refuse", existing)
    if existing is None:
        return Line(case, "create")
    changes = list(_changes(case, existing))
    return Line(case, "change" if changes else "same", existing, changes)


def _changes(case: SheetCase, existing: TestCase) -> Iterator[str]:
    """Yield the names of the columns in which the file says something else."""
    for name, value in case.values.items():
        if getattr(existing, name) != value:
            yield name
    tied = {row.number for row in existing.requirements.all()}
    if case.requirements is not None and tied != set(case.requirements):
        yield "requirements"
    steps = [Step(step.action, step.expected, step.test_data) for step in existing.steps.all()]
    if case.steps is not None and steps != case.steps:
        yield "steps"


def _arguments(line: Line, known: dict[int, Requirement]) -> dict[str, Any]:
    """Return what the domain functions take: of a change only what differs."""
    arguments = dict(line.case.values)
    if line.case.requirements is not None:
        arguments["requirements"] = [known[number] for number in dict.fromkeys(line.case.requirements)]
    if line.case.steps is not None:
        arguments["steps"] = line.case.steps
    return arguments if line.existing is None else {name: arguments[name] for name in line.changes}

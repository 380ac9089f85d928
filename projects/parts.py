"""The parts of a playbook that later apps make when a project starts.

A later app calls `register_part(name, create)` in its `AppConfig.ready()`. `create(project, phases, rows, by)` runs
inside the transaction that starts the project, in the order of PARTS, and makes one object per row:

- `project` the new Project, `phases` its phases by their code ({"uat": Phase, …}), `by` the user who starts it;
- `rows` the part's rows, a list of dicts as listed below: texts in the project's language, relative dates turned into
  days, `phase` into the Phase (or None), and references to earlier parts into the objects those returned;
- it returns {code: object} for what later parts refer to (an empty dict, or None, if nothing does), and writes the
  trail of what it makes (`trail.record_many("create", objects, by=by, facts={"playbook": project.playbook})`).

Rows (`code` is the playbook's own name of a row, unique in its part; texts are str, "" when left out):

objectives    code, title, measure, baseline, target, due_on (date), phase (Phase or None)
requirements  code, process (heading, such as "Procure to pay"), title, text, acceptance,
              priority ("must", "should", "could", "wont"), phase, objectives (list of what `objectives` returned)
tasks         code, phase, title, description, starts_on, ends_on (dates; equal for a milestone), is_milestone (bool),
              days (working days, 0 for a milestone), owner_role (a Role value), owner (User or None: the project's
              member in that role, when there is one), audience (an Audience value),
              requirements (list of what `requirements` returned)
deliverables  phase, title, kind ("deliverable", "document", "standard"), headings (list of str), audience,
              due_on (date; the end of its phase where the playbook gives none),
              roles ({"R": [Role values], "A": …, "C": …, "I": …}); one for every output of a phase, under no code
test_cases    code, process, title, precondition, kind ("uat", …), priority (1–3), phase,
              steps (list of {"action", "expected"}), requirements (list)
criteria      code, title, kind (playbooks.CRITERION_KINDS), measure (playbooks.CRITERION_MEASURES; "manual" is a check
              with evidence), operator (">=", "<=", "==" or None for manual), threshold (int or None; rates in percent),
              unit, how (how it is measured, or the evidence asked for), phase (Phase, or None: the whole project)
"""

from collections.abc import Callable
from typing import Any

from projects.models import Phase, Project

Rows = list[dict[str, Any]]
Create = Callable[[Project, dict[str, Phase], Rows, Any], dict[str, Any] | None]

PARTS = (
    "objectives",
    "requirements",
    "tasks",
    "deliverables",
    "test_cases",
    "criteria",
)  # in the order in which they are made
_makers: dict[str, Create] = {}


def register_part(name: str, create: Create) -> None:
    if name not in PARTS:
        raise ValueError(f"{name} is no part of a playbook: {', '.join(PARTS)}")
    _makers[name] = create


def maker_of(name: str) -> Create | None:
    return _makers.get(name)

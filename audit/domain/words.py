"""What the trail says in words: "edited", the name of a field, the label of a choice, in the reader's language.

The trail stores codes and values; models say what their fields are called. A verb missing here shows as its code.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model, Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.models import Entry

NOTHING = "–"
VERBS = {
    "accept_invitation": _("accepted the invitation"),
    "acknowledge": _("acknowledged"),
    "agree": _("put into force as agreed"),
    "ask": _("asked to sign"),
    "attach": _("attached"),
    "check": _("checked"),
    "close": _("closed"),
    "comment": _("commented"),
    "complete": _("completed by all signatures"),
    "create": _("created"),
    "deactivate": _("deactivated"),
    "decline": _("declined"),
    "delete": _("deleted"),
    "deliver": _("delivered"),
    "discard": _("discarded"),
    "draft": _("drafted"),
    "edit": _("edited"),
    "expire": _("expired"),
    "finish": _("finished"),
    "fix": _("fixed"),
    "freeze": _("frozen"),
    "go_live": _("went live"),
    "grant": _("granted"),
    "hide_auditors": _("hidden from auditors"),
    "import": _("imported"),
    "invite": _("invited"),
    "open": _("opened"),
    "plan": _("planned"),
    "print": _("printed"),
    "progress": _("recorded progress"),
    "publish": _("published"),
    "reactivate": _("reactivated"),
    "release": _("released"),
    "remind": _("reminded"),
    "renew_link": _("sent a new link"),
    "reopen": _("reopened"),
    "request": _("requested"),
    "restore": _("brought back"),
    "result": _("recorded a result"),
    "retire": _("retired"),
    "return": _("returned"),
    "revoke": _("revoked"),
    "seal": _("sealed"),
    "send": _("sent"),
    "send_back": _("sent back"),
    "send_code": _("sent a code"),
    "share": _("shared with the customer"),
    "show_auditors": _("shown to auditors"),
    "sign": _("signed"),
    "start": _("started"),
    "submit": _("submitted for review"),
    "take_figures_anew": _("computed the figures anew"),
    "tick": _("ticked"),
    "untick": _("took the tick back"),
    "void": _("voided"),
    "withdraw": _("withdrew"),
    "wrong_code": _("entered a wrong code"),
}
# What kinds of objects are called; a model that is not here says it itself by its verbose_name.
NOUNS = {
    "accounts.apitoken": _("API token"),
    "accounts.invitation": _("Invitation"),
    "accounts.organisation": _("Organisation"),
    "accounts.user": _("Person"),
    "requirements.objective": _("Objective"),
    "requirements.requirement": _("Requirement"),
    "requirements.baseline": _("Baseline"),
    "delivery.task": _("Task"),
    "signing.authority": _("Authority to sign"),
    "signing.signaturerequest": _("Document to sign"),
    "signing.signer": _("Signer"),
    "quality.acceptance": _("Acceptance"),
    "quality.check": _("Manual check"),
    "quality.criteriaset": _("Acceptance criteria"),
    "quality.criterion": _("Acceptance criterion"),
    "quality.defect": _("Defect"),
    "quality.execution": _("Execution"),
    "quality.result": _("Test result"),
    "quality.testcase": _("Test case"),
    "quality.testrun": _("UAT run"),
    "success.checkimport": _("Import of checks"),
    "success.healthreport": _("Health report"),
    "success.maintenancewindow": _("Maintenance window"),
    "success.monitoredsystem": _("Monitored system"),
    "success.recommendation": _("Recommendation"),
}
FACTS = {
    "about": _("About"),
    "after": _("After"),
    "baseline": _("Baseline"),
    "before": _("Before"),
    "count": _("How many"),
    "document": _("Document"),
    "expires_at": _("Expires"),
    "identification": _("How identified"),
    "left": _("Attempts left"),
    "meaning": _("Meaning of the signature"),
    "objectives": _("Objectives"),
    "playbook": _("Playbook"),
    "reason": _("Reason"),
    "requirements": _("Requirements"),
    "result": _("Result"),
    "sha256": _("Fingerprint (SHA-256)"),
    "signer": _("Signer"),
    "signers": _("Signers"),
}
# What fields are called that no form shows, and whose models therefore do not say it.
FIELDS = {
    "acceptance": _("Acceptance text"),
    "accepted_at": _("Accepted"),
    "acknowledged_at": _("Acknowledged"),
    "acknowledged_by": _("Acknowledged by"),
    "address": _("Network address"),
    "agreed_at": _("Agreed"),
    "at": _("Time"),
    "author": _("Author"),
    "baseline": _("Baseline"),
    "baseline_value": _("Value today"),
    "body_file": _("File of the body"),
    "body_html": _("Text of the body"),
    "body_pages": _("Pages of the body"),
    "body_sha256": _("Fingerprint of the body (SHA-256)"),
    "body_size": _("Size of the body"),
    "build": _("Build"),
    "case": _("Test case"),
    "case_version": _("Version of the case"),
    "certificate_sha256": _("Certificate (SHA-256)"),
    "channel": _("Came in by"),
    "checked_at": _("Checked"),
    "checked_by": _("Checked by"),
    "closed_at": _("Closed"),
    "closed_by": _("Closed by"),
    "closing_reason": _("Reason for the end"),
    "code_hash": _("Hash of the code"),
    "consent_text": _("Words of consent"),
    "consent_version": _("Version of the consent"),
    "consented_at": _("Consented"),
    "created_at": _("Created"),
    "created_by": _("Created by"),
    "criteria_set": _("Acceptance criteria"),
    "criterion": _("Acceptance criterion"),
    "deactivated_at": _("Deactivated"),
    "declined_at": _("Declined"),
    "delivered_at": _("Delivered"),
    "device": _("Device"),
    "document": _("Document"),
    "done_at": _("Done"),
    "done_by": _("Done by"),
    "due_on": _("Due"),
    "email": _("E-mail"),
    "ended_at": _("Ended"),
    "environment": _("Environment"),
    "executed_at": _("Executed"),
    "executed_by": _("Executed by"),
    "execution": _("Execution"),
    "expires_at": _("Expires"),
    "failures": _("Wrong attempts"),
    "fields": _("Signature fields"),
    "figures": _("Figures"),
    "file": _("File"),
    "finished_at": _("Finished"),
    "finished_by": _("Finished by"),
    "fixed_at": _("Fixed"),
    "fixed_by": _("Fixed by"),
    "frozen_by": _("Frozen by"),
    "granted_at": _("Granted"),
    "granted_by": _("Granted by"),
    "http_code": _("HTTP status"),
    "identification": _("How identified"),
    "imported_by": _("Imported by"),
    "invited_by": _("Invited by"),
    "is_up": _("Was up"),
    "kind": _("Kind"),
    "language": _("Language"),
    "last": _("Last number"),
    "last_used_at": _("Last used"),
    "level": _("Level of the seal"),
    "manifest": _("Manifest"),
    "manifest_sha256": _("Fingerprint of the manifest (SHA-256)"),
    "max_ms": _("Longest (ms)"),
    "mean_ms": _("Mean (ms)"),
    "measure": _("Measure"),
    "media_type": _("Type of file"),
    "method": _("Way of signing"),
    "min_ms": _("Shortest (ms)"),
    "name": _("Name"),
    "number": _("Number"),
    "objective": _("Objective"),
    "objective_numbers": _("Objectives"),
    "opened_at": _("Opened"),
    "organisation_name": _("Organisation"),
    "p50_ms": _("p50 (ms)"),
    "p90_ms": _("p90 (ms)"),
    "p95_ms": _("p95 (ms)"),
    "p99_ms": _("p99 (ms)"),
    "pdf": _("PDF"),
    "pdf_sha256": _("Fingerprint of the PDF (SHA-256)"),
    "phase": _("Phase"),
    "position": _("Place"),
    "prefix": _("Beginning of the token"),
    "priority": _("Priority"),
    "process": _("Business process"),
    "project": _("Project"),
    "published_at": _("Published"),
    "published_by": _("Published by"),
    "reminded_at": _("Reminded"),
    "reopened_at": _("Reopened"),
    "reopened_by": _("Reopened by"),
    "report": _("Health report"),
    "reported_at": _("Reported"),
    "reported_by": _("Reported by"),
    "request": _("Document to sign"),
    "requested_at": _("Requested"),
    "requested_by": _("Requested by"),
    "requirement": _("Requirement"),
    "requirement_versions": _("Versions of the requirements"),
    "response_ms": _("Response time (ms)"),
    "result": _("Result"),
    "result_import": _("Import of results"),
    "revoked_at": _("Revoked"),
    "revoked_by": _("Revoked by"),
    "rule": _("Rule"),
    "run": _("Run"),
    "sealed_at": _("Sealed"),
    "sent_at": _("Sent"),
    "sent_by": _("Sent by"),
    "sequence": _("Sequence"),
    "sha256": _("Fingerprint (SHA-256)"),
    "signed_at": _("Signed"),
    "signer": _("Signer"),
    "size": _("Size"),
    "started_at": _("Started"),
    "started_by": _("Started by"),
    "statement": _("Statement"),
    "steps": _("Steps"),
    "strokes": _("Drawn signature"),
    "submitted_at": _("Submitted"),
    "submitted_by": _("Submitted by"),
    "system": _("Monitored system"),
    "target_value": _("Target"),
    "time_source": _("Source of the time"),
    "title": _("Title"),
    "token": _("Token of the form"),
    "token_hash": _("Hash of the token"),
    "told_at": _("Told"),
    "told_reporter_at": _("Reporter told"),
    "trusted_pem": _("Root certificates"),
    "uploaded_at": _("Uploaded"),
    "uploaded_by": _("Uploaded by"),
    "used_at": _("Used"),
    "user": _("Person"),
    "value_scaled": _("Value (in ten-thousandths)"),
    "version": _("Version"),
    "versions": _("Versions of the software"),
}
HIDDEN = frozenset({"content_type_id", "object_id"})  # how a remark is tied to its object; the fact "about" names it
SHORT = 3
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")
Names = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Change:
    """One field, before and after, as a person reads it."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the trail, in words."""

    entry: Entry
    verb: str
    noun: str
    changes: list[Change]
    facts: list[tuple[str, str]]

    @property
    def is_short(self) -> bool:
        """Whether the details are few enough to be read at once; of what was made they are all its fields."""
        return self.entry.action != "create" and len(self.changes) + len(self.facts) <= SHORT


def register_verbs(verbs: dict[str, Any]) -> None:
    """Let a later app say how its own actions read, in `AppConfig.ready()`."""
    VERBS.update(verbs)


def noun(object_type: str) -> str:
    """Return what a model is called, such as “Test case”; its label if the model is gone."""
    if object_type in NOUNS:
        return str(NOUNS[object_type])
    try:
        return str(capfirst(apps.get_model(object_type)._meta.verbose_name))
    except LookupError:
        return object_type


def lines(entries: Iterable[Entry]) -> list[Line]:
    """Return entries in words. Costs two queries at most, however many there are."""
    entries = list(entries)
    names = _names(entries)
    return [_line(entry, names) for entry in entries]


def _line(entry: Entry, names: Names) -> Line:
    model = _model(entry)
    facts = dict(entry.facts)
    held = facts.pop("held", {})  # what a deleted row was
    changes = entry.changes | {name: [value, None] for name, value in held.items()}
    return Line(
        entry=entry,
        verb=str(VERBS.get(entry.action, entry.action.replace("_", " "))),
        noun=noun(entry.object_type),
        changes=[
            Change(_label(model, name), _value(model, name, before, names), _value(model, name, after, names))
            for name, (before, after) in changes.items()
            if name not in HIDDEN and not (before in (None, "") and after in (None, ""))
        ],
        facts=[(str(FACTS.get(name, name.replace("_", " "))), _plain(value)) for name, value in facts.items()],
    )


def _model(entry: Entry) -> type[Model] | None:
    try:
        return apps.get_model(entry.object_type)
    except LookupError:
        return None


def _field(model: type[Model] | None, name: str) -> Field | None:
    if model is None:
        return None
    try:
        return cast(Field, model._meta.get_field(name))  # by its name, or by that of its column
    except FieldDoesNotExist:
        return None


def _related(field: ForeignKey) -> str:
    return field.related_model._meta.label_lower


def _label(model: type[Model] | None, name: str) -> str:
    """Return what the model calls the field; Django's own guess from its name is no word of any language."""
    said = getattr(_field(model, name), "verbose_name", None)
    if isinstance(said, Promise):
        return capfirst(str(said))
    return str(FIELDS.get(name.removesuffix("_id"), capfirst(name.replace("_", " "))))


def _value(model: type[Model] | None, name: str, value: Any, names: Names) -> str:
    field = _field(model, name)
    if isinstance(field, ForeignKey) and value is not None:
        return names.get((_related(field), str(value)), f"#{value}")
    choices = dict(field.flatchoices) if field is not None and getattr(field, "choices", None) else {}
    if value in choices if isinstance(value, str | int) else False:
        return str(choices[value])
    return _plain(value)


def _plain(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value) or NOTHING
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(part)}" for name, part in value.items()) or NOTHING
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    """Return an instant or a day, stored as ISO text, as people of the language write it; other text as it is."""
    if not ISO_DAY.match(text):  # Python reads 20261124 as a day too, which may be a build
        return text
    try:
        instant, day = parse_datetime(text), parse_date(text)
    except ValueError:  # it has the form, but there is no such day
        return text
    if instant and is_aware(instant):
        return date_format(localtime(instant), "DATETIME_FORMAT")
    return date_format(day, "DATE_FORMAT") if day else text


def _names(entries: list[Entry]) -> Names:
    """Return what the rows named in changes are called: people by name, others as the trail last called them."""
    wanted: set[tuple[str, str]] = set()
    for entry in entries:
        model = _model(entry)
        held = {name: [value] for name, value in entry.facts.get("held", {}).items()}
        for name, values in (entry.changes | held).items():
            field = _field(model, name)
            if isinstance(field, ForeignKey):
                label = _related(field)
                wanted |= {(label, str(value)) for value in values if value is not None}
    people_label = get_user_model()._meta.label_lower
    people = {key for label, key in wanted if label == people_label}
    names = {
        (people_label, str(pk)): str(person) for pk, person in get_user_model()._default_manager.in_bulk(people).items()
    }
    others = {pair for pair in wanted if pair[0] != people_label}
    if others:
        same = Q()
        for label, key in others:
            same |= Q(object_type=label, object_id=key)
        called = Entry.objects.filter(same).order_by("pk").values_list("object_type", "object_id", "object_label")
        names |= {(label, key): shown for label, key, shown in called}
    return names

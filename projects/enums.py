from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a person is in a project; rights come from here. One person may hold several."""

    PROJECT_MANAGER = "project_manager", _("Project manager")
    CONSULTANT = "consultant", _("Consultant")
    ENGINEER = "engineer", _("Engineer")
    TESTER = "tester", _("Tester")
    CSM = "csm", _("Customer success manager")
    EXECUTIVE = "executive", _("Executive")
    SPONSOR = "sponsor", _("Sponsor")
    REPRESENTATIVE = "representative", _("Representative")
    KEY_USER = "key_user", _("Key user")
    AUDITOR = "auditor", _("Auditor")


VENDOR_ROLES = frozenset({Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER, Role.TESTER, Role.CSM, Role.EXECUTIVE})
CUSTOMER_ROLES = frozenset({Role.SPONSOR, Role.REPRESENTATIVE, Role.KEY_USER})
DELIVERY_TEAM = frozenset({Role.PROJECT_MANAGER, Role.CONSULTANT, Role.ENGINEER, Role.TESTER})
EVERY_ROLE = frozenset(Role)


class Audience(TextChoices):
    """Who may see an object: the vendor's team, or the customer as well."""

    TEAM = "team", _("Team only")
    CUSTOMER = "customer", _("Team and customer")


class ProjectState(TextChoices):
    ACTIVE = "active", _("In delivery")
    LIVE = "live", _("Live")
    CLOSED = "closed", _("Closed")


class PhaseState(TextChoices):
    PLANNED = "planned", _("Planned")
    ACTIVE = "active", _("In progress")
    DONE = "done", _("Done")


class ScanState(TextChoices):
    """What the virus scanner says of an attachment."""

    OFF = "off", _("Not scanned: no scanner")
    WAITING = "waiting", _("Not scanned yet")
    CLEAN = "clean", _("Nothing found")
    INFECTED = "infected", _("Quarantined")


class PictureState(TextChoices):
    """Whether an attachment has versions to be shown in a page, re-encoded from the file that is kept."""

    NONE = "none", _("No picture")
    WAITING = "waiting", _("Being made")
    MADE = "made", _("Made")
    FAILED = "failed", _("Cannot be read")


class ExportState(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class PhaseItemKind(TextChoices):
    INPUT = "input", _("Input")
    OUTPUT = "output", _("Output")
    CHECK = "check", _("Check-list item")
    RISK_PROMPT = "risk_prompt", _("Risk to consider")


class GateVerdict(TextChoices):
    """Whether the next phase may open."""

    PASS = "pass", _("Passed")
    PASS_WITH_ACTIONS = "pass_with_actions", _("Passed with actions")
    FAIL = "fail", _("Not passed")


PASSING = frozenset({GateVerdict.PASS, GateVerdict.PASS_WITH_ACTIONS})

"""From signing in to the baseline that is sent for signature."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from projects.domain import playbooks
from projects.enums import Role
from tests.e2e.walk.cast import KEY, PASSWORD, Cast
from tests.e2e.walk.house import code_in_mail, link_in_mail
from tests.e2e.walk.person import Person

ROLES = {Role.SPONSOR: "Sponsor", Role.KEY_USER: "Key user", Role.CSM: "Customer success manager"}


def sign_in_with_password(person: Person) -> None:
    person.look()
    person.field("Email").fill(person.email)
    person.field("Password").fill(PASSWORD)
    person.press("Sign in")
    person.sees(person.words("My work"))


def sign_in_with_code(person: Person, address: str) -> None:
    """At the page that one wanted to see: sign-in comes first and leads back there."""
    person.open(address)
    person.follow("E-mail me a code")
    person.field("Email").fill(person.email)
    person.press("E-mail me a code")
    person.field("Code").fill(code_in_mail(person))
    person.press("Sign in")
    expect(person.page).to_have_url(address)


def accept_invitation(person: Person) -> None:
    person.open(link_in_mail(person, "invitation"))
    person.press("Accept the invitation")
    person.is_told("Welcome, %(person)s.", person=person.name)


def enter(person: Person, cast: Cast) -> None:
    """From the page after sign-in into the project."""
    person.open("/")
    person.follow(cast.typed["project"])


def start_project(cast: Cast) -> None:
    manager = cast.manager
    manager.follow("Projects")
    manager.follow("New project")
    playbook = playbooks.load_playbook("erp_rollout")
    manager.field("Key").fill(KEY)
    manager.field("Name").fill(cast.typed["project"])
    manager.field("Name of the new customer").fill(cast.typed["customer"])
    manager.field("Playbook").select_option(label=playbook.data["name"][cast.language])
    manager.field("Starts on").fill((timezone.localdate() - timedelta(days=60)).isoformat())
    manager.press("Show phases and dates")
    manager.press("Start the project")
    manager.is_told("The project has started. Now bring in its people.")


def bring_in(cast: Cast, person: Person, organisation: str, role: Role) -> None:
    manager = cast.manager
    manager.follow("Add a person")
    manager.field("E-mail").fill(person.email)
    manager.field("Name").fill(person.name)
    manager.field("Organisation").select_option(label=organisation)
    manager.page.get_by_role("checkbox", name=manager.words(ROLES[role]), exact=True).check()
    manager.press("Add to the team")
    manager.sees(person.email)


def edit_a_requirement(cast: Cast) -> None:
    manager = cast.manager
    manager.follow("Requirements")
    manager.follow_first_row()
    manager.follow("Edit")
    manager.field("title").fill(cast.typed["requirement"])
    manager.press("Save")
    expect(manager.page.get_by_role("heading", level=1)).to_have_text(cast.typed["requirement"])


def freeze_the_baseline(cast: Cast) -> None:
    manager = cast.manager
    manager.follow("Requirements")
    manager.follow("Freeze a baseline")
    manager.page.get_by_label(manager.words("Share them with the customer, who is to sign them")).check()
    manager.press("Freeze the baseline")
    manager.is_told("%(code)s is frozen. Now send it for signature.", code="SRS-001")
    send_for_signature(manager)


def send_for_signature(manager: Person) -> None:
    """The proposed order stands: the project manager, then the sponsor."""
    manager.follow("Send for signature")
    manager.press("Send for signature")

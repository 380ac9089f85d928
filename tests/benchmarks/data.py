"""200 projects with 50,000 tasks, of which one project has 10,000: always the same."""

import random
from datetime import date, timedelta

from accounts.enums import OrganisationKind
from accounts.models import Organisation, User
from delivery.models import Task
from projects.domain.numbers import take_numbers
from projects.enums import Audience, Role
from projects.models import Membership, Phase, Project

PROJECTS, TASKS, TASKS_OF_THE_LARGEST, PEOPLE = 200, 50_000, 10_000, 40
START = date(2026, 1, 5)
WORDS = ["interview", "migrate", "configure", "train", "verify", "deploy", "reconcile", "rehearse", "approve"]


def load() -> tuple[Project, User]:
    """Fill an empty database; return the largest project and its project manager."""
    chance = random.Random(1)
    vendor = Organisation.objects.create(name="Vendor", kind=OrganisationKind.VENDOR)
    people = [
        User(email=f"person{n}@example.com", name=f"Person {n}", organisation=vendor, language="en")
        for n in range(PEOPLE)
    ]
    people = User.objects.bulk_create(people)
    projects = Project.objects.bulk_create(_project(n, people[0]) for n in range(PROJECTS))
    phases = Phase.objects.bulk_create(
        Phase(project=project, number=n, code=f"phase-{n}", name=f"Phase {n}")
        for project in projects
        for n in range(1, 7)
    )
    # The project manager takes part in twenty projects, as a busy one does.
    Membership.objects.bulk_create(
        Membership(project=project, user=person, role=role)
        for place, project in enumerate(projects)
        for person, role in [
            (people[0] if place % 10 == 0 else people[1 + place % 9], Role.PROJECT_MANAGER),
            *((person, Role.CONSULTANT) for person in chance.sample(people[10:], 4)),
        ]
    )
    small = (TASKS - TASKS_OF_THE_LARGEST) // (PROJECTS - 1)
    for place, project in enumerate(projects):
        count = (
            TASKS_OF_THE_LARGEST if place == 0 else small + (place <= (TASKS - TASKS_OF_THE_LARGEST) % (PROJECTS - 1))
        )
        own = phases[place * 6 : place * 6 + 6]
        tasks = (_task(project, n, own, people, chance) for n in take_numbers(Task, project, count))
        Task.objects.bulk_create(tasks, batch_size=2000)
    return projects[0], people[0]


def _project(n: int, by: User) -> Project:
    customer = Organisation.objects.create(name=f"Customer {n}", kind=OrganisationKind.CUSTOMER)
    return Project(
        key=f"P{n}-ERP", name=f"ERP roll-out {n}", customer=customer, language="en", starts_on=START, created_by=by
    )


def _task(project: Project, number: int, phases: list[Phase], people: list[User], chance: random.Random) -> Task:
    starts_on = START + timedelta(days=chance.randrange(360))
    return Task(
        project=project,
        number=number,
        phase=chance.choice(phases),
        title=f"{chance.choice(WORDS).capitalize()} and {chance.choice(WORDS)} {number}",
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=chance.randrange(30)),
        owner=people[0] if chance.random() < 0.02 else chance.choice(people),
        progress_percent=chance.choice([0, 0, 20, 50, 100, 100]),
        audience=chance.choice(list(Audience)),
    )

"""Monitored systems put on record by a person; an import of checks makes those that it names."""

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.domain import trail
from projects.domain.numbers import next_number
from success.domain.errors import SystemNameTaken
from success.models import MonitoredSystem


@transaction.atomic
def add_system(system: MonitoredSystem, *, by: User) -> MonitoredSystem:
    """Number and save a new system of its project.

    Raises SystemNameTaken for a name that the project has, also where somebody else was quicker.
    """
    system.number = next_number(MonitoredSystem, system.project)
    try:
        with transaction.atomic():
            trail.save(system, by=by)
    except IntegrityError:  # asking before would not have helped
        raise SystemNameTaken(name=system.name) from None
    return system

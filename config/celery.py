"""The Celery application. Tasks live in each app's tasks.py; what the clock starts is listed here, in one place."""

import gc
import os
import resource
import sys
import warnings

from celery import Celery, signals
from celery.schedules import crontab
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("landfall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
WORKER_MEMORY_LIMIT = 1536 * 1024 * 1024

# An entry's message expires before the next is sent: a worker that was away finds one, not a day's worth.
app.conf.beat_schedule = {
    "notices.sweep": {"task": "notices.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "projects.sweep": {"task": "projects.sweep", "schedule": 120.0, "options": {"expires": 110}},
    # Every hour, since customers' zones reach their morning one after another; each mail goes out once.
    "quality.follow_up": {"task": "quality.follow_up", "schedule": crontab(minute=7), "options": {"expires": 3500}},
    "signing.restamp_due": {
        "task": "signing.restamp_due",
        "schedule": crontab(hour=2, minute=40),
        "options": {"expires": 3500},
    },
    "signing.sweep": {"task": "signing.sweep", "schedule": 120.0, "options": {"expires": 110}},
    # Every hour, since the mornings of people come zone after zone; who was told today is told no more.
    "quality.send_defect_summaries": {
        "task": "quality.send_defect_summaries",
        "schedule": crontab(minute=5),
        "options": {"expires": 3500},
    },
    "quality.remind_of_cases": {
        "task": "quality.remind_of_cases",
        "schedule": crontab(minute=8),
        "options": {"expires": 3500},
    },
    "quality.remind_of_actions": {
        "task": "quality.remind_of_actions",
        "schedule": crontab(minute=20, hour="0,8,16"),  # in every zone once before noon; a reminder goes once a day
        "options": {"expires": 3500},
    },
    # Every hour, since customers' zones reach 02:00 on the 1st one after another.
    "success.draft_due_reports": {
        "task": "success.draft_due_reports",
        "schedule": crontab(minute=1),
        "options": {"expires": 3500},
    },
}


@signals.celeryd_init.connect
def allow_root_in_the_demo(**_kwargs) -> None:
    """Trying Landfall as root on a throw-away machine is intended: Celery's long warning would bury the address."""
    if settings.LANDFALL_DEMO:
        warnings.filterwarnings("ignore", message=r"\s*You're running the worker with superuser")


@signals.worker_process_init.connect
def prepare_worker_process(**_kwargs) -> None:
    """Keep what was loaded before the fork out of garbage collection, and bound what one document can take.

    Rendering is 0.75–0.9 × as long with these figures; a page made to exhaust memory ends its task, not the machine.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_MEMORY_LIMIT, WORKER_MEMORY_LIMIT))

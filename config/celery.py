"""The Celery application. Tasks live in each app's tasks.py; what the clock starts is listed here, in one place."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("landfall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "notices.sweep": {"task": "notices.sweep", "schedule": 60.0, "options": {"expires": 55}},
}

"""What runs behind the pages: the tasks that beat starts, and the mails they send."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery import Task
from django.core import mail
from django.db import connections

from config.celery import app
from notices.tasks import sweep as send_waiting_mails
from signing.tasks import sweep as seal_signed_documents
from success.tasks import draft_due_reports
from tests.e2e.walk.person import Person


def aside(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call in a thread of its own, as a worker is: Playwright keeps an event loop running in that of the test."""

    def call() -> Any:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(call).result()


def work(task: Task) -> None:
    """Run a task as beat starts it; what it enqueues runs at once."""
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    try:
        aside(task)
    finally:
        app.conf.task_always_eager = app.conf.task_eager_propagates = False


def deliver_mails() -> None:
    work(send_waiting_mails)


def seal_documents() -> None:
    work(seal_signed_documents)


def draft_reports() -> None:
    work(draft_due_reports)


def link_in_mail(person: Person, part: str) -> str:
    """Return the newest link with `part` in its address that this person was mailed."""
    links = [link for body in mails_to(person) for link in re.findall(r"^https?://\S+$", body, re.MULTILINE)]
    return next(link for link in reversed(links) if part in link)


def code_in_mail(person: Person) -> str:
    """Return the one-time code in the newest mail to this person."""
    return re.findall(r"(?<!\d)\d{6}(?!\d)", mails_to(person)[-1])[-1]


def mails_to(person: Person) -> list[str]:
    deliver_mails()
    return [message.body for message in mail.outbox if message.to == [person.email]]

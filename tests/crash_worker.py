"""The Celery application of such a worker: the real one, which dies by SIGKILL where CRASH_AT says.

CRASH_AT is "before" or "after", a module and one of its functions, such as "after signing.domain.sealing:store".
"""

import functools
import importlib
import os
import signal

from celery.signals import worker_init

from config.celery import app

__all__ = ["app"]


def die() -> None:
    os.killpg(0, signal.SIGKILL)  # the whole worker with its pool, as when the machine loses power


@worker_init.connect
def lay_the_trap(**_kwargs) -> None:
    when, _, target = os.environ.get("CRASH_AT", "").partition(" ")
    if not target:
        return
    module_name, _, name = target.partition(":")
    module = importlib.import_module(module_name)
    original = getattr(module, name)

    @functools.wraps(original)
    def trapped(*args, **kwargs):
        if when == "before":
            die()
        original(*args, **kwargs)
        die()

    setattr(module, name, trapped)

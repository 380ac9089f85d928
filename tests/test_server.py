"""script/server: everything it starts works, comes back when it dies, and ends with it."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ALL_OK = dict.fromkeys(["status", "database", "storage", "broker", "worker"], "ok")

pytestmark = pytest.mark.crash


class Server:
    def __init__(self, home: Path):
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.environment = kept | {"PORT": str(self.port), "LANDFALL_HOME": str(home), "LANDFALL_DEMO": "off"}
        self.log = home.with_suffix(".log").open("w+")
        self.process = self.run(subprocess.Popen, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)

    def run(self, how, **options):
        return how(["script/server"], cwd=ROOT, env=self.environment, **options)

    def health(self) -> dict:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/health/ready/", timeout=10) as answer:
                return json.load(answer)
        except (URLError, ConnectionError):
            return {}

    def await_all_ok(self) -> None:
        wait_until(lambda: self.health() == ALL_OK, lambda: f"{self.health()}\n{self.said()}")

    def said(self) -> str:
        self.log.flush()
        return Path(self.log.name).read_text()

    def processes(self) -> dict[int, str]:
        """Every process that was started with this data folder, as {pid: command line}."""
        mark, found = f"LANDFALL_HOME={self.home}".encode(), {}
        title = str(self.home).encode()  # Valkey writes its title, which names its socket, over its environment
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                if title in command or mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode()
            except OSError:
                continue  # ended meanwhile, or somebody else's
        return found

    def kill(self, *words: str) -> None:
        """Kill the oldest process of that command line: not its shell, and the parent before its children."""
        started = {pid: command for pid, command in self.processes().items() if "script/keep" not in command}
        victim = min(pid for pid, command in started.items() if all(word in command for word in words))
        os.kill(victim, signal.SIGKILL)


def wait_until(holds, say, seconds=60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, say()
        time.sleep(0.2)


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "home")
    yield server
    for pid in server.processes():
        os.kill(pid, signal.SIGKILL)
    server.process.wait()
    server.log.close()


def test_server_serves_starts_again_what_dies_and_ends_with_everything(server):
    server.await_all_ok()
    wait_until(lambda: f"Landfall is at http://127.0.0.1:{server.port}" in server.said(), server.said)
    for number, victim in enumerate([("celery", " worker "), ("valkey-server",), ("gunicorn", "config.wsgi")], start=1):
        server.kill(*victim)
        wait_until(lambda: server.said().count("starting again") >= number, server.said)  # noqa: B023 asked at once
        server.await_all_ok()
    assert len(server.processes()) > 6  # honcho, web, worker, beat, broker and their children
    server.process.terminate()
    server.process.wait(timeout=30)
    wait_until(lambda: not server.processes(), server.processes, seconds=10)


def test_server_says_what_is_in_use_and_ends_at_control_c(server):
    server.await_all_ok()
    second = server.run(subprocess.run, capture_output=True, text=True)
    assert (second.returncode, f"Port {server.port} cannot be used" in second.stderr) == (1, True)
    server.environment["PORT"] = "0"
    second = server.run(subprocess.run, capture_output=True, text=True)
    assert (second.returncode, "already running on" in second.stderr) == (1, True)
    os.killpg(server.process.pid, signal.SIGINT)  # as a terminal does
    server.process.wait(timeout=30)
    wait_until(lambda: not server.processes(), server.processes, seconds=10)

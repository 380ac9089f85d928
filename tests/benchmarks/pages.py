"""What script/bench runs: pages and API of a large installation, each beside a bare view of the same run.

Prints p50 and p95 in milliseconds and the ratio of the p50 to that of the bare view; ends with status 1 above a limit.
"""

import os
import socket
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import django
from django.core.management import call_command

from tests.benchmarks.measuring import Client, measure

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
MIGRATE_LIMIT_S = 60
MEMORY_LIMIT_MB = 140


class Target(NamedTuple):
    name: str
    path: str
    against: str  # the bare view it is compared with
    limit: float  # times the bare view's p50
    expected: int = 200
    form: dict | None = None  # what is posted; without it the page is read


def main() -> int:
    django.setup()
    migrated_s = timed(lambda: call_command("migrate", verbosity=0))
    print(f"migrate from zero: {migrated_s:.1f} s (limit {MIGRATE_LIMIT_S} s)")

    from tests.benchmarks import data

    begun = time.perf_counter()
    project, user = data.load()
    analyse()
    print(f"loaded {data.PROJECTS} projects with {data.TASKS} tasks in {time.perf_counter() - begun:.0f} s\n")

    port = free_port()
    server = start_server(port)
    try:
        timings = measure(asks(port, project, user))
        memory_mb = resident_mb(server.pid)
    finally:
        server.terminate()
        server.wait()
    exceeded = report(timings, targets(project)) + (migrated_s > MIGRATE_LIMIT_S) + (max(memory_mb) > MEMORY_LIMIT_MB)
    print(f"\nresident per web process: {', '.join(f'{mb:.0f} MB' for mb in memory_mb)} (limit {MEMORY_LIMIT_MB} MB)")
    return int(exceeded > 0)


def targets(project) -> list[Target]:
    base, phase = f"/projects/{project.key}", project.phases.get(number=3)
    new = {
        "title": "Rehearse the cut-over",
        "phase": phase.pk,
        "starts_on": "2026-06-01",
        "ends_on": "2026-06-05",
        "progress_percent": 0,
        "audience": "team",
    }
    return [
        Target("my work", "/", "bare view", 2.5),
        Target("project page", f"{base}/", "bare view", 2.5),
        Target("task list, 50 of 10,000", f"{base}/tasks/", "bare view", 2.4),
        Target("task list, filtered, sorted", f"{base}/tasks/?phase=3&sort=-ends", "bare view", 2.4),
        Target("task detail", f"{base}/tasks/5000/", "bare view", 2.5),
        Target("task create", f"{base}/tasks/add/", "bare view", 2.0, 302, new),
        Target("API list of 100", f"/api/v1/projects/{project.key}/tasks/?page_size=100", "bare API list", 2.4),
    ]


def asks(port: int, project, user) -> dict:
    stranger, person = Client(port), Client(port, signed_in(user))
    bare = {
        "bare view": f"/bare/view/{project.pk}/",
        "bare API list": f"/bare/api/{project.pk}/",
    }
    made = {name: lambda path=path: stranger.ask(path, expected=200)[0] for name, path in bare.items()}
    serial = count(1)
    for target in targets(project):

        def ask(target=target):
            body = urlencode(target.form | {"title": f"{target.form['title']} {next(serial)}"}) if target.form else None
            return person.ask(target.path, expected=target.expected, body=body)[0]

        made[target.name] = ask
    return made


def signed_in(user) -> dict[str, str]:
    """Return the headers of a browser in which `user` has signed in and has a form open."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.middleware.csrf import _get_new_csrf_string

    session, token = SessionStore(), _get_new_csrf_string()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "allauth.account.auth_backends.AuthenticationBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return {"Cookie": f"sessionid={session.session_key}; csrftoken={token}", "X-CSRFToken": token}


def report(timings, chosen: list[Target]) -> int:
    """Print the table; return how many targets are above their limit."""
    line, exceeded = "{:30}{:>9}{:>9}{:>9}{:>9}  {}", 0
    print(line.format("", "p50 ms", "p95 ms", "times", "limit", ""))
    for name in timings.keys() - {target.name for target in chosen}:
        print(line.format(name, f"{timings[name].p50:.2f}", f"{timings[name].p95:.2f}", "1.00", "", ""))
    for target in chosen:
        timing = timings[target.name]
        ratio = timing.p50 / timings[target.against].p50
        exceeded += ratio > target.limit
        verdict = "ABOVE" if ratio > target.limit else ""
        cells = (f"{timing.p50:.2f}", f"{timing.p95:.2f}", f"{ratio:.2f}", f"{target.limit:.1f}")
        print(line.format(target.name, *cells, verdict))
    return exceeded


def start_server(port: int) -> subprocess.Popen:
    environment = os.environ | {"PORT": str(port), "WEB_CONCURRENCY": str(WORKERS)}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "--log-level", "warning", "config.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    client = Client(port)
    for _attempt in range(300):
        try:
            client.ask("/health/live/", expected=200)
            return server
        except OSError:
            client.connection.close()
            time.sleep(0.1)
    server.kill()
    raise SystemExit("gunicorn did not start")


def resident_mb(master: int) -> list[float]:
    """Return the resident memory of each worker of the server."""
    found = subprocess.run(["ps", "-o", "rss=", "--ppid", str(master)], capture_output=True, text=True, check=True)
    return [int(kilobytes) / 1024 for kilobytes in found.stdout.split()]


def analyse() -> None:
    """Have the planner know the rows, as autovacuum would in a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def timed(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())

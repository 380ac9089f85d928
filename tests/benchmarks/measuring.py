"""A client on a connection that stays open, and the percentiles of what it saw."""

import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from statistics import quantiles
from typing import NamedTuple


class Timing(NamedTuple):
    """Milliseconds from sending a request to having read its answer."""

    p50: float
    p95: float


class Client:
    def __init__(self, port: int, headers: Mapping[str, str] | None = None):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Accept-Language": "en", **(headers or {})}

    def ask(self, path: str, *, expected: int, body: str | None = None) -> tuple[float, bytes]:
        """Return how long the answer took, in milliseconds, and its body; another status than expected is an error."""
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request("GET" if body is None else "POST", path, body=body, headers=headers)
        response = self.connection.getresponse()
        content = response.read()
        took = (time.perf_counter() - begun) * 1000
        if response.status != expected:
            raise SystemExit(f"{path} answered {response.status} in place of {expected}:\n{content[:2000].decode()}")
        return took, content


def measure(asks: Mapping[str, Callable[[], float]], *, rounds: int = 10, batch: int = 20) -> dict[str, Timing]:
    """Time every ask `rounds × batch` times, in turns, so that a slow moment of the machine meets all of them."""
    for ask in asks.values():
        for _warm_up in range(batch):
            ask()
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for _round in range(rounds):
        for name, ask in asks.items():
            taken[name] += [ask() for _again in range(batch)]
    return {name: percentiles(values) for name, values in taken.items()}


def percentiles(values: list[float]) -> Timing:
    cuts = quantiles(values, n=100, method="inclusive")
    return Timing(cuts[49], cuts[94])

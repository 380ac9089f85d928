"""How an app's table of routes is written: every URL name, who may open it, and with which arguments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

STRANGERS = "strangers"  # open without signing in
SIGNED_IN = "signed in"  # any signed-in person
ADMINISTRATORS = "administrators"
VENDOR = "vendor"  # any person of the vendor


@dataclass(frozen=True)
class Route:
    """One URL name.

    `allowed` is a set of project roles, or one of the words above. `args` are the URL's keyword arguments, or a
    function (project) -> arguments that makes the rows they name. `post` routes are asked with POST and `data`.
    Roles in `allowed` must not get 403 or 404 (a 400 or a redirect is fine), every other member 403, strangers 404.
    `hidden` are roles for which the object does not exist (404) although the project does.
    """

    allowed: frozenset[str] | set[str] | str
    args: dict[str, Any] | Callable[[Any], dict[str, Any]] = field(default_factory=dict)
    post: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    hidden: frozenset[str] | set[str] = frozenset()

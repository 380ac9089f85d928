"""Where the broker that script/server starts beside the app listens, and the mark by which its worker is found."""

import hashlib
import tempfile
from pathlib import Path

# The path of a unix socket fits in 108 bytes on Linux and in 104 on macOS, its closing zero included.
LONGEST = 103


def socket_path(home: Path) -> Path:
    """Return the broker's unix socket in LANDFALL_HOME, or in a short folder named after it where that is too deep."""
    path = home / "broker" / "valkey.sock"
    if len(bytes(path)) <= LONGEST:
        return path
    name = hashlib.sha256(bytes(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"landfall-{name}" / "valkey.sock"

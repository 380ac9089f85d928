"""Keys made at first start and kept in LANDFALL_HOME."""

import contextlib
import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Return the installation's secret key; the first caller makes it, with no window in which two can differ."""
    path = home / "keys" / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"secret_key.{os.getpid()}")
    if not path.exists():
        draft.write_text(secrets.token_urlsafe(50))
        draft.chmod(0o600)
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()

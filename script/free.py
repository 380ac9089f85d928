"""script/free.py PORT HOME: end with a message if the port is taken or the data folder already served."""

import socket
import sys
from pathlib import Path

from config.broker import socket_path

port, home = int(sys.argv[1]), Path(sys.argv[2])
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Choose another: PORT=8001 script/server")
with socket.socket(socket.AF_UNIX) as probe:
    if probe.connect_ex(str(socket_path(home))) == 0:
        sys.exit(
            f"Landfall is already running on {home}. Stop it, or name another folder: LANDFALL_HOME=… script/server"
        )

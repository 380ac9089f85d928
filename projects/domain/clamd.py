"""The few words of clamd's protocol that are needed: one file over one connection (INSTREAM).

Source: clamd(8), COMMANDS. The one client on PyPI that many use is of 2014.
"""

import socket
import struct
from typing import IO

BLOCK = 64 * 1024
TIMEOUT = 30  # seconds for each step, not for the whole
LONGEST_ANSWER = 4096


class ScannerAway(OSError):
    """The scanner cannot be reached, or could not look at the file: ask again later."""


def find_virus(address: str, file: IO[bytes]) -> str:
    """Let the clamd at `address` (a socket's path, or host:port) look at `file`; return what it found, or "".

    Raises ScannerAway.
    """
    try:
        with _connect(address) as connection:
            answer = _ask(connection, file)
    except OSError as error:
        raise ScannerAway(f"{address}: {error}") from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerAway(f"{address}: {answer or 'no answer'}")


def _connect(address: str) -> socket.socket:
    if "/" in address:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)


def _ask(connection: socket.socket, file: IO[bytes]) -> str:
    connection.sendall(b"zINSTREAM\0")
    while block := file.read(BLOCK):
        connection.sendall(struct.pack("!L", len(block)) + block)
    connection.sendall(struct.pack("!L", 0))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode(errors="replace")

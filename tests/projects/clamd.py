"""A scanner on loopback that speaks clamd's protocol and finds the word VIRUS."""

import socket
import socketserver
import struct
import threading
from contextlib import contextmanager


class Handler(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            return self.answer("UNKNOWN COMMAND")
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        self.answer(self.server.verdict or ("stream: Test.Virus FOUND" if b"VIRUS" in content else "stream: OK"))

    def answer(self, words):
        self.wfile.write(words.encode() + b"\0")


class _Server(socketserver.ThreadingMixIn):
    daemon_threads = True
    seen: list
    verdict = ""


class TcpServer(_Server, socketserver.TCPServer):
    allow_reuse_address = True


class UnixServer(_Server, socketserver.UnixStreamServer):
    pass


@contextmanager
def scanner(path=""):
    """Run a scanner on a free port of loopback, or at a socket's path; it has `seen`, `address` and `verdict`."""
    server = UnixServer(path, Handler) if path else TcpServer(("127.0.0.1", 0), Handler)
    server.seen = []
    server.address = path or f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_address():
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"

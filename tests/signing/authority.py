"""An RFC 3161 time-stamping authority on the loopback, for whoever must not ask one out in the world."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from asn1crypto import keys, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.timestamps import DummyTimeStamper

from signing.domain import certificates


def time_stamp_authority() -> tuple[DummyTimeStamper, str]:
    """An RFC 3161 authority in this process, and its root as PEM."""
    key, name = rsa.generate_private_key(65537, 2048), certificates._name("Time stamps")
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = (
        certificates._builder(name, name, key, start, 1)
        .add_extension(usage, critical=True)
        .add_extension(certificates._usage(digital_signature=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    authority = DummyTimeStamper(certificates._asn1(made), keys.PrivateKeyInfo.load(der))
    return authority, made.public_bytes(serialization.Encoding.PEM).decode()


@contextmanager
def time_stamp_server() -> Iterator[str]:
    """Serve the authority at an address of its own while the context is open."""
    authority, _root = time_stamp_authority()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            question = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = authority.request_tsa_response(question).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

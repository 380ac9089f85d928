"""A real mail server on loopback that answers as a test wants and remembers what it took."""

import email
import email.policy
import socket
from contextlib import contextmanager
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

OK = "250 OK"


class MailServer:
    """The handler of aiosmtpd. `on_rcpt` and `on_data` are its answers; `before_quit` is called after a mail was taken.

    A client that got its answer says QUIT before it does anything else: what happens in `before_quit` happens between
    the server's answer and the client's commit.
    """

    def __init__(self):
        self.mails: list[EmailMessage] = []
        self.on_rcpt, self.on_data = OK, OK
        self.before_quit = lambda: None
        self.port = free_port()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.on_rcpt == OK:
            envelope.rcpt_tos.append(address)
        return self.on_rcpt

    async def handle_DATA(self, server, session, envelope):
        if self.on_data == OK:
            self.mails.append(read(envelope.content))
        return self.on_data

    async def handle_QUIT(self, server, session, envelope):
        self.before_quit()
        return "221 Bye"

    @contextmanager
    def running(self):
        controller = LoopbackController(self, hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield self
        finally:
            controller.stop()


class LoopbackController(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="localhost", enable_SMTPUTF8=True)  # no look-up of this host's name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content.replace(b"\r\n", b"\n"), policy=email.policy.default)  # type: ignore[return-value]

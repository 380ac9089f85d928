"""What must not stand in a log: the tokens of links that let their holder act."""

import logging
import re

TOKEN = re.compile(r"(/(?:sign|invitations?)/)[A-Za-z0-9_-]{16,}")


class RedactLinks(logging.Filter):
    """Put … in the place of tokens, in the message and its arguments, before any handler writes them."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = TOKEN.sub(r"\1…", message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True

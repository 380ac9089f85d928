import logging

import pytest

from common.logs import RedactLinks

TOKEN = "Z4gqZt4CLYCuUFOZgHfu2mtTIil4KlVbinfy_cLTlic"


@pytest.mark.parametrize("place", ["sign", "invitations"])
def test_redact_links_takes_the_token_out(place):
    record = logging.LogRecord("django.request", 30, "", 1, "Not Found: %s", (f"/{place}/{TOKEN}/open/",), None)
    assert RedactLinks().filter(record)
    assert record.getMessage() == f"Not Found: /{place}/…/open/"


def test_redact_links_leaves_other_lines_alone():
    record = logging.LogRecord("x", 30, "", 1, "%s of %s", ("1", "/projects/HX-ERP/documents/"), None)
    assert RedactLinks().filter(record)
    assert record.getMessage() == "1 of /projects/HX-ERP/documents/"

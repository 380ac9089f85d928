"""What a page may weigh on the wire, Brotli, in kilobytes: ux.md, section 15."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from tests.accounts.factories import UserFactory

STYLES = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
SCRIPTS = re.compile(r'<script src="/static/([^"]+)"')


def kilobytes(*contents: bytes) -> float:
    return sum(len(brotli.compress(content)) for content in contents) / 1024


def files(pattern: re.Pattern, page: str) -> list[bytes]:
    return [Path(finders.find(name)).read_bytes() for name in pattern.findall(page)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("person", "css", "js", "html"),
    [({"of_customer": True}, 25, 25, 15), ({"administrator": True}, 65, 70, 30)],
    ids=["portal", "staff"],
)
def test_page_keeps_its_budget(client, person, css, js, html):
    client.force_login(UserFactory(theme="auto", **person))
    page = client.get("/preferences/")
    styles, scripts = files(STYLES, page.text), files(SCRIPTS, page.text)
    assert (len(styles) >= 4, len(scripts) >= 3) == (True, True)
    assert kilobytes(*styles) <= css
    assert kilobytes(*scripts) <= js
    assert kilobytes(page.content) <= html

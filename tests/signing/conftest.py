import pytest
from django.template import engines
from django.template.loaders.locmem import Loader

from signing import kinds
from tests.signing.factories import CALLS, PHASE_KIND

PAPER = """<h2>{{ facts.phase }}</h2><table><thead><tr><th scope="col">Criterion</th></tr></thead><tbody>
{% for text in facts.criteria %}<tr><td>{{ text }}</td></tr>{% endfor %}</tbody></table>"""


@pytest.fixture(autouse=True)
def phase_kind(monkeypatch):
    """A kind of document of our own: signing knows no app that comes after it."""
    monkeypatch.setitem(kinds._kinds, PHASE_KIND.code, PHASE_KIND)
    CALLS.made.clear()
    engine = engines["django"].engine
    loader = Loader(engine, {"tests/phase_paper.html": PAPER})
    monkeypatch.setattr(engine, "template_loaders", [loader, *engine.template_loaders])
    return PHASE_KIND


@pytest.fixture
def calls():
    return CALLS.made

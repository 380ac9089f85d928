import pytest
from django.db import transaction

from signing import kinds
from tests.signing.proof import papers


class TakenBack(Exception):
    """Undoes what was written to make the papers."""


@pytest.fixture(scope="session")
def genuine(django_db_setup, django_db_blocker):
    """The sealed file of each registered kind, made once: the rows are taken back, the bytes are kept."""
    made = {}
    with django_db_blocker.unblock():
        for kind in sorted(papers.SENT.keys() & {kind.code for kind in kinds.all_kinds()}):
            try:
                with transaction.atomic():
                    made[kind] = papers.paper_of(papers.seal(kind))
                    raise TakenBack
            except TakenBack:
                pass
    return made

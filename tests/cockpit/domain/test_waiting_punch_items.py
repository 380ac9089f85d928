import pytest

from cockpit.domain.waiting import waiting_for
from quality.domain import punch_items
from tests.quality.signing import conditional

pytestmark = pytest.mark.django_db


def test_waiting_for_names_items_of_punch_lists_to_their_owner_and_what_is_done_to_the_customer():
    acceptance = conditional(items=2)
    item, other = acceptance.punch_items.all()
    sponsor = acceptance.document.signers.get(order=2).user
    punch_items.finish_item(item.pk, comment="Done", by=item.owner)
    day = item.due_on
    assert [(line.act, line.title) for line in waiting_for(item.owner, on=day)] == [("Finish", other.text)]
    assert ("Confirm", item.text) in [(line.act, line.title) for line in waiting_for(sponsor, on=day)]

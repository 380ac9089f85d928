"""Who may open which page of notices. A person's notices are their own: tests/notices/test_views.py."""

from accounts.models import User
from tests.access import ADMINISTRATORS, SIGNED_IN, Route
from tests.accounts.factories import UserFactory
from tests.notices.factories import MessageFactory


def mail(project):
    return {"pk": MessageFactory(recipient=UserFactory(), failed=True).pk}


def own_notice(project):
    asking = User.objects.latest("pk")  # the person who asks was made last
    return {"pk": MessageFactory(recipient=asking, in_app=True).pk}


ROUTES = {
    "notices:notice_list": Route(allowed=SIGNED_IN),
    "notices:notice_open": Route(allowed=SIGNED_IN, args=own_notice, post=True),
    "notices:notice_read_all": Route(allowed=SIGNED_IN, post=True),
    "notices:mail_list": Route(allowed=ADMINISTRATORS),
    "notices:mail_send_again": Route(allowed=ADMINISTRATORS, args=mail, post=True),
    "notices:outbox": Route(allowed=ADMINISTRATORS),
}

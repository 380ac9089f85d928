from datetime import timedelta

import pytest
from django.db.models import F

from accounts.domain import code_requests
from accounts.domain.errors import TooManyCodes
from accounts.models import CodeRequest

pytestmark = pytest.mark.django_db


def ask(address="a@example.com"):
    for _ in range(code_requests.LIMIT):
        code_requests.count(address)


def test_count_refuses_the_sixth_request_for_an_address():
    ask()

    with pytest.raises(TooManyCodes):
        code_requests.count("A@example.com")


def test_count_leaves_other_addresses_alone():
    ask()

    code_requests.count("b@example.com")

    assert CodeRequest.objects.filter(address="b@example.com").count() == 1


def test_count_forgets_what_is_older_than_the_window():
    ask()
    CodeRequest.objects.update(requested_at=F("requested_at") - timedelta(minutes=15))

    code_requests.count("a@example.com")

    assert CodeRequest.objects.count() == 1

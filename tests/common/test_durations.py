from datetime import timedelta

import pytest
from django.utils import translation

from common import durations


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (18720, "5 h 12 min"),
        (3600, "1 h"),
        (86399, "23 h 59 min"),
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
    ],
)
def test_in_words(value, words):
    assert durations.in_words(value) == words


def test_in_words_in_chinese():
    with translation.override("zh-hans"):
        assert durations.in_words(18720) == "5 小时 12 分"

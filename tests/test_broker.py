from pathlib import Path

import pytest

from config.broker import LONGEST, socket_path


def test_socket_path_is_in_the_home():
    assert socket_path(Path("/srv/landfall")) == Path("/srv/landfall/broker/valkey.sock")


@pytest.mark.parametrize("home", ["/srv/" + "deep/" * 30, "/srv/" + "深" * 35])
def test_socket_path_of_a_deep_home_is_short_and_its_own(home):
    path = socket_path(Path(home))
    assert len(bytes(path)) <= LONGEST
    assert path != socket_path(Path(home + "x"))

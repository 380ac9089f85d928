import ctypes

from common.checks import check_font_subsetting


def test_check_font_subsetting_is_content_with_this_host():
    assert check_font_subsetting(None) == []


def test_check_font_subsetting_warns_where_the_library_is_missing(monkeypatch):
    def missing(name):
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.setattr("sys.platform", "linux")
    assert [warning.id for warning in check_font_subsetting(None)] == ["common.W001"]

import io

import pytest

from projects.domain.file_types import clean_name, is_deceptive, sniff
from tests.projects.uploads import office, picture, plain_zip


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (picture("PNG"), "PNG"),
        (picture("JPEG"), "JPEG"),
        (picture("WEBP"), "WebP"),
        (b"%PDF-1.7\n", "PDF"),
        (office("word/document.xml"), "Word"),
        (office("xl/workbook.xml"), "Excel"),
        (office("ppt/presentation.xml"), "PowerPoint"),
        (b"a,b\r\n1,2\r\n", "Text/CSV"),
        ("物料,数量".encode(), "Text/CSV"),
        ("物料,数量".encode("gb18030"), "Text/CSV"),
        ("料".encode() * 30_000, "Text/CSV"),
    ],
)
def test_sniff_tells_what_is_allowed(content, name):
    assert sniff(io.BytesIO(content)).name == name


@pytest.mark.parametrize(
    "content",
    [
        plain_zip(),
        office("xl/workbook.xml", "xl/vbaProject.bin"),
        b"PK\x03\x04 broken",
        b"MZ\x90\x00\x03\x00",
        b"\x7fELF\x02\x01",
        b"GIF89a\x01\x00\x01\x00",
        b"\xff\xfe\x00bad",
        b"\x81",
    ],
)
def test_sniff_refuses_the_rest(content):
    assert sniff(io.BytesIO(content)) is None


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\盘点表.xlsx", "盘点表.xlsx"),
        ('a<b>:"c|d?e*.txt', "a_b___c_d_e_.txt"),
        (" .hidden. ", "hidden"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_clean_name_keeps_a_harmless_label(name, clean):
    assert clean_name(name) == clean


@pytest.mark.parametrize("name", ["invoice\u202efdp.exe", "a\nb.txt", "a\x00.txt", "zero\u200bwidth.txt"])
def test_is_deceptive_finds_hidden_characters(name):
    assert is_deceptive(name)


def test_is_deceptive_accepts_common_names():
    assert not is_deceptive("UAT 截图 (2)-终版_v1.2.png")

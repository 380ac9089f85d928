import os
import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from django.conf import settings
from pikepdf import Name

from common import pdf

AT = datetime(2026, 8, 31, 14, 2, tzinfo=UTC)
SIGNED_STYLES = ("css/report.css", "css/signed.css")
TEXT = "需求规格说明书：系统应在两秒内返回结果 ☑ fi fl 12,345.6"


def page(body, lang="zh-Hans"):
    return f'<html lang="{lang}"><head><title>T</title></head><body class="report signed">{body}</body></html>'


def printed(body, **options):
    return pdf.print_html(page(body), created=AT, styles=SIGNED_STYLES, **options)


@pytest.mark.parametrize("variant", [pdf.SIGNED, pdf.REPORT])
def test_print_html_holds_chinese_text_as_it_was_written(variant):
    made = printed(f"<h1>{TEXT}</h1><p><strong>王磊</strong></p>", variant=variant)
    found = "".join(pdf.extract_text(made.pdf).split())
    assert "".join(TEXT.split()) in found
    assert "王磊" in found


SCRIPT = """
import sys, django; django.setup()
from tests.common.test_pdf import TEXT, printed
from common import pdf
sys.stdout.buffer.write(printed(f"<h1>{TEXT}</h1>", variant=pdf.SIGNED).pdf)
"""


def test_print_html_gives_the_same_bytes_in_another_process_and_zone():
    made = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=os.environ | {"TZ": zone, "DJANGO_SETTINGS_MODULE": "config.settings.test", "PYTHONHASHSEED": seed},
            cwd=settings.BASE_DIR,
            capture_output=True,
            check=True,
        ).stdout
        for zone, seed in (("Asia/Shanghai", "1"), ("America/New_York", "2"))
    ]
    assert made[0].startswith(b"%PDF-")
    assert made[0] == made[1]


@pytest.mark.parametrize(
    "trick",
    [
        '<img src="http://127.0.0.1:9/x.png" alt="">',
        '<img src="file:///etc/hostname" alt="">',
        '<img src="asset:/../config/settings/base.py" alt="">',
        '<link rel="attachment" href="file:///etc/hostname">',
        '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
        '<style>@import "file:///etc/hostname"; p { background: url(http://127.0.0.1:9/y) }</style><p>x</p>',
        '<object data="file:///etc/hostname" type="image/png"></object>',
    ],
)
def test_print_html_fails_on_whatever_is_not_packaged(trick):
    with pytest.raises(pdf.DocumentFault, match="denied fetch"):
        printed(trick)


def test_print_html_serves_packaged_files():
    assert printed('<img src="asset:img/logo.svg" alt="Landfall">').pages == 1


def test_print_html_fails_on_a_letter_that_no_font_has():
    with pytest.raises(pdf.DocumentFault, match="notdef"):
        printed("<p>\ue123</p>")


def test_print_html_says_where_an_element_lies():
    made = printed('<p>first</p><p id="here">second</p>', measure=True)
    place = made.places["here"]
    assert place.page == 0
    assert 0 < place.left < place.right < 596
    assert 0 < place.bottom < place.top < 842


def test_print_html_scopes_header_cells():
    made = printed(
        "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><th>1</th><td>2</td></tr></tbody></table>"
    )
    with pikepdf.open(BytesIO(made.pdf)) as file:
        scopes = sorted(
            str(o.A.Scope) for o in file.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == Name.TH
        )
    assert scopes == ["/Column", "/Column", "/Row"]


def test_print_html_carries_attachments_with_the_date_of_the_document():
    file = pdf.File("facts.json", b'{"a": 1}', "Facts")
    made = printed("<p>x</p>", variant=pdf.SIGNED, attachments=[file])
    with pikepdf.open(BytesIO(made.pdf)) as opened:
        assert opened.attachments["facts.json"].get_file().read_bytes() == b'{"a": 1}'
        assert len(opened.Root.AF) == 1
    assert made.pdf == printed("<p>x</p>", variant=pdf.SIGNED, attachments=[file]).pdf


def test_check_text_finds_a_text_that_runs_over_the_page():
    long = "".join(f"{number}号条款：系统应记录每一次操作。" for number in range(400))
    made = printed(f"<p>{long}</p>")
    assert made.pages > 1
    pdf.check_text(made.pdf, [long])


def test_check_text_refuses_what_was_not_printed():
    made = printed("<p>系统应在两秒内返回结果</p>")
    with pytest.raises(pdf.DocumentFault, match="三秒"):
        pdf.check_text(made.pdf, ["系统应在三秒内返回结果"])

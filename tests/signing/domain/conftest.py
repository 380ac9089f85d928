from datetime import UTC, datetime
from io import BytesIO

import pytest

from common import pdf
from signing.domain import certificates, manifest, seal, verification

AT = datetime(2026, 8, 31, 14, 2, tzinfo=UTC)
STYLES = ("css/report.css", "css/signed.css")
CONTACT = "http://127.0.0.1:8000/verify/HX-ERP-SRS-001/1/"
FILES = [pdf.File("manifest.json", b'{"a": 1}', "What was signed")]


def page(text, *, css="report signed"):
    html = f'<html lang="zh-Hans"><head><title>T</title></head><body class="{css}">{text}</body></html>'
    return pdf.print_html(html, created=AT, variant=pdf.SIGNED, styles=STYLES).pdf


class Sealed:
    """A sealed file without any database, and what its record would say."""

    def __init__(self):
        self.body = page("<h1>需求规格说明书</h1>" + "<p>系统应在两秒内返回结果。</p>" * 60)
        evidence = page("<h1>签署证据</h1>", css="report signed evidence")
        fields = [
            seal.Field("Platform", "Seal"),
            seal.Field("Signer1", "Signature of 王磊", 0, (300, 500, 500, 560)),
            seal.Field("Signer2", "Signature of Sam", 0, (300, 400, 500, 460)),
        ]
        self.prepared = seal.prepare(self.body, evidence, fields, FILES, AT)
        self.again = seal.prepare(self.body, evidence, fields, FILES, AT)
        self.key = certificates.current_seal()
        self.acts = [
            seal.Act("Platform", "Landfall", "Sealed"),
            seal.Act("Signer1", "王磊", "我批准", ("王磊", "2026-08-31 22:02 UTC+8")),
            seal.Act("Signer2", "Sam", "I approve", ("Sam", "2026-08-31 22:02 UTC+8")),
        ]
        self.content = self.seal()

    def seal(self, **options):
        return seal.apply(self.prepared, self.key, self.acts, contact=CONTACT, **options)

    @property
    def expected(self):
        return verification.Expected(
            sha256=manifest.sha256(self.content),
            fields=("Platform", "Signer1", "Signer2"),
            certificate=self.key.fingerprint,
            moment=datetime.now(UTC),
            roots=self.key.roots_pem,
        )

    def finding(self, content, *, expected=None):
        """What the verdict on `content` is, without the process around the inspection."""
        from signing.domain import inspection

        expected = expected or self.expected
        try:
            seen = inspection.inspect(BytesIO(content), expected.roots, None)
        except Exception:
            return verification.Finding.UNREADABLE
        if "fault" in seen:
            return verification.Finding.UNREADABLE
        return verification.judge(manifest.sha256(content), seen["signatures"], expected)[0]


@pytest.fixture(scope="session")
def pure():
    return Sealed()

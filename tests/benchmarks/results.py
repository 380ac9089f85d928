"""Reading a JTL of 500,000 samples, 50 MB: CPU seconds and peak memory, in a process of its own for each format.

    python -m tests.benchmarks.results

Prints one line per format; ends with status 1 above a limit.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

SAMPLES, LABELS = 500_000, 40
CPU_LIMIT_S, MEMORY_LIMIT_MB = 15, 250
HEADER = (
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes\n"
)
CSV_ROW = "{at},{ms},Order {label:02} / save and print,200,OK,Thread Group 1-{thread:03},text,{ok},,13630,390\n"
XML_ROW = (
    '<httpSample t="{ms}" lt="9" ts="{at}" s="{ok}" lb="Order {label:02}" rc="200" '
    'tn="Group 1-{thread:03}" by="771"/>\n'
)


def main() -> int:
    exceeded = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, before, row, after in (
            ("CSV", HEADER, CSV_ROW, ""),
            ("XML", '<?xml version="1.0"?>\n<testResults version="1.2">\n', XML_ROW, "</testResults>\n"),
        ):
            file = Path(folder) / f"load.{name.lower()}.jtl"
            write(file, before, row, after)
            told = subprocess.run(
                [sys.executable, "-m", __spec__.name, file], check=True, capture_output=True, text=True
            )
            cpu_s, memory_mb, samples = map(float, told.stdout.split())
            print(
                f"JTL as {name}, {file.stat().st_size / 1e6:.0f} MB, {samples:,.0f} samples: {cpu_s:.1f} CPU-s "
                f"(limit {CPU_LIMIT_S}), peak {memory_mb:.0f} MB (limit {MEMORY_LIMIT_MB})"
            )
            exceeded += cpu_s > CPU_LIMIT_S or memory_mb > MEMORY_LIMIT_MB
    return int(exceeded > 0)


def write(file: Path, before: str, row: str, after: str) -> None:
    draw = random.Random(1)
    with file.open("w") as out:
        out.write(before)
        for number in range(SAMPLES):
            out.write(
                row.format(
                    at=1_700_000_000_000 + number,
                    ms=int(draw.lognormvariate(6, 1)),
                    label=number % LABELS,
                    thread=number % 200,
                    ok="true" if draw.random() > 0.01 else "false",
                )
            )
        out.write(after)


def read(file: str) -> None:
    """Read one file as the command does, and print CPU seconds, peak megabytes and samples."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()

    from quality.domain.results.reading import read_results

    begun = time.process_time()
    with open(file, "rb") as content:
        samples = read_results(content).read
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(time.process_time() - begun, peak_kb / 1024, samples)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(sys.argv[1])
    else:
        sys.exit(main())

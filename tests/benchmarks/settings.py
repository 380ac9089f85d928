"""The installation that script/bench measures: as a shared server runs, plus the two bare views beside it."""

from config.settings.base import *
from config.settings.base import BASE_DIR, TEMPLATES

SECRET_KEY = "benchmark"
LANDFALL_DEMO = False
ROOT_URLCONF = "tests.benchmarks.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "benchmarks" / "templates")
LOGGING_CONFIG = None

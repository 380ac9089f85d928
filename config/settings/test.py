"""Tests: nothing leaves the process, files go to a temporary folder, passwords hash fast."""

import tempfile
from pathlib import Path

from .base import *
from .base import DATABASES, STORAGES

SECRET_KEY = "test"  # noqa: S105
LANDFALL_HOME = Path(tempfile.mkdtemp(prefix="landfall-test-"))
LANDFALL_DEMO = True
MEDIA_ROOT = LANDFALL_HOME / "files"
STATIC_ROOT = LANDFALL_HOME / "static"  # empty: tests read static files where they are written
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = LANDFALL_HOME / "mail"
CELERY_BROKER_URL = "memory://"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["NAME"] = str(LANDFALL_HOME / "landfall.sqlite3")
    # A file as in production, not Django's shared memory: two threads of a test then meet the locks that people meet.
    DATABASES["default"]["TEST"] = {"NAME": str(LANDFALL_HOME / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

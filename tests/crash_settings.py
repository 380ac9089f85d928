"""Settings of a real worker that a test starts and kills: the test's own database, folder, broker and mail server."""

import os
from pathlib import Path

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES

LANDFALL_HOME = Path(os.environ["LANDFALL_HOME"])
MEDIA_ROOT = LANDFALL_HOME / "files"
DATABASES["default"]["NAME"] = os.environ["CRASH_DATABASE"]
CELERY_BROKER_URL = os.environ["CRASH_BROKER"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("CRASH_MAIL_PORT", "25"))

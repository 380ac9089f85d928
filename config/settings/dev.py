"""One machine, loopback, no environment needed: the demo, and development."""

from config.keys import secret_key

from .base import *
from .base import LANDFALL_HOME, env

DEBUG = env.bool("DEBUG", default=False)
LANDFALL_DEMO = env.bool("LANDFALL_DEMO", default=True)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(LANDFALL_HOME)
if LANDFALL_DEMO and "EMAIL_URL" not in env.ENVIRON:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = LANDFALL_HOME / "mail"

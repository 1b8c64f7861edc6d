"""The settings of the django-ninja peer, and its models of the tables."""

import os
from urllib.parse import urlsplit

_URL = os.environ["BENCH_DATABASE_URL"]


def _database() -> dict[str, object]:
    if _URL.startswith("sqlite"):
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _URL.removeprefix("sqlite:///"),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": pragmas},
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(_URL)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path[1:],
        "USER": parts.username,
        "HOST": parts.hostname,
        "PORT": parts.port,
        "CONN_MAX_AGE": None,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "bench.peers.ninja"
SECRET_KEY = "-"  # nothing is signed  # noqa: S105
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "UTC"
MIDDLEWARE: list[str] = []
INSTALLED_APPS = ["bench.peers.django_tables"]

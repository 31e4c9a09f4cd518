"""Settings, from the environment: DOUDI_HOME (default ./var), DATABASE_URL, DOUDI_ROLE (web | work | migrate | read)."""

from __future__ import annotations

import os
from pathlib import Path

HOME = Path(os.environ.get("DOUDI_HOME", "var")).resolve()
PACKAGE = Path(__file__).resolve().parents[1]
POLICY = Path(os.environ.get("DOUDI_POLICY", PACKAGE.parents[1] / "policy"))
ROLE = os.environ.get("DOUDI_ROLE", "web")

SECRET_KEY = "replaced by doudi.site.startup from HOME/keys"  # noqa: S105
DEBUG = False
ALLOWED_HOSTS = os.environ.get("DOUDI_HOSTS", "localhost,127.0.0.1").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "doudi.core",
    "doudi.audit",
    "doudi.areas",
    "doudi.accounts",
    "doudi.documents",
    "doudi.registry",
    "doudi.sources",
    "doudi.rulebook",
    "doudi.matching",
    "doudi.verification",
    "doudi.cases",
    "doudi.desk",
]

ROOT_URLCONF = "doudi.site.urls"
WSGI_APPLICATION = "doudi.site.wsgi.application"
AUTH_USER_MODEL = "accounts.Account"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

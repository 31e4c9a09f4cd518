"""Settings, from the environment: DOUDI_HOME (./var), DATABASE_URL, DOUDI_ROLE (web | work | migrate | read)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from doudi.site.database import databases
from doudi.site.logs import logging_settings
from doudi.site.web_security import *  # noqa: F403  (cookies, headers, content policy, limits of requests)

HOME = Path(os.environ.get("DOUDI_HOME", "var")).resolve()
PACKAGE = Path(__file__).resolve().parents[1]
POLICY = Path(os.environ.get("DOUDI_POLICY", PACKAGE.parents[1] / "policy"))
ROLE = os.environ.get("DOUDI_ROLE", "web")

_KEY = HOME / "keys" / "secret_key"
# without keys (before `doudi init`) a process gets a key of its own: nothing it signs outlives it
SECRET_KEY = _KEY.read_text().strip() if _KEY.exists() else secrets.token_urlsafe(50)
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
    "csp",
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
    "doudi.insight",
    # after our apps: our templates come before theirs
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "doudi.core.headers.SafeHeaders",  # outermost: every answer has them
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "doudi.core.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "doudi.core.limits.BodyLimit",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "doudi.accounts.access.ActsUnderGrant",
    "doudi.core.row_context.BoundToGrant",  # right after: from here on every statement is within the grant
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "doudi.core.middleware.RequireLogin",
    "doudi.audit.middleware.AnswersOnRecord",
    "doudi.core.middleware.ErrorsToHttp",
    "doudi.audit.middleware.RefusalsOnRecord",  # innermost: before an error is answered
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "doudi.core.context.frame",
                "doudi.accounts.context.acting",
                "doudi.audit.context.unanchored",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "doudi.core.templatetags.doudi",
            ],
        },
    }
]

ROOT_URLCONF = "doudi.site.urls"
WSGI_APPLICATION = "doudi.site.wsgi.application"
DATABASES = databases(ROLE, HOME)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "doudi.accounts.passwords.ThreeClasses"},
    {"NAME": "doudi.accounts.passwords.NotFormer"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "doudi.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "doudi.accounts.forms.SignInForm"}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = False
# a whole office comes in at half past eight from one address; the lock of one account is in accounts
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip"}

SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = sorted(str(path) for path in PACKAGE.glob("*/locale"))

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
FILE_UPLOAD_TEMP_DIR = HOME / "incoming"  # deliveries hold people's data: not in a folder that others use
FILE_UPLOAD_PERMISSIONS = 0o600

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_settings(os.environ.get("DOUDI_LOG_LEVEL", "INFO"))

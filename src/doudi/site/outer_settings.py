"""Settings of the internet zone's process: residents' pages, no database, no keys, no accounts.

DOUDI_GATEWAY_SOCKET is the only way in; DOUDI_OUTER_AREA the county whose townships may be written to.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONCE, SELF

from doudi.site.addresses import allowed_hosts
from doudi.site.logs import logging_settings

PACKAGE = Path(__file__).resolve().parents[1]
GATEWAY_SOCKET = os.environ.get("DOUDI_GATEWAY_SOCKET", "")
# the files of rules, which are no secret: what is kept how long is read from them
POLICY = Path(os.environ.get("DOUDI_POLICY", PACKAGE.parents[1] / "policy"))
OUTER_AREA = os.environ.get("DOUDI_OUTER_AREA", "")
# one process, preloaded: what it signs (the form's token) lives as long as it does
SECRET_KEY = os.environ.get("DOUDI_OUTER_SECRET") or secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = allowed_hosts()
DATABASES: dict[str, dict[str, str]] = {}
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "doudi.gateway.outer.FrameConfig",
    "doudi.gateway.outer.OuterConfig",
    "doudi.gateway.outer.KeepingConfig",
]
MIDDLEWARE = [
    "doudi.core.request_id.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "doudi.core.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "doudi.gateway.outer.NeverKept",
    "doudi.core.middleware.ErrorsToHttp",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "doudi.gateway.outer.frame",
            ],
            "builtins": [
                "django.templatetags.i18n", "django.templatetags.static", "doudi.core.templatetags.doudi"
            ],
        },
    }
]  # fmt: skip
ROOT_URLCONF = "doudi.gateway.resident_urls"
WSGI_APPLICATION = "doudi.site.outer_wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
HTTPS = os.environ.get("DOUDI_HTTPS") == "1"
ELDER_COOKIE_NAME = "elder"
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# only for a proxy that sets it itself on every request; without it a proxy that ends TLS is redirected for ever
_HEADER = os.environ.get("DOUDI_PROXY_SSL_HEADER", "")
SECURE_PROXY_SSL_HEADER = (f"HTTP_{_HEADER.upper().replace('-', '_')}", "https") if _HEADER else None
CSRF_TRUSTED_ORIGINS = [one for one in os.environ.get("DOUDI_TRUSTED_ORIGINS", "").split(",") if one]
# how many proxies of ours stand before the pages: a visitor's address is what the outermost one saw
PROXIES = int(os.environ.get("DOUDI_PROXIES", "0"))
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [str(PACKAGE / app / "locale") for app in ("core", "gateway", "keeping")]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # this process writes nothing, also no static files
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_settings(os.environ.get("DOUDI_LOG_LEVEL", "INFO"))

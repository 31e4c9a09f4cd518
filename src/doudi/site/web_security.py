"""Settings of what browsers and proxies are told. From the environment:

DOUDI_HTTPS=1 — the house is reached by HTTPS: secure cookies with the prefix `__Host-`, HSTS, redirect.
DOUDI_PROXY_SSL_HEADER — the header by which a proxy in front says so, such as X-Forwarded-Proto. Only for a proxy that
sets it itself on every request; it is believed.
DOUDI_TRUSTED_ORIGINS — addresses a browser may see the house under when the proxy changes its name, by commas.
"""

from __future__ import annotations

import os
from typing import Any

from csp.constants import NONCE, NONE, SELF

from doudi.site.profile import wants_https

HTTPS = wants_https()
_PREFIX = "__Host-" if HTTPS else ""

SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language" if HTTPS else "django_language"
ELDER_COOKIE_NAME = f"{_PREFIX}elder"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
# what pages have to say once is kept with the session, not in a cookie
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

WHITENOISE_ALLOW_ALL_ORIGINS = False
SECURE_SSL_REDIRECT = HTTPS
# monitoring on this machine has no certificate to ask by, and is told levels of parts only
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_HEADER = os.environ.get("DOUDI_PROXY_SSL_HEADER", "")
SECURE_PROXY_SSL_HEADER = (f"HTTP_{_HEADER.upper().replace('-', '_')}", "https") if _HEADER else None
CSRF_TRUSTED_ORIGINS = [one for one in os.environ.get("DOUDI_TRUSTED_ORIGINS", "").split(",") if one]

CONTENT_SECURITY_POLICY: dict[str, dict[str, Any]] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
UPLOADS_A_DAY_EACH = (500, 4 * 2**30)
"""Files and bytes that one account may hand in within 24 hours."""
UPLOADS_A_DAY_ALL = (5000, 32 * 2**30)
SCANNER = os.environ.get("DOUDI_CLAMD", "")
"""Where clamd listens: unix:/path or tcp:host:port; empty for none. A scanner that does not answer stops uploads."""

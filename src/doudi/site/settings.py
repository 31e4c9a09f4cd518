"""Settings, from the environment: DOUDI_HOME (./var), DATABASE_URL, DOUDI_ROLE (web | work | migrate | read)."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from doudi.accounts.logic.password_profiles import profile, validators
from doudi.site.addresses import allowed_hosts, first_host
from doudi.site.database import databases
from doudi.site.logs import logging_settings
from doudi.site.profile import password_rules
from doudi.site.profile import profile as office
from doudi.site.web_security import *  # noqa: F403  (cookies, headers, content policy, limits of requests)

HOME = Path(os.environ.get("DOUDI_HOME", "var")).resolve()
PACKAGE = Path(__file__).resolve().parents[1]
POLICY = Path(os.environ.get("DOUDI_POLICY", PACKAGE.parents[1] / "policy"))
ROLE = os.environ.get("DOUDI_ROLE", "web")
PROFILE = office().name

_KEY = HOME / "keys" / "secret_key"
# without keys (before `doudi init`) a process gets a key of its own: nothing it signs outlives it
SECRET_KEY = _KEY.read_text().strip() if _KEY.exists() else secrets.token_urlsafe(50)
DEBUG = False
ALLOWED_HOSTS = allowed_hosts()
HEALTH_HOST = first_host(ALLOWED_HOSTS)

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
    "doudi.keeping",
    "doudi.exports",
    "doudi.registry",
    "doudi.sources",
    "doudi.rulebook",
    "doudi.gateway",
    "doudi.matching",
    "doudi.verification",
    "doudi.cases",
    "doudi.desk",
    "doudi.insight",
    "doudi.exchange",
    "doudi.operations",
    # after our apps: our templates come before theirs
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "doudi.core.headers.SafeHeaders",  # outermost: every answer has them
    "doudi.core.request_id.RequestId",
    "doudi.operations.middleware.Measured",
    "doudi.operations.middleware.HealthFromHere",
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
    "doudi.accounts.sessions.OpenSession",
    "doudi.accounts.second_factor.SecondFactorFirst",
    "doudi.accounts.access.ActsUnderGrant",
    "doudi.exchange.access.CallsByToken",
    "doudi.core.row_context.BoundToGrant",  # right after: from here on every statement is within the grant
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "doudi.core.middleware.RequireLogin",
    "doudi.audit.middleware.AnswersOnRecord",
    "doudi.exports.middleware.OneDoor",
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
                "doudi.exports.context.marked",
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
# dengbao (等保 level 3: three classes of signs, 90 days, none of the last five) or asvs (length, no forced change)
PASSWORD_PROFILE = profile(password_rules()).name
AUTH_PASSWORD_VALIDATORS = validators(PASSWORD_PROFILE)
# required, or optional: the demo house only, said on every page
SECOND_FACTOR = os.environ.get("DOUDI_SECOND_FACTOR", "required")
if SECOND_FACTOR not in ("required", "optional"):
    raise ValueError(f"DOUDI_SECOND_FACTOR must be required or optional, not {SECOND_FACTOR!r}")
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "doudi.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "doudi.accounts.forms.SignInForm"}
MFA_ADAPTER = "doudi.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "doudi.accounts.second_factor_forms.CodeForm",
    "reauthenticate": "doudi.accounts.second_factor_forms.CodeAgainForm",
    "authenticate_webauthn": "doudi.accounts.second_factor_forms.PasskeyForm",
    "reauthenticate_webauthn": "doudi.accounts.second_factor_forms.PasskeyAgainForm",
}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = False
# a whole office comes in at half past eight from one address; the lock of one account is in accounts
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip"}

# how many proxies of ours stand before the house: the address of a sign-in is what the outermost one saw
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DOUDI_PROXIES", "0"))

# a government identity provider (OpenID Connect), if there is one; accounts are bound to its subjects one by one
OIDC_SERVER = os.environ.get("DOUDI_OIDC_SERVER", "").rstrip("/")
OIDC_NAME = os.environ.get("DOUDI_OIDC_NAME", "统一身份认证")
OIDC_SECOND_FACTOR = os.environ.get("DOUDI_OIDC_SECOND_FACTOR", "")
_OIDC_SECRET = os.environ.get("DOUDI_OIDC_SECRET_FILE", "")
SOCIALACCOUNT_ADAPTER = "doudi.accounts.identity.IdentityAdapter"
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "SCOPE": ["openid"],
            "APPS": [
                {
                    "provider_id": "government",
                    "name": OIDC_NAME,
                    "client_id": os.environ.get("DOUDI_OIDC_CLIENT", ""),
                    "secret": Path(_OIDC_SECRET).read_text().strip() if _OIDC_SECRET else "",
                    "settings": {"server_url": OIDC_SERVER, "fetch_userinfo": False},
                }
            ],
        }
    }
    if OIDC_SERVER
    else {}
)
if OIDC_SERVER:  # the way to the provider is a form that is sent there
    _directives: dict[str, Any] = CONTENT_SECURITY_POLICY["DIRECTIVES"]  # noqa: F405
    _directives["form-action"] = [*_directives["form-action"], "://".join(urlsplit(OIDC_SERVER)[:2])]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE = timedelta(minutes=int(os.environ.get("DOUDI_IDLE_MINUTES", "15")))
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

# so many people's data one person takes out alone, in one file and in one day; more needs a second person
EXPORT_PERSONS_A_FILE = int(os.environ.get("DOUDI_EXPORT_PERSONS", "500"))
EXPORT_PERSONS_A_DAY = int(os.environ.get("DOUDI_EXPORT_PERSONS_A_DAY", "2000"))
EXPORT_WHOLE_A_FILE = int(os.environ.get("DOUDI_EXPORT_WHOLE", "30"))  # with whole identity numbers
EXPORT_COPIES_A_DAY = int(os.environ.get("DOUDI_EXPORT_COPIES_A_DAY", "20"))  # copies of own data for residents

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_settings(os.environ.get("DOUDI_LOG_LEVEL", "INFO"))

"""A real OpenID Connect server in a process of its own: django-oauth-toolkit over SQLite, with a few people.

`python -m tests.accounts.identity_provider FOLDER` prints one line of JSON when it answers: its address, the subjects
of its people. Whoever asks to sign in as somebody is believed: what is tried is our side.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

CLIENT, SECRET = "doudi", "nothing-but-a-test-secret"
PEOPLE = ("zhou", "li", "wang")
BACK = "http://testserver/accounts/government/government/callback/"


class Silent(WSGIRequestHandler):
    """No line a request."""

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


def configure(folder: Path) -> None:
    """A Django project of its own."""
    from django.conf import settings

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.configure(
        SECRET_KEY="only-for-this-run", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True,
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                        "oauth2_provider"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite3")}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        LOGIN_URL="/sign-in/",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
            "SCOPES": {"openid": "who you are"},
            "PKCE_REQUIRED": True,
            "OAUTH2_VALIDATOR_CLASS": f"{__name__}.validator",
        },
    )  # fmt: skip


def validator() -> Any:
    """What the provider says of people: name and number, which we must not keep, and how they signed in."""
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):  # type: ignore[misc]
        oidc_claim_scope = None

        def get_additional_claims(self, request: Any) -> dict[str, Any]:
            strong = request.user.username != "li"
            return {
                "name": "周敏", "id_number": "990101198001010017", "amr": ["pwd", "mfa"] if strong else ["pwd"],
                "acr": "loa3" if strong else "loa1",
            }  # fmt: skip

    return Validator()


def sign_in(request: Any) -> Any:
    """/sign-in/?as=zhou&next=…: believed."""
    from django.contrib.auth import get_user_model, login
    from django.http import HttpResponse, HttpResponseRedirect

    name = request.GET.get("as", "")
    if not name:
        return HttpResponse("who?")
    login(request, get_user_model().objects.get(username=name))
    return HttpResponseRedirect(request.GET.get("next", "/"))


def main(folder: Path) -> None:
    """Makes the people and serves until it is ended."""
    configure(folder)
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path
    from oauth2_provider.models import Application

    global urlpatterns
    urlpatterns = [path("sign-in/", sign_in), path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]
    call_command("migrate", verbosity=0, interactive=False)
    subjects = {name: str(get_user_model().objects.create_user(username=name).pk) for name in PEOPLE}
    Application.objects.create(
        client_id=CLIENT, client_secret=SECRET, client_type="confidential", redirect_uris=BACK, algorithm="RS256",
        authorization_grant_type="authorization-code", skip_authorization=True,
    )  # fmt: skip
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Silent)
    print(json.dumps({"address": f"http://127.0.0.1:{server.server_port}/o", "subjects": subjects}), flush=True)
    server.serve_forever()


urlpatterns: list[Any] = []

if __name__ == "__main__":
    main(Path(sys.argv[1]))

# ruff: noqa: E501  (tables of files and texts: one a line)
"""S-25: what every answer tells the browser, on every address there is, for everybody, with and without HTTPS."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.bars.conftest import Bar
from tests.bars.discovered import routes
from tests.bars.pages import walk
from tests.bars.seeded import Seeded, seed

WANTED = {
    "X-Content-Type-Options": r"nosniff",
    "X-Frame-Options": r"DENY",
    "Referrer-Policy": r"same-origin",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "Permissions-Policy": r".*camera=\(\).*geolocation=\(\).*",
    "Content-Security-Policy": r"(?=.*default-src 'none')(?=.*base-uri 'none')(?=.*frame-ancestors 'none').*",
}
UNSAFE = re.compile(r"unsafe-|\*|https?:|strict-dynamic")
INLINE = re.compile(rb"\son[a-z]+\s*=\s*[\"']|\sstyle\s*=\s*[\"']|javascript:", re.IGNORECASE)
BARE_SCRIPT = re.compile(rb"<(script|style)(?![^>]*\b(?:nonce|src)=)[^>]*>", re.IGNORECASE)


def faults(response: HttpResponse, *, https: bool = False) -> list[str]:
    """What is missing or too much in an answer."""
    found = [name for name, wanted in WANTED.items() if not re.fullmatch(wanted, response.get(name, ""))]
    policy = response.get("Content-Security-Policy", "")
    found += ["unsafe policy"] if UNSAFE.search(policy) else []
    is_static = response.request["PATH_INFO"].startswith("/static/") and response.status_code == 200
    found += ["kept by browsers"] if not is_static and "no-store" not in response.get("Cache-Control", "") else []
    found += ["HSTS"] if https and "max-age=31536000" not in response.get("Strict-Transport-Security", "") else []
    found += ["open to other origins"] if response.get("Access-Control-Allow-Origin") else []
    for cookie in response.cookies.values():
        safe = cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict") and cookie["path"] == "/"
        hosted = not https or (cookie["secure"] and cookie.key.startswith("__Host-") and not cookie["domain"])
        found += [] if safe and hosted else [f"cookie {cookie.key}"]
    if response.get("Content-Type", "").startswith("text/html"):
        body = response.content
        found += ["inline handler or style"] if INLINE.search(body) else []
        found += ["script or style without a nonce"] if BARE_SCRIPT.search(body) else []
    return found


@pytest.fixture
def seeded(db: None, tmp_path: Path) -> Seeded:
    return seed(tmp_path)


def answers(seeded: Seeded) -> Iterator[tuple[str, HttpResponse]]:
    """(who and where, answer): every address as nobody and as one who is signed in, by GET and POST and OPTIONS."""
    signed = {role: seeded.client(role) for role in seeded.grants}
    stranger = Client(raise_request_exception=False)
    for route in routes():
        for who, client in (("nobody", stranger), ("handler", signed["handler"])):
            for method in ("get", "post"):
                yield f"{who} {method} {route.address}", getattr(client, method)(route.address)
    known: dict[str, set[str]] = {}
    for role, client in signed.items():
        for address, answer, _forms in walk(client, known):
            yield f"{role} get {address}", answer
    for finder in finders.get_finders():
        for path, _storage in finder.list([]):
            if not path.startswith("admin"):
                yield f"static {path}", stranger.get(settings.STATIC_URL + path)


def errors(seeded: Seeded) -> Iterator[tuple[str, HttpResponse]]:
    """Every way to be refused before, in and behind a view."""
    client, stranger = seeded.client("handler"), Client(raise_request_exception=False)
    yield "404", stranger.get("/nowhere/at/all/")
    yield "404 static", stranger.get("/static/../../etc/passwd")
    yield "400 host", stranger.get("/", HTTP_HOST="evil.example")
    yield "403 csrf", Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    yield "405", client.get("/language/")
    yield "413", stranger.post("/accounts/login/", {"login": "x" * 100_000})
    yield "400 NUL", client.post("/search/", {"q": "\0"})
    yield "400 fields", client.post("/search/", {f"f{number}": "x" for number in range(3000)})
    with override_settings(ROOT_URLCONF="tests.bars.broken_urls"):
        yield "500", stranger.get("/broken/")
        yield "503", stranger.get("/unavailable/")
        yield "409", stranger.get("/refused/")


@pytest.mark.bar("S-25", "every answer of every address carries the headers; nothing personal is kept by browsers")
def test_every_answer_has_its_headers(bar: Bar, seeded: Seeded) -> None:
    wrong, count, statuses = [], 0, set()
    for source in (answers(seeded), errors(seeded)):
        for where, response in source:
            count += 1
            statuses.add(response.status_code)
            wrong += [f"{where} ({response.status_code}): {fault}" for fault in faults(response)]
    bar.says(f"{count} answers of {len(routes())} routes, statuses {sorted(statuses)}, {len(wrong)} faults")
    assert not wrong, "\n".join(wrong[:40])
    assert {200, 302, 400, 403, 404, 405, 409, 413, 500, 503} <= statuses


UNDER_HTTPS = """
import json, django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS = ["*"]
from django.test import Client
found = []
for address, extra in (("/accounts/login/", {}), ("/nowhere/", {}), ("/static/doudi/doudi.css", {}), ("/language/", {})):
    answer = Client(raise_request_exception=False).post(address, {"language": "en"}, HTTP_X_FORWARDED_PROTO="https") \\
        if address == "/language/" else Client(raise_request_exception=False).get(address, HTTP_X_FORWARDED_PROTO="https")
    found.append([address, answer.status_code, dict(answer.headers), [
        [c.key, bool(c["httponly"]), c["samesite"], c["path"], bool(c["secure"]), c["domain"]]
        for c in answer.cookies.values()]])
found.append(["plain", Client().get("/accounts/login/").status_code, {}, []])
print(json.dumps(found))
"""


@pytest.mark.bar("S-25", "under HTTPS: HSTS, redirect, cookies bound to the host")
def test_https_behind_a_proxy(bar: Bar, home: Path) -> None:
    environment = os.environ | {
        "DOUDI_HTTPS": "1", "DOUDI_PROXY_SSL_HEADER": "X-Forwarded-Proto", "DJANGO_SETTINGS_MODULE": "doudi.site.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", UNDER_HTTPS], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    *found, (_plain, status, _headers, _cookies) = json.loads(done.stdout)
    assert status == 301, "without the proxy's word it is led to HTTPS"
    wrong = [
        address
        for address, _s, headers, _c in found
        if "max-age=31536000" not in headers.get("Strict-Transport-Security", "")
    ]
    cookies = [cookie for *_rest, own in found for cookie in own]
    for name, httponly, samesite, path, secure, domain in cookies:
        if not (
            name.startswith("__Host-")
            and httponly
            and secure
            and samesite in ("Lax", "Strict")
            and path == "/"
            and not domain
        ):
            wrong.append(f"cookie {name}")
    bar.says(f"{len(found)} answers and {len(cookies)} cookies under HTTPS, {len(wrong)} faults")
    assert cookies
    assert not wrong


PRIVATE = "99010119520117001X"


@pytest.mark.bar("S-25", "error pages repeat nothing of what was asked")
def test_error_pages_show_nothing_personal(bar: Bar, seeded: Seeded) -> None:
    client, asked, shown = seeded.client("registrar"), 0, []
    for address in (
        f"/nowhere/{PRIVATE}/",
        f"/nowhere/?q={PRIVATE}",
        f"/accounts/list/?q={PRIVATE}",
        f"/policy/{PRIVATE}/",
    ):
        for method in ("get", "post"):
            answer = getattr(client, method)(address, {"q": PRIVATE})
            asked += 1
            shown += [f"{method} {address}"] if answer.status_code >= 400 and PRIVATE in answer.content.decode() else []
    with override_settings(ROOT_URLCONF="tests.bars.broken_urls"):
        for address in ("/broken/", "/unavailable/", "/refused/"):
            answer = client.post(f"{address}?q={PRIVATE}", {"q": PRIVATE})
            asked += 1
            told = answer.content.decode()
            shown += [address] if PRIVATE in told or "Traceback" in told or "RuntimeError" in told else []
    bar.says(f"{asked} requests that failed, {len(shown)} that said too much")
    assert not shown


def test_a_house_with_debug_on_does_not_start() -> None:
    code = "import django; from django.conf import settings; settings.DEBUG = True; django.setup()"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "doudi.site.settings"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 1
    assert "does not start" in done.stderr
    assert "DEBUG" not in " ".join(name for name in os.environ if name.startswith("DOUDI")), "no variable turns it on"

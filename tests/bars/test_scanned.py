# ruff: noqa: E501
"""S-21: wapiti, a scanner for weaknesses of web sites, let loose on the served site, signed in: nothing high or medium."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from doudi.accounts.access import SESSION_KEY
from tests.architecture.project import ROOT
from tests.bars.conftest import Bar
from tests.bars.seeded import Seeded, seed, signed_in

WAPITI = ROOT / "var" / "sec-tools" / "bin" / "wapiti"
SHORT = "csp,cookieflags,http_headers,redirect,crlf,ssl"
FULL = "all,-nikto,-wapp,-cms,-brute_login_form,-takeover,-network_device,-htp,-log4shell,-spring4shell,-shellshock,-ssl,-https_redirect,-ssrf"
"""Modules that need the network, another's product or a TLS end are left out; they have nothing to ask here."""
WORST = 2
"""Levels of wapiti: 1 low … 4 critical."""
ROLES = ("registrar", "county_officer", "security_administrator")
LEFT_OUT = ("/accounts/logout/", "/language/", "/elder/")


@pytest.fixture
def served(live_site: str, tmp_path: Path) -> Iterator[tuple[str, Seeded]]:
    """The site with something in it, answering at an address."""
    yield live_site, seed(tmp_path)


def cookies(seeded: Seeded, role: str, site: str, path: Path) -> Path:
    """A file of cookies as wapiti reads it: signed in as a role."""
    host = site.removeprefix("http://").split(":")[0]
    value = signed_in(seeded.grants[role]).cookies[settings.SESSION_COOKIE_NAME].value
    own = {settings.SESSION_COOKIE_NAME: {"value": value, "expires": None, "secure": False, "port": None, "version": 0}}
    path.write_text(json.dumps({f".{host}" if "." in host else f"{host}.local": {"/": own}}))
    return path


@pytest.mark.bar("S-21", "wapiti over the served site, signed in and not: 0 high or medium")
def test_nothing_is_found(bar: Bar, served: tuple[str, Seeded], tmp_path: Path) -> None:
    if not WAPITI.exists():
        pytest.skip("make var/sec-tools/ready installs wapiti")
    site, seeded = served
    assert SESSION_KEY
    found, crawled, passes = [], 0, ("", *ROLES) if bar.full else ("", "county_officer")
    for role in passes:
        report = tmp_path / f"{role or 'nobody'}.json"
        command = [
            str(WAPITI), "-u", f"{site}/", "-f", "json", "-o", str(report), "-m", FULL if bar.full else SHORT, "--flush-session",
            "--store-session", str(tmp_path / f"session-{role}"), "--scope", "domain", "-d", "8" if bar.full else "2",
            "--max-links-per-page", "60", "--max-scan-time", str(bar.size(8, 420)), "--max-attack-time", str(bar.size(5, 120)),
            "-t", "10", "-v", "0", "--no-bugreport", "-S", "normal" if bar.full else "polite",
        ]  # fmt: skip
        for path in LEFT_OUT:
            command += ["-x", site + path]
        if role:
            command += ["-c", str(cookies(seeded, role, site, tmp_path / f"cookies-{role}.json"))]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1500, cwd=tmp_path)
        assert report.exists(), done.stdout[-1500:] + done.stderr[-1500:]
        said = json.loads(report.read_text())
        crawled += int(said["infos"].get("crawled_pages_nbr", 0))
        found += [
            f"{role or 'nobody'}: {kind}, level {one['level']}: {one['method']} {one['path']} {one['info'][:160]}"
            for kind, many in (*said["vulnerabilities"].items(), *said["anomalies"].items())
            for one in many
        ]
    grave = [line for line in found if int(line.split("level ")[1][0]) >= WORST]
    modules = FULL if bar.full else SHORT
    bar.says(
        f"{len(passes)} scans ({modules}), {crawled} pages, {len(grave)} of level medium or higher, {len(found) - len(grave)} lower"
    )
    assert crawled > 0
    assert not grave, "\n".join(grave)

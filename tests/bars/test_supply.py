# ruff: noqa: E501
"""S-26: what `make sec` looks for, and that each look would find something."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.urls import get_resolver, reverse

from doudi.audit.models import Entry
from tests.architecture.project import ROOT, modules, name_of
from tests.bars.conftest import Bar
from tests.bars.test_coverage import addresses, arguments
from tests.cases.signing_in import signed_in

TOOLS = ROOT / "var" / "sec-tools" / "bin"


def script(name: str) -> ModuleType:
    """A file of scripts/ as a module."""
    spec = importlib.util.spec_from_file_location(f"scripts_{name}", ROOT / "scripts" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        spec.loader.exec_module(made)
    finally:
        sys.path.remove(str(ROOT / "scripts"))
    return made


# written apart, so that this file does not hold what it looks for
PLANTED = {
    "private key": "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B",
    "cloud key": "AKIA" + "IOSFODNN7EXAMPLE",
    "service token": "gh" + "p_" + "a1B2" * 9,
    "web token": "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0NTY3" + ".dozjgNryP4J3jVmNHl0w",
    "address with a password": "postgresql://doudi" + ":Zq8kLw2x@db.example/doudi",
    "a value that is named like a secret": "API_KEY" + ' = "' + "q8Z3kLw2xT7vB4nM1cR6" + '"',
}


@pytest.mark.bar("S-26", "no secret in the repository; the scan finds each kind that is planted")
def test_no_secret_is_kept(bar: Bar) -> None:
    scan = script("secret_scan")
    missed = [kind for kind, text in PLANTED.items() if kind not in {found for _line, found in scan.found_in(text)}]
    places = list(scan.tracked()) + (list(scan.history()) if bar.full else [])
    found = [f"{name}:{line}: {kind}" for name, text in places for line, kind in scan.found_in(text)]
    bar.says(
        f"{len(places)} places, {len(found)} secrets; {len(PLANTED) - len(missed)} of {len(PLANTED)} planted ones found"
    )
    assert not missed
    assert not found, "\n".join(found)


@pytest.mark.bar("S-26", "the bill of materials names every package of the lock, with version, digest and licence")
def test_the_bill_is_complete(bar: Bar, tmp_path: Path) -> None:
    made = script("sbom")
    out = tmp_path / "sbom.json"
    subprocess.run([sys.executable, str(ROOT / "scripts" / "sbom.py"), str(out)], check=True, capture_output=True)
    bill = json.loads(out.read_text())
    named = {(one["name"], one.get("version")) for one in bill["components"]}
    missing = [one for one in made.locked() if (one[0], one[1]) not in named]
    bare = [
        one["name"]
        for one in bill["components"]
        if one["type"] == "library" and not (one["properties"] and one.get("licenses"))
    ]
    bar.says(
        f"{len(bill['components'])} components, {len(missing)} missing, {len(bare)} without digest or licence {bare}"
    )
    assert len(made.locked()) > 40
    assert not missing
    assert not bare
    assert bill["bomFormat"] == "CycloneDX" and re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", bill["serialNumber"])
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"])


@pytest.mark.bar("S-26", "kept advisories are compared with the lock, and an affected version is found")
def test_a_known_weakness_is_found(bar: Bar, tmp_path: Path) -> None:
    look = script("advisories")
    name, number, _digests = look.locked()[0]
    cases = {
        "named": ({"versions": [number]}, True),
        "in a range": ({"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}, True),
        "fixed": ({"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": number}]}]}, False),
        "later": ({"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "999"}]}]}, False),
    }  # fmt: skip
    wrong = []
    for case, (part, affected) in cases.items():
        folder = tmp_path / case
        folder.mkdir()
        text = {"id": "TEST-1", "affected": [{"package": {"ecosystem": "PyPI", "name": name.upper()}, **part}]}
        (folder / "one.json").write_text(json.dumps(text))
        count, lines = look.found(folder)
        wrong += [case] if count != 1 or bool(lines) != affected else []
    bar.says(f"{len(cases)} planted advisories, {len(wrong)} judged wrongly")
    assert not wrong


@pytest.mark.bar("S-26", "bandit finds nothing of high severity, and would")
def test_bandit(bar: Bar, tmp_path: Path) -> None:
    program = TOOLS / "bandit"
    if not program.exists():
        pytest.skip("make var/sec-tools/ready installs it")
    (tmp_path / "bad.py").write_text("import subprocess\nsubprocess.call('ls ' + input(), shell=True)\n")
    planted = subprocess.run([str(program), "-q", "-lll", str(tmp_path / "bad.py")], capture_output=True, check=False)
    done = subprocess.run(
        [str(program), "-q", "-lll", "-r", "src/doudi"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    bar.says(
        f"bandit: {done.stdout.count('>> Issue:')} of high severity in src; the planted one found: {planted.returncode == 1}"
    )
    assert planted.returncode == 1
    assert done.returncode == 0, done.stdout[-3000:]


NO_TOKEN = "no token against forged requests"
WITHOUT_SESSION = {"src/doudi/accounts/service_pages.py", "src/doudi/exchange/urls.py"}
"""Where other systems come in with a secret or a token of their own, and a session counts for nothing."""
DANGEROUS = {
    r"\bshell\s*=\s*True": "a shell",
    r"(?<![\w.])eval\(": "eval",
    r"\byaml\.(?:unsafe_|full_)?load\(": "YAML that makes objects",
    r"\bverify\s*=\s*False": "an unchecked certificate",
    r"@csrf_exempt|csrf_exempt\(": NO_TOKEN,
    r"\.extra\(|RawSQL\(|\.raw\(": "SQL put together",
    r"\bmktemp\(": "a file somebody else may have made",
    r"autoescape\s+off|\|safe\b(?!\w)": "text that is not escaped",
}


@pytest.mark.bar("S-26", "calls that have no place in the product are in none of its files")
def test_no_dangerous_call(bar: Bar) -> None:
    found = []
    files = [(name_of(path), text) for path, text in modules().items()]
    files += [(str(path.relative_to(ROOT)), path.read_text()) for path in (ROOT / "src").rglob("*.html")]
    for name, text in files:
        for pattern, what in DANGEROUS.items():
            found += [f"{name}: {what}"] if re.search(pattern, text) else []
    found = [one for one in found if one not in {f"{name}: {NO_TOKEN}" for name in WITHOUT_SESSION}]
    bar.says(f"{len(files)} files, {len(DANGEROUS)} patterns, {len(found)} found")
    assert not found, "\n".join(found)


@pytest.mark.django_db
@pytest.mark.bar("S-26", "where no token against forged requests is asked, a session alone does nothing")
def test_a_session_counts_for_nothing_where_no_token_is_asked(bar: Bar) -> None:
    client, _actor = signed_in("county_officer", "990101")
    exempt = [
        (name, pattern)
        for name, pattern in addresses(get_resolver().url_patterns)
        if getattr(pattern.callback, "csrf_exempt", False)
    ]
    done, before = [], Entry.objects.filter(outcome="done").count()
    for name, pattern in exempt:
        if name.endswith(":nowhere"):
            continue
        answer = client.post(reverse(name, kwargs=arguments(pattern)))
        done += [f"{name}: {answer.status_code}"] if answer.status_code < 400 else []
    bar.says(f"{len(exempt)} addresses without such a token, {len(done)} answered to a session")
    assert len(exempt) >= 3 and not done
    assert Entry.objects.filter(outcome="done").count() == before

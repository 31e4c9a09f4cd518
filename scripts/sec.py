# ruff: noqa: E501
"""`make sec`: looks at code, dependencies, secrets and licences, and writes the bill of materials. A line each.

Needs `var/sec-tools` (made from requirements/sec.txt by make) for bandit and pip-audit. Where the advisory service is not
reached that is said, and advisories kept in var/advisories are used; nothing is passed over in silence.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS, OUT = ROOT / "var" / "sec-tools" / "bin", ROOT / "var" / "security"
KEPT = ROOT / "var" / "advisories"


def ran(*command: str, seconds: float = 600) -> subprocess.CompletedProcess[str]:
    """The command's outcome; 124 when it took too long."""
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", "took too long")


def code() -> tuple[bool, str]:
    """bandit over the product: nothing of high severity."""
    report = OUT / "bandit.json"
    done = ran(str(TOOLS / "bandit"), "-q", "-r", "src/doudi", "-f", "json", "-o", str(report))
    if not report.exists():
        return False, f"bandit did not run: {done.stderr[-300:]}"
    counts = json.loads(report.read_text())["metrics"]["_totals"]
    high, medium, low = (int(counts[f"SEVERITY.{name}"]) for name in ("HIGH", "MEDIUM", "LOW"))
    return high == 0, f"bandit: {high} high, {medium} medium, {low} low in {counts['loc']} lines"


def dependencies() -> tuple[bool, str]:
    """pip-audit over what is shipped, else the advisories that are kept here."""
    report = OUT / "pip-audit.json"
    report.unlink(missing_ok=True)
    done = ran(
        str(TOOLS / "pip-audit"), "-r", "requirements/runtime.txt", "--require-hashes", "--disable-pip", "--no-deps",
        "--progress-spinner", "off", "-f", "json", "-o", str(report), seconds=300,
    )  # fmt: skip
    if report.exists():
        known = json.loads(report.read_text())["dependencies"]
        weak = [f"{one['name']} {one['version']} {fault['id']}" for one in known for fault in one.get("vulns", ())]
        return not weak, f"pip-audit: {len(known)} packages, {len(weak)} known weaknesses {'; '.join(weak)}".rstrip()
    why = (done.stderr.strip().splitlines() or ["no answer"])[-1][:120]
    kept = ran(sys.executable, "scripts/advisories.py", str(KEPT))
    said = f"pip-audit: the advisory service was not reached ({why}); offline: {kept.stdout.strip()}"
    return kept.returncode in (0, 2), said


def secrets() -> tuple[bool, str]:
    """Nothing in the tree or its history."""
    done = ran(sys.executable, "scripts/secret_scan.py", "--history")
    return done.returncode == 0, f"secrets: {done.stdout.strip()[-600:]}"


def bill() -> tuple[bool, str]:
    """The bill of materials."""
    done = ran(sys.executable, "scripts/sbom.py", str(OUT / "sbom.cdx.json"))
    return done.returncode == 0, f"SBOM: {done.stdout.strip() or done.stderr[-300:]}"


def licences() -> tuple[bool, str]:
    """The test that knows which fit."""
    done = ran(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/architecture/test_files.py")
    return done.returncode == 0, f"licences and files: {(done.stdout.strip().splitlines() or ['?'])[-1]}"


def main() -> int:
    """Everything, however the first ones end."""
    OUT.mkdir(parents=True, exist_ok=True)
    failed = 0
    for step in (code, dependencies, secrets, bill, licences):
        well, said = step()
        failed += not well
        print(f"{'ok  ' if well else 'FAIL'} {said}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

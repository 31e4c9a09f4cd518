"""What may not be in the repository, and what dependencies may be used."""

from __future__ import annotations

import re
from importlib.metadata import distributions

from tests.architecture.project import ROOT, name_of, tracked

TEXT = {".py", ".toml", ".txt", ".yaml", ".yml", ".md", ".html", ".css", ".js", ".sql", ".po", ".cfg", ".json", ""}
# written so that this file does not contain what it looks for
REGISTRY = re.compile(
    "|".join(("py" + r"pi\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "proxy" + r"\.golang"))
)
INDEX = re.compile(r"^\s*(--index-url|--extra-index-url|-i\s|--find-links)", re.MULTILINE)
MACHINE = re.compile(r"(?<![\w.:/-])/(?:ho" + r"me|ro" + r"ot|Use" + r"rs|wo" + r"rk)/\w")
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])(?!99)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
LICENCES = re.compile(
    r"MIT|BSD|Apache|ISC|MPL|Mozilla|PSF|Python Software Foundation|LGPL|Lesser General Public|Unlicense|Zlib"
    r"|PostgreSQL|Public Domain|0BSD|CC0|HPND|NCSA|Artistic",
    re.IGNORECASE,
)
NOT_IN_METADATA = {"doudi", "pip", "setuptools", "uv"}
# programs that are run on our files while developing; nothing of them is imported, linked or shipped
RUN_ONLY = {"djlint": "GPL-3.0-or-later; checks and formats templates"}
# licences that stand in the package's own file and not in its metadata
SAID_IN_THEIR_FILE = {"axe-playwright-python": "MIT License"}


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        if path.suffix in TEXT and path.stat().st_size < 2_000_000:
            found.append((name_of(path), path.read_text(encoding="utf-8", errors="ignore")))
    return found


def test_no_registry_addresses() -> None:
    assert not [name for name, text in _texts() if REGISTRY.search(text)]
    assert not [name for name, text in _texts() if name.startswith("requirements/") and INDEX.search(text)]


def test_no_paths_of_a_machine() -> None:
    assert not [f"{name}: {found[0]}" for name, text in _texts() if (found := MACHINE.search(text))]


def test_no_identity_number_could_be_somebodys() -> None:
    """Synthetic numbers begin with 99; a number whose check character is wrong belongs to nobody."""
    found = [(name, number) for name, text in _texts() for number in IDENTITY.findall(text) if _is_valid(number)]
    assert not [name for name, _ in found]


def test_every_locked_file_has_a_hash() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=[A-Za-z0-9])", path.read_text())
        assert all("--hash=sha256:" in block for block in blocks if "==" in block.split("\n")[0] and block[0] != "#")


def test_dependencies_have_licences_that_fit() -> None:
    wrong = []
    for distribution in distributions():
        meta = distribution.metadata
        name = (meta["Name"] or "").lower()
        said = " ".join([meta.get("License-Expression") or "", (meta.get("License") or "")[:400]])
        said += " ".join(line for line in meta.get_all("Classifier") or [] if line.startswith("License"))
        if name in SAID_IN_THEIR_FILE:
            said = distribution.read_text("licenses/LICENSE") or ""
            assert said.startswith(SAID_IN_THEIR_FILE[name]), name
        if name not in NOT_IN_METADATA | RUN_ONLY.keys() and not LICENCES.search(said):
            wrong.append(f"{name}: {said.strip()[:80] or 'none said'}")
    assert not wrong


def test_what_is_only_run_is_not_among_what_is_shipped() -> None:
    locked = (ROOT / "requirements" / "runtime.txt").read_text()
    assert not [name for name in RUN_ONLY if re.search(rf"^{name}==", locked, re.MULTILINE)]


def _is_valid(number: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    return "10X98765432"[total % 11] == number[17].upper()

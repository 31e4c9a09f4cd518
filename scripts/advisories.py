"""Compares the lock with known weaknesses kept on this machine: `python scripts/advisories.py FOLDER`. No network.

FOLDER holds advisories in the OSV format, one JSON a file or a ZIP of them, as the OSV database gives them out for
PyPI: a house without a way out brings them in by hand. Exit code 1 when a locked version is affected, 2 without any.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

sys.path.insert(0, str(Path(__file__).parent))
from sbom import LOCK, locked


def advisories(folder: Path) -> Iterator[dict[str, Any]]:
    """Every advisory of a folder."""
    for path in sorted(folder.rglob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))


def same(name: str) -> str:
    """Names of packages are the same whatever their case and dashes."""
    return re.sub(r"[-_.]+", "-", name).lower()


def affects(part: dict[str, Any], number: str) -> bool:
    """Whether a version is among those affected: named, or within a range."""
    if number in part.get("versions", ()):
        return True
    own = Version(number)
    for span in part.get("ranges", ()):
        if span.get("type") != "ECOSYSTEM":
            continue
        inside = False
        for event in span.get("events", ()):
            try:
                if "introduced" in event:
                    inside = inside or event["introduced"] == "0" or own >= Version(event["introduced"])
                elif ("fixed" in event and own >= Version(event["fixed"])) or (
                    "last_affected" in event and own > Version(event["last_affected"])
                ):
                    inside = False
            except InvalidVersion:
                return True  # nobody can say: a person looks
        if inside:
            return True
    return False


def found(folder: Path, lock: Path = LOCK) -> tuple[int, list[str]]:
    """(advisories read, lines of what is affected)."""
    versions = {same(name): number for name, number, _digests in locked(lock)}
    count, lines = 0, []
    for one in advisories(folder):
        count += 1
        if one.get("withdrawn"):
            continue
        for part in one.get("affected", ()):
            package = part.get("package", {})
            name = same(package.get("name", ""))
            if package.get("ecosystem") == "PyPI" and name in versions and affects(part, versions[name]):
                lines.append(f"{name} {versions[name]}: {one['id']} {one.get('summary', '')[:100]}")
    return count, sorted(set(lines))


def main() -> int:
    """0 when nothing is affected."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("var/advisories")
    count, lines = found(folder) if folder.is_dir() else (0, [])
    if not count:
        print(f"no advisories in {folder}: nothing was compared")
        return 2
    print("\n".join(lines) or f"{count} advisories, none about what is locked")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

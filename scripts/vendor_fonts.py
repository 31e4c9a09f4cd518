"""Refreshes src/doudi/documents/fonts from the collections of Debian's package fonts-noto-cjk (SIL Open Font License).

Usage: python scripts/vendor_fonts.py [folder with the four .ttc files]. Needs fonttools; takes about six minutes.
Out of each collection it takes the face for mainland China and leaves out Hangul, forms of other regions and hinting;
the bold faces keep the characters of GB 2312. Writes one .otf.xz a face, fonts.json (versions, digests, which
characters they have), OFL.txt and README.md.
"""

from __future__ import annotations

import json
import lzma
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTCollection

SOURCE = Path("/usr/share/fonts/opentype/noto")
LICENCE = Path("/usr/share/doc/fonts-noto-cjk/copyright")
TARGET = Path(__file__).resolve().parents[1] / "src" / "doudi" / "documents" / "fonts"
FACES = (("Serif", "Regular"), ("Serif", "Bold"), ("Sans", "Regular"), ("Sans", "Bold"))
SIGNS = ((0x20, 0x7E), (0xA0, 0xFF), (0x2000, 0x206F), (0x3000, 0x303F), (0xFF00, 0xFFEF))
WHOLE = (
    *SIGNS, (0x100, 0x24F), (0x2B0, 0x2FF), (0x370, 0x4FF), (0x2070, 0x2BFF), (0x2E80, 0x312F), (0x31A0, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFE10, 0xFE6F), (0x20000, 0x323AF),
)  # fmt: skip
README = """# Fonts

Printed documents use these and no others, so that they look the same on every machine. Each file is the face for
mainland China out of a collection of Noto CJK, made smaller by `scripts/vendor_fonts.py`: no Hangul, no forms of other
regions, no hinting, no layout tables; the bold faces have the characters of GB 2312. The glyphs are unchanged. They are
unpacked once into HOME/fonts. `fonts.json` also says which characters each has; what none has is named in the document.

Source: Debian package `fonts-noto-cjk` 1:20220127+repack1-1 (github.com/googlefonts/noto-cjk). Licence: SIL Open Font
License 1.1 (`OFL.txt`). © Adobe; Noto is a trademark of Google.

| file | name | version | characters | bytes unpacked | SHA-256 unpacked |
|---|---|---|---|---|---|
"""
LINE = "| {file}.xz | {family} {style} | {version} | {characters:,} | {bytes:,} | `{sha256}` |\n"


def main() -> None:
    """Make every face, then the lists."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    TARGET.mkdir(parents=True, exist_ok=True)
    faces = [face(source, kind, style) for kind, style in FACES]
    (TARGET / "fonts.json").write_text(json.dumps(faces, indent=1) + "\n", encoding="utf-8")
    lines = [LINE.format(**one) for one in faces]
    (TARGET / "README.md").write_text(README + "".join(lines), encoding="utf-8")
    (TARGET / "OFL.txt").write_text(licence(), encoding="utf-8")


def face(source: Path, kind: str, style: str) -> dict[str, Any]:
    """One face, cut down and packed; what fonts.json says of it."""
    collection = TTCollection(source / f"Noto{kind}CJK-{style}.ttc")
    family = f"Noto {kind} CJK SC"
    font = next(one for one in collection.fonts if one["name"].getDebugName(1) == family)
    wanted = {code for first, last in WHOLE for code in range(first, last + 1)} if style == "Regular" else gb2312()
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=[0, 1, 2, 3, 4, 5, 6, 7, 13, 14, 16, 17], recalc_timestamp=False
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "GSUB", "GPOS", "GDEF"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    made = BytesIO()
    subset.save_font(font, made, options)
    file = f"Noto{kind}SC-{style}.otf"
    (TARGET / f"{file}.xz").write_bytes(lzma.compress(made.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    codes = sorted(font.getBestCmap())
    print(f"{file}: {len(codes):,} characters, {len(made.getvalue()):,} bytes", flush=True)
    return {
        "file": file,
        "family": family,
        "style": style,
        "version": font["name"].getDebugName(5).split(";")[0],
        "characters": len(codes),
        "bytes": len(made.getvalue()),
        "sha256": sha256(made.getvalue()).hexdigest(),
        "has": ranges(codes),
    }


def gb2312() -> set[int]:
    """The characters of GB 2312 and the usual signs."""
    found = {code for first, last in SIGNS for code in range(first, last + 1)}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            text = bytes([row, cell]).decode("gb2312", errors="ignore")
            found.update(map(ord, text))
    return found


def ranges(codes: list[int]) -> str:
    """20-7E A0-FF …"""
    found: list[list[int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in found)


def licence() -> str:
    """The text of the licence as the package has it."""
    lines = LICENCE.read_text(encoding="utf-8").splitlines()
    first = max(number for number, line in enumerate(lines) if line == "License: SIL-1.1") + 1
    last = next(number for number, line in enumerate(lines) if number > first and line.startswith("License:"))
    text = ["" if line.strip() == "." else line[1:] for line in lines[first:last]]
    return "Noto CJK: © 2014-2022 Adobe (http://www.adobe.com/).\n\n" + "\n".join(text).strip() + "\n"


if __name__ == "__main__":
    main()

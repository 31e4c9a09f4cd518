"""PDFs: data never becomes markup, the same input gives the same bytes, characters no font has are named."""

from __future__ import annotations

import re
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from doudi.core.errors import Malformed, Missing
from doudi.documents.queries import pdf, unprintable
from doudi.documents.typefaces import faces, folder, has
from tests.architecture.project import PACKAGE
from tests.documents.reading import text_of

MARKUP = '#eval("1+1") $x^2$ *bold* _it_ = Heading \\u{41} [x] @ref <label> #import "/site/settings.py" ` // /*'


def data(**changed: Any) -> dict[str, Any]:
    """The least that the verification report shows."""
    texts: dict[str, Any] = dict.fromkeys(("authority", "number", "printed", "remark", "officer", "date", "proof"), "")
    lists: dict[str, Any] = {key: [] for key in ("about", "gaps", "compared", "totals", "sources", "people", "rows")}
    return {"title": "核对报告", "opening": "都已回。", "concluded": False} | texts | lists | changed


def test_text_in_data_is_printed_as_it_stands_and_never_read_as_markup() -> None:
    made = pdf("verification/report", data(opening=MARKUP), "zh")
    shown = re.sub(r"\s+", "", text_of(made))
    assert re.sub(r"\s+", "", MARKUP) in shown


def test_the_same_data_gives_the_same_bytes_and_says_no_time() -> None:
    first = pdf("verification/report", data(), "zh")
    assert first == pdf("verification/report", data(), "zh")
    assert first != pdf("verification/report", data(), "en")
    assert b"CreationDate" not in first and b"ModDate" not in first


def test_decimals_and_dates_become_text() -> None:
    made = pdf("verification/report", data(about=[["金额", Decimal("533.33")]]), "zh")
    assert "533.33" in text_of(made)


def test_a_character_no_font_has_is_named_in_its_place_and_at_the_end() -> None:
    rare = "\U000323b0"
    assert unprintable(f"马{rare}\n超{rare}") == ["U+323B0"]
    shown = text_of(pdf("verification/report", data(opening=f"马{rare}"), "zh")).replace("\n", "")
    assert "[U+323B0]" in shown
    assert shown.count("U+323B0") == 2


def test_rare_characters_of_names_have_glyphs() -> None:
    assert unprintable("䶮𬘭𠮷㐂喆玥堃淼犇赟祎〇·●＊—…①²㎡") == []


def test_every_character_of_the_templates_can_be_printed() -> None:
    for path in sorted(PACKAGE.glob("*/typst/*.typ")):
        assert unprintable(path.read_text(encoding="utf-8").replace("\t", " ")) == [], path.name


def test_only_our_fonts_are_used_and_they_are_unpacked_once(home: Path) -> None:
    made = pdf("verification/report", data(opening="粗体 bold", concluded=True, remark="正文"), "zh")
    names = set(re.findall(rb"/BaseFont\s*/([\w+-]+)", made))
    assert names and all(b"NotoSerifCJKsc" in name or b"NotoSansCJKsc" in name for name in names)
    assert folder() == home / "fonts"
    before = {path.name: path.stat().st_mtime_ns for path in folder().glob("*.otf")}
    assert {face["file"] for face in faces()} == set(before)
    assert before == {path.name: path.stat().st_mtime_ns for path in folder().glob("*.otf")}


def test_the_fonts_are_small_and_have_their_licence() -> None:
    shipped = PACKAGE / "documents" / "fonts"
    assert sum(path.stat().st_size for path in shipped.iterdir()) < 20_000_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (shipped / "OFL.txt").read_text(encoding="utf-8")
    readme = (shipped / "README.md").read_text(encoding="utf-8")
    assert all(face["sha256"] in readme for face in faces())


def test_line_ends_need_no_glyph_and_control_characters_are_named() -> None:
    assert has("\n")
    assert not has("\x00") and not has("\x1b")


@pytest.mark.parametrize("name", ["nothing/here", "../site/settings", "verification/../../x", "verification"])
def test_an_unknown_template_is_missing(name: str) -> None:
    with pytest.raises(Missing) as caught:
        pdf(name, data(), "zh")
    assert caught.value.code == "documents.no_template"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(Malformed):
        pdf("verification/report", data(), "fr")


def test_pages_are_a4_and_tagged_with_their_language() -> None:
    made = pdf("verification/report", data(), "zh")
    assert re.search(rb"/MediaBox\s*\[0 0 595\.2\d* 841\.8\d*\]", made)
    assert b"zh-CN" in made or any(b"zh-CN" in part for part in _streams(made))


def _streams(made: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            found.append(zlib.decompress(match.group(1)))
        except zlib.error:
            continue
    return found

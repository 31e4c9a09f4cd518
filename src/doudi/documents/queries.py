"""Making PDFs: a template of an app, data as data, one language. The same input gives the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Malformed, Missing
from doudi.documents.adapters.ofd import write_ofd
from doudi.documents.typefaces import folder, has

PACKAGE = Path(__file__).resolve().parents[1]
NAME = re.compile(r"[a-z_]+/[a-z_]+")
LANGUAGES = ("zh", "en")
OFD_PPI = 150


def pdf(template: str, data: Mapping[str, Any], lang: str, *, mark: str = "") -> bytes:
    """The PDF of `<app>/<name>` (src/doudi/<app>/typst/<name>.typ). Looks and acts are recorded by the caller.

    Data reaches the template as JSON, so that no text in it is ever read as markup. A character that no font has is
    printed as [U+XXXX] and listed at the end of the document. Decimals and dates become text. `mark` is drawn faintly
    over every page: who has it, since when, what for.
    """
    made = _made(template, data, lang, mark, format="pdf")
    assert isinstance(made, bytes)
    return made


def ofd(template: str, data: Mapping[str, Any], lang: str, *, title: str, made_on: date, mark: str = "") -> bytes:
    """The same document as OFD: its pages as pictures, the PDF beside them. What that is not, `adapters.ofd` says."""
    pages = _made(template, data, lang, mark, format="png", ppi=OFD_PPI)
    shown = pages if isinstance(pages, list) else [pages]
    return write_ofd(shown, pdf(template, data, lang, mark=mark), title=title, made_on=made_on)


def _made(template: str, data: Mapping[str, Any], lang: str, mark: str, **form: Any) -> bytes | list[bytes]:
    if lang not in LANGUAGES:
        raise Malformed("documents.language_unknown", _("文书只有中文和英文两种。"), lang=lang)
    path = PACKAGE / template.replace("/", "/typst/") if NAME.fullmatch(template) else None
    source = path.with_suffix(".typ") if path else None
    if source is None or not source.is_file():
        raise Missing("documents.no_template", _("没有这种文书。请联系系统管理员。"), template=template)
    lacking: set[str] = set()
    plain = _printable(json.loads(json.dumps(data, default=str)), lacking)
    compiler = typst.Compiler(root=str(PACKAGE), font_paths=_fonts(str(folder())), ignore_system_fonts=True)
    made = compiler.compile(
        input=str(source),
        timestamp=0,
        sys_inputs={
            "lang": lang,
            "mark": _printable(mark, lacking),
            "data": json.dumps(plain, ensure_ascii=False, sort_keys=True),
            "unprintable": json.dumps(sorted(lacking)),
        },
        **form,
    )
    assert made is not None
    return made


def unprintable(text: str) -> list[str]:
    """The characters of a text that no font has, as U+XXXX in order."""
    return sorted({code_point(character) for character in text if not has(character)})


def code_point(character: str) -> str:
    """U+XXXX."""
    return f"U+{ord(character):04X}"


def _printable(value: Any, lacking: set[str]) -> Any:
    """The data with characters no font has replaced by their code points, which are collected."""
    if isinstance(value, str):
        lacking.update(missing := unprintable(value))
        return "".join(c if has(c) else f"[{code_point(c)}]" for c in value) if missing else value
    if isinstance(value, dict):
        return {key: _printable(item, lacking) for key, item in value.items()}
    if isinstance(value, list):
        return [_printable(item, lacking) for item in value]
    return value


@cache
def _fonts(place: str) -> typst.Fonts:
    """Our fonts and no others; read once a process."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[place])

"""Every Chinese text of templates and code has its English one, and no template says Chinese outside translation."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.project import PACKAGE, ROOT, modules, name_of

KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
CHINESE = re.compile("[\u4e00-\u9fff]")


def _templates() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.html") if "templates" in path.parts)


def _wanted(*under: str) -> dict[tuple[str, str], str]:
    """Each Chinese msgid, after its context, with the first file that says it; of some apps only, where named."""
    sources = [(path, text) for path, text in modules().items()]
    sources += [(path, templatize(path.read_text(encoding="utf-8"))) for path in _templates()]
    if under:
        sources = [(path, text) for path, text in sources if path.relative_to(PACKAGE).parts[0] in under]
    found: dict[tuple[str, str], str] = {}
    for path, text in sources:
        for _line, function, messages, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
            given = (messages,) if isinstance(messages, str) else tuple(messages)
            skipped = 1 if function and function.lstrip("n").startswith("pgettext") else 0
            if given[skipped] and CHINESE.search(given[skipped]):
                found.setdefault((given[0] if skipped else "", given[skipped]), name_of(path))
    return found


@cache
def _english(*apps: str) -> set[tuple[str, str]]:
    known = set()
    for path in sorted(PACKAGE.glob("*/locale/en/LC_MESSAGES/django.po")):
        if apps and path.relative_to(PACKAGE).parts[0] not in apps:
            continue
        with path.open("rb") as file:
            for message in read_po(file):
                texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
                if message.id and all(texts) and not message.fuzzy:
                    text = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                    known.add((message.context or "", text))
    return known


def test_every_chinese_text_has_an_english_one() -> None:
    assert not {text: where for text, where in _wanted().items() if text not in _english()}


def test_the_internet_zone_has_its_english_in_its_own_catalogues() -> None:
    """Its process loads three apps: a word that only another app's catalogue knows would stay Chinese there."""
    zone = ("core", "gateway", "keeping")
    missing = {text: where for text, where in _wanted(*zone).items() if text not in _english(*zone)}
    assert not missing


def test_every_catalogue_is_sound() -> None:
    wrong = []
    for path in sorted(PACKAGE.glob("*/locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        for message in catalogue:
            wrong += [f"{path.relative_to(ROOT)}: {message.id}: {error}" for error in message.check(catalogue)]
    assert not wrong


def test_templates_say_nothing_chinese_outside_translation() -> None:
    wrong = []
    for path in _templates():
        text = re.sub(
            r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}", "", path.read_text(), flags=re.DOTALL
        )
        text = re.sub(r"{%.*?%}|{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.DOTALL)
        wrong += [name_of(path)] * bool(CHINESE.search(text))
    assert not wrong


def test_one_chinese_text_has_one_english_one() -> None:
    """All catalogues share one space: where a word means two things, one of them needs a context (pgettext)."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for path in sorted(PACKAGE.glob("*/locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    key = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                    said.setdefault((message.context, key), {})[str(message.string)] = name_of(path)
    assert not {key: texts for key, texts in said.items() if len(texts) > 1}

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


def _wanted() -> dict[str, str]:
    """Each Chinese msgid with the first file that says it."""
    sources = [(path, text) for path, text in modules().items()]
    sources += [(path, templatize(path.read_text(encoding="utf-8"))) for path in _templates()]
    found: dict[str, str] = {}
    for path, text in sources:
        for _line, function, messages, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, [], {}):
            given = (messages,) if isinstance(messages, str) else tuple(messages)
            skipped = 1 if function and function.lstrip("n").startswith("pgettext") else 0
            if given[skipped] and CHINESE.search(given[skipped]):
                found.setdefault(given[skipped], name_of(path))
    return found


@cache
def _english() -> set[str]:
    known = set()
    for path in sorted(PACKAGE.glob("*/locale/en/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
                if message.id and all(texts) and not message.fuzzy:
                    known.add(message.id[0] if isinstance(message.id, (tuple, list)) else message.id)
    return known


def test_every_chinese_text_has_an_english_one() -> None:
    assert not {text: where for text, where in _wanted().items() if text not in _english()}


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

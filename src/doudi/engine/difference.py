"""Two rulebooks compared as a reader would: what was added, removed, changed, each aspect side by side.

Sections: rules, parameters, programmes, chains, packages, facts. What entries are made of is in `difference_aspects`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from doudi.engine.difference_aspects import ASPECTS, LABEL, SECTIONS, entries
from doudi.engine.feeds import Bilingual
from doudi.engine.proposal import plain
from doudi.engine.quantities import Rulebook

__all__ = ["SECTIONS", "Aspect", "Difference", "Entry", "difference", "difference_lines"]


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect of an entry on both sides; None where it is not there."""

    name: str
    label: Bilingual
    before: Bilingual | None
    after: Bilingual | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule, parameter, programme, chain, package or fact that differs: `added`, `removed` or `changed`."""

    section: str
    name: str
    label: Bilingual
    change: str
    aspects: tuple[Aspect, ...]
    """Of a changed one, those that differ; of an added or removed one, all."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All entries, by section and name. Two rulebooks of one content have none."""

    before: str
    after: str
    place: str
    entries: tuple[Entry, ...]

    def of(self, section: str) -> tuple[Entry, ...]:
        """The entries of a section."""
        return tuple(entry for entry in self.entries if entry.section == section)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data."""
        data: dict[str, Any] = plain(self)
        return data


def difference(before: Rulebook, after: Rulebook) -> Difference:
    """What differs between two rulebooks."""
    found = tuple(entry for section in SECTIONS for entry in _section(section, before, after))
    return Difference(before.hash, after.hash, after.place, found)


def _section(section: str, before: Rulebook, after: Rulebook) -> Iterator[Entry]:
    olds, news = entries(before, section), entries(after, section)
    for name in sorted({*olds, *news}):
        old, new = olds.get(name), news.get(name)
        if old == new:
            continue
        aspects = tuple(_aspects(old or {}, new or {}))
        shown = (new or old or {}).get(LABEL) or {"zh": name, "en": name}
        change = "added" if old is None else "removed" if new is None else "changed"
        yield Entry(section, name, shown, change, aspects)


def _aspects(old: dict[str, Bilingual], new: dict[str, Bilingual]) -> Iterator[Aspect]:
    for name in dict.fromkeys([*new, *old]):
        if old.get(name) != new.get(name):
            kind, _, rest = name.partition(" ")
            words = ASPECTS.get(kind, {"zh": kind, "en": kind})
            label = {lang: f"{text} {rest}".strip() for lang, text in words.items()}
            yield Aspect(name, label, old.get(name), new.get(name))


_CHANGES = {
    "added": {"zh": "新增", "en": "added"},
    "removed": {"zh": "删去", "en": "removed"},
    "changed": {"zh": "改动", "en": "changed"},
}
_SAME = {"zh": "两部规则书没有不同。", "en": "The two rulebooks do not differ."}
_NOTHING = {"zh": "（没有）", "en": "(none)"}


def difference_lines(found: Difference, lang: str) -> Iterator[str]:
    """The difference as lines of plain text."""
    if not found.entries:
        yield _SAME[lang]
    for section, words in SECTIONS.items():
        own = found.of(section)
        if own:
            yield f"{words[lang]} ({len(own)})"
        for entry in own:
            yield f"  [{_CHANGES[entry.change][lang]}] {entry.name}: {entry.label[lang]}"
            for aspect in entry.aspects:
                old, new = aspect.before or _NOTHING, aspect.after or _NOTHING
                if entry.change == "changed":
                    yield f"      {aspect.label[lang]}"
                    yield f"        - {old[lang]}"
                    yield f"        + {new[lang]}"

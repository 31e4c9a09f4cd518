"""What a change of rules is, said as people say it: this figure, there, from that day, so much instead of so much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from doudi.engine.difference import Aspect, Difference, Entry, difference
from doudi.engine.quantities import Parameter, Rulebook
from doudi.engine.vocabulary import ParameterValue
from doudi.rulebook.logic.coming import in_force
from doudi.rulebook.logic.figures import UNIT_WORDS, Article, articles_of, key_word, written

VALUE = "value"
TECHNICAL = ("formula", "sensitivity", "kind")
"""Aspects that the words of the formula say already, or that only the files are concerned with."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One dated value of a figure. `before` is what held there on that day, set there or above; empty is nothing."""

    name: str
    label: str
    key: str
    area: str
    from_on: date
    to_on: date | None
    before: str
    after: str
    unit: str
    change: str
    article: Article


@dataclass(frozen=True, slots=True)
class WordChange:
    """Anything else that differs: a rule, a programme, a chain, a fact, or what is said about a figure."""

    label: str
    change: str
    lines: tuple[tuple[str, str, str], ...]
    """What of it, before, after."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two rulebooks, in words."""

    values: tuple[ValueChange, ...]
    words: tuple[WordChange, ...]

    @property
    def count(self) -> int:
        """How many things are otherwise."""
        return len(self.values) + len(self.words)

    @property
    def first_day(self) -> date | None:
        """The first day on which a changed figure begins."""
        return min((one.from_on for one in self.values), default=None)


def changes_between(before: Rulebook, after: Rulebook, lang: str, area_name: Callable[[str], str]) -> Changes:
    """What differs, the figures by name, area and day."""
    names = sorted({*before.parameters, *after.parameters})
    values = tuple(one for name in names for one in _values(before, after, name, lang, area_name))
    said = (_words(entry, lang, area_name) for entry in _rest(difference(before, after)).entries)
    return Changes(values, tuple(one for one in said if one.lines))


def _rest(found: Difference) -> Difference:
    """Without the values of figures that both have."""
    entries = []
    for entry in found.entries:
        kept = tuple(a for a in entry.aspects if entry.section != "parameters" or not a.name.startswith(VALUE))
        entries.append(replace(entry, aspects=kept))
    return replace(found, entries=tuple(entries))


def _values(
    before: Rulebook, after: Rulebook, name: str, lang: str, area_name: Callable[[str], str]
) -> Iterator[ValueChange]:
    old, new = before.parameters.get(name), after.parameters.get(name)
    olds, news = _by_spot(old), _by_spot(new)
    for area, day, key in sorted({*olds, *news}):
        was, now = olds.get((area, day, key)), news.get((area, day, key))
        if _said(was) == _said(now):
            continue
        book, parameter = (after, new) if new is not None else (before, old)
        value = now or was
        if parameter is None or value is None:
            continue
        yield ValueChange(
            name=name,
            label=parameter.label[lang],
            key=key_word(book, parameter, key, lang),
            area=area_name(area),
            from_on=day,
            to_on=value.to_on,
            before=_text(before, old, was or _held(old, area, key, day), lang),
            after=_text(after, new, now or _held(new, area, key, day), lang),
            unit=UNIT_WORDS.get(parameter.kind.unit, {}).get(lang, ""),
            change="added" if was is None else "removed" if now is None else "changed",
            article=articles_of([value.basis])[0],
        )


def _held(parameter: Parameter | None, area: str, key: str, day: date) -> ParameterValue | None:
    return in_force(parameter.values, area, key, day) if parameter is not None else None


def _by_spot(parameter: Parameter | None) -> dict[tuple[str, date, str], ParameterValue]:
    return {(v.area, v.from_on, v.key or ""): v for v in parameter.values} if parameter is not None else {}


def _said(value: ParameterValue | None) -> tuple[object, ...]:
    return (value.value, value.to_on, *articles_of([value.basis])) if value is not None else ()


def _text(book: Rulebook, parameter: Parameter | None, value: ParameterValue | None, lang: str) -> str:
    if parameter is None or value is None:
        return ""
    if parameter.kind.base == "code":
        return next((f.codes[str(value.value)][lang] for f in book.facts.values() if value.value in f.codes),
                    str(value.value))  # fmt: skip
    return written(value.value, parameter.kind.unit, lang)


def _words(entry: Entry, lang: str, area_name: Callable[[str], str]) -> WordChange:
    names = {aspect.name for aspect in entry.aspects}
    dropped = TECHNICAL if "words" in names or entry.change != "changed" else ()
    kept = (aspect for aspect in entry.aspects if aspect.name not in dropped)
    return WordChange(entry.label[lang], entry.change, tuple(_line(aspect, lang, area_name) for aspect in kept))


def _line(aspect: Aspect, lang: str, area_name: Callable[[str], str]) -> tuple[str, str, str]:
    before, after = ((side or {}).get(lang, "") for side in (aspect.before, aspect.after))
    if aspect.name == "set_in":
        before, after = (area_name(code) if code else "" for code in (before, after))
    return aspect.label[lang], before, after

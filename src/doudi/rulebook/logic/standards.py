"""Standards: what holds for each area and code on a day, where it was set, what is inherited, what nobody has set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from doudi.engine.quantities import Parameter, Rulebook
from doudi.engine.vocabulary import LEVELS, ParameterValue
from doudi.engine.walk import references
from doudi.rulebook.logic.coming import Coming, Held, in_force, next_value
from doudi.rulebook.logic.figures import (
    BETWEEN,
    LEVEL_WORDS,
    UNIT_WORDS,
    Article,
    articles_of,
    key_word,
    written,
)
from doudi.rulebook.logic.rule_page import Link


@dataclass(frozen=True, slots=True)
class Cell:
    """What holds for one area and code on the day; without a value it is a gap."""

    key: str
    value: str
    from_on: date | None
    to_on: date | None
    set_in: str
    set_in_name: str
    inherited: bool
    article: Article | None
    is_gap: bool = False
    """Nobody has set it where it is needed; areas above may leave a figure to those below."""
    next: Coming | None = None
    """The next value that is published already."""


@dataclass(frozen=True, slots=True)
class Row:
    """One area of the table."""

    area: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """An area, a code and a day for which nobody has set the figure."""

    area_name: str
    key: str
    on: date


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of the history."""

    area: str
    area_name: str
    key: str
    value: str
    from_on: date
    to_on: date | None
    article: Article
    is_own: bool
    in_force: bool


@dataclass(frozen=True, slots=True)
class Standard:
    """A parameter: its words, its table on a day, its gaps, its history, what hangs on it."""

    name: str
    label: str
    unit: str
    set_by: str
    may_set_here: bool
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
    gaps: tuple[Gap, ...]
    history: tuple[Dated, ...]
    hanging: tuple[Link, ...]
    is_sample: bool
    programmes: tuple[Link, ...] = ()


def key_words(rulebook: Rulebook, parameter: Parameter, lang: str) -> dict[str, str]:
    """The codes a parameter differs by, with their words; one empty key when it has one value."""
    return {key: key_word(rulebook, parameter, key, lang) for key in keys_of(parameter)}


def keys_of(parameter: Parameter) -> tuple[str, ...]:
    """The codes a parameter differs by; one empty key when it has one value."""
    return tuple(parameter.by.kind.codes or ()) if parameter.by is not None else ("",)


def standard(
    rulebook: Rulebook,
    name: str,
    areas: Sequence[str],
    *,
    place: str,
    on: date,
    lang: str,
    area_name: Callable[[str], str],
    books: Sequence[Held] = (),
    readers: Readers | None = None,
) -> Standard:
    """The table of one parameter over `areas` on a day, as the rulebook of `place` has it. `readers` of the rulebook,
    where many parameters are shown.

    `books`: the rulebooks in force from that day on, each with its first day, where what comes next is wanted.
    """
    parameter = rulebook.parameters[name]
    words = key_words(rulebook, parameter, lang)
    seen = _Reader(parameter, words, place, on, lang, area_name, books)
    rows = tuple(Row(area, area_name(area), tuple(_cells(seen, area))) for area in areas)
    gaps = tuple(Gap(row.name, cell.key, on) for row in rows for cell in row.cells if cell.is_gap)
    history = tuple(_history(seen))
    rules, programmes = hanging_on(rulebook, name, lang, readers)
    return Standard(
        name=name,
        label=parameter.label[lang],
        unit=UNIT_WORDS.get(parameter.kind.unit, {}).get(lang, ""),
        set_by=BETWEEN[lang].join(LEVEL_WORDS[level][lang] for level in parameter.set_by),
        may_set_here=may_set(parameter, place),
        keys=tuple(words.values()),
        rows=rows,
        gaps=gaps,
        history=history,
        hanging=rules,
        is_sample=any(one.article.sample for one in history if one.in_force),
        programmes=programmes,
    )


def may_set(parameter: Parameter, area: str) -> bool:
    """Whether an area of that level may set the figure."""
    return not parameter.set_by or LEVELS.get(len(area)) in parameter.set_by


Readers = Mapping[str, Sequence[str]]
"""Of a parameter or quantity, by qualified name, the quantities that read it."""


def readers_of(rulebook: Rulebook) -> Readers:
    """Who reads what in a rulebook."""
    readers: dict[str, list[str]] = {}
    for quantity in rulebook.quantities.values():
        if quantity.origin == "variant":
            continue
        for ref, _ in references(quantity.formula, quantity.entity):
            key = ref.name if ref.entity == "parameter" else f"{ref.entity}.{ref.name}"
            readers.setdefault(key, []).append(quantity.qualified)
    return readers


def hanging_on(
    rulebook: Rulebook, name: str, lang: str, readers: Readers | None = None
) -> tuple[tuple[Link, ...], tuple[Link, ...]]:
    """Every rule that depends on a parameter, the nearest first, and the programmes among them."""
    known = readers_of(rulebook) if readers is None else readers
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        for reader in known.get(waiting.pop(0), ()):
            if reader not in found:
                found[reader] = None
                waiting.append(reader)
    rules = [q for one in found if (q := rulebook.quantities[one]).origin == "rule"]
    names = {q.name.partition("__")[0] for one in found if (q := rulebook.quantities[one]).origin == "programme"}
    return (
        tuple(Link("rule", q.qualified, q.label[lang]) for q in rules),
        tuple(Link("programme", p.name, p.label[lang]) for p in rulebook.programmes.values() if p.name in names),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """A parameter with how it is looked at."""

    parameter: Parameter
    words: dict[str, str]
    place: str
    on: date
    lang: str
    area_name: Callable[[str], str]
    books: Sequence[Held]

    def written(self, value: ParameterValue) -> str:
        return written(value.value, self.parameter.kind.unit, self.lang)


def _cells(seen: _Reader, area: str) -> Iterable[Cell]:
    for key, word in seen.words.items():
        value = in_force(seen.parameter.values, area, key, seen.on)
        coming = next_value(seen.books, seen.parameter.name, area, key, seen.on, seen.lang)
        if value is None:
            gap = area.startswith(seen.place)
            yield Cell(word, "", None, None, "", "", False, None, gap, coming)
            continue
        yield Cell(
            word,
            seen.written(value),
            value.from_on,
            value.to_on,
            value.area,
            seen.area_name(value.area),
            value.area != area,
            articles_of([value.basis])[0],
            next=coming,
        )


def _history(seen: _Reader) -> Iterable[Dated]:
    """Newest first within an area, the nearest area first."""
    values, place = seen.parameter.values, seen.place
    for value in sorted(values, key=lambda v: (-len(v.area), v.area, -v.from_on.toordinal(), v.key or "")):
        now = in_force(values, place if place.startswith(value.area) else value.area, value.key or "", seen.on)
        yield Dated(
            value.area,
            seen.area_name(value.area),
            seen.words.get(value.key or "", value.key or ""),
            seen.written(value),
            value.from_on,
            value.to_on,
            articles_of([value.basis])[0],
            value.area == place,
            now is value,
        )

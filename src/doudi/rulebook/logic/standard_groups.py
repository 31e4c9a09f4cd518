"""The table of standards cut to what somebody looks for: by programme under headings, of one residence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from doudi.engine.quantities import Rulebook
from doudi.engine.tree import Ref
from doudi.rulebook.logic.policy_page import ProgrammeLine
from doudi.rulebook.logic.standards import Row, Standard, key_words


@dataclass(frozen=True, slots=True)
class StandardGroup:
    """The figures under one heading: of a programme; without a name those on which no programme hangs."""

    name: str
    label: str
    standards: tuple[Standard, ...]


def grouped(
    standards: Iterable[Standard], programmes: Sequence[ProgrammeLine], chosen: str = ""
) -> list[StandardGroup]:
    """Each figure under the first programme that hangs on it; or all figures of the chosen programme."""
    labels = {one.name: one.label for one in programmes}
    order = {name: number for number, name in enumerate(labels)}
    found: dict[str, list[Standard]] = {}
    for one in standards:
        names = [link.name for link in one.programmes]
        if chosen and chosen not in names:
            continue
        first = chosen or min(names, key=lambda name: order.get(name, len(order)), default="")
        found.setdefault(first, []).append(one)
    ordered = sorted(found, key=lambda name: order.get(name, len(order)))
    return [
        StandardGroup(name, labels.get(name, ""), tuple(sorted(found[name], key=lambda one: one.label)))
        for name in ordered
    ]


def residences(rulebook: Rulebook, lang: str) -> dict[str, str]:
    """The kinds of residence by which figures differ: code → word."""
    found: dict[str, str] = {}
    for parameter in rulebook.parameters.values():
        if isinstance(parameter.by, Ref) and parameter.by.name.endswith("residence"):
            found |= key_words(rulebook, parameter, lang)
    return found


def of_residence(one: Standard, word: str, words: Iterable[str]) -> Standard:
    """A figure that differs by residence, with the column of one kind only; any other as it is."""
    if not word or not set(one.keys) <= set(words):
        return one
    rows = tuple(Row(row.area, row.name, tuple(cell for cell in row.cells if cell.key == word)) for row in one.rows)
    gaps = tuple(gap for gap in one.gaps if gap.key == word)
    return replace(one, keys=(word,), rows=rows, gaps=gaps)

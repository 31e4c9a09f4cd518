"""A programme's policy page, made from its rules: conditions, figures, steps of the amount, needs, days, articles.

Everything shown is read from the rulebook, in the language asked for; there is no text of one programme here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from doudi.engine.feeds import Bilingual
from doudi.engine.rulebook import Quantity, Rulebook
from doudi.engine.tree import And, Case, Node, Not, Ref
from doudi.engine.vocabulary import Basis, FactDefinition, ProgrammeDefinition, Stage
from doudi.engine.walk import references
from doudi.rulebook.logic.figures import Article, Figure, articles_of, figures_of

DEEPEST = 4
ASKED_OF: dict[str, Bilingual] = {
    "declared": {"zh": "申请人申报", "en": "declared by the applicant"},
    "registry": {"zh": "户口登记和申请表", "en": "register and application form"},
    "discretion": {"zh": "由人决定，写明理由", "en": "chosen by a person who says why"},
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold (or one step of the amount) in the words of its rule, with what it consists of."""

    label: str
    sentence: str
    articles: tuple[Article, ...]
    parts: tuple[Condition, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that somebody must tell or a department's list must answer; `source` says which."""

    label: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the programme's course and its days."""

    label: str
    days: int
    calendar: bool
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme in the list."""

    name: str
    label: str
    authority: str
    unit: str
    recognition: bool


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """What a programme's page shows."""

    label: str
    authority: str
    unit: str
    recognition: bool
    conditions: tuple[Condition, ...]
    workings: tuple[Condition, ...]
    figures: tuple[Figure, ...]
    unset: tuple[str, ...]
    needs: tuple[Need, ...]
    materials: tuple[str, ...]
    stages: tuple[Step, ...]
    articles: tuple[Article, ...]


def list_programmes(rulebook: Rulebook, lang: str) -> list[ProgrammeLine]:
    """The programmes, those of a chain first and in its order."""
    ordered = [name for chain in rulebook.chains.values() for name in chain.programmes]
    names = list(dict.fromkeys([*ordered, *sorted(rulebook.programmes)]))
    found = [rulebook.programmes[name] for name in names]
    return [ProgrammeLine(p.name, p.label[lang], p.authority[lang], p.unit, p.recognition) for p in found]


@dataclass(frozen=True, slots=True)
class ProgrammeGroup:
    """Programmes that belong together: of a chain, tried in order; of a package, opened by a recognition; others."""

    kind: str
    label: str
    lines: tuple[ProgrammeLine, ...]


def programme_groups(rulebook: Rulebook, lang: str) -> list[ProgrammeGroup]:
    """All programmes, each once: chains in their order, then packages, then the rest by label."""
    lines = {line.name: line for line in list_programmes(rulebook, lang)}
    groups = [("chain", chain.label[lang], chain.programmes) for chain in rulebook.chains.values()]
    groups += [("package", one.label[lang], one.programmes) for one in rulebook.packages.values()]
    found: list[ProgrammeGroup] = []
    for kind, label, names in groups:
        own = tuple(lines.pop(name) for name in names if name in lines)
        found += [ProgrammeGroup(kind, label, own)] if own else []
    rest = tuple(sorted(lines.values(), key=lambda line: line.label))
    return found + ([ProgrammeGroup("other", "", rest)] if rest else [])


def programme_page(
    rulebook: Rulebook, name: str, *, place: str, on: date, lang: str, area_name: Callable[[str], str]
) -> PolicyPage:
    """The page of one programme on a day; figures are those of `place`; `area_name` names who set them."""
    programme = rulebook.programmes[name]
    reader = _Reader(rulebook, lang, name)
    eligible, amount = _formulas(rulebook, programme)
    seen = reader.everything([eligible, amount] if amount is not None else [eligible])
    figures, unset = figures_of(
        rulebook, [n for e, n in seen if e == "parameter"], place=place, on=on, lang=lang, area_name=area_name
    )
    return PolicyPage(
        label=programme.label[lang],
        authority=programme.authority[lang],
        unit=programme.unit,
        recognition=programme.recognition,
        conditions=tuple(reader.conditions(eligible)),
        workings=tuple(reader.workings(amount)) if amount is not None else (),
        figures=figures,
        unset=unset,
        needs=tuple(reader.needs(seen)),
        materials=tuple(material[lang] for material in programme.materials),
        stages=tuple(_step(stage, lang) for stage in programme.stages),
        articles=articles_of(programme.basis),
    )


def _formulas(rulebook: Rulebook, programme: ProgrammeDefinition) -> tuple[Node, Node | None]:
    """When the programme is given and how much; the amount's own formula, without "if eligible"."""
    eligible = rulebook.quantities[f"{programme.unit}.{programme.name}__eligible"].formula
    if programme.amount is None:
        return eligible, None
    amount = rulebook.quantities[f"{programme.unit}.{programme.name}__amount"].formula
    if programme.unit == "household" and isinstance(amount, Case):
        amount = amount.branches[0][1]
    return eligible, amount


def _step(stage: Stage, lang: str) -> Step:
    basis: tuple[Basis, ...] = (stage.basis,) if stage.basis is not None else ()
    return Step(stage.label[lang], stage.days, stage.calendar, articles_of(basis))


def _told_elsewhere(rulebook: Rulebook, name: str) -> set[str]:
    """What other programmes and the chains find: their own pages tell how."""
    found = {quantity.qualified for quantity in rulebook.quantities.values() if quantity.origin == "chain"}
    for programme in rulebook.programmes.values():
        eligible = rulebook.quantities[f"{programme.unit}.{programme.name}__eligible"].formula
        if programme.name != name and isinstance(eligible, Ref):
            found.add(f"{eligible.entity}.{eligible.name}")
    return found


class _Reader:
    """Walks one rulebook from a programme's formulas down; `name` is the programme."""

    def __init__(self, rulebook: Rulebook, lang: str, name: str) -> None:
        self.rulebook, self.lang = rulebook, lang
        self._told: set[str] = set()
        self._elsewhere = _told_elsewhere(rulebook, name)

    def _quantity(self, entity: str, name: str) -> Quantity | None:
        """A rule of that name; facts compiled from rows are facts here."""
        found = self.rulebook.quantities.get(f"{entity}.{name}")
        return None if found is None or found.given else found

    def everything(self, roots: Iterable[Node]) -> list[tuple[str, str]]:
        """Every (entity, name) on which the roots depend, in reading order, each once."""
        found: dict[tuple[str, str], None] = {}
        waiting = [key for root in roots for key in _keys(root)]
        while waiting:
            key = waiting.pop(0)
            if key in found:
                continue
            found[key] = None
            quantity = self._quantity(*key) if f"{key[0]}.{key[1]}" not in self._elsewhere else None
            parameter = self.rulebook.parameters.get(key[1]) if key[0] == "parameter" else None
            below = quantity.formula if quantity is not None else parameter.by if parameter is not None else None
            waiting[:0] = list(_keys(below)) if below is not None else []
        return list(found)

    def conditions(self, node: Node, depth: int = 0) -> Iterator[Condition]:
        """The yes-or-no rules that a formula rests on, each told once; a mere conjunction stands for its parts."""
        if isinstance(node, And):
            for operand in node.operands:
                yield from self.conditions(operand, depth)
        elif isinstance(node, Not):
            for ref, _ in references(node, "household"):
                yield from self._condition(ref, depth, holds=False)
        elif isinstance(node, Ref) and depth == 0 and self._is_conjunction(node):
            yield from self.conditions(self.rulebook.quantities[f"{node.entity}.{node.name}"].formula, 1)
        else:
            for ref, _ in references(node, "household"):
                yield from self._condition(ref, depth, holds=True)

    def _is_conjunction(self, ref: Ref) -> bool:
        quantity = self._quantity(ref.entity, ref.name)
        return quantity is not None and isinstance(quantity.formula, And)

    def _condition(self, ref: Ref, depth: int, *, holds: bool) -> Iterator[Condition]:
        quantity = self._quantity(ref.entity, ref.name)
        if quantity is None or quantity.qualified in self._told or depth > DEEPEST:
            return
        self._told.add(quantity.qualified)
        words = quantity.yes if holds else quantity.no
        if words is None:
            if quantity.qualified not in self._elsewhere:
                yield from self.conditions(quantity.formula, depth)
            return
        elsewhere = quantity.qualified in self._elsewhere
        parts = () if elsewhere else tuple(self.conditions(quantity.formula, depth + 1))
        yield Condition(
            quantity.label[self.lang], words[self.lang], articles_of(quantity.basis), parts, quantity.qualified
        )

    def workings(self, node: Node) -> Iterator[Condition]:
        """The steps of an amount, from the result down: every number it is made of, once."""
        for entity, name in self.everything([node]):
            quantity = self._quantity(entity, name)
            if quantity is not None and quantity.kind.base in ("number", "integer"):
                yield Condition(quantity.label[self.lang], "", articles_of(quantity.basis), (), quantity.qualified)

    def needs(self, seen: Iterable[tuple[str, str]]) -> Iterator[Need]:
        """The facts among what was seen, and the lists whose rows the rules read, each once."""
        lists: dict[str, None] = {}
        for entity, name in seen:
            fact = self.rulebook.facts.get(f"{entity}.{name}")
            if fact is not None:
                yield Need(fact.label[self.lang], fact.meaning[self.lang], self._asked_of(fact))
            elif entity in self.rulebook.records:
                lists[entity] = None
        for record in lists:
            feed = self.rulebook.records[record].feed
            yield Need(feed.label[self.lang], "", feed.supplier[self.lang])

    def _asked_of(self, fact: FactDefinition) -> str:
        if fact.from_rows is not None:
            return self.rulebook.feeds[fact.from_rows.feed].supplier[self.lang]
        return ASKED_OF[fact.source][self.lang]


def _keys(node: Node) -> Iterator[tuple[str, str]]:
    for ref, _ in references(node, "household"):
        yield ref.entity, ref.name

"""A proposal as its page shows it: lines that open, conditions with their answers, programmes one after another.

Made from the proposal's JSON (already cut to the reader's level), in one language. Nothing is worked out here, and no
rule or county is named: what is a total and what belongs under it is read off the steps themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from doudi.cases.logic.conditions import Condition, conditions_of, top_conditions
from doudi.engine.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Article:
    """Where something stands; `sample` marks what nobody has checked against the document."""

    document: str
    number: str
    article: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter as it was used."""

    label: str
    value: str
    area: str
    from_on: str
    to_on: str | None
    key: str
    article: Article


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows came from, or why there are none."""

    label: str
    delivered: str
    count: int
    rows: tuple[int, ...]
    unanswered: str
    chosen: str = ""
    """What a person chose, where the rule leaves it to one."""
    reason: str = ""
    """The reason given for the choice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step: a number or a yes-or-no that opens."""

    id: str
    name: str
    anchor: str
    who: str
    label: str
    shown: str
    sentence: str
    formula: str
    worked: str
    is_condition: bool
    unit: str
    value: object
    figures: tuple[Figure, ...]
    sources: tuple[Source, ...]
    articles: tuple[Article, ...]
    parts: tuple[Line, ...] = ()
    """Steps about single persons that belong under it."""
    before: tuple[tuple[str, str], ...] = ()
    """(anchor, label) of the family's own steps it was worked out from."""
    is_imputed: bool = False
    """Reckoned, not received: 推算."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A condition with its answer: met, not_met or unknown."""

    state: str
    label: str
    sentence: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A programme of the chain: what came out, and the conditions that decided it."""

    name: str
    label: str
    outcome: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """All of a decision page."""

    headline: str
    sums: tuple[Line, ...]
    """People and money, in the order of working out."""
    checks: tuple[Line, ...]
    """Everything else: what is asked with yes or no, and what is counted for it."""
    says: tuple[tuple[str, str], ...]
    """(sentence, the comparison behind it with its figures, if there are any)."""
    answers: tuple[Answer, ...]
    tried: tuple[Tried, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of the family."""
        return self.sums + self.checks


@dataclass(frozen=True, slots=True)
class Reader:
    """How ids become words: names of persons, of areas, dates of deliveries."""

    lang: str
    person: Callable[[str], str]
    area: Callable[[str], str]
    delivery: Callable[[str], str]


def reasons_of(proposal: Mapping[str, Any], rulebook: Rulebook, reader: Reader) -> Reasons:
    """The reasons of a proposal for a reader."""
    steps = {step["id"]: step for step in proposal["steps"]}
    anchors = {key: f"s{place}" for place, key in enumerate(steps)}
    taken: set[str] = set()
    lines = []
    for key, step in steps.items():
        if step["name"].startswith("household."):
            lines.append(_line(step, steps, anchors, taken, reader, _own(key, steps, taken)))
    found = {line.name: line for line in lines}
    decisive = _decisive(proposal)
    tried = tuple(_tried(item, rulebook, found, reader, proposal) for item in proposal["programmes"])
    return Reasons(
        headline=proposal["headline"][reader.lang],
        says=tuple(_says(rulebook, decisive, found)),
        sums=tuple(line for line in lines if _is_sum(line)),
        checks=tuple(line for line in lines if not _is_sum(line)),
        answers=tuple(_answers(conditions_of(rulebook, decisive), found)) if decisive else (),
        tried=tried,
    )


def _is_sum(line: Line) -> bool:
    return line.unit == "people" or line.unit.startswith("yuan")


def _decisive(proposal: Mapping[str, Any]) -> str:
    """The programme found, else the first that is open, else the last that refused."""
    if proposal["programme"]:
        return str(proposal["programme"])
    items = proposal["programmes"]
    waiting = [item["name"] for item in items if item["outcome"] == "undetermined"]
    return str(waiting[0] if waiting else items[-1]["name"]) if items else ""


def _own(key: str, steps: Mapping[str, Any], taken: set[str]) -> list[str]:
    """Steps about persons that a step of the family needs and no earlier line has shown, in working order."""
    wanted: set[str] = set()
    ahead = [item for item in steps[key]["inputs"] if item.startswith("person.") and item in steps]
    while ahead:
        item = ahead.pop()
        if item not in wanted and item not in taken:
            wanted.add(item)
            ahead += [i for i in steps[item]["inputs"] if i.startswith("person.") and i in steps]
    taken |= wanted
    return [item for item in steps if item in wanted]


def _line(
    step: Mapping[str, Any],
    steps: Mapping[str, Any],
    anchors: Mapping[str, str],
    taken: set[str],
    reader: Reader,
    own: list[str],
) -> Line:
    lang = reader.lang
    is_person = step["name"].startswith("person.")
    before = [i for i in step["inputs"] if i in steps and (is_person or i.startswith("household."))]
    return Line(
        id=step["id"],
        name=step["name"],
        anchor=anchors[step["id"]],
        who=reader.person(step["subject"]) if is_person else "",
        label=step["label"][lang],
        shown=step["shown"][lang],
        sentence=step["sentence"][lang],
        formula=step["formula"][lang],
        worked=step["worked"][lang],
        is_condition=isinstance(step["value"], bool),
        unit=step["unit"],
        value=step["value"],
        figures=tuple(_figure(item, reader) for item in step["parameters"]),
        sources=tuple(_source(item, reader) for item in step["sources"]),
        articles=tuple(_article(item) for item in step["basis"]),
        parts=tuple(_line(steps[item], steps, anchors, taken, reader, []) for item in own),
        before=tuple((anchors[i], steps[i]["label"][lang]) for i in before),
        is_imputed=step["is_imputed"],
    )


def _figure(item: Mapping[str, Any], reader: Reader) -> Figure:
    unit = item["unit"][reader.lang]
    area = "" if item["area"] == "nation" else item["area"]
    value = item["value"][reader.lang] + (f" {unit}" if unit else "")
    return Figure(
        item["label"][reader.lang],
        value,
        reader.area(area),
        item["from"],
        item["to"],
        item["key"] or "",
        _article(item["basis"]),
    )


def _source(item: Mapping[str, Any], reader: Reader) -> Source:
    why, choice = item["unanswered"], item.get("choice")
    return Source(
        item["label"][reader.lang],
        reader.delivery(item["delivery"]) if item["delivery"] else "",
        item["count"],
        tuple(dict.fromkeys(item["rows"])),
        why[reader.lang] if why else "",
        choice["value"][reader.lang] if choice else "",
        choice["reason"] if choice else "",
    )


def _article(item: Mapping[str, Any]) -> Article:
    return Article(item["document"], item["number"] or "", item["article"] or "", bool(item["sample"]))


def _answers(conditions: tuple[Condition, ...], found: Mapping[str, Line]) -> list[Answer]:
    return [_answer(item, found[item.name]) for item in conditions if item.name in found]


def _answer(condition: Condition, line: Line) -> Answer:
    known = isinstance(line.value, bool)
    state = ("met" if line.value is condition.wanted else "not_met") if known else "unknown"
    return Answer(state, line.label, line.sentence if known else line.label, line.anchor)


def _tried(
    item: Mapping[str, Any],
    rulebook: Rulebook,
    found: Mapping[str, Line],
    reader: Reader,
    proposal: Mapping[str, Any],
) -> Tried:
    """What refused it, or what is not known of one still open; nothing of those after the one found."""
    names = [one["name"] for one in proposal["programmes"]]
    if proposal["programme"] and names.index(item["name"]) > names.index(proposal["programme"]):
        return Tried(item["name"], item["label"][reader.lang], "not_reached", ())
    answers = _answers(conditions_of(rulebook, item["name"]), found)
    decided = {"not_eligible": ("not_met",), "undetermined": ("unknown",)}.get(item["outcome"], ())
    shown = tuple(answer for answer in answers if answer.state in decided)
    return Tried(item["name"], item["label"][reader.lang], item["outcome"], shown)


def _says(rulebook: Rulebook, programme: str, found: Mapping[str, Line]) -> list[tuple[str, str]]:
    """The sentences of the conditions the decisive programme names, with the comparison behind each."""
    said = []
    for item in top_conditions(rulebook, programme) if programme else ():
        line = found.get(item.name)
        if line is not None and isinstance(line.value, bool):
            compared = line.worked if any(character.isdigit() for character in line.worked) else ""
            said.append((line.sentence, compared))
    return said

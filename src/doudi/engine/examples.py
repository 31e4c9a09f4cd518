"""The examples beside the rules (`programmes/*/examples.yaml`, `places/*/examples.yaml`): run, and which rules they see
both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from doudi.engine.case import CHOICE, read_case
from doudi.engine.errors import PolicyError, Where
from doudi.engine.missing import Missing
from doudi.engine.policy import load
from doudi.engine.proposal import Proposal
from doudi.engine.reading import mapping, nearest, only, sequence, text
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide, programme_result
from doudi.engine.strict_yaml import Mapping, Value, read

_KEYS = ("name", "as_of", "place", "household", "persons", "expect")
_WORDS = {"yes": True, "true": True, "no": False, "false": False}
_OF_THE_PROPOSAL = ("outcome", "programme", "pending", "amount")


@dataclass(frozen=True, slots=True)
class Example:
    """A case written beside the rules of a programme or a place, and what must come out."""

    programme: str
    """The folder: of a programme, or of a place."""
    name: str
    place: str
    case: dict[str, Any]
    expect: dict[str, Any]
    at: Where


@dataclass(frozen=True, slots=True)
class Difference:
    """What came out otherwise than written."""

    example: Example
    name: str
    expected: object
    found: object


@dataclass(frozen=True, slots=True)
class Unseen:
    """A rule (of the nation, or of the place that replaces it) that no example works out, or that never comes out one
    way.
    """

    place: str
    name: str
    never: tuple[str, ...]


def read_examples(root: Path) -> list[Example]:
    """All examples of a policy folder, in the order of files; raises PolicyError."""
    found: list[Example] = []
    for path in (*sorted(root.glob("programmes/*/examples.yaml")), *sorted(root.glob("places/*/examples.yaml"))):
        shown = path.relative_to(root).as_posix()
        content = mapping(read(path, shown_as=shown), Where(shown, 1, 1))
        only(content, ("examples", "usual"))
        usual = _usual(content)
        for item in sequence(content.get("examples"), content.where):
            found.append(_example(path.parent.name, mapping(item, content.where), usual))
    return found


def _usual(content: Mapping) -> dict[str, Any]:
    """What every example of a file has unless it says otherwise: `usual: {as_of, place, household, person}`."""
    if content.get("usual") is None:
        return {}
    table = mapping(content["usual"], content.where)
    only(table, ("as_of", "place", "household", "person"))
    found: dict[str, Any] = plain(table)
    return found


def _example(folder: str, table: Mapping, usual: dict[str, Any]) -> Example:
    only(table, _KEYS)
    data = plain(table)
    case = {key: value for key in ("as_of", "place") if (value := data.get(key, usual.get(key))) is not None}
    case["household"] = _chosen({**usual.get("household", {}), **data.get("household", {})})
    case["persons"] = [_someone(person, usual.get("person", {})) for person in data.get("persons", [])]
    place = text(table, "place", usual.get("place"))
    return Example(folder, text(table, "name"), place, case, data.get("expect", {}), table.where)


def _someone(person: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    """A person with the usual facts and rows where none are written."""
    records = {**usual.get("records", {}), **person.get("records", {})}
    return _chosen({**usual, **person, **({"records": records} if records else {})})


def _chosen(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts with a reason beside every choice: an example may write the choice alone."""
    return {
        name: {"choice": value, "reason": "例"} if name.startswith(CHOICE) and not isinstance(value, dict) else value
        for name, value in facts.items()
    }


def plain(value: Value) -> Any:
    """JSON as a case has it; every scalar of strict YAML is text, yes and no are truths."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return _WORDS.get(str(value), str(value))


def proposal_of(root: Path, example: Example, *, explain: bool = False) -> tuple[Rulebook, Proposal]:
    """What the rules of the example's place propose."""
    rulebook = resolve(load(root), example.place)
    return rulebook, decide(rulebook, read_case(example.case, rulebook), explain=explain)


def differences(example: Example, proposal: Proposal, rulebook: Rulebook) -> list[Difference]:
    """Where the proposal is not what the example expects; `programmes` in or out of the chain are worked out here."""
    expect = {name: value for name, value in example.expect.items() if name != "programmes"}
    wrong = [
        Difference(example, name, value, found)
        for name, value in expect.items()
        if not _same(value, found := _found(proposal, name))
    ]
    return wrong + _of_programmes(example, rulebook)


def _of_programmes(example: Example, rulebook: Rulebook) -> list[Difference]:
    """`expect: {programmes: {name: {outcome, amount, missing}}}`: each by its own rules, whatever the chain finds."""
    wanted: dict[str, dict[str, object]] = example.expect.get("programmes", {})
    if not wanted:
        return []
    case = read_case(example.case, rulebook)
    wrong = []
    for programme, expect in wanted.items():
        if programme not in rulebook.programmes:
            near = nearest(programme, rulebook.programmes)
            raise PolicyError("policy.programme_unknown", example.at, suggestion=near, name=programme)
        result = programme_result(rulebook, programme, case)
        found = {"outcome": result.outcome, "amount": result.amount, "missing": _names_of(result.missing)}
        wrong += [
            Difference(example, f"{programme}.{name}", value, found.get(name))
            for name, value in expect.items()
            if not _same(value, found.get(name))
        ]
    return wrong


def _found(proposal: Proposal, name: str) -> object:
    if name in _OF_THE_PROPOSAL:
        return getattr(proposal, name)
    if name == "missing":
        return _names_of(proposal.missing)
    name, _, person = name.partition("@")
    return proposal.values.get((name, person or proposal.household))


def _names_of(missing: tuple[Missing, ...]) -> list[str]:
    return [m.requirement.rpartition("__")[2] if m.requirement else m.fact for m in missing]


def _same(expected: object, found: object) -> bool:
    if isinstance(found, (int, Decimal)) and not isinstance(found, bool):
        return found == Decimal(str(expected))
    if isinstance(found, date):
        return found.isoformat() == expected
    return found == expected or (expected == "null" and found is None)


NATION = "nation"


class Coverage:
    """Which rules of the nation and of each place the examples have seen, and which ways. A rule is seen where it
    holds: the nation's in any place that has not replaced it.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._wanted: dict[tuple[str, str], tuple[str, ...]] = {}

    def add(self, rulebook: Rulebook, proposal: Proposal) -> None:
        """What one example saw."""
        set_in: dict[str, str] = {}
        for quantity in rulebook.quantities.values():
            if quantity.origin == "rule" and quantity.entity in ("household", "person"):
                ways = ("yes", "no") if quantity.kind.base == "boolean" else ("value",)
                set_in[quantity.qualified] = quantity.set_in or NATION
                self._wanted[set_in[quantity.qualified], quantity.qualified] = ways
        for (name, _), value in proposal.values.items():
            word = ("yes" if value else "no") if isinstance(value, bool) else "" if value is None else "value"
            if name in set_in:
                self._seen[set_in[name], name].add(word)

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """By nation and place: ways seen, ways there are."""
        found: dict[str, tuple[int, int]] = {}
        for key, ways in self._wanted.items():
            seen, all_ways = found.get(key[0], (0, 0))
            found[key[0]] = (seen + len(set(ways) & self._seen[key]), all_ways + len(ways))
        return found

    def unseen(self) -> Iterator[Unseen]:
        """What no example has shown."""
        for key, ways in self._wanted.items():
            never = tuple(way for way in ways if way not in self._seen[key])
            if never:
                yield Unseen(*key, never)

"""The cliff curve of one family: what it has in a month against what one of its people earns, and where it falls off.

*Resources* are that person's earned income, all monthly cash programmes, and a twelfth of the yearly ones. What is paid
once is left out and said so. Where a programme is undetermined the curve has a hole, never a zero. The places where a
rule flips are found to the fen by bisection and named by that rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from doudi.engine.cliff_probe import FEN, Probe, Reading
from doudi.engine.errors import CaseError
from doudi.engine.feeds import Bilingual
from doudi.engine.proposal import plain
from doudi.engine.quantities import Rulebook
from doudi.engine.run import program_for
from doudi.engine.subject import Case
from doudi.engine.vocabulary import Basis

LIMIT = Decimal(6000)
_STEPS = 120
_NOTICED = Decimal("1.01")
"""A change over one fen that is larger than rounding to whole yuan makes."""
_FLAT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Point:
    """One income. `resources` is None where a counted programme is undetermined."""

    earned: Decimal
    resources: Decimal | None
    amounts: dict[str, Decimal | None]
    """A month's cash by counted programme, where granted; None is unknown."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One programme whose outcome changes at a flip, with its money of a month before and after."""

    programme: str
    label: Bilingual
    before: str
    after: str
    amount_before: Decimal | None
    amount_after: Decimal | None


@dataclass(frozen=True, slots=True)
class Flip:
    """A place where the curve jumps or a programme begins or ends: the last fen before and the first after it."""

    earned_before: Decimal
    earned_after: Decimal
    resources_before: Decimal | None
    resources_after: Decimal | None
    change: Decimal | None
    """Resources gained (or, below zero, lost) by the one fen more; None where either side is undetermined."""
    rule: str
    """The lowest condition that flips; empty if none has a name."""
    label: Bilingual
    sentence: Bilingual
    basis: tuple[Basis, ...]
    programmes: tuple[Switch, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Between two flips or bends. `kept` is what stays of one yuan more earned; None where undetermined."""

    earned_from: Decimal
    earned_to: Decimal
    kept: Decimal | None


@dataclass(frozen=True, slots=True)
class Cliff:
    """The curve of one family under one rulebook."""

    rulebook: str
    person: str
    limit: Decimal
    points: tuple[Point, ...]
    flips: tuple[Flip, ...]
    stretches: tuple[Stretch, ...]
    counted: tuple[str, ...]
    once: tuple[str, ...]
    """Programmes granted somewhere that pay once: not in the curve."""
    left_out: tuple[str, ...]
    """Programmes undetermined at every income: not in the curve, and not known to be zero."""
    labels: dict[str, Bilingual]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; money as text."""
        data: dict[str, Any] = plain(self)
        return data


def cliff(
    rulebook: Rulebook, case: Case, person: str, *, limit: Decimal = LIMIT, programmes: Sequence[str] | None = None
) -> Cliff:
    """The curve from nothing to `limit` yuan a month earned by one member, of all programmes or those given.

    The case is changed on the way: read it anew after.
    """
    member = next((p for p in case.household.members if p.id == person), None)
    if member is None:
        raise CaseError("case.person_unknown", path="person", id=person)
    names = list(programmes) if programmes is not None else _in_order(rulebook)
    probe = Probe(rulebook, program_for(rulebook, case.as_of), case.household, member, names)
    last = int(limit / FEN)
    grid = sorted({*range(0, last, max(1, last // _STEPS)), last})
    changes = [place for a, b in pairwise(grid) for place in _changes(probe, a, b)]
    places = sorted({*grid, *changes, *(place + 1 for place in changes)})
    work = _Curve(rulebook, probe, [probe.at(place) for place in places])
    return Cliff(
        rulebook.hash,
        person,
        limit,
        tuple(work.point(reading) for reading in work.readings),
        tuple(work.flips(changes)),
        tuple(work.stretches(changes, last)),
        tuple(work.counted),
        tuple(work.paying("once")),
        tuple(work.left_out),
        {name: programme.label for name, programme in rulebook.programmes.items()},
    )


def _in_order(rulebook: Rulebook) -> list[str]:
    """Programmes of chains first, then the others."""
    return list(dict.fromkeys([*(p for c in rulebook.chains.values() for p in c.programmes), *rulebook.programmes]))


def _changes(probe: Probe, low: int, high: int) -> Iterator[int]:
    """Every fen after which the signature is another, between two incomes whose signatures differ."""
    if probe.at(low).signature == probe.at(high).signature:
        return
    if high - low == 1:
        yield low
        return
    middle = (low + high) // 2
    yield from _changes(probe, low, middle)
    yield from _changes(probe, middle, high)


class _Curve:
    """Readings turned into points, flips and stretches."""

    def __init__(self, rulebook: Rulebook, probe: Probe, readings: list[Reading]) -> None:
        self._rulebook, self._probe, self.readings = rulebook, probe, readings
        recurrent = [*self.paying("month"), *self.paying("year")]
        unknown = [n for n in recurrent if all(r.standings[n].monthly is None for r in readings)]
        self.left_out = [n for n in rulebook.programmes if n in unknown]
        self.counted = [n for n in rulebook.programmes if n in recurrent and n not in unknown]

    def paying(self, period: str) -> list[str]:
        """Programmes that pay by a period and are granted or undetermined at some income."""
        names = self.readings[0].standings
        return [
            n
            for n in names
            if names[n].period == period and any(r.standings[n].outcome != "not_eligible" for r in self.readings)
        ]

    def resources(self, reading: Reading) -> Decimal | None:
        """Earned income and the counted programmes; None while one of them is undetermined."""
        total = reading.earned
        for name in self.counted:
            monthly = reading.standings[name].monthly
            if monthly is None:
                return None
            total += monthly
        return _cents(total)

    def point(self, reading: Reading) -> Point:
        """The point of a reading."""
        own = {n: reading.standings[n] for n in self.counted}
        amounts = {n: _cents(s.monthly) for n, s in own.items() if s.outcome != "not_eligible"}
        return Point(reading.earned, self.resources(reading), amounts)

    def flips(self, changes: list[int]) -> Iterator[Flip]:
        """Changes that show: resources jump, or a programme begins, ends or becomes undetermined."""
        for place in changes:
            before, after = self._probe.at(place), self._probe.at(place + 1)
            have, get = self.resources(before), self.resources(after)
            change = None if have is None or get is None else get - have
            switches = tuple(self._switches(before, after))
            if not switches and (change is None or abs(change) <= _NOTICED):
                continue
            names = [s.programme for s in switches] or self.counted
            rule, label, sentence, basis = self._named(before, after, names)
            yield Flip(before.earned, after.earned, have, get, change, rule, label, sentence, basis, switches)

    def _switches(self, before: Reading, after: Reading) -> Iterator[Switch]:
        for name, old in before.standings.items():
            new = after.standings[name]
            if old.outcome != new.outcome:
                label = self._rulebook.programmes[name].label
                yield Switch(name, label, old.outcome, new.outcome, _cents(old.monthly), _cents(new.monthly))

    def _named(
        self, before: Reading, after: Reading, programmes: list[str]
    ) -> tuple[str, Bilingual, Bilingual, tuple[Basis, ...]]:
        for quantity in self._probe.conditions_below(programmes):
            for subject in self._probe.subjects(quantity):
                old, new = (r.conditions.get((quantity.qualified, subject.id)) for r in (before, after))
                if old is not new:
                    said = quantity.yes if new else quantity.no
                    unknown = {
                        "zh": "这里情况不全，定不下来。",
                        "en": "Here something is missing; it cannot be determined.",
                    }
                    sentence = unknown if new is None or said is None else said
                    return quantity.qualified, quantity.label, sentence, quantity.basis
        return "", {"zh": "", "en": ""}, {"zh": "", "en": ""}, ()

    def stretches(self, changes: list[int], last: int) -> Iterator[Stretch]:
        """What stays of a yuan more, between one change and the next; neighbours of one rate are one stretch."""
        starts = [0, *(place + 1 for place in changes)]
        open_one: Stretch | None = None
        for start, end in zip(starts, [*changes, last], strict=True):
            if end <= start:
                continue
            start = 0 if start == 1 else start
            kept = self._kept(start, end)
            if open_one is not None and _close(open_one.kept, kept) and not self._jumps(start):
                open_one = Stretch(open_one.earned_from, end * FEN, open_one.kept)
                continue
            if open_one is not None:
                yield open_one
            open_one = Stretch(start * FEN, end * FEN, kept)
        if open_one is not None:
            yield open_one

    def _kept(self, start: int, end: int) -> Decimal | None:
        low, high = self.resources(self._probe.at(start)), self.resources(self._probe.at(end))
        if low is None or high is None:
            return None
        return ((high - low) / ((end - start) * FEN)).quantize(Decimal("0.001"), ROUND_HALF_UP)

    def _jumps(self, start: int) -> bool:
        low, high = self.resources(self._probe.at(start - 1)), self.resources(self._probe.at(start))
        return low is None or high is None or abs(high - low) > _NOTICED


def _close(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _FLAT


def _cents(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(FEN, ROUND_HALF_UP)

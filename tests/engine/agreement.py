"""The two renderings cell by cell: every household quantity, and every quantity of the first persons of a household."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from doudi.engine.backends.duckdb import screen
from doudi.engine.case import read_case
from doudi.engine.errors import EngineError
from doudi.engine.python import Program
from doudi.engine.rulebook import Quantity, Rulebook
from doudi.engine.tree import BOOLEAN, Aggregate, Compare, Const, Kind, Ref
from doudi.engine.vocabulary import FactDefinition
from tests.engine.population import Population
from tests.engine.snapshots import read_results, write_snapshot

SEATS = 3
_SEAT = Kind("integer", "none", 0)
_SAID = {"zh": "座位", "en": "seat"}


def with_seats(rulebook: Rulebook) -> Rulebook:
    """The rulebook with a household quantity for each one of the persons in the first seats, so that SQL gives them."""
    added: dict[str, Quantity] = {}
    for quantity in list(rulebook.quantities.values()):
        if quantity.entity == "person":
            added |= {q.qualified: q for q in _seen(quantity)}
    seat = FactDefinition("person", "seat", _SEAT, _SAID, _SAID, "declared", quantity.at)
    facts = {**rulebook.facts, "person.seat": seat}
    return replace(rulebook, hash=rulebook.hash + "+seats", facts=facts, quantities={**rulebook.quantities, **added})


def _seen(quantity: Quantity) -> Iterator[Quantity]:
    own, seat = Ref(quantity.kind, "person", quantity.name), Ref(_SEAT, "person", "seat")
    base = quantity.kind.base
    op = "any" if base == "boolean" else "max" if base in ("number", "integer", "date", "month") else "latest"
    for number in range(SEATS):
        here = Compare(BOOLEAN, "=", seat, Const(_SEAT, Decimal(number)))
        formula = Aggregate(quantity.kind, op, "person", "household", own, here, None, seat if op == "latest" else None)
        yield replace(quantity, entity="household", name=f"seat_{number}_{quantity.name}", formula=formula, given=False)


def differences(rulebook: Rulebook, as_of: date, seed: int, households: int, large: float = 0) -> list[str]:
    """Where the renderings differ for `households` random households, some numbers of them large; the first ten."""
    seen = with_seats(rulebook)
    population = Population(seen, as_of, seed, large=large)
    cases = [population.case(number) for number in range(households)]
    return differing(seen, as_of, cases, partial(screen, memory_limit="2GB", threads=1))


def differing(
    rulebook: Rulebook,
    as_of: date,
    cases: list[dict[str, Any]],
    *screens: Callable[..., Any],
    slice_size: int = 100_000,
) -> list[str]:
    """Where a screening of these cases differs from Python, or from the one before it; the first ten."""
    names = [q.name for q in rulebook.quantities.values() if q.entity == "household"]
    with TemporaryDirectory() as folder:
        write_snapshot(Path(folder) / "in", rulebook, cases, slice_size=slice_size)
        results = []
        for number, one in enumerate(screens):
            out = Path(folder) / f"out_{number}"
            one(rulebook, Path(folder) / "in", out, as_of=as_of, outputs=names)
            results.append(read_results(out))
    by_sql, *others = results
    program, found = Program(rulebook, as_of), []
    for case in cases:
        row = by_sql[case["household"]["id"]]
        found += _of_one(rulebook, program, case, row, names)
        found += [f"{row['household_id']}: {row}, {other[row['household_id']]}" for other in others
                  if other[row["household_id"]] != row]  # fmt: skip
        if len(found) > 10:
            break
    return found[:10]


def _of_one(
    rulebook: Rulebook, program: Program, case: dict[str, Any], row: dict[str, Any], names: list[str]
) -> list[str]:
    subject = read_case(case, rulebook).household
    by_seat = {f"seat_{i}_": p for i, p in enumerate(subject.persons[:SEATS])}
    found, failed = [], False
    for name in names:
        prefix = name[: len("seat_0_")]
        owner = by_seat.get(prefix, subject) if name.startswith("seat_") else subject
        try:
            if owner is not subject and not owner.is_member:
                continue
            value = program.value(owner, name.removeprefix(prefix) if owner is not subject else name)
        except EngineError:
            failed = True
            continue
        if row["error"] is None and not _same(value, row[name]):
            found.append(f"{subject.id} {name}: python {value!r}, sql {row[name]!r}")
    if failed != (row["error"] is not None):
        found.append(f"{subject.id}: error in sql {row['error']}, in python {failed}")
    return found


def _same(left: Any, right: Any) -> bool:
    kinds = (left is None) == (right is None) and isinstance(left, bool) == isinstance(right, bool)
    return kinds and bool(left == right)

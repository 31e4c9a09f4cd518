"""Erasing what is due, a batch a transaction; each batch leaves an entry that says what was erased, never the content.

What is held is left; broken off, the next run goes on. Without the file of rules nothing is erased. A rule that cannot
be carried out (a file of the lake that was changed) stops no other; it is in the log as refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import islice

from django.db import transaction

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import DoudiError
from doudi.keeping.logic.duties import Due, Duty, duties
from doudi.keeping.logic.rules import Rule
from doudi.keeping.queries import held, lock_holds, rules

BATCH = 200


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of one rule: how much was erased (or would be), how much a hold keeps, the last moment due."""

    rule: str
    limit: date
    erased: int
    held: int
    keys: tuple[str, ...] = ()
    """Of a dry run: the keys that are due."""
    failed: str = ""
    """The code of what stopped this rule; what was erased before it stays so."""


def erase_due(*, actor: Actor, at: datetime, today: date, dry_run: bool = False) -> list[Erased]:
    """Carries out every rule that has a duty and a period; look at `failed` of each."""
    known = {rule.name: rule for rule in rules()}
    done = []
    for duty in duties.collect():
        rule = known[duty.rule]
        limit = rule.last_due_moment(today)
        if limit is not None:
            done.append(_carry_out(actor, at, today, rule, duty, limit, dry_run))
    return done


def _carry_out(actor: Actor, at: datetime, today: date, rule: Rule, duty: Duty, limit: date, dry_run: bool) -> Erased:
    erased = spared = 0
    try:
        due = list(duty.due(limit, today))
        if dry_run:
            free = _free(due)
            return Erased(rule.name, limit, len(free), len(due) - len(free), tuple(sorted(free)))
        for batch in _batches(due):
            done, left = _erase(actor, at, rule, duty, limit, batch)
            erased, spared = erased + done, spared + left
    except DoudiError as error:
        record_act(
            actor=actor, verb="keeping.erase", subjects=[("retention_rule", rule.name)], at=at, outcome="refused",
            reason=error.code,
        )  # fmt: skip
        return Erased(rule.name, limit, erased, spared, failed=error.code)
    return Erased(rule.name, limit, erased, spared)


@transaction.atomic
def _erase(actor: Actor, at: datetime, rule: Rule, duty: Duty, limit: date, batch: Sequence[Due]) -> tuple[int, int]:
    """How much was erased, and how much a hold keeps: also one that was placed since the run began."""
    lock_holds()
    keys = _free(batch)
    if not keys:
        return 0, len(batch)
    count = duty.erase(keys, at)
    subjects = {("retention_rule", rule.name), *((rule.tables[0], key[:80]) for key in keys)}
    record_act(
        actor=actor, verb="keeping.erase", subjects=sorted(subjects), at=at, count=count,
        reason=f"{rule.name} ≤ {limit.isoformat()}", digest=sha256("\n".join(sorted(keys)).encode()).hexdigest(),
    )  # fmt: skip
    return count, len(batch) - len(keys)


def _free(due: Iterable[Due]) -> list[str]:
    """The keys of what no hold keeps."""
    kept = held()
    return [one.key for one in due if not kept.intersection(one.subjects)]


def _batches(due: Iterable[Due]) -> Iterator[list[Due]]:
    rest = iter(due)
    while batch := list(islice(rest, BATCH)):
        yield batch

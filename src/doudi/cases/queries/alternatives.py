"""What fits a family besides what was proposed, worked out from the stored inputs of its proposal, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from doudi.cases.models import Assessment
from doudi.cases.queries.proposals import stored_case
from doudi.engine.alternatives import Offer, OpenedPackage, alternatives
from doudi.engine.case import read_case
from doudi.engine.vocabulary import Basis
from doudi.rulebook.queries import by_hash

MOST_SHOWN = 5
"""Missing things named for one programme; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A package in which a programme stands. `is_open`: None while no recognition that opens it is settled."""

    label: str
    is_open: bool | None


@dataclass(frozen=True, slots=True)
class Line:
    """One programme as shown. `whys` are sentences with whose they are and their articles; `missing` are labels."""

    label: str
    authority: str
    outcome: str
    amount: Decimal | None
    period: str
    reasons: tuple[Reason, ...]
    """Why it is named here: every package it stands in, open ones first."""
    whys: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    more_missing: int
    basis: str


@dataclass(frozen=True, slots=True)
class AlternativesPage:
    """The chain in its order with why not; then every other programme once: what fits, what is open, what does not."""

    chain: tuple[Line, ...]
    fitting: tuple[Line, ...]
    open: tuple[Line, ...]
    refused: tuple[Line, ...]


def alternatives_page(assessment: Assessment, names: Mapping[str, str], lang: str) -> AlternativesPage:
    """For the inputs and rulebook of a proposal. Unavailable once the inputs are deleted. The look is the caller's."""
    rulebook = by_hash(assessment.rulebook_hash)
    found = alternatives(rulebook, read_case(stored_case(assessment), rulebook), chain=assessment.chain)
    chain = {offer.programme for offer in found.chain}
    every = [*(offer for package in found.packages for offer in package.offers), *found.others]
    offers = {offer.programme: offer for offer in every if offer.programme not in chain}
    lines = [(o.outcome, _line(o, _reasons(o, found.packages, lang), names, lang)) for o in offers.values()]
    return AlternativesPage(
        chain=tuple(_line(offer, (), names, lang) for offer in found.chain),
        fitting=tuple(line for outcome, line in lines if outcome == "eligible"),
        open=tuple(line for outcome, line in lines if outcome in ("undetermined", "gap")),
        refused=tuple(line for outcome, line in lines if outcome == "not_eligible"),
    )


def _reasons(offer: Offer, packages: Iterable[OpenedPackage], lang: str) -> tuple[Reason, ...]:
    held = [package for package in packages if any(one.programme == offer.programme for one in package.offers)]
    named = [Reason(package.label[lang], package.is_open) for package in held]
    return tuple(sorted(named, key=lambda reason: reason.is_open is not True))


def _line(offer: Offer, reasons: tuple[Reason, ...], names: Mapping[str, str], lang: str) -> Line:
    missing = tuple(dict.fromkeys(one.label[lang] for one in offer.missing))
    return Line(
        label=offer.label[lang],
        authority=offer.authority[lang],
        outcome=offer.outcome,
        amount=offer.amount,
        period=offer.period,
        reasons=reasons,
        whys=tuple((one.sentence[lang], names.get(one.person or "", ""), _articles(one.basis)) for one in offer.why),
        missing=missing[:MOST_SHOWN],
        more_missing=max(0, len(missing) - MOST_SHOWN),
        basis=_articles(offer.basis),
    )


def _articles(basis: Iterable[Basis]) -> str:
    return "；".join(" ".join(filter(None, (one.document, one.number, one.article))) for one in basis)

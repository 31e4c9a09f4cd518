"""What fits a family besides what was proposed, worked out from the stored inputs of its proposal, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from doudi.cases.models import Assessment
from doudi.cases.queries.proposals import stored_case
from doudi.engine.alternatives import Offer, alternatives
from doudi.engine.case import read_case
from doudi.engine.vocabulary import Basis
from doudi.rulebook.queries import by_hash

MOST_SHOWN = 5
"""Missing things named for one programme; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One programme as shown. `whys` are sentences with whose they are and their articles; `missing` are labels."""

    label: str
    authority: str
    outcome: str
    amount: Decimal | None
    period: str
    whys: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    more_missing: int
    basis: str


@dataclass(frozen=True, slots=True)
class Group:
    """Programmes under one heading. `is_open`: None while a recognition that opens it is not settled."""

    label: str
    is_open: bool | None
    lines: tuple[Line, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class AlternativesPage:
    """All of it: what fits first, then the chain with why not, the packages, the others."""

    fitting: tuple[Line, ...]
    chain: tuple[Line, ...]
    packages: tuple[Group, ...]
    others: tuple[Line, ...]


def alternatives_page(assessment: Assessment, names: Mapping[str, str], lang: str) -> AlternativesPage:
    """For the inputs and rulebook of a proposal. Unavailable once the inputs are deleted. The look is the caller's."""
    rulebook = by_hash(assessment.rulebook_hash)
    found = alternatives(rulebook, read_case(stored_case(assessment), rulebook), chain=assessment.chain)
    chain = {offer.programme for offer in found.chain}
    return AlternativesPage(
        fitting=_lines((o for o in found.fitting() if o.programme not in chain), names, lang),
        chain=_lines(found.chain, names, lang),
        packages=tuple(
            Group(p.label[lang], p.is_open, _lines(p.offers, names, lang), _articles(p.basis)) for p in found.packages
        ),
        others=_lines(found.others, names, lang),
    )


def _lines(offers: Iterable[Offer], names: Mapping[str, str], lang: str) -> tuple[Line, ...]:
    return tuple(_line(offer, names, lang) for offer in offers)


def _line(offer: Offer, names: Mapping[str, str], lang: str) -> Line:
    missing = tuple(dict.fromkeys(one.label[lang] for one in offer.missing))
    return Line(
        offer.label[lang],
        offer.authority[lang],
        offer.outcome,
        offer.amount,
        offer.period,
        tuple((one.sentence[lang], names.get(one.person or "", ""), _articles(one.basis)) for one in offer.why),
        missing[:MOST_SHOWN],
        max(0, len(missing) - MOST_SHOWN),
        _articles(offer.basis),
    )


def _articles(basis: Iterable[Basis]) -> str:
    return "；".join(" ".join(filter(None, (one.document, one.number, one.article))) for one in basis)

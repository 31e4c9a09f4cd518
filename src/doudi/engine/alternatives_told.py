"""What fits a household, as lines of plain text in one language."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.alternatives import Alternatives, Offer

OUTCOMES = {
    "eligible": {"zh": "符合", "en": "fits"},
    "not_eligible": {"zh": "不符合", "en": "does not fit"},
    "undetermined": {"zh": "待定", "en": "undetermined"},
    "gap": {"zh": "本地没有规定数额", "en": "a figure is not set here"},
}
PERIODS = {
    "month": {"zh": "元/月", "en": "yuan a month"},
    "year": {"zh": "元/年", "en": "yuan a year"},
    "once": {"zh": "元（一次）", "en": "yuan, once"},
}
_HEADINGS = {
    "chain": {"zh": "依次认定", "en": "One after another"},
    "others": {"zh": "其他项目", "en": "Other programmes"},
}
_NOT_NEEDED = {"zh": "已认定在前的项目", "en": "one before it was granted"}
_MAY_OPEN = {"zh": "（可能打开）", "en": " (may open)"}


def alternatives_lines(found: Alternatives, lang: str) -> Iterator[str]:
    """The chain, packages and others, each offer on a line with its amount, reasons or what is missing."""
    for heading, offers in offered(found, lang):
        yield heading
        yield from (f"  {offer_text(offer, lang)}" for offer in offers)


def offered(found: Alternatives, lang: str) -> Iterator[tuple[str, tuple[Offer, ...]]]:
    """(heading, offers) of the chain, of each package and of the others where there are any."""
    yield _HEADINGS["chain"][lang], found.chain
    for package in found.packages:
        yield package.label[lang] + ("" if package.is_open else _MAY_OPEN[lang]), package.offers
    if found.others:
        yield _HEADINGS["others"][lang], found.others


def offer_text(offer: Offer, lang: str) -> str:
    """One offer in a line."""
    colon, stop = ("：", "；") if lang == "zh" else (": ", "; ")
    text = f"{offer.label[lang]}{colon}{OUTCOMES[offer.outcome][lang]}"
    if offer.outcome == "eligible" and offer.period and offer.amount is not None:
        text += f"{stop}{offer.amount:,.2f} {PERIODS[offer.period][lang]}"
    if offer.outcome == "not_eligible":
        reasons = list(dict.fromkeys(one.sentence[lang] for one in offer.why)) or [_NOT_NEEDED[lang]]
        text += stop + " ".join(reasons)
    if offer.missing:
        names = list(dict.fromkeys(one.label[lang] for one in offer.missing))
        text += f"{stop}{'缺' if lang == 'zh' else 'missing '}{'、'.join(names) if lang == 'zh' else ', '.join(names)}"
    return text

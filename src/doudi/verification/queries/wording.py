"""Values, labels and tones of a report; what each level may be shown."""

from __future__ import annotations

from doudi.accounts.logic.policy import LIMITS, MEANS, OFFICER
from doudi.engine.rulebook import Rulebook
from doudi.engine.subject import Value
from doudi.engine.tree import Kind
from doudi.engine.wording import UNITS, Wording, shown
from doudi.verification.logic.materiality import feeds_spoken_of

BANK = "bank"
ANSWER_TONES = {"answered": "info", "nothing_found": "ok", "not_answered": "soon", "not_permitted": "soon"}
COMPARED_TONES = {
    "nothing_besides": "ok",
    "within": "ok",
    "found_besides": "soon",
    "over": "late",
    "unknown": "soon",
    "no_source": "info",
}


def bank_feeds(rulebook: Rulebook) -> frozenset[str]:
    """Feeds with a column of bank data."""
    return frozenset(
        name
        for name, feed in rulebook.feeds.items()
        if any(column.sensitivity == BANK for column in feed.columns)
        or any(f.sensitivity == BANK for f in rulebook.facts.values() if f.from_rows and f.from_rows.feed == name)
    )


def may_show_value(rulebook: Rulebook, qualified: str, level: str) -> bool:
    """Whether a level sees the value of a quantity: of bank data, the township sees a yes or a no and nothing else; at
    level limits nothing else is seen of any means.
    """
    quantity = rulebook.quantities.get(qualified)
    if level == OFFICER or quantity is None:
        return True
    if quantity.kind.base == "boolean":
        return True
    if level == LIMITS and quantity.sensitivity in MEANS:
        return False
    return quantity.sensitivity != BANK and not (feeds_spoken_of(rulebook)[qualified] & bank_feeds(rulebook))


def value_text(rulebook: Rulebook, value: Value, kind: Kind, lang: str) -> str:
    """A value with its unit."""
    text = shown(value, kind, lang, lambda code: _code(rulebook, code, lang))
    unit = UNITS[lang][kind.unit]
    return f"{text} {unit}" if unit and value is not None else text


def label_of(rulebook: Rulebook, qualified: str, lang: str) -> str:
    """The label of a fact or quantity."""
    entity, _, name = qualified.partition(".")
    return Wording(rulebook, lang).label(entity, name)


def _code(rulebook: Rulebook, code: str, lang: str) -> str:
    if lang == "zh":
        return code
    tables = [fact.codes for fact in rulebook.facts.values() if fact.codes]
    tables += [column.codes for record in rulebook.records.values() for column in record.columns.values()]
    return next((table[code][lang] for table in tables if code in table), code)

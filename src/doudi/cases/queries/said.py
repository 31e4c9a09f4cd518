"""What somebody said, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from doudi.engine.vocabulary import FactDefinition
from doudi.engine.wording import UNITS


def in_words(fact: FactDefinition, value: str | None, lang: str) -> tuple[str, bool]:
    """A declared value in words of a language, and whether it is known."""
    if value is None:
        return _("还没问清"), False
    if fact.codes:
        return fact.codes[value][lang] if value in fact.codes else value, True
    if fact.kind.base == "boolean":
        return {"true": _("是"), "false": _("否")}.get(value, value), True
    return f"{value} {UNITS[lang][fact.kind.unit]}".strip(), True

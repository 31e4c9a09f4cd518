"""Typed reading of strict YAML: every scalar is text until the schema says what it is. Used by all policy files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from heapq import nlargest

from doudi.engine.errors import PolicyError, Where
from doudi.engine.grammar import DECIMALS, WHOLE_DIGITS
from doudi.engine.strict_yaml import Mapping, Sequence, Text, Value

LANGUAGES = ("zh", "en")
_NOWHERE = Where("?", 1, 1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 80
"""A longer name is no slip of a known one."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(?:\.([0-9]+))?")


def place(value: Value, fallback: Where = _NOWHERE) -> Where:
    """Where a value stands."""
    return value.where if value is not None else fallback


def expected(value: Value, zh: str, en: str, fallback: Where = _NOWHERE) -> PolicyError:
    """The error for a value of the wrong shape."""
    return PolicyError("policy.expected", place(value, fallback), what_zh=zh, what_en=en)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one. Only the dozen that share most pairs of letters are looked at closely."""
    if len(name) > _LONGEST:
        return None
    pairs = _pairs(str(name))
    likely = nlargest(12, known, key=lambda other: len(pairs & _pairs(str(other))))
    found = difflib.get_close_matches(name, likely, n=1, cutoff=0.6)
    return found[0] if found else None


@lru_cache(maxsize=4096)
def _pairs(name: str) -> frozenset[str]:
    return frozenset(a + b for a, b in zip(f" {name}", f"{name} ", strict=True))


def mapping(value: Value, fallback: Where = _NOWHERE) -> Mapping:
    """A mapping."""
    if not isinstance(value, Mapping):
        raise expected(value, "键值表", "a mapping", fallback)
    return value


def sequence(value: Value, fallback: Where = _NOWHERE) -> Sequence:
    """A list; nothing counts as empty."""
    if value is None:
        empty = Sequence()
        empty.where = fallback
        return empty
    if not isinstance(value, Sequence):
        raise expected(value, "列表", "a list", fallback)
    return value


def only(table: Mapping, known: Iterable[str]) -> None:
    """Refuse keys that the schema does not know."""
    names = list(known)
    for key in table:
        if key not in names:
            where = getattr(key, "where", table.where)
            raise PolicyError(
                "policy.key_unknown", where, suggestion=nearest(key, names), key=str(key), known=", ".join(names)
            )


def text(table: Mapping, key: str, default: str | None = None) -> str:
    """A text under a key; required when no default is given."""
    value = table.get(key)
    if value is None:
        if default is None:
            raise PolicyError("policy.key_missing", table.where, key=key)
        return default
    if not isinstance(value, Text):
        raise expected(value, "一段文字", "a text", table.where)
    return str(value)


def boolean_of(value: Value, fallback: Where = _NOWHERE) -> bool:
    """yes/no or true/false."""
    if isinstance(value, Text) and value in ("yes", "true"):
        return True
    if isinstance(value, Text) and value in ("no", "false"):
        return False
    raise PolicyError("policy.boolean_malformed", place(value, fallback), text=str(value))


def boolean(table: Mapping, key: str, default: bool) -> bool:
    """A yes/no under a key."""
    value = table.get(key)
    return default if value is None else boolean_of(value, table.where)


def decimal_of(value: Value, fallback: Where = _NOWHERE) -> Decimal:
    """A decimal number as written: digits, a point between digits, a minus sign; no exponent, no leading zero."""
    if isinstance(value, Text) and (found := _NUMBER.fullmatch(value)):
        if len(found[1]) > WHOLE_DIGITS or len(found[2] or "") > DECIMALS:
            raise PolicyError("policy.number_too_long", value.where, whole=WHOLE_DIGITS, decimals=DECIMALS)
        return Decimal(str(value))
    raise PolicyError("policy.number_malformed", place(value, fallback), text=str(value))


def date_of(value: Value, fallback: Where = _NOWHERE) -> date:
    """A day written 2026-07-01."""
    try:
        if isinstance(value, Text) and _DAY.fullmatch(value):
            return date.fromisoformat(str(value))
    except ValueError:
        pass
    raise PolicyError("policy.date_malformed", place(value, fallback), text=str(value))


def bilingual(table: Mapping, key: str, *, required: bool = True) -> dict[str, str] | None:
    """{zh, en} under a key; a missing translation is an error."""
    value = table.get(key)
    if value is None:
        if required:
            raise PolicyError("policy.key_missing", table.where, key=key)
        return None
    return bilingual_of(value)


def bilingual_of(value: Value) -> dict[str, str]:
    """A {zh, en} pair."""
    pair = mapping(value)
    only(pair, LANGUAGES)
    for lang in LANGUAGES:
        if not isinstance(pair.get(lang), Text) or not str(pair[lang]).strip():
            raise PolicyError("policy.translation_missing", pair.where, lang=lang)
    return {lang: str(pair[lang]) for lang in LANGUAGES}


def name_in(table: Mapping, key: str, default: str | None = None) -> str:
    """A name of small letters, digits and single underscores under a key."""
    name = text(table, key, default)
    if not _NAME.fullmatch(name) or "__" in name:
        raise PolicyError("policy.plain_name_invalid", place(table.get(key), table.where), name=name)
    return name


def texts(value: Value, fallback: Where = _NOWHERE) -> tuple[str, ...]:
    """A list of texts."""
    found = []
    for item in sequence(value, fallback):
        if not isinstance(item, Text):
            raise expected(item, "一段文字", "a text", fallback)
        found.append(str(item))
    return tuple(found)

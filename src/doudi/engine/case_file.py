"""A CASE.json file → JSON data, strictly: UTF-8, no key twice, no endless nesting; `386.40` stays that decimal."""

from __future__ import annotations

import json
from typing import Any

from doudi.engine.errors import CaseError

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64


def case_data(content: bytes) -> Any:
    """The data of a case file; raises CaseError. What it means is checked by `read_case`."""
    if len(content) > MAX_BYTES:
        raise CaseError("case.file_too_large", limit=MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError("case.not_utf8", byte=error.start) from None
    _refuse_deep(text)
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=str, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise CaseError("case.not_json", line=error.lineno, column=error.colno) from None
    except ValueError:  # a whole number of thousands of digits
        raise CaseError("case.not_json", line=1, column=1) from None


def _refuse_deep(text: str) -> None:
    """Brackets outside of strings, counted before the reader recurses into them."""
    depth, quoted, escaped = 0, False, False
    for character in text:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise CaseError("case.nested_too_deep", limit=MAX_DEPTH)
        elif character in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for key, value in pairs:
        if key in table:
            raise CaseError("case.key_twice", key=key)
        table[key] = value
    return table


def _constant(text: str) -> Any:
    raise CaseError("case.not_a_value", text=text)

"""Units of products and quotients; nothing is converted silently. `people`, `ratio`, `none` leave the other unit as
it is.
"""

from __future__ import annotations

_PLAIN = ("none", "ratio", "people")


def same(left: str, right: str) -> bool:
    """Whether two units are one: a ratio is a plain number."""
    return left == right or {left, right} == {"none", "ratio"}


def product(left: str, right: str) -> str | None:
    """The unit of left × right, or None if the two do not go together."""
    if left in _PLAIN and right in _PLAIN:
        return left if right in ("none", "ratio") else right
    if right in _PLAIN:
        return left
    if left in _PLAIN:
        return right
    pairs = {frozenset({"yuan/month", "months"}): "yuan", frozenset({"yuan/year", "years"}): "yuan"}
    return pairs.get(frozenset({left, right}))


def quotient(left: str, right: str) -> str | None:
    """The unit of left ÷ right, or None."""
    if right in _PLAIN and left != "people":
        return left
    if left == right:
        return "ratio"
    if right in _PLAIN:
        return left
    return {("yuan", "months"): "yuan/month", ("yuan", "years"): "yuan/year", ("yuan", "yuan/month"): "months"}.get(
        (left, right)
    )

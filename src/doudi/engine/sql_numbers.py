"""Whole numbers with a scale: how population SQL holds every number, and how it rounds.

A number of scale s is its value times 10^s; every rounding is a whole-number division, half away from zero. Numbers are
held in 64 bits, which nearly every household's fit; a part of the population where one does not is worked out again in 128.
"""

from __future__ import annotations

from dataclasses import dataclass

SCALE = 10
_FAST = 9_000_000_000_000_000_000 // 2
_ROOM = 12
"""Decimals up to which a 64-bit intermediate leaves room for millions of yuan."""


@dataclass(frozen=True, slots=True)
class Sql:
    """Text of an expression; `scale` is set for numbers only."""

    text: str
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The SQL type that holds a number, and arithmetic on it. An overflow is an error of the statement."""

    type: str

    @property
    def is_wide(self) -> bool:
        return self.type == "HUGEINT"

    def whole(self, value: int) -> str:
        """A constant."""
        return f"{value}::{self.type}"

    def loaded(self, column: str, scale: int) -> str:
        """A stored decimal or whole number as a number of that scale."""
        if scale == 0:
            return f"{column}::{self.type}"
        if scale == 2 and not self.is_wide:
            return f"({column}::DECIMAL(15,2) * 100::DECIMAL(3,0))::BIGINT"
        return f"({column}::DECIMAL(38,{scale}) * {10**scale})::HUGEINT::{self.type}"

    def rescale(self, number: Sql, scale: int) -> str:
        """The number's text at another scale; fewer decimals round half away from zero."""
        assert number.scale is not None
        if number.scale == scale:
            return number.text
        if number.scale < scale:
            return f"({number.text} * {self.whole(10 ** (scale - number.scale))})"
        return self.divided_by(number.text, 10 ** (number.scale - scale))

    def product(self, left: Sql, right: Sql) -> Sql:
        """left × right, rounded to SCALE decimals where it has more."""
        assert left.scale is not None and right.scale is not None
        scale = left.scale + right.scale
        if scale <= SCALE:
            return Sql(f"({left.text} * {right.text})", scale)
        if scale <= _ROOM or self.is_wide:
            return Sql(self.divided_by(f"({left.text} * {right.text})", 10 ** (scale - SCALE)), SCALE)
        exact = f"({left.text}::HUGEINT * {right.text}::HUGEINT)"
        return Sql(f"{WIDE.divided_by(exact, 10 ** (scale - SCALE))}::{self.type}", SCALE)

    def quotient(self, left: Sql, right: Sql) -> Sql:
        """left ÷ right, rounded to SCALE decimals; nothing where the divisor is zero."""
        assert left.scale is not None and right.scale is not None
        shift = SCALE + right.scale - left.scale
        if self.is_wide or SCALE + right.scale < _ROOM:
            top = f"({left.text} * {self.whole(10**shift)})" if shift > 0 else left.text
            below = f"({right.text} * {self.whole(10**-shift)})" if shift < 0 else right.text
            return Sql(self.divided(top, below), SCALE)
        wide = WIDE.quotient(Sql(f"{left.text}::HUGEINT", left.scale), Sql(f"{right.text}::HUGEINT", right.scale))
        return Sql(f"{wide.text}::{self.type}", SCALE)

    def divided_by(self, numerator: str, divisor: int) -> str:
        """numerator ÷ a positive constant, half away from zero."""
        if self.is_wide:
            return self.divided(numerator, self.whole(divisor))
        return f"((2*{numerator} + sign({numerator})*{divisor})//{self.whole(2 * divisor)})"

    def divided(self, numerator: str, divisor: str) -> str:
        """numerator ÷ divisor as whole numbers, half away from zero. 64 bits where they suffice: 20 times faster."""
        narrow = f"(2*{numerator} + sign({numerator})*abs({divisor}))//(2*{divisor})"
        if not self.is_wide:
            return f"(CASE WHEN {divisor} = 0 THEN NULL ELSE {narrow} END)"
        fast = (
            f"((2*abs(({numerator})::BIGINT)+abs(({divisor})::BIGINT))//(2*abs(({divisor})::BIGINT))"
            f"*sign(({numerator})::BIGINT)*sign(({divisor})::BIGINT))::HUGEINT"
        )
        exact = f"((2*abs({numerator})+abs({divisor}))//(2*abs({divisor}))*sign({numerator})*sign({divisor}))"
        return (
            f"(CASE WHEN {divisor} = 0 THEN NULL WHEN abs({numerator}) < {_FAST // 2} AND abs({divisor}) < {_FAST // 4} "
            f"THEN {fast} ELSE {exact} END)"
        )


NARROW = Numbers("BIGINT")
WIDE = Numbers("HUGEINT")

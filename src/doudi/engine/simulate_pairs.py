"""Every household under both rulebooks side by side, as one SQL view over the slices of a simulation.

Columns of a target t (a programme, or all of them together as `all`): `t.s0 t.s1` standing before and after, `t.y0 t.y1` yuan
a year, `t.o0 t.o1` yuan paid once (NULL is unknown), `t.u0 t.u1` eligible with an unknown amount, `t.c` what changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from doudi.engine.simulate_columns import Standing

ALL = "all"
CHANGES = ("winner", "loser", "otherwise", "unchanged", "undetermined")
_YEARLY = {"yuan/month": 12, "yuan/year": 1}


@dataclass(frozen=True, slots=True)
class Pairs:
    """The standings of each programme under the first and the second rulebook, and the columns of measures and groups."""

    firsts: dict[str, Standing]
    seconds: dict[str, Standing]
    measures: tuple[str, ...]
    groups: tuple[str, ...]
    chained: tuple[str, ...]
    """Programmes of chains: their money is what the poverty gap counts as help."""
    counted: tuple[str, ...]
    """What `all` takes together."""

    @property
    def outputs(self) -> list[str]:
        """The household quantities to screen."""
        names = [n for side in (self.firsts, self.seconds) for s in side.values() for n in s.names]
        return list(dict.fromkeys([*names, *self.measures]))

    def view(self, out: Path) -> str:
        """The statement that makes the view `pairs` over the slices in a folder."""
        files = _escaped(out / "slice-*.parquet")
        plain = ["household_id", "area", "error", *(f'"{name}"' for name in self.measures)]
        first = [c for name in self.firsts for c in self._programme(name)]
        query = f"SELECT {', '.join([*plain, *first])} FROM read_parquet('{files}') WHERE error IS NULL"
        query = f"SELECT *, {', '.join(self._together())} FROM ({query})"
        changes = [f"{self._change(name, [name])}" for name in self.firsts] + [self._change(ALL, list(self.counted))]
        return f"CREATE OR REPLACE TEMP VIEW pairs AS SELECT *, {', '.join(changes)} FROM ({query})"

    def copied(self, target: Path) -> str:
        """The statement that writes what a reader gets household by household, as Parquet or CSV by the name's end."""
        names = [f'"{t}.{part}"' for t in (ALL, *self.firsts) for part in ("s0", "s1", "y0", "y1", "o0", "o1", "c")]
        how = "FORMAT parquet, COMPRESSION zstd" if target.suffix == ".parquet" else "FORMAT csv, HEADER"
        query = f"SELECT household_id, area, {', '.join(names)} FROM pairs ORDER BY household_id"
        return f"COPY ({query}) TO '{_escaped(target)}' ({how})"

    def _programme(self, name: str) -> list[str]:
        found = []
        for number, side in enumerate((self.firsts[name], self.seconds[name])):
            found.append(f'{side.outcome} AS "{name}.s{number}"')
            for part, times in (("y", _YEARLY.get(side.unit, 0)), ("o", int(side.unit == "yuan"))):
                money = f"{side.amount}::DECIMAL(18,2) * {times}" if times else "0::DECIMAL(18,2)"
                paid = f"CASE {side.outcome} WHEN 'eligible' THEN {money} WHEN 'not_eligible' THEN 0 END"
                found.append(f'({paid})::DECIMAL(20,2) AS "{name}.{part}{number}"')
            unknown = f"({side.outcome} = 'eligible' AND {side.amount} IS NULL)"
            found.append(f'{unknown} AS "{name}.u{number}"')
        return found

    def _together(self) -> list[str]:
        """Eligible for one is eligible; else one undetermined makes it undetermined. Money is what is granted for sure."""
        found = []
        for number in (0, 1):
            outcomes = [f'"{name}.s{number}"' for name in self.counted]
            one = " OR ".join(f"{o} = 'eligible'" for o in outcomes)
            unsure = " OR ".join(f"{o} = 'undetermined'" for o in outcomes)
            found.append(
                f"CASE WHEN {one} THEN 'eligible' WHEN {unsure} THEN 'undetermined' ELSE 'not_eligible' END AS \"{ALL}.s{number}\""
            )
            unknown = " OR ".join(f'"{name}.u{number}"' for name in self.counted)
            found.append(f'({unknown}) AS "{ALL}.u{number}"')
            for part in "yo":
                amounts = [f'coalesce("{name}.{part}{number}", 0)' for name in self.counted]
                granted = f"CASE WHEN {one} OR NOT ({unsure}) THEN {' + '.join(amounts)} END"
                found.append(f'({granted})::DECIMAL(20,2) AS "{ALL}.{part}{number}"')
        return found

    @property
    def touched(self) -> list[str]:
        """Programmes that stand differently in the two rulebooks; the others change for nobody, known or not."""
        return [name for name in self.firsts if self.firsts[name] != self.seconds[name]]

    def _change(self, target: str, names: list[str]) -> str:
        names = [name for name in names if name in self.touched]
        if not names:
            return f"'unchanged' AS \"{target}.c\""

        def total(part: str) -> str:
            return " + ".join(f'"{name}.{part}"' for name in names)

        doubt = " OR ".join(f'"{name}.{part}{number}" IS NULL' for name in names for part in "yo" for number in (0, 1))
        moved = " OR ".join(f'"{name}.s0" <> "{name}.s1"' for name in names)
        gain = f"CASE WHEN {total('y1')} <> {total('y0')} THEN {total('y1')} - ({total('y0')}) ELSE {total('o1')} - ({total('o0')}) END"
        return (
            f"CASE WHEN {doubt} THEN 'undetermined' WHEN {gain} > 0 THEN 'winner' WHEN {gain} < 0 THEN 'loser' "
            f"WHEN {moved} THEN 'otherwise' ELSE 'unchanged' END AS \"{target}.c\""
        )


def _escaped(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")

"""What the columns of a table hold of people, said beside the fields: `personal = columns(…)` in every model.

A column is sealed (ciphertext), a digest (says nothing without a key), plain (of a resident, in clear text, with the
reason why it must be), of staff acting in office, or nothing of a person. A test takes all columns from the database
itself and fails on one that is not declared here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FACTS = (
    "read by every batch over the whole population and by the search within an area; roles, row-level security and the "
    "audit log guard it"
)
SEARCHED = "searched by equality and range within an area, which ciphertext does not allow"
LINK = "an opaque id that leads to a person only through the register"
OUTCOME = "what an authority said of a family; publication of it is itself prescribed"
REASON = "an official's own words; identity numbers in it are refused when it is written"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table by what they hold; `plain` gives the reason for each."""

    sealed: frozenset[str]
    digest: frozenset[str]
    plain: Mapping[str, str]
    staff: frozenset[str]
    rest: frozenset[str]

    def all(self) -> list[str]:
        """Every column named, as often as it is named."""
        return [*self.sealed, *self.digest, *self.plain, *self.staff, *self.rest]

    @property
    def holds_people(self) -> bool:
        """Whether something of a resident is in it."""
        return bool(self.sealed or self.plain)


def columns(
    *, sealed: str = "", digest: str = "", plain: Mapping[str, str] | None = None, staff: str = "", rest: str = ""
) -> Columns:
    """Names separated by blanks; `plain` maps such names to their reason."""
    why = {name: reason for names, reason in (plain or {}).items() for name in names.split()}
    return Columns(_set(sealed.split()), _set(digest.split()), why, _set(staff.split()), _set(rest.split()))


def _set(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)

"""The names a formula may use at one place: facts, quantities, records, parameters, and which entity sees which."""

from __future__ import annotations

from collections.abc import Iterable

from doudi.engine.tree import Kind


class Names:
    """Kinds by entity and name; `records` are the record entities."""

    def __init__(self, kinds: dict[tuple[str, str], Kind], parameters: dict[str, Kind], records: Iterable[str]) -> None:
        self._kinds, self._parameters = kinds, parameters
        self.records = set(records)
        both = (*kinds.values(), *parameters.values())
        self.all_codes = {code for kind in both for code in kind.codes or ()}

    def kind(self, entity: str, name: str) -> Kind | None:
        """The kind of entity.name, or None."""
        return self._kinds.get((entity, name))

    def parameter(self, name: str) -> Kind | None:
        """The kind of a parameter, or None."""
        return self._parameters.get(name)

    def visible_from(self, scope: str) -> set[str]:
        """The entities whose single value can be read in a scope."""
        if scope == "household":
            return {"household"}
        if scope == "person":
            return {"person", "household"}
        return {scope, "person", "household"}

    def all_qualified(self) -> list[str]:
        """Every entity.name, for suggestions."""
        return [f"{e}.{n}" for e, n in self._kinds]

    def all_bare(self) -> list[str]:
        """Every name that may stand alone, for suggestions."""
        return [*self._parameters, *self.all_codes, "as_of", *self.all_qualified()]

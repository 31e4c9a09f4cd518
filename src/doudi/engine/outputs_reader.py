"""Reading places/<code>/outputs.yaml strictly, against the names of a rulebook. What tables mean is in `outputs`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from doudi.engine.errors import PolicyError, PolicyErrors, Where
from doudi.engine.outputs import FORMATS, ListItem, OutcomeWords, OutputColumn, OutputTable
from doudi.engine.strict_yaml import read

SOURCES_OF_TEXT = ("given", "quantity", "outcome", "amount", "list")
COLUMN_KEYS = ("name", "format", "separator", "blank", *SOURCES_OF_TEXT)
OUTCOME_KEYS = ("eligible", "pending", "not_eligible", "undetermined", "name_first")


def tables_for(root: Path, place: str, *, names: Iterable[str]) -> dict[str, OutputTable]:
    """The output tables of the nearest place that has some ({} if none), checked against the known `names`."""
    for code in _prefixes(place):
        path = root / "places" / code / "outputs.yaml"
        if path.exists():
            return _Reader(path.relative_to(root).as_posix(), frozenset(names)).tables(read(path))
    return {}


def _prefixes(place: str) -> list[str]:
    """The place, then the areas above it: 990101001 → 990101001, 990101, 9901, 99."""
    return [place[:length] for length in (12, 9, 6, 4, 2) if len(place) >= length]


class _Reader:
    """Collects every error of one file before raising them together."""

    def __init__(self, file: str, names: frozenset[str]) -> None:
        self.file, self.names = file, names
        self.errors: list[PolicyError] = []

    def tables(self, tree: object) -> dict[str, OutputTable]:
        found = {name: self.table(name, body) for name, body in self.mapping(self.field(tree, "outputs")).items()}
        if self.errors:
            raise PolicyErrors(self.errors)
        return found

    def table(self, name: str, body: object) -> OutputTable:
        self.only(body, ("one_row_per", "columns"))
        per = str(self.field(body, "one_row_per"))
        if per not in ("household", "person"):
            self.expected(body, "household, person")
        columns = tuple(self.column(item) for item in self.sequence(self.field(body, "columns")))
        return OutputTable(name, per, columns)

    def column(self, body: object) -> OutputColumn:
        self.only(body, COLUMN_KEYS)
        fields = self.mapping(body)
        if sum(key in fields for key in SOURCES_OF_TEXT) != 1:
            self.expected(body, ", ".join(SOURCES_OF_TEXT))
        style = str(fields.get("format", "shortest"))
        if style not in FORMATS:
            self.expected(body, ", ".join(FORMATS))
        return OutputColumn(
            name=str(self.field(body, "name")),
            format=style,
            given=str(fields["given"]) if "given" in fields else None,
            quantity=self.quantity(fields["quantity"]) if "quantity" in fields else None,
            outcome=self.outcome(fields["outcome"]) if "outcome" in fields else None,
            amount=self.texts(fields.get("amount")),
            items=tuple(self.item(each) for each in self.sequence(fields.get("list"))),
            separator=str(fields.get("separator", "")),
            blank=self.texts(fields.get("blank")),
        )

    def item(self, body: object) -> ListItem:
        self.only(body, ("label", "quantity", "is"))
        shown = str(self.field(body, "is"))
        if shown not in ("yes", "no"):
            self.expected(body, "yes, no")
        return ListItem(str(self.field(body, "label")), self.quantity(self.field(body, "quantity")), shown == "yes")

    def outcome(self, body: object) -> OutcomeWords:
        self.only(body, OUTCOME_KEYS)
        fields = self.mapping(body)
        return OutcomeWords(
            eligible={str(k): str(v) for k, v in self.mapping(fields.get("eligible")).items()},
            pending={str(k): str(v) for k, v in self.mapping(fields.get("pending")).items()},
            not_eligible=str(self.field(body, "not_eligible")),
            undetermined=str(self.field(body, "undetermined")),
            name_first=tuple(self.quantity(name) for name in self.texts(fields.get("name_first"))),
        )

    def quantity(self, name: object) -> str:
        if str(name) not in self.names:
            near = get_close_matches(str(name), self.names, 1)
            self.refuse("rule.name_unknown", name, suggestion=near[0] if near else None, name=str(name))
        return str(name)

    def field(self, body: object, key: str) -> object:
        fields = self.mapping(body)
        if key not in fields:
            self.refuse("policy.key_missing", body, key=key)
        return fields.get(key, "")

    def only(self, body: object, allowed: tuple[str, ...]) -> None:
        for key in self.mapping(body):
            if key not in allowed:
                near = get_close_matches(key, allowed, 1)
                self.refuse(
                    "policy.key_unknown",
                    key,
                    suggestion=near[0] if near else None,
                    key=str(key),
                    known=", ".join(allowed),
                )

    def mapping(self, body: object) -> Mapping[str, object]:
        if isinstance(body, Mapping):
            return body
        if body not in (None, ""):
            self.expected(body, "名称: 值", "a mapping")
        return {}

    def sequence(self, body: object) -> list[object]:
        if isinstance(body, list):
            return body
        if body not in (None, ""):
            self.expected(body, "清单", "a list")
        return []

    def texts(self, body: object) -> tuple[str, ...]:
        return tuple(str(item) for item in self.sequence(body))

    def expected(self, at: object, zh: str, en: str | None = None) -> None:
        """Something else should stand here; `zh` alone when it is a list of words."""
        self.refuse("policy.expected", at, what_zh=zh, what_en=en or zh)

    def refuse(self, code: str, at: object, *, suggestion: str | None = None, **context: object) -> None:
        where = getattr(at, "where", None) or Where(self.file, 1, 1)
        self.errors.append(
            PolicyError(code, Where(self.file, where.line, where.column), suggestion=suggestion, **context)
        )

"""Strict YAML: every scalar is text with a place in its file; the schema gives it a type.

`on: no`, `0123`, `12:30` and `0.7` mean what they say. Duplicate keys, aliases, anchors, tags and
several documents are refused. Files over 256 KB and nesting over 32 levels are refused unread.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from doudi.engine.errors import PolicyError, Where

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
_LOADER = getattr(yaml, "CLoader", yaml.Loader)


class Text(str):
    """A scalar as written, knowing where it stands (`.where`) and how it was written (`.style`: quotes, | or >)."""

    where: Where
    style: str

    @property
    def first_letter(self) -> Where:
        """Where its text begins: after the quote, or on the line below | and >."""
        if self.style in ("|", ">"):
            return Where(self.where.file, self.where.line + 1, 1)
        return Where(self.where.file, self.where.line, self.where.column + (self.style in ("'", '"')))


class Mapping(dict[str, "Value"]):
    """A YAML mapping: keys are `Text`, in file order; `.where` is its first line."""

    where: Where


class Sequence(list["Value"]):
    """A YAML sequence; `.where` is its first line."""

    where: Where


Value = Text | Mapping | Sequence | None


def read(path: Path, *, shown_as: str | None = None) -> Value:
    """Read one file. `shown_as` is the name used in errors (default: the path as given)."""
    name = shown_as or str(path)
    if path.stat().st_size > MAX_BYTES:
        raise PolicyError("policy.file_too_large", Where(name, 1, 1), limit=MAX_BYTES)
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError("policy.not_utf8", Where(name, 1, 1), byte=error.start) from None
    return parse(text, name)


def parse(text: str, name: str = "<text>") -> Value:
    """Parse YAML text; raises PolicyError with line and column."""
    if len(text.encode("utf-8")) > MAX_BYTES:
        raise PolicyError("policy.file_too_large", Where(name, 1, 1), limit=MAX_BYTES)
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PolicyError(
            "policy.yaml_malformed", Where(name, line, column), problem=str(getattr(error, "problem", error))
        ) from None
    return builder.root


class _Builder:
    """Puts values together from the events of one file; refuses what strict YAML does not have."""

    def __init__(self, name: str) -> None:
        self.root: Value = None
        self._name, self._documents = name, 0
        self._stack: list[list[object]] = []

    def take(self, event: yaml.Event) -> None:
        """The next event."""
        mark = event.start_mark
        where = Where(self._name, mark.line + 1, mark.column + 1) if mark else Where(self._name, 1, 1)
        self._refuse(event, where)
        if isinstance(event, yaml.ScalarEvent):
            self._put(_scalar(event, where), where)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            container: Mapping | Sequence = Mapping() if isinstance(event, yaml.MappingStartEvent) else Sequence()
            container.where = where
            if len(self._stack) >= MAX_DEPTH:
                raise PolicyError("policy.nested_too_deep", where, limit=MAX_DEPTH)
            self._stack.append([container, None])
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = self._stack.pop()[0]
            assert isinstance(done, (Mapping, Sequence))
            self._put(done, done.where)

    def _refuse(self, event: yaml.Event, where: Where) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise PolicyError("policy.several_documents", where)
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise PolicyError("policy.alias_refused", where)
        elif tag := getattr(event, "tag", None):
            raise PolicyError("policy.tag_refused", where, tag=str(tag))

    def _put(self, value: Value, where: Where) -> None:
        if self._stack:
            _attach(self._stack, value, where)
        else:
            self.root = value


def _scalar(event: yaml.ScalarEvent, where: Where) -> Text | None:
    plain = event.style in (None, "")
    if plain and event.value == "":
        return None
    text = Text(event.value)
    text.where = where
    text.style = event.style or ""
    return text


def _attach(stack: list[list[object]], value: object, where: Where) -> None:
    container, key = stack[-1]
    if isinstance(container, Sequence):
        container.append(value)  # type: ignore[arg-type]
        return
    assert isinstance(container, Mapping)
    if key is None:
        if not isinstance(value, Text):
            raise PolicyError("policy.key_not_text", where)
        if value in container:
            raise PolicyError("policy.duplicate_key", where, key=str(value))
        stack[-1][1] = value
    else:
        container[key] = value  # type: ignore[index, assignment]
        stack[-1][1] = None

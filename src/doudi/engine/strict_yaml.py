"""Strict YAML: every scalar is text with a place in its file; the schema gives it a type.

`on: no`, `0123`, `12:30` and `0.7` mean what they say. Duplicate keys, aliases, anchors, tags and
several documents are refused. Files over 256 KB and nesting over 32 levels are refused unread.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from doudi.engine.errors import PolicyError, Where

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
_LOADER = getattr(yaml, "CLoader", yaml.Loader)


class Text(str):
    """A scalar as written, knowing where it stands (`.where`) and whether it was quoted."""

    where: Where
    quoted: bool


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
    stack: list[list[object]] = []
    root: Value = None
    seen_document = False
    try:
        for event in _events(text, name):
            where = Where(name, event.start_mark.line + 1, event.start_mark.column + 1)
            if isinstance(event, yaml.DocumentStartEvent):
                if seen_document:
                    raise PolicyError("policy.several_documents", where)
                seen_document = True
            elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise PolicyError("policy.alias_refused", where)
            elif getattr(event, "tag", None) and not isinstance(event, yaml.DocumentStartEvent):
                raise PolicyError("policy.tag_refused", where, tag=str(event.tag))
            elif isinstance(event, yaml.ScalarEvent):
                scalar = _scalar(event, where)
                if stack:
                    _attach(stack, scalar, where)
                else:
                    root = scalar
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                container = Mapping() if isinstance(event, yaml.MappingStartEvent) else Sequence()
                container.where = where
                if len(stack) >= MAX_DEPTH:
                    raise PolicyError("policy.nested_too_deep", where, limit=MAX_DEPTH)
                stack.append([container, None])
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                container = stack.pop()[0]  # type: ignore[assignment]
                if stack:
                    _attach(stack, container, container.where)
                else:
                    root = container
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PolicyError(
            "policy.yaml_malformed", Where(name, line, column), problem=str(getattr(error, "problem", error))
        ) from None
    return root


def _events(text: str, name: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def _scalar(event: yaml.ScalarEvent, where: Where) -> Text | None:
    plain = event.style in (None, "")
    if plain and event.value == "":
        return None
    text = Text(event.value)
    text.where = where
    text.quoted = not plain
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

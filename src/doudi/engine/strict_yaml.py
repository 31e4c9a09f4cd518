"""Strict YAML: every scalar is text with a place in its file; the schema gives it a type.

`on: no`, `0123`, `12:30` and `0.7` mean what they say. Duplicate keys, aliases, anchors, tags, directives, several
documents and characters that nobody sees are refused; so is a file over 256 KB (unread), over 32 levels or 8,000
values, and what is no ordinary file.
"""

from __future__ import annotations

import re
from pathlib import Path
from stat import S_ISREG

import yaml

from doudi.engine.errors import PolicyError, Where

MAX_BYTES = 256 * 1024
MAX_DEPTH = 32
MAX_VALUES = 8_000
"""Scalars, mappings and lists of one file: reading so many takes less than a tenth of a second."""
MAX_KEY = 200
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls, and marks that join, part, turn round or hide what people read."""
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
    try:
        text = content(path, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise PolicyError("policy.not_utf8", Where(name, 1, 1), byte=error.start) from None
    return parse(text, name)


def content(path: Path, shown_as: str) -> bytes:
    """The bytes of an ordinary file of bounded size."""
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise PolicyError("policy.not_a_file", Where(shown_as, 1, 1))
        if found.st_size > MAX_BYTES:
            raise PolicyError("policy.file_too_large", Where(shown_as, 1, 1), limit=MAX_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise PolicyError("policy.not_readable", Where(shown_as, 1, 1), problem=error.strerror) from None


def parse(text: str, name: str = "<text>") -> Value:
    """Parse YAML text; raises PolicyError with line and column."""
    if len(text.encode("utf-8")) > MAX_BYTES:
        raise PolicyError("policy.file_too_large", Where(name, 1, 1), limit=MAX_BYTES)
    _refuse_unseen(text.removeprefix("\ufeff").replace("\r\n", "\n"), name)
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


def _refuse_unseen(text: str, name: str) -> None:
    """In comments too: what a reader of the file sees is what it says."""
    found = UNSEEN.search(text)
    if found is not None:
        before = text[: found.start()]
        where = Where(name, before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise PolicyError("policy.unseen_character", where, character=f"U+{ord(found.group()):04X}")


class _Builder:
    """Puts values together from the events of one file; refuses what strict YAML does not have."""

    def __init__(self, name: str) -> None:
        self.root: Value = None
        self._name, self._documents, self._values = name, 0, 0
        self._stack: list[list[object]] = []

    def take(self, event: yaml.Event) -> None:
        """The next event."""
        if isinstance(event, yaml.ScalarEvent):
            where = self._begun(event)
            self._put(_scalar(event, where), where)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(Mapping() if isinstance(event, yaml.MappingStartEvent) else Sequence(), self._begun(event))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = self._stack.pop()[0]
            assert isinstance(done, (Mapping, Sequence))
            self._put(done, done.where)
        elif isinstance(event, yaml.AliasEvent):
            raise PolicyError("policy.alias_refused", self._at(event))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._document(event)

    def _at(self, event: yaml.Event) -> Where:
        mark = event.start_mark
        return Where(self._name, mark.line + 1, mark.column + 1) if mark else Where(self._name, 1, 1)

    def _begun(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> Where:
        """Where a value stands; refused when it is marked, or one too many."""
        where = self._at(event)
        if event.anchor:
            raise PolicyError("policy.alias_refused", where)
        if event.tag:
            raise PolicyError("policy.tag_refused", where, tag=str(event.tag))
        self._values += 1
        if self._values > MAX_VALUES:
            raise PolicyError("policy.too_many_values", where, limit=MAX_VALUES)
        return where

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise PolicyError("policy.several_documents", self._at(event))
        if event.version or event.tags:
            raise PolicyError("policy.directive_refused", self._at(event))

    def _open(self, container: Mapping | Sequence, where: Where) -> None:
        container.where = where
        if len(self._stack) >= MAX_DEPTH:
            raise PolicyError("policy.nested_too_deep", where, limit=MAX_DEPTH)
        self._stack.append([container, None])

    def _put(self, value: Value, where: Where) -> None:
        if self._stack:
            _attach(self._stack, value, where)
        else:
            self.root = value


def _scalar(event: yaml.ScalarEvent, where: Where) -> Text | None:
    plain = event.style in (None, "")
    if plain and event.value == "":
        return None
    unseen = UNSEEN.search(event.value)
    if unseen is not None:
        raise PolicyError("policy.unseen_character", where, character=f"U+{ord(unseen.group()):04X}")
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
        if len(value) > MAX_KEY:
            raise PolicyError("policy.key_too_long", where, limit=MAX_KEY)
        if value in container:
            raise PolicyError("policy.duplicate_key", where, key=str(value))
        stack[-1][1] = value
    else:
        container[key] = value  # type: ignore[index, assignment]
        stack[-1][1] = None

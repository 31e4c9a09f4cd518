"""Changing one entry of a policy file and leaving every other line, comments too, as it was.

What comes out is read again and compared: where a file is written in a way that cannot be changed line by line, the
answer is Unspliceable and the file has to be edited as text.
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from copy import deepcopy
from typing import Any

from doudi.engine.strict_yaml import Mapping, Sequence, Text, Value, parse
from doudi.rulebook.logic.yaml_text import NewValue, entry_lines, item_lines, value_table


class Unspliceable(ValueError):
    """The file's own way of writing does not let one entry be changed; edit its text."""


def put_value(text: str, parameter: str, value: NewValue) -> str:
    """A parameter's dated value added; one of the same area and first day is replaced."""
    table = value_table(value)
    before = _plain(parse(text)) or {}
    wanted = deepcopy(before)
    values = wanted.setdefault("parameters", {}).setdefault(parameter, {})
    values["values"] = [*_others(values.get("values"), value.area, table["from"]), table]
    tree = parse(text)
    own = _at(tree, "parameters", parameter)
    items = own.get("values") if isinstance(own, Mapping) else None
    if isinstance(items, Sequence) and items:
        lines = _without_item(text, items, value.area, str(table["from"]))
        return _same(_with_item(lines, text, parameter, table), wanted, by_day=True)
    if isinstance(own, Mapping):
        return _same(put_entry(text, "parameters", parameter, wanted["parameters"][parameter]), wanted, by_day=True)
    return _same(_new_entry(text, "parameters", parameter, _values_lines(table)), wanted, by_day=True)


def drop_value(text: str, parameter: str, area: str, from_on: str) -> str:
    """A parameter's value of an area and first day taken out; a parameter without values goes too."""
    tree = parse(text)
    own = _at(tree, "parameters", parameter)
    items = own.get("values") if isinstance(own, Mapping) else None
    if not isinstance(items, Sequence):
        return text
    wanted = deepcopy(_plain(tree))
    left = _others(wanted["parameters"][parameter]["values"], area, from_on)
    wanted["parameters"][parameter]["values"] = left
    if not left and set(wanted["parameters"][parameter]) == {"values"}:
        return drop_entry(text, "parameters", parameter)
    lines = _without_item(text, items, area, from_on)
    made = "\n".join(lines) + "\n"
    return _same(made if left else _emptied(made, parameter), wanted, by_day=True)


def put_entry(text: str, section: str, name: str, table: AnyMapping[str, object]) -> str:
    """An entry of a section (a rule, a parameter) written anew, in its old place if it had one."""
    wanted = deepcopy(_plain(parse(text)) or {})
    wanted.setdefault(section, {})[name] = _as_read(table)
    return _same(_new_entry(_dropped(text, section, name), section, name, entry_lines(table)), wanted)


def drop_entry(text: str, section: str, name: str) -> str:
    """An entry of a section taken out; a section without entries goes too."""
    wanted = deepcopy(_plain(parse(text)) or {})
    wanted.get(section, {}).pop(name, None)
    if not wanted.get(section):
        wanted.pop(section, None)
    made = _dropped(text, section, name)
    if section not in wanted:
        made = _dropped(made, None, section)
    return _same(made, wanted)


def _plain(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return None if value is None else str(value)


def _as_read(value: object) -> Any:
    if isinstance(value, AnyMapping):
        return {str(key): _as_read(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_read(item) for item in value]
    text = str(value)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n" if "\n" in text else text


def _others(items: Any, area: str, from_on: object) -> list[Any]:
    return [item for item in items or [] if (item.get("area"), item.get("from")) != (area or "nation", str(from_on))]


def _at(tree: Value, *path: str) -> Value:
    for key in path:
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree


def _key(table: Value, name: str) -> Text:
    assert isinstance(table, Mapping)
    return next(key for key in table if key == name)  # type: ignore[return-value]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end(lines: list[str], start: int, indent: int) -> int:
    """The line after the block that begins at `start`; blank lines and comments behind it are not its own."""
    end = start + 1
    for number in range(start + 1, len(lines)):
        bare = lines[number].strip()
        if not bare or bare.startswith("#"):
            continue
        if _indent(lines[number]) <= indent:
            break
        end = number + 1
    return end


def _without_item(text: str, items: Sequence, area: str, from_on: str) -> list[str]:
    lines = text.splitlines()
    for item in items:
        if isinstance(item, Mapping) and (item.get("area"), item.get("from")) == (area or "nation", from_on):
            start = item.where.line - 1
            if not lines[start].lstrip().startswith("- "):
                raise Unspliceable
            del lines[start : _end(lines, start, _indent(lines[start]))]
            break
    return lines


def _with_item(lines: list[str], before: str, parameter: str, table: AnyMapping[str, object]) -> str:
    tree = parse("\n".join(lines))
    own = _at(tree, "parameters", parameter)
    items = own.get("values") if isinstance(own, Mapping) else None
    if not (isinstance(items, Sequence) and items):
        start = _key(own, "values").where.line - 1
        indent = _indent(lines[start]) + 2
        lines[start : start + 1] = [f"{' ' * (indent - 2)}values:", *item_lines(table, indent)]
        return "\n".join(lines) + "\n"
    start = items[-1].where.line - 1 if isinstance(items[-1], Mapping) else -1
    if start < 0 or not lines[start].lstrip().startswith("- "):
        raise Unspliceable
    indent = _indent(lines[start])
    end = _end(lines, start, indent)
    lines[end:end] = item_lines(table, indent)
    return "\n".join(lines) + "\n"


def _values_lines(table: AnyMapping[str, object]) -> list[str]:
    return ["values:", *item_lines(table, 2)]


def _emptied(text: str, parameter: str) -> str:
    tree = parse(text)
    lines = text.splitlines()
    start = _key(_at(tree, "parameters", parameter), "values").where.line - 1
    lines[start] = " " * _indent(lines[start]) + "values: []"
    return "\n".join(lines) + "\n"


def _dropped(text: str, section: str | None, name: str) -> str:
    tree = parse(text)
    table = _at(tree, section) if section else tree
    if not isinstance(table, Mapping) or name not in table:
        return text
    key = _key(table, name)
    lines = text.splitlines()
    start = key.where.line - 1
    if _indent(lines[start]) != key.where.column - 1:
        raise Unspliceable
    del lines[start : _end(lines, start, key.where.column - 1)]
    return "\n".join(lines) + "\n"


def _new_entry(text: str, section: str, name: str, body: list[str]) -> str:
    lines = text.splitlines()
    tree = parse(text)
    if not isinstance(tree, Mapping) or section not in tree:
        return "\n".join([*lines, f"{section}:", f"  {name}:", *(f"    {line}" for line in body)]) + "\n"
    table = tree[section]
    start = _key(tree, section).where.line - 1
    indent = 2
    if isinstance(table, Mapping) and table:
        indent = next(iter(table)).where.column - 1  # type: ignore[attr-defined]
        if indent == 0 or lines[start].rstrip()[-1:] != ":":
            raise Unspliceable
    elif lines[start].strip() != f"{section}:":
        lines[start] = f"{section}:"
    end = _end(lines, start, 0)
    lines[end:end] = [f"{' ' * indent}{name}:", *(f"{' ' * (indent + 2)}{line}" for line in body)]
    return "\n".join(lines) + "\n"


def _same(made: str, wanted: Any, *, by_day: bool = False) -> str:
    """The text, if it reads as what was wanted."""
    found = _plain(parse(made)) or {}
    if _ordered(found, by_day) != _ordered(wanted, by_day):
        raise Unspliceable
    return made


def _ordered(tree: Any, by_day: bool) -> Any:
    if not by_day:
        return tree
    tree = deepcopy(tree)
    for table in (tree.get("parameters") or {}).values():
        if isinstance(table, dict) and isinstance(table.get("values"), list):
            table["values"].sort(key=str)
    return tree

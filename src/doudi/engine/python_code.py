"""The generated functions of one rulebook: each is written and compiled once, when it is first needed, for every day.

Only `compiled` makes code of text, and the text is all `python_source`'s own.
"""

from __future__ import annotations

from collections import OrderedDict
from itertools import count
from threading import RLock
from types import CodeType
from typing import Any

from doudi.engine import python_aggregates, python_source
from doudi.engine.python_decimals import Decimals
from doudi.engine.python_source import Scope, Writer
from doudi.engine.quantities import Rulebook
from doudi.engine.tree import KnownExceeds, Node

WRITERS = python_source.WRITERS | python_aggregates.WRITERS
_PREFIX = {
    "quantity": "q", "parameter": "p", "node": "n", "day": "d", "constant": "c", "codes": "s", "text": "t",
    "fixed": "f", "written": "w", "labelled": "l", "before_word": "b", "said": "a", "rows": "r", "shown": "e",
    "figures": "g", "origins": "o", "step": "m", "collect": "k", "of": "x",
}  # fmt: skip
MAKING = RLock()
"""Held while functions are written, compiled and linked: the threads of a server share programs. What is made is read
without it."""
Need = tuple[Any, ...]
"""What a global name of generated code stands for: its kind and what is needed to bind it."""


class Source:
    """The code of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.needs: dict[str, Need] = {}
        self._names: dict[Any, str] = {}
        self._codes: dict[Any, CodeType] = {}
        self._numbers = count()
        self.decimals = Decimals(rulebook)

    def named(self, sort: str, *what: Any) -> str:
        """The global name of something, the same each time; a node is known by its identity."""
        key = (sort, *(id(part) if isinstance(part, Node) else part for part in what))
        name = self._names.get(key)
        if name is None:
            name = f"{_PREFIX[sort]}{next(self._numbers)}"
            self.needs[name] = (sort, *what)
            self._names[key] = name
        return name

    def quantity(self, qualified: str) -> CodeType:
        """The function of a quantity's subject: its value, memorised; stated by the case where that may be."""
        if qualified not in self._codes:
            quantity = self.rulebook.quantities[qualified]
            key = repr(quantity.name)
            head = ["memo = s.memo", f"if {key} in memo: return memo[{key}]"]
            if quantity.given:
                head.append(f"if {key} in s.facts: return s.facts[{key}]")
            to, scope = self._writer(quantity.entity)
            value = to.value(quantity.formula, scope)
            to.put(f"memo[{key}] = {value}")
            to.put(f"return {value}")
            self._codes[qualified] = compiled(qualified, [*head, *outer(scope)], to.lines, f"too_large({qualified!r})")
        return self._codes[qualified]

    def node(self, node: Node, entity: str) -> CodeType:
        """The function of a part for a subject of the entity it stands in; known by its identity."""
        key = (id(node), entity)
        if key not in self._codes:
            self.named("node", node, entity)
            to, scope = self._writer(entity)
            to.whole = node
            to.put(f"return {to.value(node, scope)}")
            self._codes[key] = compiled("part", outer(scope), to.lines)
        return self._codes[key]

    def known_part(self, node: KnownExceeds, entity: str) -> CodeType:
        """The function giving (the sum of what is known, whether any part is unknown)."""
        key = ("known part", id(node), entity)
        if key not in self._codes:
            self.named("node", node, entity)
            to, scope = self._writer(entity)
            known, doubt = python_aggregates.known_part(to, node.total, scope)
            to.put(f"return {known}, {doubt}")
            self._codes[key] = compiled("known part", outer(scope), to.lines)
        return self._codes[key]

    def _writer(self, entity: str) -> tuple[Writer, Scope]:
        return Writer(self.rulebook, WRITERS, self.decimals, self.named), outermost(entity)


def outermost(entity: str) -> Scope:
    """The scope of a function of a subject `s`."""
    return Scope("household", "s", "s") if entity == "household" else Scope(entity, "s")


def outer(scope: Scope) -> list[str]:
    """The statement by which a function reaches its household."""
    return [] if scope.household == scope.subject else [f"{scope.household} = {scope.subject}.household"]


def compiled(
    name: str, head: list[str], body: list[str], too_large: str | None = None, arguments: str = "s"
) -> CodeType:
    """One function of a subject `s`; with `too_large`, an overflow in its body is raised as that."""
    text = [
        f"def f({arguments}):",
        *(f"    {line}" for line in head),
        "    if True:" if too_large is None else "    try:",
        *body,
    ]
    if too_large is not None:
        text += ["    except Overflow:", f"        raise {too_large} from None"]
    module = compile("\n".join(text), f"<{name}>", "exec")
    return next(part for part in module.co_consts if isinstance(part, CodeType))


_SOURCES: OrderedDict[str, Source] = OrderedDict()
_KEPT = 64


def source_of(rulebook: Rulebook) -> Source:
    """The code of a rulebook; that of the last few is kept by their hash."""
    with MAKING:
        found = _SOURCES.get(rulebook.hash)
        if found is None or found.rulebook is not rulebook:
            found = _SOURCES[rulebook.hash] = Source(rulebook)
            while len(_SOURCES) > _KEPT:
                _SOURCES.popitem(last=False)
        return found

"""What a policy may not hold although each file by itself is well formed; asked by `doudi policy check`.

A rule that is unknown for everyone; a rule of a place that replaces nothing and that nothing reads, or that replaces
one of another kind; a programme without an example.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from doudi.engine.errors import PolicyError
from doudi.engine.examples import Example
from doudi.engine.lint_known import never_known
from doudi.engine.outputs import OutputTable
from doudi.engine.policy import Policy
from doudi.engine.quantities import Rulebook
from doudi.engine.reading import nearest
from doudi.engine.tree import Node
from doudi.engine.vocabulary import LEVELS, ProgrammeDefinition, RuleDefinition
from doudi.engine.walk import references


def faults(policy: Policy, rulebook: Rulebook, shown: set[str]) -> list[PolicyError]:
    """The faults of a place's rules; `shown` are the names that somebody looks at (see `shown`)."""
    return [*_never_known(rulebook), *_of_layer(policy, rulebook, shown)]


def shown(tables: Mapping[str, OutputTable], examples: Iterable[Example]) -> set[str]:
    """The names in output tables and in what examples expect."""
    columns = [column for table in tables.values() for column in table.columns]
    names = {name for column in columns for name in (column.quantity, *column.amount) if name}
    names |= {item.quantity for column in columns for item in column.items}
    return names | {str(name).partition("@")[0] for example in examples for name in example.expect}


def _never_known(rulebook: Rulebook) -> Iterator[PolicyError]:
    for name in never_known(rulebook):
        yield PolicyError("rule.never_known", rulebook.quantities[name].at, name=name)


# -- what a place replaces ---------------------------------------------------------------------------------------------


def _of_layer(policy: Policy, rulebook: Rulebook, shown: set[str]) -> Iterator[PolicyError]:
    layer = policy.places.get(rulebook.place)
    if layer is None:
        return
    above = _rules_above(policy, rulebook.place)
    read = _names_read(rulebook) | shown
    below = _texts_below(policy, rulebook.place)
    for name, own in layer.rules.items():
        base = above.get(name)
        if base is None and name not in read and not re.search(rf"\.{own.name}\b", below):
            near = nearest(name, above)
            yield PolicyError("policy.replaces_nothing", own.at, suggestion=near, name=name, place=layer.place)
        elif base is not None and (base.kind.base, base.kind.unit) != (own.kind.base, own.kind.unit):
            yield PolicyError(
                "policy.kind_changed", own.at, name=name, found=_said(own), expected=_said(base), other=str(base.at)
            )


def _texts_below(policy: Policy, place: str) -> str:
    """The formulas of the places within a place: they too may read its rules."""
    layers = [layer for code, layer in policy.places.items() if code.startswith(place) and code != place]
    texts = [rule.formula.text for layer in layers for rule in layer.rules.values()]
    texts += [
        text.text
        for layer in layers
        for one in layer.programmes.values()
        for text in (one.eligible, one.amount)
        if text
    ]
    return "\n".join(texts)


def _said(rule: RuleDefinition) -> str:
    return f"{rule.kind.base} ({rule.kind.unit})"


def _rules_above(policy: Policy, place: str) -> dict[str, RuleDefinition]:
    """The rules that hold at a place before its own folder is read."""
    found = dict(policy.base.rules)
    for length in LEVELS:
        if 0 < length < len(place) and place[:length] in policy.places:
            found |= policy.places[place[:length]].rules
    return found


def _names_read(rulebook: Rulebook) -> set[str]:
    """What formulas, programmes, chains and figures read."""
    found: set[str] = set()

    def add(node: Node | None, scope: str) -> None:
        if node is not None:
            found.update(f"{ref.entity}.{ref.name}" for ref, _ in references(node, scope))

    for quantity in rulebook.quantities.values():
        add(quantity.formula, quantity.entity)
        add(quantity.not_applicable, quantity.entity)
    for parameter in rulebook.parameters.values():
        add(parameter.by, "household")
    return found


# -- programmes and their examples -------------------------------------------------------------------------------------


def untried(policy: Policy, examples: Sequence[Example]) -> list[PolicyError]:
    """Programmes that no example tries: none stands in their folder, none expects anything of them."""
    folders = {Path(one.at.file).parent.as_posix() for one in examples}
    named = {name for one in examples for name in _expected(one)}
    found = []
    for layer in (policy.base, *policy.places.values()):
        for programme in layer.programmes.values():
            if _folder(programme) not in folders and programme.name not in named:
                found.append(PolicyError("policy.programme_untried", programme.at, name=programme.name))
    return found


def _folder(programme: ProgrammeDefinition) -> str:
    return Path(programme.at.file).parent.as_posix()


def _expected(example: Example) -> Iterator[str]:
    """The programmes that an example says something of."""
    yield str(example.expect.get("programme", ""))
    several = example.expect.get("programmes")
    if isinstance(several, dict):
        yield from (str(name) for name in several)

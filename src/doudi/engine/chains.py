"""Programmes and chains as quantities of the household, in the same tree as the rules, so that every rendering
shares them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

from doudi.engine.errors import PolicyError
from doudi.engine.feeds import Bilingual
from doudi.engine.quantities import OUTCOMES, Quantity
from doudi.engine.tree import BOOLEAN, Aggregate, And, Case, Coalesce, Compare, Const, IsKnown, Kind, Node, Not, Or, Ref
from doudi.engine.vocabulary import ChainDefinition, FactDefinition, ProgrammeDefinition, Requirement
from doudi.engine.walk import references, rewritten

NodeOf = Callable[..., Node]
Requirements = dict[str, list[tuple[str, Bilingual]]]
_OUTCOME = Kind("code", codes=OUTCOMES)
_YUAN = Kind("number", "yuan/month")


def _sure(node: Node) -> Node:
    """True only where the node is known to be true."""
    return Coalesce(BOOLEAN, node, Const(BOOLEAN, False))


def _code(text: str) -> Const:
    return Const(Kind("code"), text)


def _household(kind: Kind, name: str) -> Ref:
    return Ref(kind, "household", name)


def _all(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else And(BOOLEAN, tuple(nodes))


def _requirement_quantities(
    owner: str, label: Bilingual, requires: tuple[Requirement, ...], node_of: NodeOf, into: Requirements
) -> list[Quantity]:
    found = []
    for item in requires:
        name = f"require__{owner.replace(':', '_')}__{item.name}"
        node = node_of(item.when, "household", BOOLEAN)
        found.append(
            Quantity(
                "household", name, BOOLEAN, item.missing, node, (), item.when.where, item.when.text, origin="programme"
            )
        )
        into.setdefault(owner, []).append((name, item.missing))
    return found


def programme_quantities(programme: ProgrammeDefinition, node_of: NodeOf, into: Requirements) -> list[Quantity]:
    """eligible, outcome and amount of one programme; a programme by person holds for a household where it holds for
    a member.
    """
    made = _requirement_quantities(programme.name, programme.label, programme.requires, node_of, into)
    eligible = node_of(programme.eligible, programme.unit, BOOLEAN)
    amount = node_of(programme.amount, programme.unit, None) if programme.amount is not None else Const(_YUAN, None)
    if programme.unit == "person":
        person = Ref(BOOLEAN, "person", f"{programme.name}__eligible")
        made.append(
            _quantity("person", f"{programme.name}__eligible", BOOLEAN, programme, eligible, programme.eligible.text)
        )
        made.append(_quantity("person", f"{programme.name}__amount", amount.kind, programme, amount, ""))
        eligible = Aggregate(BOOLEAN, "any", "person", "household", person)
        per_person = Ref(amount.kind, "person", f"{programme.name}__amount")
        amount = Aggregate(amount.kind, "sum", "person", "household", per_person, person)
    own = _household(BOOLEAN, f"{programme.name}__eligible")
    made.append(_quantity("household", own.name, BOOLEAN, programme, eligible, programme.eligible.text))
    ready: list[Node] = [_sure(_household(BOOLEAN, name)) for name, _ in into.get(programme.name, [])]
    blocked = [(Not(BOOLEAN, _all(ready)), _code("undetermined"))] if ready else []
    outcome = Case(
        _OUTCOME,
        (*blocked, (Not(BOOLEAN, IsKnown(BOOLEAN, own)), _code("undetermined")), (own, _code("eligible"))),
        _code("not_eligible"),
    )
    made.append(_quantity("household", f"{programme.name}__outcome", _OUTCOME, programme, outcome, ""))
    paid = Case(amount.kind, ((_sure(own), amount),), Const(amount.kind, None))
    made.append(_quantity("household", f"{programme.name}__amount", amount.kind, programme, paid, ""))
    return made


def _quantity(
    entity: str,
    name: str,
    kind: Kind,
    owner: ProgrammeDefinition | ChainDefinition,
    node: Node,
    text: str,
    origin: str = "programme",
) -> Quantity:
    return Quantity(entity, name, kind, owner.label, node, owner.basis, owner.at, text, origin=origin)


def chain_quantities(
    chain: ChainDefinition,
    programmes: dict[str, ProgrammeDefinition],
    known: dict[str, Quantity],
    facts: dict[str, FactDefinition],
    node_of: NodeOf,
    into: Requirements,
) -> list[Quantity]:
    """The chain: which programme, what outcome, what is pending, how much."""
    for name in chain.programmes:
        if name not in programmes:
            raise PolicyError("policy.programme_unknown", chain.at, name=name)
    made = _requirement_quantities(f"chain:{chain.name}", chain.label, chain.requires, node_of, into)
    ready: list[Node] = [_sure(_household(BOOLEAN, name)) for name, _ in into.get(f"chain:{chain.name}", [])]
    blocked = Not(BOOLEAN, _all(ready)) if ready else Const(BOOLEAN, False)
    eligible = {p: _eligible(p, into) for p in chain.programmes}
    passes: dict[str, Node] = {}
    for programme, names in chain.pass_when_missing_only.items():
        variants, node = _missing_only(programme, names, known, facts, chain)
        made += variants
        made.append(
            _quantity("household", f"chain__{chain.name}__pass__{programme}", BOOLEAN, chain, node, "", "chain")
        )
        passes[programme] = _household(BOOLEAN, f"chain__{chain.name}__pass__{programme}")
    return made + _results(chain, blocked, eligible, passes, known)


def _eligible(programme: str, into: Requirements) -> Node:
    own: Node = _household(BOOLEAN, f"{programme}__eligible")
    ready: list[Node] = [_sure(_household(BOOLEAN, name)) for name, _ in into.get(programme, [])]
    return Case(BOOLEAN, ((Not(BOOLEAN, _all(ready)), Const(BOOLEAN, None)),), own) if ready else own


def _results(
    chain: ChainDefinition,
    blocked: Node,
    eligible: dict[str, Node],
    passes: dict[str, Node],
    known: dict[str, Quantity],
) -> list[Quantity]:
    programme_kind = Kind("code", codes=(*chain.programmes, "none", "undetermined"))
    branches: list[tuple[Node, Node]] = [(blocked, _code("undetermined"))]
    for name in chain.programmes:
        unknown: Node = Not(BOOLEAN, IsKnown(BOOLEAN, eligible[name]))
        stops = And(BOOLEAN, (unknown, Not(BOOLEAN, passes[name]))) if name in passes else unknown
        branches += [(_sure(eligible[name]), _code(name)), (stops, _code("undetermined"))]
    if passes:
        branches.append(
            (
                Or(BOOLEAN, tuple(passes.values())) if len(passes) > 1 else next(iter(passes.values())),
                _code("undetermined"),
            )
        )
    prefix = f"chain__{chain.name}__"
    programme = _household(programme_kind, prefix + "programme")
    made = [
        _quantity(
            "household",
            programme.name,
            programme_kind,
            chain,
            Case(programme_kind, tuple(branches), _code("none")),
            "",
            "chain",
        )
    ]
    is_one = [(_is(programme, name), name) for name in chain.programmes]
    outcome = Case(
        _OUTCOME,
        ((_is(programme, "undetermined"), _code("undetermined")), (_is(programme, "none"), _code("not_eligible"))),
        _code("eligible"),
    )
    made.append(_quantity("household", prefix + "outcome", _OUTCOME, chain, outcome, "", "chain"))
    pending_kind = Kind("code", codes=(*chain.programmes, "none"))
    settled = _is(_household(_OUTCOME, prefix + "outcome"), "eligible")
    pending = (
        Case(
            pending_kind,
            tuple((And(BOOLEAN, (settled, node)), _code(name)) for name, node in passes.items()),
            _code("none"),
        )
        if passes
        else _code("none")
    )
    made.append(_quantity("household", prefix + "pending", pending_kind, chain, pending, "", "chain"))
    amounts = [(test, _household(known[f"household.{name}__amount"].kind, f"{name}__amount")) for test, name in is_one]
    made.append(
        _quantity(
            "household", prefix + "amount", _YUAN, chain, Case(_YUAN, tuple(amounts), Const(_YUAN, None)), "", "chain"
        )
    )
    return made


def _is(ref: Ref, code: str) -> Node:
    return Compare(BOOLEAN, "=", ref, Const(ref.kind, code))


def _missing_only(
    programme: str,
    names: tuple[str, ...],
    known: dict[str, Quantity],
    facts: dict[str, FactDefinition],
    chain: ChainDefinition,
) -> tuple[list[Quantity], Node]:
    """Unknown, but known for every declared value of the named coded facts: then nothing else is missing."""
    choices: list[list[tuple[FactDefinition, str]]] = []
    for name in names:
        fact = facts.get(name)
        if fact is None or fact.entity != "household" or not fact.kind.codes:
            raise PolicyError("rule.name_unknown", chain.at, name=name)
        choices.append([(fact, code) for code in fact.kind.codes])
    made: list[Quantity] = []
    checks: list[Node] = [Not(BOOLEAN, IsKnown(BOOLEAN, _household(BOOLEAN, f"{programme}__eligible")))]
    for number, choice in enumerate(product(*choices)):
        variants, node = _variant(
            f"{programme}__eligible",
            {f"household.{f.name}": Const(f.kind, code) for f, code in choice},
            f"{chain.name}_{number}",
            known,
        )
        made += variants
        checks.append(IsKnown(BOOLEAN, node))
    return made, And(BOOLEAN, tuple(checks))


def _variant(name: str, given: dict[str, Const], tag: str, known: dict[str, Quantity]) -> tuple[list[Quantity], Node]:
    """The quantity as it would be with some facts given: copies of all that depend on them."""
    made: dict[str, Quantity] = {}

    def depends(qualified: str, seen: frozenset[str] = frozenset()) -> bool:
        if qualified in given:
            return True
        quantity = known.get(qualified)
        if quantity is None or qualified in seen:
            return False
        return any(depends(n, seen | {qualified}) for n in _names(quantity))

    def change(node: Node) -> Node:
        if not isinstance(node, Ref) or node.entity == "parameter":
            return node
        qualified = f"{node.entity}.{node.name}"
        if qualified in given:
            return given[qualified]
        if not depends(qualified):
            return node
        copy(qualified)
        return Ref(node.kind, node.entity, f"{node.name}__if_{tag}", node.via_head)

    def copy(qualified: str) -> None:
        new = f"{qualified}__if_{tag}"
        if new in made:
            return
        old = known[qualified]
        made[new] = Quantity(
            old.entity,
            f"{old.name}__if_{tag}",
            old.kind,
            old.label,
            rewritten(old.formula, change),
            old.basis,
            old.at,
            old.text,
            origin="variant",
        )

    top = _household(BOOLEAN, name)
    node = change(top)
    return list(made.values()), node


def _names(quantity: Quantity) -> Iterable[str]:
    return {f"{r.entity}.{r.name}" for r, _ in references(quantity.formula, quantity.entity)}

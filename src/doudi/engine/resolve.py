"""Policy + place → rulebook: overlays, compiled facts, checked rules, programmes and chains, order, proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import ParamSpec, TypeVar

from doudi.engine.chains import chain_quantities, programme_quantities
from doudi.engine.check import Checker
from doudi.engine.errors import MAX_FAULTS, PolicyError, PolicyErrors, Where
from doudi.engine.feeds import Column, Feed
from doudi.engine.figures import typed, where_of
from doudi.engine.from_rows import compiled
from doudi.engine.grammar import Source, parse
from doudi.engine.named import check_named
from doudi.engine.names import Names
from doudi.engine.policy import Layer, Policy
from doudi.engine.prove import Prover
from doudi.engine.quantities import OUTCOMES, RELATION, Parameter, Quantity, Record, Rulebook
from doudi.engine.reading import nearest
from doudi.engine.settled import settled
from doudi.engine.tree import BOOLEAN, Case, Const, Kind, Node, Not, Ref
from doudi.engine.vocabulary import LEVELS, FactDefinition, ParameterDefinition, RuleDefinition
from doudi.engine.walk import references

T = TypeVar("T")
_OBLIGORS = {"zh": "法定义务人", "en": "persons obliged to support"}
_RELATION_FEED = Feed(RELATION, RELATION, "registry", _OBLIGORS, _OBLIGORS, "registry", (), "none", (), ())
MAX_LEVELS = 64
"""Rules that build on each other in a row: a case is worked out by as many calls."""
P = ParamSpec("P")
_WITHOUT_KIND = ("identity_number", "person_name", "text")


def resolved(policy: Policy, place: str, rulebook_hash: str) -> Rulebook:
    """The rulebook; all faults of checking together."""
    work = _Resolver(policy, place)
    return work.rulebook(rulebook_hash)


class _Resolver:
    def __init__(self, policy: Policy, place: str) -> None:
        self._policy, self._place = policy, place
        self._errors: list[PolicyError] = []
        self._layers = [policy.base, *(policy.places[code] for code in _path(place) if code in policy.places)]
        self._facts = self._merged(lambda layer: layer.facts)
        self._rules = self._merged(lambda layer: layer.rules)
        self._refuse_replacing()
        self._programmes = self._merged(lambda layer: layer.programmes)
        self._chains = self._merged(lambda layer: layer.chains)
        self._packages = self._merged(lambda layer: layer.packages)
        self._records = {feed.record: self._record(feed.record, name) for name, feed in policy.feeds.items()}
        related = {f.name: f for f in self._facts.values() if f.entity == RELATION}
        if related:
            self._records[RELATION] = Record(RELATION, _RELATION_FEED, related)
        self._parameters = self._merged_parameters()
        self._names = self._collect_names()
        self._lows: dict[tuple[str, str], Decimal | None] = {}

    def _merged(self, table: Callable[[Layer], dict[str, T]]) -> dict[str, T]:
        merged: dict[str, T] = {}
        for layer in self._layers:
            merged.update(table(layer))
        return merged

    def _refuse_replacing(self) -> None:
        """A rule is replaced only by the levels that the first one names."""
        named: dict[str, tuple[str, ...]] = {}
        for layer in self._layers:
            level = LEVELS.get(len(layer.place))
            for name, own in layer.rules.items():
                allowed = named.setdefault(name, own.set_by)
                if layer.place and allowed and level not in allowed:
                    levels = ", ".join(allowed)
                    self._errors.append(
                        PolicyError("policy.may_not_replace", own.at, place=layer.place, name=name, levels=levels)
                    )

    def _try(self, act: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T | None:
        """What `act` makes of its arguments; a fault is kept for the end, and after MAX_FAULTS the end has come."""
        if len(self._errors) >= MAX_FAULTS:
            raise PolicyErrors([*self._errors, PolicyError("policy.too_many_faults", None, limit=MAX_FAULTS)])
        try:
            return act(*arguments, **named)
        except PolicyErrors as several:
            self._errors += several.errors
        except PolicyError as error:
            self._errors.append(error)
        return None

    # -- vocabulary ------------------------------------------------------------------------------------------------

    def _record(self, record: str, feed_name: str) -> Record:
        feed = self._policy.feeds[feed_name]
        columns = {
            c.name: _column_fact(record, c)
            for c in feed.columns
            if c.role is None and c.type not in ("identity_number", "person_name")
        }
        return Record(record, feed, columns)

    def _merged_parameters(self) -> dict[str, ParameterDefinition]:
        merged: dict[str, ParameterDefinition] = {}
        for layer in self._layers:
            for name, own in layer.parameters.items():
                base = merged.get(name)
                self._try(self._may_set, own, base or own, layer.place, merged)
                if base is None:
                    merged[name] = own
                else:
                    otherwise = own.otherwise or base.otherwise
                    merged[name] = replace(base, values=(*base.values, *own.values), at=own.at, otherwise=otherwise)
        below = [
            self._policy.places[c]
            for c in self._policy.places
            if self._place and c.startswith(self._place) and len(c) > len(self._place)
        ]
        for layer in below:
            for name, own in layer.parameters.items():
                if name in merged:
                    merged[name] = replace(merged[name], values=(*merged[name].values, *own.values))
        return merged

    def _may_set(
        self, own: ParameterDefinition, base: ParameterDefinition, place: str, known: dict[str, ParameterDefinition]
    ) -> None:
        if own.kind.unit == "?" and base is own:
            raise PolicyError("policy.parameter_unknown", own.at, suggestion=nearest(own.name, known), name=own.name)
        allowed = base.set_by or own.set_by
        if own.otherwise is not None and base is not own and allowed and LEVELS.get(len(place)) not in allowed:
            where = where_of(own.otherwise, own.at)
            raise PolicyError("policy.may_not_set", where, area=place, name=own.name, levels=", ".join(allowed))
        for value in own.values:
            where, area = where_of(value, own.at), value.area or "nation"
            if not value.area.startswith(place):
                raise PolicyError("policy.outside_place", where, area=area, place=place)
            if allowed and LEVELS.get(len(value.area)) not in allowed:
                raise PolicyError("policy.may_not_set", where, area=area, name=own.name, levels=", ".join(allowed))

    def _collect_names(self) -> Names:
        kinds: dict[tuple[str, str], Kind] = {(f.entity, f.name): f.kind for f in self._facts.values()}
        for record in self._records.values():
            kinds.update({(record.name, c.name): c.kind for c in record.columns.values()})
        for rule in self._rules.values():
            self._try(self._no_fact, rule, kinds)
            kinds[rule.entity, rule.name] = rule.kind
        for rule in self._rules.values():
            if rule.codes_from is not None:
                borrowed = self._try(self._borrowed, rule, kinds)
                kinds[rule.entity, rule.name] = borrowed or rule.kind
        for name in self._programmes:
            kinds["household", f"{name}__outcome"] = Kind("code", codes=OUTCOMES)
        for chain in self._chains.values():
            found = Kind("code", codes=(*chain.programmes, "none", "undetermined"))
            kinds["household", f"chain__{chain.name}__programme"] = found
        parameters = {p.name: p.kind for p in self._parameters.values()}
        return Names(kinds, parameters, self._records)

    def _no_fact(self, rule: RuleDefinition, kinds: dict[tuple[str, str], Kind]) -> None:
        if (rule.entity, rule.name) in kinds:
            fact = self._facts.get(rule.qualified)
            other = fact.at if fact is not None else f"sources/{rule.entity}"
            raise PolicyError("policy.fact_is_not_replaced", rule.at, name=rule.qualified, other=other)
        if rule.entity not in ("household", "person", *self._records):
            known = ("household", "person", *self._records)
            near = nearest(rule.entity, known)
            raise PolicyError(
                "policy.entity_unknown", rule.at, suggestion=near, name=rule.entity, known=", ".join(known)
            )

    def _borrowed(self, rule: RuleDefinition, kinds: dict[tuple[str, str], Kind]) -> Kind:
        entity, _, name = (rule.codes_from or "").partition(".")
        lender = kinds.get((entity, name))
        if lender is None:
            raise PolicyError(
                "rule.name_unknown",
                rule.at,
                suggestion=nearest(str(rule.codes_from), [f"{e}.{n}" for e, n in kinds]),
                name=rule.codes_from,
            )
        return replace(rule.kind, codes=lender.codes)

    # -- quantities ------------------------------------------------------------------------------------------------

    def _node(self, source: Source, scope: str, wanted: Kind | None, *, bare: bool = False) -> Node:
        checker = Checker(self._names, source, scope, bare=bare)
        return checker.formula(parse(source), wanted)

    def _rule(self, rule: RuleDefinition) -> Quantity:
        kind = self._names.kind(rule.entity, rule.name) or rule.kind
        formula = self._node(rule.formula, rule.entity, kind)
        not_applicable = self._node(rule.not_applicable, rule.entity, BOOLEAN) if rule.not_applicable else None
        if not_applicable is not None:
            formula = Case(kind, ((not_applicable, Const(kind, None)),), formula)
        return Quantity(
            rule.entity,
            rule.name,
            replace(kind, scale=0 if kind.base == "integer" else None),
            rule.label,
            formula,
            rule.basis,
            rule.at,
            rule.formula.text,
            rule.yes,
            rule.no,
            not_applicable,
            rule.sensitivity or "",
            set_in=rule.set_in,
        )

    def _quantities(self) -> dict[str, Quantity]:
        found: dict[str, Quantity] = {}
        for fact in self._facts.values():
            if fact.from_rows is not None:
                quantity = self._try(compiled, fact, self._policy.feeds, self._node)
                if quantity is not None:
                    found[quantity.qualified] = quantity
        for rule in self._rules.values():
            quantity = self._try(self._rule, rule)
            if quantity is not None:
                found[quantity.qualified] = quantity
        return found

    def _parameter(self, own: ParameterDefinition) -> Parameter:
        by = self._node(Source(own.by, own.at), "household", None) if own.by else None
        typed_values = typed(own.values, own.kind, None if by is None else by.kind.codes or ())
        values = tuple(v for v in typed_values if v.area.startswith(self._place) or self._place.startswith(v.area))
        ordered = sorted(values, key=lambda v: (-len(v.area), -v.from_on.toordinal(), v.area, v.key or ""))
        ordered += typed((own.otherwise,), own.kind, None) if own.otherwise is not None else ()
        has_default = own.otherwise is not None
        return Parameter(own.name, own.kind, own.label, by, own.set_by, tuple(ordered), has_default, own.codes)

    def rulebook(self, rulebook_hash: str) -> Rulebook:
        """The finished rulebook."""
        self._try(check_named, self._programmes, self._packages, self._facts)
        found = self._quantities()
        parameters = {name: p for name, own in self._parameters.items() if (p := self._try(self._parameter, own))}
        self._stop_on_errors()
        requirements: dict[str, list[tuple[str, dict[str, str]]]] = {}
        for programme in self._programmes.values():
            made = self._try(programme_quantities, programme, self._node, requirements)
            found.update({q.qualified: q for q in made or ()})
        self._stop_on_errors()
        for chain in self._chains.values():
            made = self._try(chain_quantities, chain, self._programmes, found, self._facts, self._node, requirements)
            found.update({q.qualified: q for q in made or ()})
        self._stop_on_errors()
        ordered = self._ordered(found, parameters)
        self._prove(ordered)
        self._stop_on_errors()
        ordered = self._with_sensitivity(settled(ordered, parameters))
        return Rulebook(
            self._place,
            rulebook_hash,
            self._facts,
            self._records,
            ordered,
            parameters,
            self._programmes,
            self._chains,
            self._policy.feeds,
            requirements,
            self._packages,
        )

    def _stop_on_errors(self) -> None:
        if self._errors:
            raise PolicyErrors(self._errors)

    # -- order and proofs --------------------------------------------------------------------------------------------

    def _needs(self, quantity: Quantity, parameters: dict[str, Parameter]) -> Iterable[str]:
        for ref, _ in references(quantity.formula, quantity.entity):
            if ref.entity != "parameter":
                yield f"{ref.entity}.{ref.name}"
                continue
            by = parameters[ref.name].by
            if by is not None:
                yield from (f"{r.entity}.{r.name}" for r, _ in references(by, "household"))

    def _ordered(self, found: dict[str, Quantity], parameters: dict[str, Parameter]) -> dict[str, Quantity]:
        ordered: dict[str, Quantity] = {}
        path: list[str] = []

        def visit(name: str) -> None:
            if name in ordered or name not in found:
                return
            if name in path:
                cycle = " → ".join([*path[path.index(name) :], name])
                raise PolicyError("rule.cycle", found[name].at, cycle=cycle)
            if len(path) >= MAX_LEVELS:
                raise PolicyError("rule.depends_too_deep", found[name].at, name=name, limit=MAX_LEVELS)
            path.append(name)
            for other in self._needs(found[name], parameters):
                visit(other)
            path.pop()
            ordered[name] = found[name]

        for name in found:
            if self._try(visit, name) is None and self._errors:
                break
        self._stop_on_errors()
        return ordered

    def _with_sensitivity(self, ordered: dict[str, Quantity]) -> dict[str, Quantity]:
        """A rule without its own mark takes the strictest of what it reads; booleans over others stay as declared."""
        marks = {**{f.qualified: f.sensitivity for f in self._facts.values()}}
        for record in self._records.values():
            marks.update({f"{record.name}.{c.name}": c.sensitivity for c in record.columns.values()})
        ranks = ("ordinary", "income", "health", "bank")
        finished: dict[str, Quantity] = {}
        for name, quantity in ordered.items():
            read = [
                marks.get(f"{r.entity}.{r.name}", "ordinary") for r, _ in references(quantity.formula, quantity.entity)
            ]
            mark = quantity.sensitivity or max(read, key=ranks.index, default="ordinary")
            marks[name] = mark
            finished[name] = replace(quantity, sensitivity=mark)
        return finished

    def _prove(self, ordered: dict[str, Quantity]) -> None:
        conditions = {
            (rule.entity, rule.name): (quantity.not_applicable, rule.not_applicable.text)
            for rule in self._rules.values()
            if rule.not_applicable is not None and (quantity := ordered[rule.qualified]).not_applicable is not None
        }

        def low_of(ref: Ref) -> Decimal | None:
            return self._lows.get((ref.entity, ref.name))

        def condition_of(ref: Ref) -> tuple[Node, str] | None:
            return conditions.get((ref.entity, ref.name))

        def nowhere(ref: Ref) -> tuple[Node, str] | None:
            return None

        for quantity in ordered.values():
            exempt = quantity.origin in ("programme", "chain", "variant")
            rule = self._rules.get(quantity.qualified)
            source = rule.formula if rule is not None else Source(quantity.text, quantity.at)
            prover = Prover(source, low_of, nowhere if exempt else condition_of)
            guards = (
                frozenset({Not(BOOLEAN, quantity.not_applicable)})
                if quantity.not_applicable is not None
                else frozenset()
            )
            self._try(prover.prove, quantity.formula, guards)
            low = prover.low(quantity.formula, guards)
            declared = quantity.kind.minimum
            if declared is not None and (low is None or low < declared):
                self._errors.append(PolicyError("rule.minimum_not_proved", source.where, minimum=declared))
            self._lows[quantity.entity, quantity.name] = low


def _path(place: str) -> list[str]:
    if place and (not (place.isascii() and place.isdigit()) or len(place) not in LEVELS):
        raise PolicyErrors([PolicyError("policy.place_malformed", Where("place", 1, 1), place=place)])
    return [place[:length] for length in (2, 4, 6, 9, 12) if len(place) >= length]


def _column_fact(record: str, column: Column) -> FactDefinition:
    base = "number" if column.type == "money" else "code" if column.type in _WITHOUT_KIND else column.type
    scale = 2 if column.type == "money" else 0 if column.type == "integer" else None
    codes = tuple(column.codes) if column.codes else None
    kind = Kind(base, column.unit, scale, codes, column.minimum)  # type: ignore[arg-type]
    return FactDefinition(
        record,
        column.name,
        kind,
        column.label,
        column.meaning,
        "rows",
        Where(f"sources/{record}", 1, 1),
        column.codes or {},
        column.sensitivity,
    )

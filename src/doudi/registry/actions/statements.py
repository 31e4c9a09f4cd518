"""Writing what is said of persons and households: declarations, labels, support obligations."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Refused
from doudi.core.row_context import everywhere
from doudi.registry.actions.people import deal_in
from doudi.registry.actions.rows import insert_rows
from doudi.registry.logic.newcomers import NewDeclaration, NewLabel, NewObligors
from doudi.registry.logic.obligors import RELATIONS
from doudi.registry.models import Declaration, Label, Obligation, ObligorStatement, Person
from doudi.registry.sealing import sealed_obligors, sealed_value

SUBJECT = ("id", "household_id", "person_id")


def record_declaration(*, actor: Actor, at: datetime.datetime, declaration: NewDeclaration) -> None:
    """Record one thing somebody said."""
    record_declarations(actor=actor, at=at, declarations=[declaration])


@transaction.atomic
def record_declarations(*, actor: Actor, at: datetime.datetime, declarations: Sequence[NewDeclaration]) -> None:
    """Record declared facts, many at once. Earlier ones stay and hold for earlier days. One audit entry."""
    if any((item.household is None) == (item.person is None) for item in declarations):
        raise Refused("registry.declaration_subject", _("申报事项要么属于一个家庭，要么属于一个人。"))
    columns = [*SUBJECT, "fact", "value_enc", "said_by_id", "said_on", "application", "recorded_by", "recorded_at"]
    rows = [
        (
            own, item.household, item.person, item.fact, sealed_value(own, item.value), item.said_by, item.said_on,
            item.application, actor.account_id, at,
        )
        for own, item in ((uuid.uuid4(), item) for item in declarations)
    ]  # fmt: skip
    insert_rows(Declaration, columns, rows)
    subjects = {
        ("household", str(item.household)) if item.household else ("person", str(item.person)) for item in declarations
    }
    record_act(
        actor=actor, verb="registry.record_declarations", at=at, before=None, after=None,
        subjects=sorted(subjects) if len(subjects) <= 10 else [], count=len(rows),
    )  # fmt: skip


@transaction.atomic
def record_obligors(*, actor: Actor, at: datetime.datetime, statements: Sequence[NewObligors]) -> None:
    """Record who is said to be obliged to support whom. Earlier lists stay and hold for earlier days. One audit entry,
    which names the persons and nothing of what was said.
    """
    if any(one.relation not in RELATIONS for item in statements for one in item.obligors or ()):
        raise Malformed("registry.obligor_relation", _("没有这种亲属关系。请从列表里选一个。"))
    said = ObligorStatement.objects.filter(person__in=[item.person for item in statements])
    before = dict(said.values_list("person_id").annotate(count=Count("id")))
    ObligorStatement.objects.bulk_create(
        ObligorStatement(
            id=own,
            person_id=item.person,
            seq=before.get(item.person, 0) + 1,
            obligors_enc=None if item.obligors is None else sealed_obligors(own, item.obligors),
            said_by_id=item.said_by,
            said_on=item.said_on,
            application=item.application,
            recorded_by=actor.account_id,
            recorded_at=at,
        )
        for own, item in ((uuid.uuid4(), item) for item in statements)
    )
    subjects = sorted({("person", str(item.person)) for item in statements})
    record_act(
        actor=actor, verb="registry.record_obligors", at=at, before=None, after=None,
        subjects=subjects if len(subjects) <= 10 else [], count=len(statements),
    )  # fmt: skip


@transaction.atomic
def set_labels(*, actor: Actor, at: datetime.datetime, labels: Sequence[NewLabel], reason: str = "") -> int:
    """Put labels, many at once. An open one of the same code stays if equal, else it ends where the new begins."""
    labels = list({(item.household or item.person, item.code): item for item in labels}.values())
    codes = {item.code for item in labels}
    subjects = [item.household or item.person for item in labels]
    standing = {
        (row.household_id or row.person_id, row.code): row
        for row in Label.objects.filter(code__in=codes, to_on__isnull=True).filter(
            Q(household_id__in=subjects) | Q(person_id__in=subjects)
        )
    }
    rows = []
    for item in labels:
        held = standing.get((item.household or item.person, item.code))
        if held and (held.amount, held.origin, held.from_on) == (item.amount, item.origin, item.from_on):
            continue
        if held:
            held.to_on = max(item.from_on, held.from_on)
            held.save(update_fields=["to_on"])
        rows.append(
            (uuid.uuid4(), item.household, item.person, item.code, item.from_on, item.to_on, item.origin, item.amount)
        )
    insert_rows(Label, [*SUBJECT, "code", "from_on", "to_on", "origin", "amount"], rows)
    named = [("household", str(item.household)) if item.household else ("person", str(item.person)) for item in labels]
    record_act(
        actor=actor, verb="registry.set_labels", at=at, before=None, after=None, reason=reason,
        subjects=named if len(named) <= 10 else [], count=len(rows),
    )  # fmt: skip
    return len(rows)


@transaction.atomic
def end_label(*, actor: Actor, at: datetime.datetime, label: uuid.UUID, on: datetime.date, reason: str) -> Label:
    """A label no longer holds from a day on."""
    held = Label.objects.select_for_update().get(pk=label)
    held.to_on = max(on, held.from_on)
    held.save(update_fields=["to_on"])
    subject = ("household", str(held.household_id)) if held.household_id else ("person", str(held.person_id))
    record_act(
        actor=actor, verb="registry.end_label", subjects=[subject], at=at, before=None, after=None, reason=reason
    )
    return held


@transaction.atomic
def set_obligation(
    *,
    actor: Actor,
    at: datetime.datetime,
    obligor: uuid.UUID,
    person: uuid.UUID,
    kind: Obligation.Kind,
    from_on: datetime.date,
    to_on: datetime.date | None = None,
) -> Obligation:
    """Somebody is legally obliged to support somebody else."""
    if obligor == person:
        raise Refused("registry.obligation_to_self", _("义务人不能是本人。"))
    made, _new = Obligation.objects.get_or_create(
        obligor_id=obligor, person_id=person, kind=kind, to_on=to_on, defaults={"from_on": from_on}
    )
    with everywhere("each of the two is seen where the other lives"):
        areas = dict(Person.objects.filter(pk__in=[obligor, person]).values_list("id", "area_code"))
        deal_in([obligor], areas.get(person, ""))
        deal_in([person], areas.get(obligor, ""))
    record_act(
        actor=actor, verb="registry.set_obligation", at=at, before=None, after=None,
        subjects=[("person", str(obligor)), ("person", str(person))],
    )  # fmt: skip
    return made

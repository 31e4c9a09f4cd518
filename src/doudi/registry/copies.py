"""What the register tells a person of themselves: who they are, where, with whom, what was said of them and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext as in_words

from doudi.areas.queries import name_path
from doudi.core.vault import vault
from doudi.keeping.logic.duties import CopyLine, CopySection, copy_sections
from doudi.registry.models import (
    Address,
    BankAccount,
    Declaration,
    Label,
    Membership,
    ObligorStatement,
    Person,
    PersonName,
)
from doudi.registry.queries.people import number_of, same_persons


@copy_sections.fill
def register_sections(person: UUID, on: date, words: dict[str, str]) -> Iterable[CopySection]:
    """Identity, family and addresses, labels, declarations."""
    found = Person.objects.get(pk=person)
    households = list(Membership.objects.filter(person=person).select_related("household").order_by("-from_on", "id"))
    yield CopySection(_("本人"), tuple(_identity(found)), 10)
    yield CopySection(_("家庭与住址"), tuple(_families(households, words)), 20)
    yield CopySection(_("救助标识"), tuple(_labels(person, households, words)), 30)
    yield CopySection(_("申报过的情况"), tuple(_said(person, households, words)), 40)


def _identity(person: Person) -> Iterable[CopyLine]:
    register = _("户籍登记或申请")
    since = person.registered_at.date()
    yield CopyLine(_("姓名"), person.name or "—", register, since)
    yield CopyLine(
        _("身份证号码"), number_of(person) or "—", register, since, "identity_number", person.number_masked or "—"
    )
    yield CopyLine(_("出生日期"), person.born_on.isoformat() if person.born_on else "—", register, since)
    if person.ethnicity:
        yield CopyLine(_("民族"), person.ethnicity, register, since)
    if person.hukou_type:
        yield CopyLine(_("户口性质"), in_words(person.hukou_type), register, since)
    if person.state:
        yield CopyLine(_("户口状态"), in_words(person.state), register, person.state_on)
    for former in PersonName.objects.filter(person__in=same_persons([person.id])).order_by("-until"):
        yield CopyLine(_("曾用名"), former.name, register, former.until)
    for account in BankAccount.objects.filter(person=person).order_by("-from_on"):
        context = f"registry_bankaccount|number|{account.id}"
        number = vault().decrypt(context, bytes(account.number_enc)).decode()
        masked = f"{account.bank} {account.number_masked}"
        yield CopyLine(_("银行账户"), f"{account.bank} {number}", _("本人"), account.from_on, "bank", masked)


def _source(origin: str, words: dict[str, str]) -> str:
    """Who said it, in words: a department's feed, or the family's own application."""
    return words.get(origin) or (str(_("家庭的申请")) if origin == "application" else origin or str(_("户籍登记")))


def _families(rows: Iterable[Membership], words: dict[str, str]) -> Iterable[CopyLine]:
    for row in rows:
        kind = row.household.get_kind_display()
        relation = in_words(row.relation) if row.relation else ""
        told = " ".join(filter(None, (str(kind), row.household.number or "", relation)))
        yield CopyLine(_("家庭成员身份"), told, _source(row.household.origin, words), row.from_on)
        for address in Address.objects.filter(household=row.household_id).order_by("-from_on"):
            line = ""
            if address.line_enc is not None:
                line = vault().decrypt(f"registry_address|line|{address.id}", bytes(address.line_enc)).decode()
            place = name_path(address.area_code) or address.area_code
            where, said_by = f"{place} {line}".strip(), _source(row.household.origin, words)
            yield CopyLine(_("住址"), where, said_by, address.from_on, "address", place)


def _label(code: str, words: dict[str, str]) -> str:
    """What a recognition is called on the family's page, too."""
    return words.get(code) or render_to_string("registry/label_name.html", {"code": code}).strip()


def _labels(person: UUID, rows: Iterable[Membership], words: dict[str, str]) -> Iterable[CopyLine]:
    mine = Q(person=person) | Q(household__in=[row.household_id for row in rows])
    for label in Label.objects.filter(mine).order_by("-from_on", "code"):
        amount = f" {label.amount} {_('元/月')}" if label.amount is not None else ""
        until = f" → {label.to_on}" if label.to_on else ""
        yield CopyLine(
            _label(label.code, words), f"{label.from_on}{until}{amount}", _source(label.origin, words), label.from_on
        )


def _said(person: UUID, rows: Iterable[Membership], words: dict[str, str]) -> Iterable[CopyLine]:
    units = [row.household_id for row in rows if row.kind == "unit"]
    mine = Q(person=person) | Q(household__in=units)
    for said in Declaration.objects.filter(mine).select_related("said_by").order_by("-said_on", "fact", "id"):
        value = said.value
        told = words.get(f"{said.fact}={value}", value) if value not in (None, "") else _("不清楚")
        told = {"true": _("是"), "false": _("否")}.get(str(told), str(told))
        who = said.said_by.name if said.said_by else "—"
        yield CopyLine(words.get(said.fact, said.fact), told, who, said.said_on)
    for listed in ObligorStatement.objects.filter(person=person).select_related("said_by").order_by("-said_on", "-seq"):
        names = _("不清楚") if listed.obligors is None else "、".join(one.name for one in listed.obligors) or _("没有")
        who = listed.said_by.name if listed.said_by else "—"
        yield CopyLine(_("赡养、抚养、扶养义务人"), names, who, listed.said_on)

"""S-06: a form takes its own fields and no others; status, area, amount, approved_by, role change nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from doudi.accounts.logic.roles import ROLES
from tests.accounts.conftest import holder_of
from tests.bars import houses
from tests.bars.conftest import Bar
from tests.bars.routes import routes
from tests.bars.walking import Form, Walk
from tests.cases.conftest import County, county

__all__ = ["county"]
pytestmark = pytest.mark.django_db
WANTED = {
    "status": "reviewed", "state": "reviewed", "area": "990102", "area_code": "990102", "amount": "99999",
    "approved_by": str(uuid4()), "reviewed_by": str(uuid4()), "proposed_by": str(uuid4()), "entered_by": str(uuid4()),
    "concluded_by": str(uuid4()), "role": "county_leader", "grant": str(uuid4()), "account": str(uuid4()),
    "is_superuser": "on", "is_staff": "on", "is_active": "", "must_change_password": "", "username": "intruder",
    "finding": "justified", "reviewed_at": "2026-01-01", "until_at": "2030-01-01", "agrees": "true",
    "outcome": "eligible", "programme": "dibao", "department": "audit", "purpose": "demo", "mode": "",
    "opened": "bank", "actor": "system",
    "at": "2020-01-01", "id": str(uuid4()), "pk": "1", "household": str(uuid4()), "applicant": "990101195001011234",
}  # fmt: skip
VARYING = re.compile(
    r"-[0-9a-f]{8}-\d+(?=[,)])|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,64}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\",]*"
)
TEXTS = "情况属实，需要办理"
PARTS = ("", "decision/", "review/")
LEFT_OUT = ("django_session", "procrastinate_")
Effect = tuple[int, Counter[tuple[str, str]], Counter[tuple[str, str]]]


def tables() -> dict[str, list[str]]:
    """Every table with its columns whose values are comparable: no keys, no instants, no ciphertexts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'public' and"
            " data_type not in ('uuid', 'timestamp with time zone', 'bytea') and is_identity = 'NO'"
            " and table_name in (select table_name from information_schema.tables where table_type = 'BASE TABLE')"
            " order by 1, ordinal_position"
        )
        found: dict[str, list[str]] = {}
        for table, column in cursor.fetchall():
            if not table.startswith(LEFT_OUT):
                found.setdefault(table, []).append(column)
    return found


def rows(shape: dict[str, list[str]]) -> Counter[tuple[str, str]]:
    """What every table says now, once for each row that says it; a long row by its digest."""
    found: Counter[tuple[str, str]] = Counter()
    with connection.cursor() as cursor:
        for table, columns in shape.items():
            row = "row(" + ", ".join(f'"{column}"' for column in columns) + ")::text"
            cursor.execute(f'select case when length({row}) < 5000 then {row} else md5({row}) end from "{table}"')
            found.update((table, text) for (text,) in cursor.fetchall())
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def effect(
    client: Client, address: str, data: dict[str, Any], shape: dict[str, list[str]], before: Counter[tuple[str, str]]
) -> Effect:
    """What a POST comes to: its status, and the rows it adds and takes away, ids and instants left out."""
    with undone():
        answer = client.post(address, data)
        after = rows(shape)
    assert answer.status_code < 500, address
    return answer.status_code, _plain(after - before), _plain(before - after)


def _plain(counted: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter({(table, VARYING.sub("*", text)): count for (table, text), count in counted.items()})


def filled(form: Form) -> dict[str, Any]:
    """A form as somebody would send it: what stands in it, the first choice of each, a day, a sum, a reason."""
    data: dict[str, Any] = {}
    for name, kind in form.kinds.items():
        choices = [one for one in form.choices.get(name, []) if one]
        if form.fields.get(name):
            data[name] = form.fields[name]
        elif choices:
            data[name] = choices[0]
        elif kind == "date":
            data[name] = date(2026, 7, 14).isoformat()
        elif kind == "number":
            data[name] = "1"
        elif kind != "file":
            data[name] = {"area": "990101001", "amount": "100", "holder": holder_of("newcomer")}.get(name, TEXTS)
    return data


def extras(own: set[str]) -> dict[str, str]:
    """Fields nobody asked for: the usual ones, and every column of every model."""
    columns = {one.name for model in apps.get_models() for one in model._meta.concrete_fields}
    return {name: value for name, value in (dict.fromkeys(columns, "9") | WANTED).items() if name not in own}


@pytest.mark.bar("S-06", "fields sent along that a form does not have change nothing, on every form that is found")
def test_extra_fields_are_ignored(bar: Bar, county: County) -> None:
    made, shape = houses.build(county, 5), tables()
    tried = changed = 0
    wrong: list[str] = []
    reached: set[str] = set()
    for role in ROLES:
        client = houses.desk(role)
        walk = Walk(client, most=bar.size(25, 300), most_of_a_kind=bar.size(1, 5))
        for _answer in walk.answers(*(f"/cases/{one}/{part}" for one in made.applications for part in PARTS)):
            pass
        forms = {key: form for key, form in walk.forms.items() if key[0] not in reached or bar.full}
        before = rows(shape)
        for (kind, _names), form in forms.items():
            path = urlsplit(form.action).path
            if path.startswith(("/accounts/logout", "/accounts/login")):
                continue
            reached.add(kind)
            data = filled(form)
            plain = effect(client, form.action, data, shape, before)
            more = effect(client, form.action, extras(set(form.kinds)) | data, shape, before)
            tried += 1
            changed += bool(plain[1] or plain[2])
            if plain != more:
                wrong.append(f"{role} {kind} {resolve(path).view_name}: {_difference(plain, more)}")
    bar.says(f"{tried} forms of {len(reached)} kinds, {changed} with an effect, {len(wrong)} took more than theirs")
    assert not wrong, "\n".join(wrong)
    assert changed >= bar.size(8, 20)


@pytest.mark.bar("S-06", "an address asked with fields that belong to no form does what it does without them")
def test_addresses_take_no_fields_of_nobody(bar: Bar, county: County) -> None:
    made, shape = houses.build(county, 5), tables()
    known = {"household": made.households[0], "person": made.people[0], "person_id": made.people[0]}
    roles = ROLES if bar.full else ("handler", "security_administrator")
    wrong, tried = [], 0
    for role in roles:
        client = houses.desk(role)
        before = rows(shape)
        for route in routes():
            several = made.applications if "application_id" in route.kwargs and bar.full else made.applications[:1]
            for application in several if route.access != "public" else ():
                address = route.address(known | {"application_id": application, "check": made.checks[0]})
                plain = effect(client, address, {"nobody_asked_for": "9"}, shape, before)
                more = effect(client, address, extras(_asked_by(route.name)), shape, before)
                tried += 1
                if plain != more:
                    wrong.append(f"{role} {route.name}: {_difference(plain, more)}")
    bar.says(f"{tried} addresses asked with nothing and with more than {len(WANTED)} fields, {len(wrong)} differ")
    assert not wrong, "\n".join(wrong)


def _asked_by(name: str) -> set[str]:
    """Names that belong to the forms of an app: they are not extra there."""
    found = {"act", "assessment", "reason", "next", "q", "number", "state", "mine", "password", "login", "grant"}
    for module in ("forms", "looking_forms"):
        try:
            known = vars(import_module(f"doudi.{name.partition(':')[0]}.{module}"))
        except ImportError:
            continue
        for one in known.values():
            found |= set(getattr(one, "base_fields", {}))
    return found | {"purpose", "note"}


def _difference(plain: Effect, more: Effect) -> str:
    if plain[0] != more[0]:
        return f"{plain[0]} became {more[0]}"
    return str(((more[1] - plain[1]) or (plain[1] - more[1]) or (more[2] - plain[2])).most_common(2))[:400]

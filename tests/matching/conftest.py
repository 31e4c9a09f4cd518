"""A small rulebook, a lake in memory and one family of the fictional county."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

import pytest

from doudi.core.actor import Actor
from doudi.engine.errors import Where
from doudi.engine.feeds import Feed
from doudi.engine.grammar import Source
from doudi.engine.rulebook import Record, Rulebook
from doudi.engine.tree import Kind
from doudi.engine.vocabulary import FactDefinition, FromRows
from doudi.matching.queries import evidence as evidence_room
from doudi.matching.queries import lake as lake_room
from tests.matching.fakes import FakeCoverage, FakeLake
from tests.registry.conftest import actor_of
from tests.registry.conftest import person as person

HERE = Where("test", 1, 1)
LABEL = {"zh": "事实", "en": "fact"}
MONEY = Kind("number", "yuan", 2)


def fact(entity: str, name: str, kind: Kind, source: str, rows: FromRows | None = None) -> FactDefinition:
    return FactDefinition(entity, name, kind, LABEL, LABEL, source, HERE, from_rows=rows)


def feed(name: str, record: str, scope: str) -> Feed:
    return Feed(name, record, "dept", LABEL, LABEL, scope, (f"{name}.csv",), "csv", (), ())


def small_rulebook() -> Rulebook:
    """Wages (authorised, twelve months back), vehicles (department list), three declared and three registry facts."""
    wages = feed("shuiwu_gongzi", "wage", "authorised")
    vehicles = feed("gongan_cheliang", "vehicle", "department_list")
    formula = Source("sum(amount)", HERE)
    facts = [
        fact("household", "area", Kind("area"), "registry"),
        fact("household", "declared_other_income", MONEY, "declared"),
        fact("household", "obligor_status", Kind("code", codes=("有", "无")), "declared"),
        fact("person", "member", Kind("boolean"), "registry"),
        fact("person", "born_on", Kind("date"), "registry"),
        fact("person", "hukou_type", Kind("code", codes=("城镇", "农村")), "registry"),
        fact("person", "is_authorised", Kind("boolean"), "registry"),
        fact("person", "wage_total", MONEY, "rows", FromRows("shuiwu_gongzi", formula, None, "month", 12, "none")),
    ]
    wage = {
        "month": fact("wage", "month", Kind("month"), "record"),
        "amount": fact("wage", "amount", MONEY, "record"),
    }
    vehicle = {"state": fact("vehicle", "state", Kind("code"), "record")}
    return Rulebook(
        place="990101",
        hash="0" * 64,
        facts={item.qualified: item for item in facts},
        records={"wage": Record("wage", wages, wage), "vehicle": Record("vehicle", vehicles, vehicle)},
        quantities={},
        parameters={},
        programmes={},
        chains={},
        feeds={wages.name: wages, vehicles.name: vehicles},
    )


@pytest.fixture
def rulebook() -> Rulebook:
    return small_rulebook()


@pytest.fixture
def actor() -> Actor:
    return actor_of("990101")


@pytest.fixture
def lake(monkeypatch: pytest.MonkeyPatch) -> FakeLake:
    """Both feeds received; wages cover July 2025 to June 2026."""
    made = FakeLake()
    made.coverages["shuiwu_gongzi"] = FakeCoverage(datetime.date(2025, 7, 1), datetime.date(2026, 6, 1))
    made.coverages["gongan_cheliang"] = FakeCoverage(None, None)
    for room in (evidence_room, lake_room):
        monkeypatch.setattr(room, "sources", made)
    return made


@pytest.fixture
def allow() -> Callable[..., Callable[..., set[uuid.UUID]]]:
    """allow(keys) makes a permit check that lets exactly these keys through."""

    def make(*keys: uuid.UUID) -> Callable[..., set[uuid.UUID]]:
        return lambda _feed, _keys, _on: set(keys)

    return make

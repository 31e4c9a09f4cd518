"""The bounds of a grant reach every statement, last for one transaction, and only ever become narrower."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection, transaction

from doudi.core.actor import Actor
from doudi.core.row_context import (
    EVERYWHERE,
    NOTHING,
    Bounds,
    BoundToGrant,
    WiderContext,
    acting,
    after,
    bounds_now,
    bounds_of,
    everywhere,
)
from doudi.registry.models import Household
from tests.registry.conftest import AT, DAY, actor_of

HERE, THERE = actor_of("990101001"), actor_of("990101002")


@pytest.fixture
def two(own_database: str) -> Iterator[None]:
    """A household in each of two townships, committed."""
    for area in ("990101001001", "990101002001"):
        Household.objects.create(kind="unit", area_code=area, formed_on=DAY)
    yield


def seen() -> list[str]:
    return sorted(Household.objects.values_list("area_code", flat=True))


def told() -> tuple[object, ...]:
    """What the server knows outside any message of ours."""
    with connection.connection.cursor() as cursor:
        return cursor.execute("SELECT current_setting('doudi.lo', true), current_setting('doudi.hi', true)").fetchone()


@pytest.mark.parametrize(
    ("area", "next_one"), [("990101", "990102"), ("990109", "99011"), ("99", "z"), ("9909", "991"), ("1", "2")]
)
def test_the_code_behind_an_area_is_made_of_digits(area: str, next_one: str) -> None:
    assert after(area) == next_one
    assert area <= area + "999999" < next_one


def test_only_the_machine_itself_is_everywhere() -> None:
    assert bounds_of(Actor.system()) == EVERYWHERE
    assert bounds_of(Actor.system("visitor")) == NOTHING
    assert bounds_of(Actor("a", "somebody", "account", "")) == NOTHING
    assert bounds_of(None) == NOTHING
    assert bounds_of(HERE) == Bounds("990101001", "990101002")


def test_bounds_are_area_codes_and_nothing_else() -> None:
    with pytest.raises(ValueError, match="area codes"):
        Bounds("'; DROP TABLE x; --", "z")


def test_a_context_only_becomes_narrower() -> None:
    with acting(HERE):
        for wider in (Actor.system(), THERE, actor_of("990101")):
            with pytest.raises(WiderContext), acting(wider):
                pass
        with acting(actor_of("990101001001")):
            assert bounds_now() == Bounds("990101001001", "990101001002")
        with everywhere("somebody moves away"):
            assert bounds_now() == EVERYWHERE
        assert bounds_now() == bounds_of(HERE)
    with acting(None), everywhere("nobody acts"):
        assert bounds_now() is None


def test_a_statement_of_its_own_is_within_the_bounds_and_leaves_none(two: None) -> None:
    with acting(HERE):
        assert seen() == ["990101001001"]
        assert told() in [(None, None), ("", "")]
        assert [row.area_code for row in Household.objects.iterator(1)] == ["990101001001"]
        assert told() in [(None, None), ("", "")]
    with acting(None):
        assert seen() == []
    assert len(seen()) == 2


def test_a_transaction_is_within_the_bounds_and_leaves_none(two: None) -> None:
    with acting(HERE), transaction.atomic():
        assert seen() == ["990101001001"]
        assert told() == ("990101001", "990101002")
        with everywhere("a test"):
            assert len(seen()) == 2
        assert seen() == ["990101001001"]
    assert told() in [(None, None), ("", "")]
    with acting(THERE), transaction.atomic():
        assert seen() == ["990101002001"]


def test_what_a_rolled_back_savepoint_took_away_is_said_again(two: None) -> None:
    with acting(HERE), transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic(), acting(actor_of("990101001002")):
            assert seen() == []
            raise RuntimeError
        assert seen() == ["990101001001"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Household.objects.create(kind="x", area_code="990101001001", formed_on=DAY)
        assert seen() == ["990101001001"]
    with acting(HERE):
        with pytest.raises(IntegrityError), transaction.atomic(), everywhere("a test"):
            Household.objects.create(kind="x", area_code="990101002001", formed_on=DAY)
        assert seen() == ["990101001001"]


def test_many_rows_at_once_and_a_server_side_cursor_are_within_them_too(two: None) -> None:
    statement = "UPDATE registry_household SET origin = %s WHERE kind = 'unit'"
    with acting(HERE):
        with connection.cursor() as cursor:
            cursor.executemany(statement, [("one",), ("two",)])
        with transaction.atomic():
            assert [row.origin for row in Household.objects.iterator(1)] == ["two"]
        assert told() in [(None, None), ("", "")]
    assert Household.objects.get(area_code="990101002001").origin == ""


def test_the_answer_of_a_statement_is_its_own(two: None) -> None:
    with acting(HERE), connection.cursor() as cursor:
        cursor.execute("SELECT area_code FROM registry_household WHERE kind = %s", ["unit"])
        assert cursor.rowcount == 1
        assert cursor.description[0].name == "area_code" and cursor.fetchall() == [("990101001001",)]
        cursor.execute("UPDATE registry_household SET origin = 'x'")
        assert cursor.rowcount == 1


def test_nothing_is_written_outside_the_bounds(two: None) -> None:
    from django.db.utils import ProgrammingError

    with acting(HERE):
        assert Household.objects.filter(area_code="990101002001").update(origin="x") == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            Household.objects.create(kind="unit", area_code="990101002001", formed_on=DAY)
        with pytest.raises(ProgrammingError, match="row-level security"):
            Household.objects.update(area_code="990101002001")


def test_a_request_is_bound_and_leaves_the_context_as_it_was() -> None:
    found = []

    class Request:
        actor = HERE

    BoundToGrant(lambda request: found.append(bounds_now()))(Request())  # type: ignore[arg-type,return-value,func-returns-value]
    assert found == [bounds_of(HERE)] and bounds_now() == EVERYWHERE

    class Anonymous:
        actor = None

    BoundToGrant(lambda request: found.append(bounds_now()))(Anonymous())  # type: ignore[arg-type,return-value,func-returns-value]
    assert found[-1] == NOTHING
    assert AT is not None

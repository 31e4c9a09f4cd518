"""S-15, the database's part: no person holds two of the three, nor one of them beside anything else."""

from __future__ import annotations

import threading
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from doudi.accounts.logic.roles import ADMINISTRATORS, ROLES
from doudi.accounts.models import Account, Grant
from tests.bars.conftest import Bar

INSERT = """INSERT INTO accounts_grant
  (id, account_id, role, area_code, department, purpose, from_on, reviewed_on, to_on, withdrawn_at)
VALUES (%s, %s, %s, '99', '', '', '2026-01-01', '2026-01-01', %s, %s)"""
TOGETHER = """SELECT count(*) FROM accounts_grant a
JOIN accounts_grant b ON a.account_id = b.account_id AND a.role <> b.role
WHERE a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL AND a.role = ANY (%s)"""
PAIRS = [(one, other) for one, other in permutations(ROLES, 2) if {one, other} & set(ADMINISTRATORS)]


@pytest.mark.bar("S-15", "raw SQL as web: no person holds two of the three administrators, or one beside casework")
@pytest.mark.django_db
def test_raw_sql_as_web(bar: Bar) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("web",)
    refused, tried = 0, 0
    for one, other in PAIRS:
        tries = (_second_grant, _another_role, _given_back, _later, _nobody_known)
        for attempt in tries:
            tried += 1
            refused += _refused(attempt, one, other)
    tried, refused = tried + 3, refused + sum(map(_refused, (_two_accounts, _another_holder, _no_holder), "xyz", "xyz"))
    bar.says(f"{refused} of {tried} ways to hold two refused, {_held()} held")
    assert refused == tried and not _held()


@pytest.mark.bar("S-15", "two grants given at the same instant by two connections are not both kept")
def test_two_at_once(bar: Bar, own_database: str) -> None:
    rounds, kept = bar.size(6, 60), []
    for _ in range(rounds):
        holder = _account()
        ready = threading.Barrier(2)
        threads = [
            threading.Thread(target=_given_in_a_thread, args=(holder, role, ready))
            for role in ("security_administrator", "registrar")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept.append(Grant.objects.filter(account=holder).count())
    bar.says(f"{rounds} races: {kept.count(1)} kept one, {_held()} held two")
    assert kept == [1] * rounds


def _given_in_a_thread(account_id: str, role: str, ready: threading.Barrier) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            ready.wait()
            cursor.execute(INSERT, [uuid4(), account_id, role, None, None])
    except DatabaseError:
        pass
    finally:
        connections.close_all()


def _refused(attempt: object, one: str, other: str) -> bool:
    try:
        with transaction.atomic():
            attempt(one, other)  # type: ignore[operator]
            if not _held():
                raise AssertionError(f"{attempt} did nothing")
    except DatabaseError:
        return True
    return False


def _second_grant(one: str, other: str) -> None:
    holder = _account()
    _give(holder, one)
    _give(holder, other)


def _another_role(one: str, other: str) -> None:
    """A harmless grant is turned into a forbidden one."""
    holder = _account()
    _give(holder, one)
    harmless = _give(holder, one if one not in ADMINISTRATORS else other, withdrawn="2026-02-01")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_grant SET role = %s, withdrawn_at = NULL WHERE id = %s", [other, harmless])


def _given_back(one: str, other: str) -> None:
    holder = _account()
    withdrawn = _give(holder, one, withdrawn="2026-02-01")
    _give(holder, other)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_grant SET withdrawn_at = NULL WHERE id = %s", [withdrawn])


def _later(one: str, other: str) -> None:
    """The other grant moves over from another account."""
    holder, second = _account(), _account()
    _give(holder, one)
    moved = _give(second, other)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_grant SET account_id = %s WHERE id = %s", [holder, moved])


def _nobody_known(one: str, other: str) -> None:
    """An administrator whose person is not known could be anybody, the other administrator too."""
    administrator = one if one in ADMINISTRATORS else other
    _give(_account(known=False), administrator)
    raise AssertionError("an administrator nobody knows")


def _two_accounts(_one: str, _other: str) -> None:
    first = Account.objects.get(id=_account())
    Account.objects.create(username=uuid4().hex, holder_key=first.holder_key)
    raise AssertionError("two accounts of one person")


def _another_holder(_one: str, _other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET holder_key = %s WHERE id = %s", [uuid4(), _account()])
    raise AssertionError("an account changed its person")


def _no_holder(_one: str, _other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET holder_key = NULL WHERE id = %s", [_account()])
    raise AssertionError("an account forgot its person")


def _account(known: bool = True) -> str:
    return str(Account.objects.create(username=uuid4().hex, holder_key=uuid4() if known else None).id)


def _give(account_id: str, role: str, withdrawn: str | None = None) -> str:
    grant = str(uuid4())
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [grant, account_id, role, None, withdrawn])
    return grant


def _held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, [list(ADMINISTRATORS)])
        count: int = cursor.fetchone()[0]
    return count

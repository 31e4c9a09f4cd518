"""What the role `gateway` may do in the database: call three functions. Everything in the catalogue is tried."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from doudi.audit.logic.canonical import canonical_bytes
from doudi.audit.models import Entry, Waiting
from doudi.audit.queries.entries import subjects_of
from doudi.gateway.adapters.cell import Place
from doudi.gateway.models import Enquiry
from doudi.site.postgres import Cluster
from tests.gateway.conftest import ELSEWHERE, TOWNSHIP

Connection = psycopg.Connection[tuple[object, ...]]
RELATIONS = """SELECT n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg\\_%'"""
FUNCTIONS = """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prorettype <> 'trigger'::regtype
  AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1"""


@pytest.fixture
def gateway(cluster: Cluster, place: Place) -> Connection:
    return cluster.connect(place.database, "gateway")


def test_no_table_and_no_sequence_may_be_touched(gateway: Connection) -> None:
    found = gateway.execute(RELATIONS).fetchall()
    assert len(found) > 60
    for schema, name, kind in found:
        whole = f'"{schema}"."{name}"'
        statements = [f"SELECT * FROM {whole} LIMIT 1"]
        if kind in ("r", "p"):
            statements += [f"DELETE FROM {whole}", f"TRUNCATE {whole}", f"INSERT INTO {whole} DEFAULT VALUES"]
            statements += [f"COPY {whole} TO STDOUT", f"BEGIN; LOCK TABLE {whole}"]
        if kind == "S":
            statements += [f"SELECT nextval('{whole}')"]
        for statement in statements:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                gateway.execute(statement)  # type: ignore[arg-type]
            gateway.rollback()


def test_three_functions_may_be_called(gateway: Connection) -> None:
    allowed = ["gateway_answer", "gateway_areas", "gateway_submit"]
    assert [name for (name,) in gateway.execute(FUNCTIONS).fetchall()] == allowed


@pytest.mark.parametrize(
    "statement",
    [
        'SET ROLE "owner"', "SET ROLE web", "SET ROLE audit_owner", "CREATE TABLE public.mine (a int)",
        "CREATE TEMP TABLE mine (a int)", "CREATE SCHEMA mine",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "SELECT * FROM pg_authid", "SELECT pg_read_file('/etc/passwd')", "COPY (SELECT 1) TO PROGRAM 'true'",
        "ALTER ROLE gateway SUPERUSER", "CREATE EXTENSION dblink", "SELECT pg_ls_dir('.')",
    ],
)  # fmt: skip
def test_nor_become_more_than_it_is(gateway: Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        gateway.execute(statement)  # type: ignore[arg-type]


def test_its_functions_are_not_misled_by_a_path_of_its_own(gateway: Connection) -> None:
    """A SECURITY DEFINER function that looked names up in the caller's schemas could be given other tables."""
    gateway.execute("SET search_path = pg_temp, public")
    found = gateway.execute("SELECT gateway_areas('990101')").fetchall()
    assert len(found) == 1


def test_ten_wrong_codes_lock_a_receipt(gateway: Connection) -> None:
    right, wrong = b"r" * 32, b"w" * 32
    made = gateway.execute(
        "SELECT gateway_submit(%s, '000000000001', %s, %s, %s)", [uuid4(), right, TOWNSHIP, b"x"]
    ).fetchone()
    assert made == (True,)
    answer = "SELECT state FROM gateway_answer('000000000001', %s)"
    assert gateway.execute(answer, [right]).fetchall() == [("waiting",)]
    for _ in range(10):
        assert gateway.execute(answer, [wrong]).fetchall() == []
    assert gateway.execute(answer, [right]).fetchall() == []


@pytest.mark.parametrize(
    ("number", "digest", "area", "sealed"),
    [
        ("00000000001", b"d" * 32, TOWNSHIP, b"x"),
        ("000000000002", b"d" * 31, TOWNSHIP, b"x"),
        ("000000000003", b"d" * 32, "990101", b"x"),
        ("000000000004", b"d" * 32, "990199001", b"x"),
        ("000000000005", b"d" * 32, ELSEWHERE, b"x" * 12_001),
    ],
)
def test_what_does_not_fit_is_not_taken(
    gateway: Connection, number: str, digest: bytes, area: str, sealed: bytes
) -> None:
    given = [uuid4(), number, digest, area, sealed]
    assert gateway.execute("SELECT gateway_submit(%s, %s, %s, %s, %s)", given).fetchone() == (False,)


def test_what_visitors_do_is_on_record_as_the_house_itself_would_write_it(gateway: Connection) -> None:
    """The bytes that are hashed are made by SQL here: they must be the ones that every check works out."""
    own, right, wrong = uuid4(), b"r" * 32, b"w" * 32
    gateway.execute("SELECT gateway_submit(%s, '000000000001', %s, %s, %s)", [own, right, TOWNSHIP, b"x"])
    answer = "SELECT state FROM gateway_answer(%s, %s)"
    for number, code in [("000000000001", right), *[("000000000001", wrong)] * 12, *[("000000000009", right)] * 3]:
        gateway.execute(answer, [number, code])
    gateway.execute("SELECT gateway_submit(%s, '1', %s, %s, %s)", [uuid4(), right, TOWNSHIP, b"x"])
    noted = list(Entry.objects.filter(role="visitor").order_by("at"))
    about = {row.id: subjects_of(row.id) for row in noted}
    assert [(row.verb, row.outcome, row.reason, bool(about[row.id])) for row in noted] == [
        ("gateway.submit", "done", "", True), ("gateway.ask", "seen", "", True),
        *[("gateway.ask", "refused", "gateway.wrong_code", True)] * 10,
        ("gateway.ask", "refused", "gateway.unknown", False), ("gateway.submit", "refused", "gateway.unfit", False),
    ]  # fmt: skip
    assert {one for row in noted for one in about[row.id]} == {("enquiry", str(own))}
    assert all(bytes(row.canonical) == canonical_bytes(row, about[row.id]) for row in noted)
    assert Waiting.objects.filter(entry_id__in=[row.id for row in noted]).count() == len(noted), (
        "and has its place soon"
    )


def test_a_question_that_cannot_be_put_on_record_is_not_answered(
    gateway: Connection, cluster: Cluster, place: Place
) -> None:
    given = [uuid4(), "000000000001", b"r" * 32, TOWNSHIP, b"x"]
    with cluster.connect(place.database) as connection:
        connection.execute("ALTER FUNCTION audit_note_visitor(text, text, text, uuid, boolean) RENAME TO gone")
    with pytest.raises(psycopg.errors.UndefinedFunction):
        gateway.execute("SELECT gateway_submit(%s, %s, %s, %s, %s)", given)
    assert not Enquiry.objects.exists()

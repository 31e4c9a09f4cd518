"""The life of a key in a database: what is refused at start, rotated, told, retired."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from doudi.audit.models import Entry
from doudi.core import vault as vault_room
from doudi.core.actor import Actor
from doudi.core.errors import Unavailable
from doudi.core.key_store import FolderStore, VaultError
from doudi.core.vault import create_keys, key_number, open_vault, vault
from doudi.exchange.adapters.signing import NAME, make_key, sign
from doudi.registry.actions import register_people
from doudi.registry.logic.newcomers import NewPerson
from doudi.registry.models import Person
from doudi.registry.queries import number_of, person_by_number
from doudi.site.database import acting_as
from doudi.site.key_life import add, add_signing_key, key_lines, retire, rotate_all
from doudi.site.key_register import check_ciphertexts, check_keys, register_keys, register_signing_key
from doudi.site.key_rotation import rotate
from tests.registry.conftest import AT, number

ANNA, BERT = number("19800101", 1), number("19810101", 2)


@pytest.fixture
def house(own_database: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A house with keys of its own over a database of its own; the database's passwords are this run's."""
    create_keys(tmp_path / "keys")
    for path in (home / "keys").glob("pg-*"):
        (tmp_path / "keys" / path.name).write_text(path.read_text())
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(vault_room, "LOOK_EVERY", 0.0)
    monkeypatch.setattr("doudi.site.key_life.as_owner", lambda: acting_as("migrate", home))
    with acting_as("migrate", home):
        register_keys(vault())
    people = [NewPerson(ANNA, "安娜", area_code="990101"), NewPerson(BERT, "伯特", area_code="990101")]
    register_people(actor=Actor.system(), at=AT, people=people)
    yield tmp_path


def _states() -> dict[str, tuple[str, int | None]]:
    return {one.name: (one.state, one.rows) for one in key_lines()}


def _none(_name: str, _done: int, _of: int) -> None:
    return


def test_a_key_is_added_rotated_to_and_the_old_one_retired(house: Path) -> None:
    system = Actor.system()
    for kind in ("field", "blind"):
        assert add(actor=system, at=AT, kind=kind, head_start=0) == f"{kind}-2"
    assert _states()["field-1"] == ("reading", 2) and _states()["field-2"] == ("writing", 0)
    with pytest.raises(VaultError) as early:
        retire(actor=system, at=AT, name="field-1")
    assert early.value.code == "vault.key_in_use"
    done = rotate_all(actor=system, at=AT, say=_none)
    assert (done.cells, done.indexes, done.is_whole) == (2, 2, True)
    assert _states()["field-1"] == ("reading", 0)
    again = rotate_all(actor=system, at=AT, say=_none)
    assert (again.cells, again.indexes, again.is_whole) == (0, 0, True), "repeated, it does nothing"
    for name in ("field-1", "blind-1"):
        retire(actor=system, at=AT, name=name)
    assert _states()["field-1"] == ("retired", 0)
    check_keys(open_vault(house / "keys"))
    found = person_by_number(ANNA)
    assert found is not None and number_of(found) == ANNA
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"site.add_key", "site.rotate_keys", "site.retire_key"} <= verbs


def test_keys_in_use_fixed_or_unknown_are_not_retired(house: Path) -> None:
    for name in ("field-1", "person_key", "audit_salt", "field-9", "nothing"):
        with pytest.raises(VaultError):
            retire(actor=Actor.system(), at=AT, name=name)


def test_a_key_is_not_retired_while_an_older_transaction_is_open(house: Path, home: Path, own_database: str) -> None:
    """It may have sealed something with the old key that is not there yet to be seen."""
    add(actor=Actor.system(), at=AT, kind="field", head_start=0)
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT pg_current_xact_id()")
        rotate_all(actor=Actor.system(), at=AT, say=_none)
        with pytest.raises(VaultError, match="later"):
            retire(actor=Actor.system(), at=AT, name="field-1")
        cursor.execute("ROLLBACK")
    other.close()
    retire(actor=Actor.system(), at=AT, name="field-1")


def test_a_start_is_refused_with_a_missing_a_wrong_and_an_unknown_key(house: Path, tmp_path: Path) -> None:
    store = FolderStore(house / "keys")
    add(actor=Actor.system(), at=AT, kind="field", head_start=0)
    Person.objects.filter(pk=person_by_number(ANNA).pk).update(  # type: ignore[union-attr]
        number_enc=vault().encrypt("registry_person|number|x", b"x")
    )
    (house / "keys" / "field-2").rename(house / "field-2")
    with pytest.raises(VaultError, match="field-2"):
        check_keys(open_vault(store))
    with pytest.raises(VaultError, match="field-2"):
        check_ciphertexts(open_vault(store))
    (house / "keys" / "field-2").write_text("00" * 32)
    with pytest.raises(VaultError, match="field-2"):
        check_keys(open_vault(store))


def test_what_does_not_open_is_told_and_the_rest_is_done(house: Path) -> None:
    person = person_by_number(ANNA)
    assert person is not None
    Person.objects.filter(pk=person.pk).update(number_enc=vault().encrypt("elsewhere|x|y", b"moved here"))
    add(actor=Actor.system(), at=AT, kind="field", head_start=0)
    done = rotate_all(actor=Actor.system(), at=AT, say=_none)
    assert done.unreadable == [("registry_person.number_enc", str(person.pk))]
    assert done.cells == 1 and not done.is_whole
    assert Entry.objects.get(verb="site.rotate_keys").outcome == "refused"


def test_two_people_of_one_number_under_two_keys_are_told(house: Path) -> None:
    add(actor=Actor.system(), at=AT, kind="blind", head_start=0)
    twin = uuid.uuid4()
    safe = vault()
    Person.objects.create(
        id=twin, registered_at=AT, number_enc=safe.encrypt(f"registry_person|number|{twin}", ANNA.encode()),
        number_index=safe.blind_index("registry_person.number", ANNA),
    )  # fmt: skip
    first = Person.objects.get(name="安娜")
    done = rotate()
    assert done.twice == [("registry_person.number_index", str(first.pk))]
    assert done.indexes == 1


def test_a_row_written_meanwhile_is_not_overwritten(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from doudi.site import key_rotation

    add(actor=Actor.system(), at=AT, kind="field", head_start=0)
    person = person_by_number(ANNA)
    assert person is not None
    real = key_rotation._put
    later = vault().encrypt(f"registry_person|number|{person.pk}", BERT.encode())

    def slow(task: object, rows: list[tuple[object, ...]]) -> int:
        Person.objects.filter(pk=person.pk).update(number_enc=later)
        return real(task, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(key_rotation, "_put", slow)
    assert rotate().is_whole
    assert bytes(Person.objects.get(pk=person.pk).number_enc or b"") == later
    assert key_number(later) == 2


def test_the_key_that_signs_answers_is_never_made_anew_in_silence(house: Path, home: Path) -> None:
    kept = house / "keys" / NAME
    with acting_as("migrate", home):
        register_signing_key(house / "keys")
        first = kept.read_text()
        register_signing_key(house / "keys")
        assert kept.read_text() == first and _states()[NAME][0] == "fixed"
        kept.unlink()
        assert _states()[NAME][0] == "missing"
        with pytest.raises(Unavailable, match=r"exchange\.key_missing"):
            sign(b"x")
        register_signing_key(house / "keys")
        assert not kept.exists(), "the house starts without it, and makes none"
        make_key(house / "keys")
        with pytest.raises(VaultError, match="Put the right one back"):
            register_signing_key(house / "keys")
        kept.write_text(first)
        register_signing_key(house / "keys")
        check_keys(vault())


def test_a_lost_key_that_signs_answers_is_replaced_on_purpose_only(house: Path, home: Path) -> None:
    kept, actor = house / "keys" / NAME, Actor.system()
    with acting_as("migrate", home):
        register_signing_key(house / "keys")
    with pytest.raises(VaultError, match="is there"):
        add_signing_key(actor=actor, at=AT)
    first = kept.read_text()
    kept.unlink()
    assert add_signing_key(actor=actor, at=AT) == NAME and kept.read_text() != first
    assert _states()[NAME][0] == "fixed" and sign(b"x")
    with acting_as("migrate", home):
        register_signing_key(house / "keys")
    assert Entry.objects.filter(verb="site.add_key").exists()

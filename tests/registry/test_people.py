"""People are registered once by number; numbers are encrypted, indexed, masked."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.core.vault import VaultError, vault
from doudi.registry.actions import add_bank_account, correct_number, merge_persons, register_people, rename_person
from doudi.registry.logic.newcomers import NewPerson
from doudi.registry.models import BankAccount, NameRow, Person, PersonKey, PersonName
from doudi.registry.queries import keys_of, number_of, person_by_number, persons_by_numbers, search
from tests.registry.conftest import AT, DAY, number

pytestmark = pytest.mark.django_db
Make = Callable[..., uuid.UUID]


def test_a_number_is_stored_encrypted_and_read_back(person: Make) -> None:
    found = Person.objects.get(pk=person("单雄信", "19800101", 1))
    plain = number("19800101", 1)
    assert plain.encode() not in bytes(found.number_enc or b"")
    assert number_of(found) == plain
    assert found.number_masked == f"{plain[:6]}************"
    assert (found.sex, found.born_on, found.initials) == ("M", DAY.replace(1980, 1, 1), "sxx")


def test_a_ciphertext_moved_to_another_person_does_not_open(person: Make) -> None:
    one, two = (Person.objects.get(pk=person(name, sequence=i)) for i, name in enumerate(("甲一", "乙二"), 1))
    two.number_enc = one.number_enc
    with pytest.raises(VaultError):
        number_of(two)


def test_the_same_number_twice_is_one_person(actor: Actor) -> None:
    given = NewPerson(number("19800101", 1), "王 芳", hukou_type="农村")
    first = register_people(actor=actor, at=AT, people=[given, given])
    second = register_people(actor=actor, at=AT, people=[given])
    assert (first.created, second.created, second.changed) == (1, 0, 0)
    assert first.ids == second.ids
    assert PersonKey.objects.get().key == vault().person_key(given.number)


def test_a_known_person_is_brought_up_to_date_and_keeps_the_former_name(actor: Actor, person: Make) -> None:
    key = person("王芳")
    later = NewPerson(number("19800101", 1), "王方", state="注销-死亡", state_on=DAY)
    assert register_people(actor=actor, at=AT, people=[later]).changed == 1
    found = Person.objects.get(pk=key)
    assert (found.name, found.state, found.state_on, found.hukou_type) == ("王方", "注销-死亡", DAY, "农村")
    assert PersonName.objects.get().name == "王芳"
    assert not NameRow.objects.filter(text="芳").exists()


def test_an_empty_field_of_a_delivery_changes_nothing(actor: Actor, person: Make) -> None:
    key = person("王芳")
    assert register_people(actor=actor, at=AT, people=[NewPerson(number("19800101", 1))]).changed == 0
    assert Person.objects.get(pk=key).name == "王芳"


def test_a_change_of_name_is_kept_and_found(actor: Actor, person: Make) -> None:
    key = person("王芳")
    rename_person(actor=actor, at=AT, person=key, name="王 晓芳", on=DAY, reason="户口簿更正")
    assert PersonName.objects.get().until == DAY
    assert [hit.name for hit in search("wxf", actor)] == ["王晓芳"]
    with pytest.raises(Refused, match=r"registry\.name_missing"):
        rename_person(actor=actor, at=AT, person=key, name="  ", on=DAY, reason="")


def test_a_corrected_number_adds_a_key_and_keeps_the_old(actor: Actor, person: Make) -> None:
    key, new = person("王芳"), number("19800102", 3)
    correct_number(actor=actor, at=AT, person=key, number=new, reason="原登记有误")
    assert len(keys_of([key])[key]) == 2
    assert person_by_number(new).id == key  # type: ignore[union-attr]
    other = person("李四", "19700101", 5)
    with pytest.raises(Refused, match=r"registry\.number_taken"):
        correct_number(actor=actor, at=AT, person=other, number=new, reason="")


def test_two_records_of_one_person_become_one(actor: Actor, person: Make) -> None:
    kept, double = person("王芳", "19800101", 2), person("王方", "19800101", 4)
    merge_persons(actor=actor, at=AT, kept=kept, duplicate=double, reason="同一人")
    assert len(keys_of([kept])[kept]) == 2
    found = persons_by_numbers([number("19800101", 4)])
    assert found[number("19800101", 4)].id == kept
    assert [hit.person_id for hit in search("wf", actor)] == [kept]
    with pytest.raises(Refused, match=r"registry\.already_merged"):
        merge_persons(actor=actor, at=AT, kept=kept, duplicate=double, reason="")


def test_people_born_on_different_days_are_not_merged(actor: Actor, person: Make) -> None:
    with pytest.raises(Refused, match=r"registry\.different_births"):
        merge_persons(actor=actor, at=AT, kept=person("王芳"), duplicate=person("王芳", "19810101"), reason="")


def test_a_bank_account_is_encrypted_and_masked(actor: Actor, person: Make) -> None:
    made = add_bank_account(
        actor=actor, at=AT, person=person("王芳"), bank="农信社", number="6228 4800 0000 1234", from_on=DAY
    )
    stored = BankAccount.objects.get(pk=made.id)
    assert stored.number_masked == "****1234"
    opened = vault().decrypt(f"registry_bankaccount|number|{made.id}", bytes(stored.number_enc))
    assert opened == b"6228480000001234"


def test_five_thousand_people_are_registered_in_one_act(actor: Actor) -> None:
    given = [
        NewPerson(number(f"19{60 + i // 1000}0101", i % 1000), f"王{chr(0x4E00 + i)}", area_code="990101001001")
        for i in range(5_000)
    ]
    done = register_people(actor=actor, at=AT, people=given)
    assert done.created == len(given) == Person.objects.count()

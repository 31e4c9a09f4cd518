"""The vault: what is written comes back only in its own place, under both cryptos and several keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from doudi.core import vault as vault_room
from doudi.core.key_store import FolderStore
from doudi.core.vault import CRYPTOS, Vault, VaultError, add_key, create_keys, key_number, open_vault, vault

PLACE = "registry_person|number|1"


@pytest.fixture(params=CRYPTOS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    create_keys(tmp_path, request.param)
    return open_vault(tmp_path)


def test_what_was_encrypted_comes_back(made: Vault) -> None:
    assert made.decrypt(PLACE, made.encrypt(PLACE, "内容".encode())) == "内容".encode()


def test_the_same_content_is_never_written_the_same_way_twice(made: Vault) -> None:
    assert made.encrypt(PLACE, b"same") != made.encrypt(PLACE, b"same")


def test_a_wrong_context_is_refused(made: Vault) -> None:
    with pytest.raises(VaultError) as error:
        made.decrypt("registry_person|name|1", made.encrypt(PLACE, b"secret"))
    assert error.value.code == "vault.changed" and "secret" not in str(error.value)


def test_swapped_rows_are_refused(made: Vault) -> None:
    first = made.encrypt("registry_person|number|1", b"one")
    with pytest.raises(VaultError):
        made.decrypt("registry_person|number|2", first)


def test_a_cut_ciphertext_is_refused_at_every_length(made: Vault) -> None:
    whole = made.encrypt(PLACE, b"something longer")
    for length in range(len(whole)):
        with pytest.raises(VaultError):
            made.decrypt(PLACE, whole[:length])


def test_a_changed_byte_is_refused_anywhere(made: Vault) -> None:
    whole = made.encrypt(PLACE, b"x")
    for place in range(len(whole)):
        with pytest.raises(VaultError):
            made.decrypt(PLACE, whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])


def test_older_field_keys_still_read_and_the_newest_writes(tmp_path: Path) -> None:
    create_keys(tmp_path)
    old = open_vault(tmp_path).encrypt(PLACE, b"old")
    assert add_key(FolderStore(tmp_path), "field", head_start=0) == "field-2"
    now = open_vault(tmp_path)
    assert now.decrypt(PLACE, old) == b"old"
    assert now.encrypt(PLACE, b"new")[:4] == (2).to_bytes(4)


def test_an_unknown_field_key_is_named_as_such(tmp_path: Path) -> None:
    create_keys(tmp_path / "here")
    add_key(FolderStore(tmp_path / "here"), "field", head_start=0)
    create_keys(tmp_path / "there")
    with pytest.raises(VaultError) as error:
        open_vault(tmp_path / "there").decrypt(PLACE, open_vault(tmp_path / "here").encrypt(PLACE, b"x"))
    assert error.value.code == "vault.key_unknown"


def test_indexes_and_person_keys_are_stable_and_apart(made: Vault) -> None:
    number = "990101199001010016"
    assert made.person_key(number) == made.person_key(number)
    assert made.blind_index("a", number) == made.blind_index("a", number)
    assert made.blind_index("a", number) != made.blind_index("b", number)
    assert made.person_key(number).bytes != made.blind_index("a", number)[4:20]
    assert len(made.blind_index("a", number)) == 36 and key_number(made.blind_index("a", number)) == 1


def test_keys_are_private_and_never_overwritten(tmp_path: Path) -> None:
    create_keys(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    with pytest.raises(VaultError) as error:
        create_keys(tmp_path, "sm")
    assert error.value.code == "vault.keys_exist"
    assert before == {path.name: path.read_text() for path in tmp_path.iterdir()}


def test_a_house_without_keys_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="doudi init"):
        open_vault(tmp_path)


def test_a_lookup_asks_under_every_blind_key_and_the_newest_writes(tmp_path: Path) -> None:
    create_keys(tmp_path)
    before = open_vault(tmp_path).blind_index("a", "1")
    add_key(FolderStore(tmp_path), "blind", head_start=0)
    now = open_vault(tmp_path)
    assert now.blind_indexes("a", "1") == [now.blind_index("a", "1"), before]
    assert key_number(now.blind_index("a", "1")) == 2


def test_a_new_key_reads_at_once_and_writes_after_its_head_start(tmp_path: Path) -> None:
    create_keys(tmp_path)
    add_key(FolderStore(tmp_path), "field", head_start=3_600)
    waiting = open_vault(tmp_path)
    assert key_number(waiting.encrypt(PLACE, b"x")) == 1
    begun = Vault(waiting.crypto, waiting.person, waiting.audit_salt, waiting.fields, waiting.blinds)
    assert waiting.decrypt(PLACE, begun.encrypt(PLACE, b"of a process that is ahead")) == b"of a process that is ahead"


def test_a_process_that_knows_only_the_old_key_reads_what_another_wrote_with_the_new(tmp_path: Path) -> None:
    create_keys(tmp_path)
    old = open_vault(tmp_path)
    add_key(FolderStore(tmp_path), "field", head_start=0)
    assert old.decrypt(PLACE, open_vault(tmp_path).encrypt(PLACE, b"new")) == b"new"


def test_the_vault_of_the_house_takes_up_a_new_key_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(vault_room, "LOOK_EVERY", 0.0)
    create_keys(tmp_path / "keys")
    assert vault().writing("field") == 1
    add_key(FolderStore(tmp_path / "keys"), "field", head_start=0)
    assert vault().writing("field") == 2
    (tmp_path / "keys" / "field-1").unlink()
    (tmp_path / "keys" / "field-2").write_text("not a key")
    assert vault().writing("field") == 2, "a house that serves goes on with the keys it knows"


@pytest.mark.parametrize("name", ["person_key", "audit_salt", "field-1", "blind-1"])
@pytest.mark.parametrize("content", ["", "xyz", "00" * 15, "00" * 33, "00" * 32 + " never"])
def test_a_damaged_key_is_named_and_refused(tmp_path: Path, name: str, content: str) -> None:
    create_keys(tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(VaultError, match=name) as error:
        open_vault(tmp_path)
    assert error.value.code == "vault.key_malformed"


@pytest.mark.parametrize("name", ["person_key", "audit_salt", "field-1", "blind-1"])
def test_a_missing_key_is_named_and_nobody_is_told_to_make_new_ones(tmp_path: Path, name: str) -> None:
    create_keys(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(VaultError, match=name) as error:
        open_vault(tmp_path)
    assert error.value.code == "vault.keys_missing" and "init" not in str(error.value)

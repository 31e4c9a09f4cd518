"""The vault: what is written comes back only in its own place, under both cryptos and several keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.core.vault import CRYPTOS, Vault, VaultError, add_field_key, create_keys, open_vault

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
    assert add_field_key(tmp_path) == 2
    now = open_vault(tmp_path)
    assert now.decrypt(PLACE, old) == b"old"
    assert now.encrypt(PLACE, b"new")[:4] == (2).to_bytes(4)


def test_an_unknown_field_key_is_named_as_such(tmp_path: Path) -> None:
    create_keys(tmp_path / "here")
    add_field_key(tmp_path / "here")
    create_keys(tmp_path / "there")
    with pytest.raises(VaultError) as error:
        open_vault(tmp_path / "there").decrypt(PLACE, open_vault(tmp_path / "here").encrypt(PLACE, b"x"))
    assert error.value.code == "vault.key_unknown"


def test_indexes_and_person_keys_are_stable_and_apart(made: Vault) -> None:
    number = "990101199001010016"
    assert made.person_key(number) == made.person_key(number)
    assert made.blind_index("a", number) == made.blind_index("a", number)
    assert made.blind_index("a", number) != made.blind_index("b", number)
    assert made.person_key(number).bytes != made.blind_index("a", number)[:16]
    assert len(made.blind_index("a", number)) == 32


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

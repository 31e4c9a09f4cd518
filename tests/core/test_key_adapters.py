"""Other places of keys: the environment, and a folder whose keys a service has wrapped."""

from __future__ import annotations

from pathlib import Path

import pytest

from doudi.core.key_adapters import EnvironmentStore, FileKms, WrappedStore, store_of, wrap_folder
from doudi.core.key_store import CRYPTOS, FolderStore, VaultError, as_text
from doudi.core.vault import add_key, create_keys, open_vault

PLACE = "registry_person|number|1"
MASTER = "ab" * 32


@pytest.fixture(params=CRYPTOS)
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    create_keys(tmp_path / "keys", request.param)
    (tmp_path / "master").write_text(MASTER)
    return tmp_path / "keys"


def test_wrapped_keys_are_the_same_keys_and_no_plain_one_is_left(keys: Path, tmp_path: Path) -> None:
    before = open_vault(keys)
    secret = (keys / "field-1").read_text()
    cell = before.encrypt(PLACE, b"x")
    done = wrap_folder(keys, FileKms(tmp_path / "master"))
    assert done == ["audit_salt", "blind-1", "field-1", "person_key"]
    assert not any(secret in path.read_text() for path in keys.iterdir())
    after = open_vault(WrappedStore(keys, FileKms(tmp_path / "master")))
    assert after.decrypt(PLACE, cell) == b"x"
    assert after.person_key("990101199001010016") == before.person_key("990101199001010016")
    with pytest.raises(VaultError) as error:
        open_vault(keys)
    assert error.value.code == "vault.keys_missing"
    assert wrap_folder(keys, FileKms(tmp_path / "master")) == [], "repeated, it does nothing"


def test_a_wrapped_key_opens_under_its_own_name_and_master_only(keys: Path, tmp_path: Path) -> None:
    store = WrappedStore(keys, FileKms(tmp_path / "master"))
    wrap_folder(keys, FileKms(tmp_path / "master"))
    add_key(store, "field", head_start=0)
    (keys / "field-1.wrapped").write_bytes((keys / "field-2.wrapped").read_bytes())
    with pytest.raises(VaultError) as error:
        open_vault(store)
    assert error.value.code == "vault.key_malformed"
    (tmp_path / "master").write_text("cd" * 32)
    with pytest.raises(VaultError, match="master key"):
        open_vault(store)
    (tmp_path / "master").unlink()
    with pytest.raises(VaultError) as gone:
        open_vault(store)
    assert gone.value.code == "vault.master_missing"


def test_a_wrapped_key_is_added_and_retired(keys: Path, tmp_path: Path) -> None:
    store = WrappedStore(keys, FileKms(tmp_path / "master"))
    wrap_folder(keys, FileKms(tmp_path / "master"))
    assert add_key(store, "blind", head_start=0) == "blind-2"
    store.retire("blind-1")
    assert set(open_vault(store).blinds) == {2}
    assert (keys / "retired" / "blind-1.wrapped").exists()


def test_keys_come_from_the_environment(keys: Path) -> None:
    given = {"DOUDI_KEY_CRYPTO": (keys / "crypto").read_text()}
    for name, key in FolderStore(keys).keys().items():
        given[f"DOUDI_KEY_{name.upper().replace('-', '_')}"] = as_text(key)
    cell = open_vault(keys).encrypt(PLACE, b"x")
    store = EnvironmentStore(given)
    assert open_vault(store).decrypt(PLACE, cell) == b"x"
    with pytest.raises(VaultError, match="DOUDI_KEY_FIELD_2") as error:
        add_key(store, "field")
    assert error.value.code == "vault.store_read_only"
    assert given["DOUDI_KEY_FIELD_1"].split()[0] not in str(error.value)
    with pytest.raises(VaultError):
        store.retire("field-1")
    with pytest.raises(VaultError) as none:
        open_vault(EnvironmentStore({}))
    assert none.value.code == "vault.keys_missing"


def test_the_place_of_keys_is_chosen_by_a_setting(keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store_of(tmp_path) == FolderStore(keys)
    monkeypatch.setenv("DOUDI_KEYS", f"wrapped:{tmp_path / 'master'}")
    assert store_of(tmp_path) == WrappedStore(keys, FileKms(tmp_path / "master"))
    monkeypatch.setenv("DOUDI_KEYS", "tests.core.test_key_adapters:own_store")
    assert open_vault(store_of(tmp_path)).crypto in CRYPTOS
    for wrong in ("somewhere", "wrapped:", "no.such.module:thing", "tests.core.test_key_adapters:nothing"):
        monkeypatch.setenv("DOUDI_KEYS", wrong)
        with pytest.raises(VaultError) as error:
            store_of(tmp_path)
        assert error.value.code == "vault.store_unknown"


def own_store(home: Path) -> FolderStore:
    """A store of somebody's own, as `module:function` names it."""
    return FolderStore(home / "keys")

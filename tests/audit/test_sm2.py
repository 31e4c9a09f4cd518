"""A house of the government profile: its log is a tree of SM3 under SM2, and `verify.py` proves it by itself."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from typer.testing import CliRunner

from doudi.audit import verify
from doudi.audit.actions.checkpoints import sign_checkpoint
from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.adapters.signing import Ed25519Signer, Signer, Sm2Signer, is_signed_by, make_log_key, open_signer
from doudi.audit.logic.notes import PublicKey, parse
from doudi.audit.models import Checkpoint
from doudi.audit.queries.checking import check_log
from doudi.audit.queries.tree import inclusion_proof
from doudi.core.vault import VaultError
from doudi.lib import sm2
from doudi.site.cli import build
from tests.audit.keeping import AT, kept, signer, written

NO_SM3 = """
import hashlib, runpy, sys
hashlib.algorithms_available = hashlib.algorithms_available - {"sm3"}
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def government(as_keeper: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its keys are made by `doudi init` under the profile; the database is the test's."""
    home = tmp_path / "government"
    monkeypatch.setenv("DOUDI_PROFILE", "government")
    monkeypatch.setenv("DOUDI_HOME", str(home))
    assert CliRunner().invoke(build(), ["init"]).exit_code == 0
    monkeypatch.setattr(settings, "HOME", home)
    return home


def checked(folder: Path, *program: str) -> subprocess.CompletedProcess[str]:
    """`verify.py` in a process of its own that sees nothing of ours."""
    command = [sys.executable, "-I", *program, verify.__file__, str(folder / "proof.json"), "--key"]
    held = sorted(folder.glob("checkpoint-*.txt"))[-1]
    command += [str(folder / "log.pub"), "--held", str(held)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env={})


def test_a_log_of_sm3_under_sm2_is_proved_by_verify_py_alone(government: Path, tmp_path: Path) -> None:
    holder = FolderHolder(tmp_path)
    made = kept(300, holders=(holder,))
    assert isinstance(signer(), Sm2Signer) and (government / "keys" / "log_key").stat().st_mode & 0o777 == 0o600
    [word] = Checkpoint.objects.all()
    assert parse(word.note)[0].hash_name == "sm3" and is_signed_by(signer().key, word.note)
    assert check_log(key=signer().key, held=[holder]).findings == []
    (tmp_path / "proof.json").write_text(json.dumps(inclusion_proof(made[7].id)))
    for program in ((), ("-c", NO_SM3)):
        answer = checked(tmp_path, *program)
        assert answer.returncode == 0 and "held outside" in answer.stdout, answer.stdout + answer.stderr
        assert str(made[7].id) in answer.stdout


def test_a_checkpoint_that_was_tampered_with_is_refused_by_house_and_auditor(government: Path, tmp_path: Path) -> None:
    made = kept(5, holders=(FolderHolder(tmp_path),))
    proof = inclusion_proof(made[2].id)
    assert proof is not None
    good = str(proof["checkpoint"])
    strange = Sm2Signer(sm2.new_private().to_bytes(32))
    note = parse(good)[0]
    for bad in (
        good.replace("\n5\n", "\n6\n"),
        good.replace("time 2026", "time 2025"),
        good.replace("hash sm3", "hash sha256"),
        note.signed(signer().key, strange.sign(note.body().encode())),
        note.signed(signer().key, signer().sign(note.body().encode())[::-1]),
    ):
        assert bad != good and not is_signed_by(signer().key, bad)
        (tmp_path / "proof.json").write_text(json.dumps({**proof, "checkpoint": bad}))
        answer = checked(tmp_path)
        assert answer.returncode == 1 and "not signed with this key" in answer.stdout


def test_a_signature_that_verify_py_cannot_check_is_said_to_be_so(government: Path, tmp_path: Path) -> None:
    made = kept(2, holders=(FolderHolder(tmp_path),))
    (tmp_path / "proof.json").write_text(json.dumps(inclusion_proof(made[0].id)))
    for strange in (PublicKey(signer().key.origin, 7, b"x" * 32), PublicKey(signer().key.origin, 255, b"falcon:x")):
        (tmp_path / "log.pub").write_text(strange.text())
        answer = checked(tmp_path)
        assert answer.returncode == 1 and "algorithm this file cannot check" in answer.stdout
        assert "Ed25519 and SM2" in answer.stdout and not is_signed_by(strange, Checkpoint.objects.get().note)


def test_keys_of_one_algorithm_are_not_taken_for_the_other(government: Path) -> None:
    kept(2)
    written(1, first=2)
    for other in (Ed25519Signer(b"x" * 32), Sm2Signer(b"x" * 32)):
        with pytest.raises(VaultError, match="not the key"):
            sign_checkpoint(at=AT, signer=other)


def test_a_log_begun_with_ed25519_goes_on_with_it(tmp_path: Path) -> None:
    assert make_log_key(tmp_path) and not make_log_key(tmp_path, "sm")
    assert isinstance(open_signer(tmp_path), Ed25519Signer)


@pytest.mark.parametrize("text", ["sm2 " + "00" * 32, "sm2 " + "ff" * 32, "sm2 12", "sm2 nonsense"])
def test_what_is_no_sm2_key_is_told_and_not_shown(tmp_path: Path, text: str) -> None:
    (tmp_path / "log_key").write_text(text)
    with pytest.raises(VaultError) as error:
        open_signer(tmp_path)
    assert error.value.code == "audit.key_malformed" and text not in str(error.value)


def machine(_folder: Path) -> Signer:
    """Stands for the adapter of a password machine: another key than the folder's."""
    return Sm2Signer(b"m" * 32)


def test_a_password_machine_signs_instead_and_no_key_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUDI_LOG_SIGNER", f"{__name__}:machine")
    assert not make_log_key(tmp_path, "sm") and not list(tmp_path.iterdir())
    assert open_signer(tmp_path).key == machine(tmp_path).key
    for wrong in ("machine", "no.such:machine", f"{__name__}:nothing"):
        monkeypatch.setenv("DOUDI_LOG_SIGNER", wrong)
        with pytest.raises(VaultError, match="module:function"):
            open_signer(tmp_path)


def test_the_sm3_of_verify_py_is_that_of_the_standard_and_of_openssl() -> None:
    assert verify.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert verify.sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    for length in (*range(130), 1000):
        data = bytes(range(256))[:length] * 3
        assert verify.sm3(data) == hashlib.new("sm3", data).digest()

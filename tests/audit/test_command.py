"""`doudi audit verify | prove | export`: what an auditor types, and `verify.py` in the auditor's own hands."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections
from typer.testing import CliRunner

from doudi.site import django_setup
from doudi.site.cli import build
from doudi.site.commands import audit as commands
from doudi.site.postgres import Cluster
from tests.audit.keeping import kept, written

pytestmark = pytest.mark.usefixtures("as_keeper")


@pytest.fixture(autouse=True)
def house_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is open already, and its keys are the house's."""

    @contextmanager
    def opened(role: str = "work") -> Iterator[None]:
        yield

    monkeypatch.setattr(django_setup, "opened", opened)
    monkeypatch.setattr(commands, "home", lambda: Path(settings.HOME))


def run(*arguments: str) -> Any:
    return CliRunner().invoke(build(), ["audit", *arguments])


def test_a_whole_log_is_whole_and_says_what_it_was_compared_with(tmp_path: Path) -> None:
    kept(5)
    written(1, first=5)
    said = run("verify")
    assert said.exit_code == 0 and "5 entries, 1 waiting, 1 checkpoints, 0 held" in said.stdout
    assert "no checkpoint held outside" in said.stdout
    assert run("export", str(tmp_path / "auditor")).exit_code == 0
    held = run("verify", "--held", str(tmp_path / "auditor"), "--json")
    assert json.loads(held.stdout) == {"size": 5, "waiting": 1, "checkpoints": 1, "held": 1, "findings": []}


def test_what_is_wrong_is_said_with_its_place(as_keeper: str, cluster: Cluster) -> None:
    made = kept(5)
    connections.close_all()
    with cluster.connect(as_keeper) as database:
        database.execute("SET session_replication_role = replica")
        database.execute("UPDATE audit_entry SET verb = 'cases.else' WHERE id = %s", (made[2].id,))
    said = run("verify")
    assert said.exit_code == 1 and f"2  {made[2].id}" in said.stdout and "columns or subjects" in said.stdout
    assert json.loads(run("verify", "--json").stdout)["findings"] == [
        {"kind": "columns_altered", "first": 2, "last": 2, "entry": str(made[2].id)}
    ]


def test_an_entry_is_proved_with_what_was_exported_alone(tmp_path: Path) -> None:
    made = kept(300)
    kept(40, first=300, minutes=2)
    assert run("export", str(tmp_path)).exit_code == 0
    proof = tmp_path / "proof.json"
    both = [tmp_path / f"checkpoint-{size:020d}.txt" for size in (300, 340)]
    older = tmp_path / "older"
    older.mkdir()
    for name in ("log.pub", both[0].name):
        (older / name).write_text((tmp_path / name).read_text())
    for asked, held in (
        ([], both[1:]), ([], both), ([], [tmp_path]), (["--size", "300"], both[:1]), (["--size", "300"], [tmp_path]),
        (["--held", str(older)], [older]),
    ):  # fmt: skip
        said = run("prove", str(made[7].id), *asked)
        assert said.exit_code == 0
        proof.write_text(said.stdout)
        answer = verified(tmp_path, proof, *held)
        assert answer.returncode == 0 and "held outside" in answer.stdout and str(made[7].id) in answer.stdout
    proof.write_text(run("prove", str(made[7].id)).stdout)
    answer = verified(tmp_path, proof, older)
    assert answer.returncode == 1 and "no checkpoint of size 340" in answer.stdout and "--size 300" in answer.stdout
    (tmp_path / "empty").mkdir()
    assert verified(tmp_path, proof, tmp_path / "empty").returncode == 1
    late = written(1, first=340)[0]
    assert run("prove", str(late.id), "--held", str(older)).exit_code == 1


def verified(folder: Path, proof: Path, *held: Path) -> subprocess.CompletedProcess[str]:
    """What `verify.py` says, as it was exported, in a Python that sees nothing of ours."""
    command = [sys.executable, "-I", str(folder / "verify.py"), str(proof), "--key", str(folder / "log.pub")]
    return subprocess.run([*command, "--held", *map(str, held)], capture_output=True, text=True, check=False)


def test_what_cannot_be_proved_is_said(tmp_path: Path) -> None:
    fresh = written(1)[0]
    for entry in (fresh.id, uuid4()):
        said = run("prove", str(entry))
        assert said.exit_code == 1 and said.stdout == "" and "no checkpoint speaks of it yet" in said.stderr
    for nonsense in ("nonsense", "100"):
        said = run("prove", nonsense)
        assert said.exit_code == 2 and "不是痕迹的编号" in said.stderr and "is no id of an entry" in said.stderr


def test_a_proof_of_another_log_proves_nothing(tmp_path: Path) -> None:
    made = kept(5)
    assert run("export", str(tmp_path)).exit_code == 0
    (tmp_path / "proof.json").write_text(run("prove", str(made[0].id)).stdout)
    other = "doudi.log/0000000000000000+00000000+AQ=="
    for key, code in ((other, 1), ("nonsense", 2)):
        (tmp_path / "other.pub").write_text(key)
        command = [sys.executable, str(tmp_path / "verify.py"), str(tmp_path / "proof.json")]
        answer = subprocess.run(
            [*command, "--key", str(tmp_path / "other.pub")], capture_output=True, text=True, check=False
        )
        assert answer.returncode == code and "Traceback" not in answer.stderr

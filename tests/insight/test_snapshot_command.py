"""`doudi snapshot`: the database's families in a folder that `screen` and `simulate` then read."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from typer.testing import CliRunner

from doudi.audit.models import Entry
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.matching.actions import snapshot_for
from doudi.matching.models import Snapshot
from doudi.rulebook.queries import by_hash, current_edition
from doudi.site import django_setup
from doudi.site.cli import build
from tests.cases.conftest import APPLIED, COUNTY

pytestmark = pytest.mark.django_db
REFORM = Path(__file__).resolve().parents[2] / "reforms" / "line_up_5.yaml"


@pytest.fixture(autouse=True)
def house_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is open already."""

    @contextmanager
    def opened(role: str = "work") -> Iterator[None]:
        yield

    monkeypatch.setattr(django_setup, "opened", opened)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(build(), list(arguments))


def test_a_snapshot_is_made_and_simulated_by_commands_alone(
    assessed: Callable[..., Application], tmp_path: Path
) -> None:
    assessed()
    folder = tmp_path / "everyone"
    made = run("snapshot", "--place", COUNTY, "--out", str(folder), "--json")
    assert made.exit_code == 0, made.output
    said = json.loads(made.stdout)
    assert (said["households"], said["as_of"], said["folder"]) == (1, APPLIED.isoformat(), str(folder))
    assert Entry.objects.filter(verb="matching.make_snapshot").count() == 1
    found = run("simulate", str(REFORM), "--snapshot", str(folder), "--out", str(tmp_path / "slices"), "--json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["households"] == 1
    again = run("snapshot", "--place", COUNTY, "--out", str(folder))
    assert again.exit_code == 2 and "not empty" in again.output


def test_a_place_without_families_is_said_and_writes_nothing(
    assessed: Callable[..., Application], tmp_path: Path
) -> None:
    assessed()
    nobody = run("snapshot", "--place", f"{COUNTY}009", "--out", str(tmp_path / "nobody"))
    assert nobody.exit_code == 1 and "没有登记的家庭" in nobody.stderr
    assert run("snapshot", "--place", "county").exit_code == 2


def test_without_a_snapshot_the_other_commands_say_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOUDI_HOME", str(tmp_path))
    for arguments in (["screen"], ["simulate", str(REFORM)], ["screen", "--snapshot", str(tmp_path)]):
        said = run(*arguments)
        assert said.exit_code == 2 and "doudi snapshot --place CODE" in " ".join(said.output.split())


def test_a_folder_is_only_used_for_what_it_holds_and_nothing_beside_it_is_touched(
    assessed: Callable[..., Application], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed()
    monkeypatch.setenv("DOUDI_HOME", str(settings.HOME))
    own, town = settings.HOME / "snapshots", f"{COUNTY}001"
    (tmp_path / "current.partial").mkdir()
    assert run("snapshot", "--place", COUNTY, "--out", str(own / "current")).exit_code == 0
    assert run("snapshot", "--place", town, "--out", str(tmp_path / "current")).exit_code == 0
    assert (tmp_path / "current.partial").exists() and Snapshot.objects.count() == 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "current").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "current").stat().st_mode) == 0o700
    rulebook = by_hash(current_edition(COUNTY, APPLIED).hash)
    wanted = {"actor": Actor.system(), "at": now(), "as_of": APPLIED, "folder": own, "rulebook": rulebook}
    assert snapshot_for(place=COUNTY, **wanted) == own / "current"
    Snapshot.objects.update(place=town)
    assert snapshot_for(place=town, **wanted) != own / "current", "its meta.json says another place"
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("snapshot", "--place", COUNTY, "--out", ".").exit_code == 0 and Path("meta.json").exists()


def test_made_again_a_snapshot_lies_beside_the_one_that_may_be_read(
    assessed: Callable[..., Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    assessed()
    monkeypatch.setenv("DOUDI_HOME", str(settings.HOME))
    first, second = (_made_at_home() for _ in range(2))
    assert first.exists() and second.name == f"{first.name}-2"
    os.utime(first, (0, 0))
    third = _made_at_home()
    assert not first.exists() and second.exists() and third.exists()


def _made_at_home() -> Path:
    return Path(json.loads(run("snapshot", "--place", COUNTY, "--json").stdout)["folder"])

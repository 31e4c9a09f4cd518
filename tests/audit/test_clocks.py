"""Clocks that are wrong: nothing is signed while two differ, and a checkpoint from the future is gone on from."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from typer.testing import CliRunner

import doudi.audit.verify
from doudi.audit.actions import require_anchored
from doudi.audit.actions.checkpoints import accept_clock, hand_out, sign_checkpoint
from doudi.audit.actions.sequencing import sequence_entries
from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.console import anchor_box, clock_state
from doudi.audit.keeping import keep_once
from doudi.audit.models import Checkpoint, Entry
from doudi.audit.queries import anchoring as anchorings
from doudi.audit.queries.checking import check_log
from doudi.audit.queries.tree import inclusion_proof, size
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Malformed, Refused, Unavailable
from doudi.site.cli import build
from tests.audit.keeping import AT, kept, signer, written
from tests.audit.test_console import ADMINISTRATOR

pytestmark = pytest.mark.usefixtures("as_keeper")
AHEAD = timedelta(days=3)


def accepted(**more: Any) -> Checkpoint:
    at = now()
    given = {"actor": Actor.system(), "at": at, "database_at": at, "signer": signer(), "reason": "时钟快了三天"}
    return accept_clock(**given | more)


def signed_ahead(count: int = 3) -> Checkpoint:
    """The newest checkpoint of a log, signed three days from now."""
    written(count)
    sequence_entries()
    made = sign_checkpoint(at=now() + AHEAD, signer=signer())
    assert made is not None
    return made


@pytest.mark.parametrize("ahead", [AHEAD, -AHEAD, timedelta(seconds=30)])
def test_while_two_clocks_differ_entries_get_places_and_nothing_is_signed(ahead: timedelta) -> None:
    written(2)
    signer()
    with pytest.raises(Unavailable) as error:
        keep_once(at=now() + ahead, keys=Path(settings.HOME) / "keys")
    assert error.value.code == "audit.clocks_differ"
    assert size() == 2 and not Checkpoint.objects.exists()
    keep_once(at=now() + timedelta(seconds=3), keys=Path(settings.HOME) / "keys")
    assert Checkpoint.objects.get().size == 2


def test_both_consoles_tell_of_clocks_that_differ() -> None:
    (well,) = clock_state(now())
    (ill,) = clock_state(now() + AHEAD)
    assert (well.level, ill.level) == ("ok", "bad") and "校正" in ill.advice
    (box,) = anchor_box(ADMINISTRATOR, now() + AHEAD)
    assert ("系统时钟与数据库时钟", "late") in [(str(line.label), line.state) for line in box.lines]
    assert "不一致" in box.note


def test_a_checkpoint_from_the_future_stops_nothing_once_it_is_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_ahead()
    written(1, first=3)
    monkeypatch.setattr(anchorings, "LIMIT", timedelta(seconds=-1))
    keys = Path(settings.HOME) / "keys"
    with pytest.raises(Unavailable) as error:
        keep_once(at=now(), keys=keys)
    assert error.value.code == "audit.clock_went_back" and "accept-clock" in str(error.value.message)
    with pytest.raises(Unavailable):
        require_anchored()
    (box,) = anchor_box(ADMINISTRATOR, now())
    assert {str(line.label): line.state for line in box.lines}["最近一个检查点"] == "late"
    made = accepted()
    assert made.size == size() == 5 and abs(made.at - now()) < timedelta(minutes=1)
    assert require_anchored() == ""
    entry = Entry.objects.get(verb="audit.accept_clock")
    assert entry.reason == "时钟快了三天" and entry.account_id == "system"
    written(1, first=4)
    assert keep_once(at=now(), keys=keys).size == 6, "and it goes on by itself"


def test_time_goes_back_once_for_a_reason_and_only_from_the_future() -> None:
    with pytest.raises(Refused) as refused:
        accepted()
    assert refused.value.code == "audit.clock_is_right"
    signed_ahead()
    with pytest.raises(Malformed):
        accepted(reason=" ")
    with pytest.raises(Unavailable) as error:
        accepted(database_at=now() + AHEAD)
    assert error.value.code == "audit.clocks_differ"
    accepted()
    with pytest.raises(Refused):
        accepted()
    assert Entry.objects.filter(verb="audit.accept_clock").count() == 1


def test_a_check_shows_where_time_went_back_and_finds_it_where_no_entry_says_why(tmp_path: Path) -> None:
    holder = FolderHolder(tmp_path)
    signed_ahead()
    assert hand_out(at=now(), holders=[holder], signer=signer()) == []
    made = accepted()
    assert hand_out(at=now(), holders=[holder], signer=signer()) == []
    told = check_log(key=signer().key, held=[holder])
    assert told.findings == [] and told.held == 2
    assert [(one.size, one.entry) for one in told.turned_back] == [
        (made.size, str(Entry.objects.get(verb="audit.accept_clock").id))
    ]
    written(1, first=9)
    sequence_entries()
    sign_checkpoint(at=AT, signer=signer(), back_from=made.size)
    assert [(one.kind, one.first) for one in check_log(key=signer().key).findings] == [("time_went_back", made.size)]


def test_a_checkpoint_signed_anew_with_another_time_is_not_the_one_held_outside(tmp_path: Path) -> None:
    holder = FolderHolder(tmp_path)
    kept(3, holders=(holder,))
    (path,) = tmp_path.glob("checkpoint-*")
    note, _text = holder.notes()[0]
    other = type(note)(note.origin, note.size, note.root, note.hash_name, note.at - timedelta(days=1))
    path.write_text(other.signed(signer().key, signer().sign(other.body().encode())), encoding="utf-8")
    assert [one.kind for one in check_log(key=signer().key, held=[holder]).findings] == ["held_history_differs"]


def test_the_command_goes_on_and_the_proof_holds_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_ahead()
    entry = Entry.objects.first()
    assert entry is not None
    monkeypatch.setattr("doudi.site.django_setup.opened", nullcontext)
    monkeypatch.setattr("doudi.site.commands.audit.home", lambda: Path(settings.HOME))
    run = CliRunner().invoke(build(), ["audit", "accept-clock", "--reason", "时钟快了三天"])
    assert run.exit_code == 0 and "signed: 4" in run.stdout, run.output
    said = CliRunner().invoke(build(), ["audit", "verify"])
    assert said.exit_code == 0 and "time goes back here" in said.stdout
    (tmp_path / "proof.json").write_text(json.dumps(inclusion_proof(entry.id)), encoding="utf-8")
    (tmp_path / "log.pub").write_text(signer().key.text(), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(doudi.audit.verify.__file__), str(tmp_path / "proof.json")]
    done = subprocess.run([*command, "--key", str(tmp_path / "log.pub")], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "of a log of 4" in done.stdout, done.stdout + done.stderr

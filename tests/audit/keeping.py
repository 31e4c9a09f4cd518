"""A log for tests: entries, a round of the keeper, the house's signer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from doudi.audit.actions import record_act
from doudi.audit.actions.checkpoints import hand_out, sign_checkpoint
from doudi.audit.actions.sequencing import sequence_entries
from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.adapters.signing import Signer, make_log_key, open_signer
from doudi.audit.models import Entry
from doudi.core.actor import Actor

AT = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
ZHOU = Actor("account-1", "周敏", "handler", "990101003", "civil_affairs", "basic_living", "grant-1")


def signer() -> Signer:
    """The signer of the house of this test run."""
    keys = Path(settings.HOME) / "keys"
    make_log_key(keys)
    return open_signer(keys)


def written(count: int, first: int = 0) -> list[Entry]:
    """Entries as a busy day writes them: some with reasons, digests and several subjects."""
    made = []
    for number in range(first, first + count):
        state = str(number).encode()
        made.append(
            record_act(
                actor=ZHOU, verb="cases.propose" if number % 3 else "desk.open_household",
                subjects=[("application", f"a{number}"), *([("household", f"h{number}")] if number % 2 else [])],
                at=AT + timedelta(seconds=number), reason="看过材料" if number % 5 == 0 else "",
                before=state if number % 4 == 0 else None, after=state + b"x" if number % 4 == 0 else None,
                count=number if number % 7 == 0 else None,
            )
        )  # fmt: skip
    return made


def kept(count: int, *, first: int = 0, minutes: int = 1, holders: tuple[FolderHolder, ...] = ()) -> list[Entry]:
    """Entries with their places, under a checkpoint, handed to holders."""
    made = written(count, first)
    sequence_entries()
    sign_checkpoint(at=AT + timedelta(minutes=minutes), signer=signer())
    assert hand_out(at=AT, holders=holders, signer=signer()) == []
    return made

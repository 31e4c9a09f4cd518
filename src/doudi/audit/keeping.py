"""Keeping the log: places for what waits, a signed checkpoint at most every minute, a copy to every holder."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import DatabaseError, connections

from doudi.audit.actions.checkpoints import hand_out, require_same_clock, sign_checkpoint
from doudi.audit.actions.sequencing import BATCH, sequence_entries
from doudi.audit.adapters.holders import holders
from doudi.audit.adapters.signing import open_signer
from doudi.audit.queries.anchoring import database_clock
from doudi.core.actor import Actor
from doudi.core.errors import DoudiError
from doudi.core.row_context import acting
from doudi.core.vault import VaultError

LOG = logging.getLogger(__name__)
PAUSE = 2.0
"""Seconds between looks for what waits."""
EVERY = 30.0
"""Seconds between checkpoints while the log grows."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one round did."""

    placed: int
    size: int | None
    problems: tuple[str, ...]


def keep_once(*, at: datetime, keys: Path, sign: bool = True) -> Kept:
    """One round: everything that waits gets its place; then, if it is time, the log is signed and handed out.

    Entries get their places even where nothing can be signed. Raises what signing raises.
    """
    placed, database_at = 0, database_clock()
    while found := sequence_entries():
        placed += found
        if found < BATCH:
            break
    if not sign:
        return Kept(placed, None, ())
    signer = open_signer(keys)
    require_same_clock(at=at, database_at=database_at)
    made = sign_checkpoint(at=at, signer=signer)
    problems = hand_out(at=at, holders=holders(), signer=signer)
    return Kept(placed, made.size if made else None, tuple(error.code for error in problems))


def keep(
    keys: Path, now: Callable[[], datetime], *, rounds: int | None = None, pause: float = PAUSE, every: float = EVERY
) -> None:
    """Rounds without end (or a number of them). A round that fails is told and tried again: nothing is lost by it."""
    told, signed_at = "", float("-inf")
    while rounds is None or rounds > 0:
        is_time = time.monotonic() - signed_at >= every
        problem = _round(keys, now, is_time)
        if is_time and not problem:
            signed_at = time.monotonic()
        if problem != told:
            (LOG.error if problem else LOG.warning)("the log is kept: %s", problem or "again as it should be")
            told = problem
        rounds = None if rounds is None else rounds - 1
        time.sleep(pause)


def _round(keys: Path, now: Callable[[], datetime], sign: bool) -> str:
    """The code of what is wrong; empty when nothing is."""
    try:
        with acting(Actor.system()):
            return ", ".join(keep_once(at=now(), keys=keys, sign=sign).problems)
    except (DoudiError, VaultError) as error:
        return error.code
    except (DatabaseError, psycopg.Error) as error:  # COPY tells a full or read-only disk by psycopg's own
        connections.close_all()
        return f"audit.database ({type(error).__name__})"
    except (LookupError, OSError, ValueError) as error:
        # a tile is gone, a checkpoint was altered, the key may not be read: told, and the house goes on
        connections.close_all()
        return f"audit.cannot_be_kept ({type(error).__name__})"

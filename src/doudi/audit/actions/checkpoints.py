"""Signing the log so far, and giving the signed word to holders outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions.recording import record_act
from doudi.audit.actions.sequencing import sequence_entries
from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.adapters.signing import Signer, is_signed_by, signed
from doudi.audit.logic.notes import Note, parse
from doudi.audit.logic.time_told import ACCEPTED, CLOCKS, JITTER
from doudi.audit.models import Checkpoint, Holding
from doudi.audit.queries.tree import hash_name, last_checkpoint, root_at, size
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Refused, Unavailable
from doudi.core.vault import VaultError


def require_same_clock(*, at: datetime, database_at: datetime) -> None:
    """Unavailable where house and database disagree about the time: one is wrong, and what is signed stays signed."""
    if abs(at - database_at) > CLOCKS:
        raise Unavailable(
            "audit.clocks_differ",
            _("系统时钟与数据库时钟相差太多，没有签名。请先校正时钟。"),
            database=database_at.isoformat(),
        )


@transaction.atomic
def sign_checkpoint(*, at: datetime, signer: Signer, back_from: int | None = None) -> Checkpoint | None:
    """A signed word on all entries that have a place; None when the last one says it already.

    VaultError when the last one was signed with another key, Unavailable when the clock stands before it, unless it is
    the one of the size `back_from`.
    """
    last, now_size = last_checkpoint(), size()
    if last is not None:
        _fits(last, at, signer, back_from)
    if now_size == (last.size if last else 0):
        return None
    note = Note(signer.key.origin, now_size, root_at(now_size), hash_name(), at.replace(microsecond=0))
    return Checkpoint.objects.create(size=now_size, root=note.root, at=note.at, note=signed(note, signer))


@transaction.atomic
def accept_clock(*, actor: Actor, at: datetime, database_at: datetime, signer: Signer, reason: str) -> Checkpoint:
    """Goes on after a checkpoint that was signed while the clock was ahead: the next one bears the right time, which is
    an earlier one, over an entry that says so and why. Time never goes back without that entry (`check_log`).

    Refused where the last checkpoint is not from the future.
    """
    require_same_clock(at=at, database_at=database_at)
    last = last_checkpoint()
    if last is None or last.at <= at + JITTER:
        raise Refused("audit.clock_is_right", _("最近一个检查点不在将来，不用更正。"))
    if not reason.strip():
        raise Malformed("audit.clock_reason", _("请写明时钟为什么快了。"))
    record_act(actor=actor, verb=ACCEPTED, subjects=[("checkpoint", last.size)], at=at, reason=reason.strip())
    while sequence_entries():
        continue
    made = sign_checkpoint(at=at, signer=signer, back_from=last.size)
    assert made is not None, "there is an entry more"
    return made


def _fits(last: Checkpoint, at: datetime, signer: Signer, back_from: int | None) -> None:
    if not is_signed_by(signer.key, last.note):
        raise VaultError(
            "audit.key_wrong",
            "HOME/keys/log_key is not the key that signed this log so far. Put the right one back; nothing was signed.",
        )
    if at < last.at - JITTER and last.size != back_from:
        raise Unavailable(
            "audit.clock_went_back",
            _("系统时钟比上一个检查点还早，没有签名。请先校正时钟；当时是时钟快了，就运行 doudi audit accept-clock。"),
            last=last.at.isoformat(),
        )


def hand_out(*, at: datetime, holders: Iterable[FolderHolder], signer: Signer) -> list[Unavailable]:
    """The newest checkpoint to every holder that lacks it; what went wrong with some keeps it from no other.

    A holder that has another history than ours is told of as such: somebody rewrote the log, here or there.
    """
    newest, problems = last_checkpoint(), []
    if newest is None:
        return []
    for holder in holders:
        try:
            _hand(newest, holder, at, signer)
        except Unavailable as error:
            problems.append(error)
    return problems


def _hand(newest: Checkpoint, holder: FolderHolder, at: datetime, signer: Signer) -> None:
    if Holding.objects.filter(size=newest.size, holder=holder.name).exists():
        return
    held = holder.newest()
    if held is not None:
        _agrees(held[0], held[1], newest, signer)
    holder.take(parse(newest.note)[0], newest.note, signer.key.text())
    Holding.objects.create(size=newest.size, holder=holder.name, at=at)


def _agrees(held: Note, text: str, newest: Checkpoint, signer: Signer) -> None:
    if held.size > newest.size or not is_signed_by(signer.key, text) or root_at(held.size) != held.root:
        raise Unavailable(
            "audit.history_differs",
            _(
                "外部保存的检查点与这里的痕迹不一致：有一处被改写过。"
                "请立即停下，报告审计管理员，并运行 doudi audit verify。"
            ),
            size=held.size,
        )

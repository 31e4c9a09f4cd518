"""Signing the log so far, and giving the signed word to holders outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.adapters.holders import FolderHolder
from doudi.audit.adapters.signing import Signer, is_signed_by, signed
from doudi.audit.logic.notes import Note, parse
from doudi.audit.models import Checkpoint, Holding
from doudi.audit.queries.tree import hash_name, last_checkpoint, root_at, size
from doudi.core.errors import Unavailable
from doudi.core.vault import VaultError

JITTER = timedelta(seconds=5)
"""How far clocks that are kept right may step back."""


@transaction.atomic
def sign_checkpoint(*, at: datetime, signer: Signer) -> Checkpoint | None:
    """A signed word on all entries that have a place; None when the last one says it already.

    VaultError when the last one was signed with another key, Unavailable when the clock stands before it.
    """
    last, now_size = last_checkpoint(), size()
    if last is not None:
        _fits(last, at, signer)
    if now_size == (last.size if last else 0):
        return None
    note = Note(signer.key.origin, now_size, root_at(now_size), hash_name(), at.replace(microsecond=0))
    return Checkpoint.objects.create(size=now_size, root=note.root, at=note.at, note=signed(note, signer))


def _fits(last: Checkpoint, at: datetime, signer: Signer) -> None:
    if not is_signed_by(signer.key, last.note):
        raise VaultError(
            "audit.key_wrong",
            "HOME/keys/log_key is not the key that signed this log so far. Put the right one back; nothing was signed.",
        )
    if at < last.at - JITTER:
        raise Unavailable(
            "audit.clock_went_back",
            _("系统时钟比上一个检查点还早，没有签名。请先校正时钟。"),
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

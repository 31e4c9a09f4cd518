"""Publishing a rulebook: checked, archived and dated; after that it stays as it is."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.engine.errors import EngineError
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from doudi.rulebook.logic.bundle import pack, policy_files
from doudi.rulebook.models import Published


def publish(*, actor: Actor, at: datetime, root: Path, place: str, effective_on: date) -> Published:
    """Publish the policy files under `root` as the rulebook of `place` from `effective_on`.

    The files must check without error (Refused `rulebook.not_acceptable`). The same files for the same place and day
    are published once: the second time returns the first.
    """
    try:
        rulebook = resolve(load(root), place)
    except EngineError as error:
        raise Refused(
            "rulebook.not_acceptable", _("规则文件有错，没有发布。请按提示改正后重试。"), problem=str(error)
        ) from error
    bundle = pack(policy_files(root))
    with transaction.atomic():
        lock_publishing(place)
        same = Published.objects.filter(hash=rulebook.hash, place=place, effective_on=effective_on)
        published = same.order_by("-published_at").first()
        if published is None:
            published = Published.objects.create(
                hash=rulebook.hash,
                place=place,
                effective_on=effective_on,
                published_at=at,
                published_by=actor.account_id,
                bundle=bundle,
            )
            record_act(
                actor=actor,
                verb="rulebook.publish",
                subjects=[("rulebook", rulebook.hash), ("area", place)],
                at=at,
                before=None,
                after=bundle,
            )
    return published


def lock_publishing(place: str) -> None:
    """One publishing in a province at a time, until the transaction ends: what is newest there stays the newest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"rulebook.publishing.{place[:2]}"])

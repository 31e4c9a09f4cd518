"""Accounts of other systems: made by the security administrator, their secrets by the system administrator; tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions.accounts import administers, keeps
from doudi.accounts.logic.policy import SYSTEM
from doudi.accounts.logic.roles import POLICY
from doudi.accounts.logic.scopes import MARK, digest, is_scope
from doudi.accounts.models import Account, ServiceAccount, ServiceSecret, ServiceToken
from doudi.areas.models import LEVELS
from doudi.audit.actions import record_act, record_look
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused, Stale

SECRET_HOLDS = timedelta(days=180)
TOKEN_HOLDS = timedelta(minutes=15)
MOST_SECRETS = 2
FORGOTTEN = timedelta(days=1)
"""A day after its end a token's row goes; the log keeps its id."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A secret or token as it is told once; only its digest is kept."""

    text: str
    until_at: datetime
    scopes: tuple[str, ...] = ()


@transaction.atomic
def create_service(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    department: str,
    area: str,
    purpose: str,
    scopes: list[str],
    to_on: date,
) -> ServiceAccount:
    """An account of another system, without a secret yet."""
    administers(actor)
    if not scopes or not all(map(is_scope, scopes)) or not (area.isascii() and area.isdigit() and len(area) in LEVELS):
        raise Malformed("accounts.service_malformed", _("范围或区划不对。范围是英文小写名称，用空格分开。"))
    if ServiceAccount.objects.filter(name=name.strip()).exists():
        raise Refused("accounts.service_name_taken", _("已有同名的系统账号。"))
    made = ServiceAccount.objects.create(
        name=name.strip(), department=department.strip(), area_code=area, purpose=purpose.strip(), scopes=scopes,
        made_at=at, made_by=_account(actor), to_on=to_on, secret_wanted_at=at,
    )  # fmt: skip
    record_act(actor=actor, verb="accounts.create_service", subjects=[("service", made.id)], at=at)
    return made


@transaction.atomic
def ask_for_secret(*, actor: Actor, at: datetime, service: ServiceAccount) -> None:
    """The security administrator wants one more secret made; without that none can be."""
    administers(actor)
    asked = ServiceAccount.objects.filter(id=service.id, withdrawn_at=None, secret_wanted_at=None)
    if not asked.update(secret_wanted_at=at):
        raise Stale("accounts.secret_asked_already", _("已经请过了，等系统管理员做；或者这个系统账号已经收回。"))
    record_act(actor=actor, verb="accounts.ask_for_secret", subjects=[("service", service.id)], at=at)


@transaction.atomic
def new_service_secret(*, actor: Actor, at: datetime, service: ServiceAccount, random: str) -> Issued:
    """A further secret, told once. The one before goes on until it is withdrawn, so that nothing stands still.

    Made once for each time the security administrator asked: a secret nobody asked for cannot be made, and who says
    what another system may ask for does not hold its secret.
    """
    keeps(actor)
    held = ServiceAccount.objects.select_for_update().get(id=service.id)
    if held.withdrawn_at is not None:
        raise Stale("accounts.service_withdrawn", _("这个系统账号已经收回。"))
    if ServiceSecret.objects.filter(service=held, until_at__gt=at).count() >= MOST_SECRETS:
        raise Refused("accounts.service_secrets", _("同时最多有两个密钥。请先作废旧的。"))
    if actor.role != SYSTEM and held.secret_wanted_at is None:
        raise Refused(
            "accounts.secret_not_asked", _("安全管理员没有请做密钥。请先请安全管理员在这一页点“再要一个密钥”。")
        )
    held.secret_wanted_at = None
    held.save(update_fields=["secret_wanted_at"])
    text, until = MARK["secret"] + random, at + SECRET_HOLDS
    made = ServiceSecret.objects.create(service=held, digest=digest(text), made_at=at, until_at=until)
    subjects = [("service", held.id), ("secret", made.id)]
    record_act(actor=actor, verb="accounts.new_service_secret", subjects=subjects, at=at)
    return Issued(text, until)


@transaction.atomic
def withdraw_service_secret(*, actor: Actor, at: datetime, secret: ServiceSecret) -> None:
    """Ends a secret and every token given for it: either of the two administrators, at once, when it leaked."""
    if not POLICY.may(actor.role, "accounts.read"):
        administers(actor)
    if secret.until_at <= at:
        raise Stale("accounts.service_secret_ended", _("这个密钥已经作废。"))
    ServiceSecret.objects.filter(id=secret.id).update(until_at=at)
    ServiceToken.objects.filter(secret=secret, until_at__gt=at).update(until_at=at)
    subjects = [("service", secret.service_id), ("secret", secret.id)]
    record_act(actor=actor, verb="accounts.withdraw_service_secret", subjects=subjects, at=at)


@transaction.atomic
def withdraw_service(*, actor: Actor, at: datetime, service: ServiceAccount, reason: str) -> None:
    """Ends a service account with its secrets and tokens."""
    administers(actor)
    if not ServiceAccount.objects.filter(id=service.id, withdrawn_at=None).update(withdrawn_at=at):
        raise Stale("accounts.service_withdrawn", _("这个系统账号已经收回。"))
    ServiceSecret.objects.filter(service=service, until_at__gt=at).update(until_at=at)
    ServiceToken.objects.filter(service=service, until_at__gt=at).update(until_at=at)
    subjects = [("service", service.id)]
    record_act(actor=actor, verb="accounts.withdraw_service", subjects=subjects, at=at, reason=reason)


def issue_token(
    *, at: datetime, today: date, client_id: UUID | None, secret: str, scopes: list[str], random: str, actor: Actor
) -> Issued:
    """A token for a service account that shows its secret; without scopes it gets all it has.

    Forbidden, with the same words, for an unknown account, a wrong secret, one that ended, and a scope it has not.
    """
    held = (
        ServiceSecret.objects.select_related("service")
        .filter(Q(service__withdrawn_at=None), service_id=client_id, digest=digest(secret), until_at__gt=at)
        .filter(service__to_on__gt=today)
        .first()
    )
    if held is None:
        is_known = client_id is not None and ServiceAccount.objects.filter(id=client_id).exists()
        known = [("service", client_id)] if is_known else []
        record_look(actor=actor, verb="accounts.issue_token", subjects=known, at=at, outcome="refused")
        raise Forbidden("accounts.client_refused", _("系统账号或密钥不对，或已到期。"))
    service = held.service
    if not set(scopes) <= set(service.scopes):
        subjects = [("service", service.id)]
        record_look(
            actor=actor, verb="accounts.issue_token", subjects=subjects, at=at, outcome="refused", reason="scope"
        )
        raise Refused("accounts.scope_refused", _("这个系统账号没有所要的范围。"))
    return _issued(held, list(scopes or service.scopes), random, at, actor)


@transaction.atomic
def _issued(held: ServiceSecret, scopes: list[str], random: str, at: datetime, actor: Actor) -> Issued:
    text, until = MARK["token"] + random, min(at + TOKEN_HOLDS, held.until_at)
    made = ServiceToken.objects.create(
        service=held.service, secret=held, digest=digest(text), scopes=scopes, made_at=at, until_at=until
    )
    ServiceSecret.objects.filter(id=held.id).update(used_at=at)
    ServiceToken.objects.filter(service=held.service, until_at__lt=at - FORGOTTEN).delete()
    subjects = [("service", held.service_id), ("secret", held.id), ("token", made.id)]
    record_act(actor=actor, verb="accounts.issue_token", subjects=subjects, at=at)
    return Issued(text, until, tuple(scopes))


def _account(actor: Actor) -> Account | None:
    return None if actor.role == "system" else Account.objects.get(id=actor.account_id)

"""Binding an account to a person's subject at the government identity provider; nobody binds themselves."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from doudi.accounts.actions.accounts import keeps
from doudi.accounts.actions.sessions import end_sessions
from doudi.accounts.models import Account, ProvenSubject
from doudi.audit.actions import record_act, record_look
from doudi.core.actor import Actor
from doudi.core.errors import Forbidden, Malformed, Refused
from doudi.core.vault import vault


@transaction.atomic
def bind_subject(*, actor: Actor, at: datetime, account: Account, provider: str, subject: str) -> SocialAccount:
    """Whoever the provider calls `subject` may sign in to this account. One subject, one account."""
    keeps(actor)
    subject = subject.strip()
    if not subject or not subject.isprintable() or len(subject) > 191:
        raise Malformed("accounts.subject_malformed", _("身份标识为空或有看不见的字符。"))
    if str(account.id) == actor.account_id:
        raise Forbidden("accounts.own_account", _("不能给自己的账号绑定身份。"))
    if SocialAccount.objects.filter(user=account, provider=provider).exists():
        raise Refused("accounts.subject_bound", _("这个账号已经绑定了一个身份。请先解除。"))
    try:
        with transaction.atomic():
            made = SocialAccount.objects.create(user=account, provider=provider, uid=subject)
    except IntegrityError as error:
        raise Refused("accounts.subject_taken", _("这个身份已经绑定在另一个账号上。")) from error
    end_sessions(account=account, at=at, why="administrator")
    record_act(actor=actor, verb="accounts.bind_subject", subjects=_about(account, subject), at=at)
    return made


@transaction.atomic
def unbind_subject(*, actor: Actor, at: datetime, account: Account, provider: str) -> None:
    """The account is signed in to by its password again, and not through the provider."""
    keeps(actor)
    bound = SocialAccount.objects.filter(user=account, provider=provider).first()
    if bound is None:
        raise Refused("accounts.subject_not_bound", _("这个账号没有绑定身份。"))
    bound.delete()
    end_sessions(account=account, at=at, why="administrator")
    record_act(actor=actor, verb="accounts.unbind_subject", subjects=_about(account, bound.uid), at=at)


@transaction.atomic
def prove_subject(*, actor: Actor, at: datetime, account: Account, provider: str, subject: str) -> None:
    """The holder has shown the account's own second factor after coming from the provider as this subject: its word
    counts now, as long as this binding lasts.
    """
    held = SocialAccount.objects.select_for_update().filter(user=account, provider=provider, uid=subject)
    bound = held.first()
    if bound is None or ProvenSubject.objects.filter(bound=bound).exists():
        return
    ProvenSubject.objects.create(bound=bound, at=at)
    record_act(actor=actor, verb="accounts.prove_subject", subjects=_about(account, subject), at=at)


def _about(account: Account, subject: str) -> list[tuple[str, object]]:
    """The account, and an opaque name of the subject that tells one binding from the next."""
    return [("account", account.id), ("subject", vault().person_key(f"subject|{subject}"))]


def note_unbound(*, actor: Actor, at: datetime) -> None:
    """Somebody signed in at the provider whom no account is bound to."""
    record_look(actor=actor, verb="accounts.log_in", subjects=[], at=at, outcome="refused", reason="subject_not_bound")

"""Reads of accounts, grants, sessions and the accounts of other systems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import F, Q, QuerySet

from doudi.accounts.logic.roles import POLICY
from doudi.accounts.logic.sessions import STEP
from doudi.accounts.models import (
    Account,
    AccountSession,
    AddressFailures,
    EmergencyLook,
    Grant,
    ProvenSubject,
    ServiceAccount,
    ServiceToken,
)


def in_force(on: date) -> Q:
    """Grants that hold on a day: begun, neither ended nor withdrawn, and not lapsed for want of a review."""
    holding = (Q(to_on=None) | Q(to_on__gt=on)) & Q(from_on__lte=on, withdrawn_at=None)
    review = POLICY.grant_review
    if not review.lapse:
        return holding
    lapsed_on = on - timedelta(days=review.days + review.grace_days)
    return holding & (Q(reviewed_on__gt=lapsed_on) | Q(role__in=review.never_lapse))


def grants_of(account: Account, on: date) -> QuerySet[Grant]:
    """The grants in force on a day."""
    return Grant.objects.filter(in_force(on), account=account).order_by("role", "area_code")


def grants_due(on: date) -> QuerySet[Grant]:
    """Grants whose review is due within the days of warning, overdue or lapsed, the longest unreviewed first."""
    review = POLICY.grant_review
    holding = (Q(to_on=None) | Q(to_on__gt=on)) & Q(from_on__lte=on, withdrawn_at=None, account__is_active=True)
    due = Q(reviewed_on__lte=on - timedelta(days=review.days - review.warn_days))
    return Grant.objects.filter(holding & due).select_related("account").order_by("reviewed_on", "account__username")


def review_due_on(grant: Grant) -> date:
    """The day by which a grant is to be confirmed."""
    return grant.reviewed_on + timedelta(days=POLICY.grant_review.days)


def review_state(grant: Grant, on: date) -> str:
    """confirmed, soon, overdue or lapsed."""
    review, due = POLICY.grant_review, review_due_on(grant)
    if due > on:
        return "soon" if due - timedelta(days=review.warn_days) <= on else "confirmed"
    lapses = review.lapse and grant.role not in review.never_lapse
    return "lapsed" if lapses and due + timedelta(days=review.grace_days) <= on else "overdue"


def emergency_in_force(look: UUID, account: UUID, at: datetime) -> EmergencyLook | None:
    """An account's emergency look, if it is not over; a clock set back before its beginning opens nothing."""
    return EmergencyLook.objects.filter(
        pk=look, account_id=account, ended_at=None, begun_at__lte=at + STEP, until_at__gt=at
    ).first()


def emergencies(limits: tuple[str, str] | None) -> QuerySet[EmergencyLook]:
    """Emergency looks at a range of areas, those not reviewed first, then the newest."""
    rows = EmergencyLook.objects.select_related("account", "grant")
    if limits is not None:
        rows = rows.filter(area_code__gte=limits[0], area_code__lt=limits[1])
    return rows.order_by(F("reviewed_at").desc(nulls_first=True), "-begun_at")


def all_accounts() -> QuerySet[Account]:
    """Accounts by username."""
    return Account.objects.order_by("username")


def grants_by_account(accounts: Iterable[Account], on: date) -> dict[UUID, list[Grant]]:
    """The grants in force on a day of several accounts."""
    found: dict[UUID, list[Grant]] = defaultdict(list)
    for grant in Grant.objects.filter(in_force(on), account__in=list(accounts)).order_by("role", "area_code"):
        found[grant.account_id].append(grant)
    return found


def all_grants_of(account: Account) -> QuerySet[Grant]:
    """Every grant an account has or had, those in force first."""
    return Grant.objects.filter(account=account).order_by(F("withdrawn_at").desc(nulls_first=True), "role", "from_on")


def open_sessions(since: datetime) -> QuerySet[AccountSession]:
    """Sessions that go on, the last seen first; those idle since before `since` end with their next request."""
    return (
        AccountSession.objects.filter(ended_at=None, seen_at__gt=since).select_related("account").order_by("-seen_at")
    )


def sessions_over(*, before: datetime) -> Iterator[UUID]:
    """Sessions that ended before an instant, or were last used before it and nobody came back to end them."""
    over = Q(ended_at__lt=before) | Q(ended_at=None, seen_at__lt=before)
    yield from AccountSession.objects.filter(over).order_by("started_at", "id").values_list("id", flat=True)


def locked_addresses(at: datetime) -> QuerySet[AddressFailures]:
    """Addresses from which nobody may sign in now."""
    return AddressFailures.objects.filter(locked_until__gt=at).order_by("address")


def services() -> QuerySet[ServiceAccount]:
    """Accounts of other systems, those in force first."""
    return ServiceAccount.objects.order_by(F("withdrawn_at").desc(nulls_first=True), "name")


def services_wanting_secret() -> QuerySet[ServiceAccount]:
    """Accounts of other systems for which a secret was asked and is not made yet."""
    return ServiceAccount.objects.filter(withdrawn_at=None, secret_wanted_at__isnull=False)


def token_in_force(digest: bytes, at: datetime, on: date) -> ServiceToken | None:
    """The token of a digest with its service account, while both hold."""
    return (
        ServiceToken.objects.select_related("service")
        .filter(
            digest=digest, made_at__lte=at + STEP, until_at__gt=at, service__withdrawn_at=None, service__to_on__gt=on
        )
        .first()
    )


def token_known(digest: bytes) -> ServiceToken | None:
    """The token of a digest with its service account, also one that is over, as long as it is kept."""
    return ServiceToken.objects.select_related("service").filter(digest=digest).first()


def factors_of(account: Account) -> dict[str, int]:
    """How many second factors of each kind an account has; recovery codes count the unused ones."""
    found: dict[str, int] = defaultdict(int)
    for one in Authenticator.objects.filter(user=account):
        found[one.type] += len(one.data["unused"]) if one.type == Authenticator.Type.RECOVERY_CODES else 1
    return dict(found)


def subject_of(account: Account, provider: str) -> str:
    """The subject an account is bound to at the identity provider; nothing when it is bound to none."""
    bound = SocialAccount.objects.filter(user=account, provider=provider).first()
    return str(bound.uid) if bound else ""


def subject_proved(account: Account, provider: str) -> bool:
    """Whether the holder has shown the account's own second factor under the binding it has now."""
    return bool(ProvenSubject.objects.filter(bound__user=account, bound__provider=provider).exists())


def without_grant(on: date) -> QuerySet[Account]:
    """Accounts in use that hold no grant on a day: made, and nobody has said yet what they may."""
    return Account.objects.filter(is_active=True).exclude(
        id__in=Grant.objects.filter(in_force(on)).values("account_id")
    )


def without_factor() -> QuerySet[Account]:
    """Accounts in use that have no code app and no passkey."""
    strong = Authenticator.objects.filter(type__in=(Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN))
    return Account.objects.filter(is_active=True).exclude(id__in=strong.values("user_id"))

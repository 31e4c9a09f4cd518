"""Pages of the security administrator: grants and their review, locks, second factors, closing an account."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.access import actor_of
from doudi.accounts.account_pages import FIELDS_OF, account_with, shown, tried
from doudi.accounts.actions import (
    confirm_grant,
    give_enrolment_code,
    give_grant,
    lift_lock,
    set_active,
    take_factors_away,
    withdraw_grant,
)
from doudi.accounts.forms import GrantForm
from doudi.accounts.logic import recovery_codes
from doudi.accounts.logic.roles import PERMISSIONS, POLICY
from doudi.accounts.models import Grant
from doudi.accounts.queries import grants_due, review_due_on, review_state
from doudi.areas.queries import names_of
from doudi.audit.access import note_caught
from doudi.core.access import permission
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Missing, Refused

administrators_only = permission("accounts.administer", PERMISSIONS["accounts.administer"])


@require_POST
@administrators_only
def give(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One more grant for an account."""
    account, form = account_with(account_id), GrantForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            give_grant(
                actor=actor_of(request), at=now(), account=account,
                role=data["role"], area=data["area"], department=data["department"] or POLICY.owner,
                from_on=today(), to_on=data["to_on"],
            )  # fmt: skip
        except DoudiError as error:
            note_caught(request, error)
            form.add_error(FIELDS_OF.get(error.code), str(error.message))
        else:
            messages.success(request, _("已授权。"))
            return redirect("accounts:account", account.id)
    return shown(request, account, form)


@require_POST
@administrators_only
def withdraw(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Withdraw a grant; it ends with the next request."""
    grant, reason = _grant(grant_id), request.POST.get("reason", "").strip()[:200]
    withdraw_grant(actor=actor_of(request), at=now(), grant=grant, reason=reason)
    messages.success(request, _("授权已收回。"))
    return redirect("accounts:account", grant.account_id)


@administrators_only
def reviews(request: HttpRequest) -> HttpResponse:
    """Grants to be confirmed or withdrawn, the longest unreviewed first."""
    page = Paginator(grants_due(today()), 50).get_page(request.GET.get("page"))
    names = names_of(grant.area_code for grant in page)
    lines = [(one, names[one.area_code], review_due_on(one), review_state(one, today())) for one in page]
    context = {"page": page, "lines": lines, "policy": POLICY.grant_review, "own": actor_of(request).account_id}
    return render(request, "accounts/reviews.html", context)


@require_POST
@administrators_only
def confirm(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """The grant is still needed."""
    confirm_grant(actor=actor_of(request), at=now(), grant=_grant(grant_id), on=today())
    messages.success(request, _("已确认，下次复核从今天算起。"))
    return redirect("accounts:reviews")


@require_POST
@administrators_only
def set_open(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Closes an account, or opens it again."""
    account, active = account_with(account_id), request.POST.get("active") == "1"
    reason = request.POST.get("reason", "").strip()[:200]
    return tried(
        request,
        account,
        lambda: set_active(actor=actor_of(request), at=now(), account=account, active=active, reason=reason),
        _("账号已启用。") if active else _("账号已停用，登录都已结束。"),
    )


@require_POST
@administrators_only
def unlock(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Lifts the lock of an account; the password stays."""
    account = account_with(account_id)
    return tried(
        request, account, lambda: lift_lock(actor=actor_of(request), at=now(), account=account), _("锁定已解除。")
    )


@require_POST
@administrators_only
def reset_factors(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Somebody lost phone and key: they enrol again at their next sign-in."""
    account = account_with(account_id)
    reason = request.POST.get("reason", "").strip()[:200]
    return tried(
        request,
        account,
        lambda: take_factors_away(actor=actor_of(request), at=now(), account=account, reason=reason),
        _("验证办法已清除，本人下次登录时重新设置。"),
    )


@require_POST
@administrators_only
def enrolment_code(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A code for somebody's first second factor, shown this once."""
    account = account_with(account_id)
    try:
        code = give_enrolment_code(
            actor=actor_of(request), at=now(), account=account, random=secrets.token_bytes(recovery_codes.BYTES)
        )
    except Refused as error:
        messages.error(request, str(error.message))
        return redirect("accounts:account", account.id)
    return shown(request, account, GrantForm(), code)


def _grant(grant_id: UUID) -> Grant:
    grant = Grant.objects.filter(id=grant_id).first()
    if grant is None:
        raise Missing("accounts.no_such_grant", _("没有这项授权。请从账号页重新打开。"))
    return grant

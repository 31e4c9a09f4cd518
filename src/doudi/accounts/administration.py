"""Pages of the security administrator: accounts, their grants, and what is done when somebody cannot get in."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.actions import (
    bind_subject,
    change_password,
    confirm_grant,
    create_account,
    give_grant,
    lift_lock,
    name_holder,
    set_active,
    take_factors_away,
    unbind_subject,
    withdraw_grant,
)
from doudi.accounts.forms import AccountForm, GrantForm
from doudi.accounts.identity import PROVIDER
from doudi.accounts.logic.roles import PERMISSIONS, POLICY
from doudi.accounts.models import Account, Grant
from doudi.accounts.queries import (
    all_accounts,
    all_grants_of,
    factors_of,
    grants_by_account,
    grants_due,
    review_due_on,
    review_state,
    subject_of,
)
from doudi.areas.queries import names_of
from doudi.audit.access import note_caught
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Forbidden, Missing

administrators_only = permission("accounts.administer", PERMISSIONS["accounts.administer"])


@administrators_only
def account_list(request: HttpRequest) -> HttpResponse:
    """All accounts with their grants."""
    page = Paginator(all_accounts(), 50).get_page(request.GET.get("page"))
    grants = grants_by_account(page.object_list, today())
    names = names_of(grant.area_code for held in grants.values() for grant in held)
    rows = [(one, [(grant, names[grant.area_code]) for grant in grants.get(one.id, [])]) for one in page]
    return render(request, "accounts/list.html", {"rows": rows, "page": page, "now": now()})


@administrators_only
def account_page(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account: its grants, one more, a fresh password."""
    return _page(request, _account(account_id), GrantForm())


@administrators_only
def new_account(request: HttpRequest) -> HttpResponse:
    """A new account with its first grant."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data, actor, at = form.cleaned_data, _actor(request), now()
        try:
            with transaction.atomic():
                account = create_account(
                    actor=actor, at=at, username=data["username"], name=data["name"], password=data["password"],
                    holder=data["holder"],
                )  # fmt: skip
                give_grant(actor=actor, at=at, account=account, role=data["role"], area=data["area"], from_on=today())
        except DoudiError as error:
            note_caught(request, error)
            form.add_error(_field_of(error), str(error.message))
        else:
            messages.success(request, _("账号已建好。"))
            return redirect("accounts:account", account.id)
    return render(request, "accounts/new.html", {"form": form})


@require_POST
@administrators_only
def give(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One more grant for an account."""
    account, form = _account(account_id), GrantForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            give_grant(
                actor=_actor(request), at=now(), account=account,
                role=data["role"], area=data["area"], department=data["department"] or POLICY.owner,
                from_on=today(), to_on=data["to_on"],
            )  # fmt: skip
        except DoudiError as error:
            note_caught(request, error)
            form.add_error(_field_of(error), str(error.message))
        else:
            messages.success(request, _("已授权。"))
            return redirect("accounts:account", account.id)
    return _page(request, account, form)


@require_POST
@administrators_only
def withdraw(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Withdraw a grant; it ends with the next request."""
    grant = Grant.objects.filter(id=grant_id).first()
    if grant is None:
        raise Missing("accounts.no_such_grant", _("没有这项授权。请从账号页重新打开。"))
    withdraw_grant(actor=_actor(request), at=now(), grant=grant, reason=request.POST.get("reason", "").strip()[:200])
    messages.success(request, _("授权已收回。"))
    return redirect("accounts:account", grant.account_id)


@require_POST
@administrators_only
def reset(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A fresh first password; the lock is lifted and the holder must change it."""
    account = _account(account_id)
    try:
        change_password(actor=_actor(request), at=now(), account=account, password=request.POST.get("password", ""))
    except DoudiError as error:
        note_caught(request, error)
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("初始密码已设好，请当面告诉本人。"))
    return redirect("accounts:account", account.id)


@administrators_only
def reviews(request: HttpRequest) -> HttpResponse:
    """Grants to be confirmed or withdrawn, the longest unreviewed first."""
    page = Paginator(grants_due(today()), 50).get_page(request.GET.get("page"))
    names = names_of(grant.area_code for grant in page)
    lines = [(one, names[one.area_code], review_due_on(one), review_state(one, today())) for one in page]
    context = {"page": page, "lines": lines, "policy": POLICY.grant_review, "own": _actor(request).account_id}
    return render(request, "accounts/reviews.html", context)


@require_POST
@administrators_only
def confirm(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """The grant is still needed."""
    grant = Grant.objects.filter(id=grant_id).first()
    if grant is None:
        raise Missing("accounts.no_such_grant", _("没有这项授权。请从账号页重新打开。"))
    confirm_grant(actor=_actor(request), at=now(), grant=grant, on=today())
    messages.success(request, _("已确认，下次复核从今天算起。"))
    return redirect("accounts:reviews")


@require_POST
@administrators_only
def holder(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Says who holds an account that was made without it."""
    account = _account(account_id)
    number = request.POST.get("holder", "")[:60]
    return _tried(
        request,
        account,
        lambda: name_holder(actor=_actor(request), at=now(), account=account, holder=number),
        _("持有人已登记。"),
    )


@require_POST
@administrators_only
def set_open(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Closes an account, or opens it again."""
    account, active = _account(account_id), request.POST.get("active") == "1"
    reason = request.POST.get("reason", "").strip()[:200]
    return _tried(
        request,
        account,
        lambda: set_active(actor=_actor(request), at=now(), account=account, active=active, reason=reason),
        _("账号已启用。") if active else _("账号已停用，登录都已结束。"),
    )


@require_POST
@administrators_only
def unlock(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Lifts the lock of an account; the password stays."""
    account = _account(account_id)
    return _tried(
        request, account, lambda: lift_lock(actor=_actor(request), at=now(), account=account), _("锁定已解除。")
    )


@require_POST
@administrators_only
def reset_factors(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Somebody lost phone and key: they enrol again at their next sign-in."""
    account = _account(account_id)
    reason = request.POST.get("reason", "").strip()[:200]
    return _tried(
        request,
        account,
        lambda: take_factors_away(actor=_actor(request), at=now(), account=account, reason=reason),
        _("验证办法已清除，本人下次登录时重新设置。"),
    )


@require_POST
@administrators_only
def bind(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Binds an account to a subject of the identity provider; an empty one unbinds it."""
    account, subject = _account(account_id), request.POST.get("subject", "")[:200]
    actor, at = _actor(request), now()

    def act() -> object:
        if subject.strip():
            return bind_subject(actor=actor, at=at, account=account, provider=PROVIDER, subject=subject)
        return unbind_subject(actor=actor, at=at, account=account, provider=PROVIDER)

    return _tried(request, account, act, _("身份已绑定。") if subject.strip() else _("身份已解除绑定。"))


def _tried(request: HttpRequest, account: Account, act: Callable[[], object], done: str) -> HttpResponse:
    """One act on an account; what was refused is said on its page."""
    try:
        act()
    except Forbidden:
        raise
    except DoudiError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, done)
    return redirect("accounts:account", account.id)


def _page(request: HttpRequest, account: Account, form: GrantForm) -> HttpResponse:
    factors, subject = factors_of(account), subject_of(account, PROVIDER)
    grants = list(all_grants_of(account))
    names = names_of(grant.area_code for grant in grants)
    lines = [(grant, names[grant.area_code]) for grant in grants]
    context = {
        "account": account,
        "lines": lines,
        "form": form,
        "own": str(account.id) == _actor(request).account_id,
        "locked": account.locked_until is not None and account.locked_until > now(),
        "factors": factors,
        "subject": subject,
        "has_provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "accounts/account.html", context)


def _account(account_id: UUID) -> Account:
    account = Account.objects.filter(id=account_id).first()
    if account is None:
        raise Missing("accounts.no_such_account", _("没有这个账号。请从账号列表重新打开。"))
    return account


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _field_of(error: DoudiError) -> str | None:
    fields = {
        "accounts.username_taken": "username",
        "accounts.password_refused": "password",
        "accounts.grant_malformed": "area",
        "accounts.grant_period": "to_on",
        "accounts.grant_department": "department",
        "accounts.three_administrators": "role",
        "accounts.holder_unknown": "role",
        "accounts.holder_known": "holder",
        "accounts.holder_number": "holder",
    }
    return fields.get(error.code)

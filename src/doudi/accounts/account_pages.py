"""Pages of accounts for the two who look after them: the list, one account, and what the system administrator does.

Who makes accounts, sets passwords and binds identities gives no grant and takes no second factor away (administration).
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.accounts.access import actor_of
from doudi.accounts.actions import bind_subject, change_password, create_account, name_holder, unbind_subject
from doudi.accounts.forms import AccountForm, GrantForm, password_rule
from doudi.accounts.identity import PROVIDER
from doudi.accounts.logic.roles import PERMISSIONS, may
from doudi.accounts.models import Account
from doudi.accounts.queries import (
    all_accounts,
    all_grants_of,
    factors_of,
    grants_by_account,
    subject_of,
    subject_proved,
)
from doudi.areas.queries import names_of
from doudi.audit.access import note_caught
from doudi.core.access import permission
from doudi.core.clock import now, today
from doudi.core.errors import DoudiError, Forbidden, Missing

readers_only = permission("accounts.read", PERMISSIONS["accounts.read"])
keepers_only = permission("accounts.keep", PERMISSIONS["accounts.keep"])
FIELDS_OF = {
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
"""The field that a refusal is said beside."""


@readers_only
def account_list(request: HttpRequest) -> HttpResponse:
    """All accounts with their grants."""
    page = Paginator(all_accounts(), 50).get_page(request.GET.get("page"))
    grants = grants_by_account(page.object_list, today())
    names = names_of(grant.area_code for held in grants.values() for grant in held)
    rows = [(one, [(grant, names[grant.area_code]) for grant in grants.get(one.id, [])]) for one in page]
    keeps = may(actor_of(request).role, "accounts.keep")
    return render(request, "accounts/list.html", {"rows": rows, "page": page, "now": now(), "keeps": keeps})


@readers_only
def account_page(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """One account: its grants, and what the reader may do about it."""
    return shown(request, account_with(account_id), GrantForm())


@keepers_only
def new_account(request: HttpRequest) -> HttpResponse:
    """A new account; what it may is said by the security administrator."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = create_account(actor=actor_of(request), at=now(), **form.cleaned_data)
        except DoudiError as error:
            note_caught(request, error)
            form.add_error(FIELDS_OF.get(error.code), str(error.message))
        else:
            messages.success(request, _("账号已建好。还没有授权，请安全管理员加授权。"))
            return redirect("accounts:account", account.id)
    return render(request, "accounts/new.html", {"form": form})


@require_POST
@keepers_only
def reset(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """A fresh first password; the lock is lifted and the holder must change it. One's own is changed elsewhere."""
    account, password = account_with(account_id), request.POST.get("password", "")
    if str(account.id) == actor_of(request).account_id:
        raise Forbidden("accounts.own_account", _("自己的密码请在“改密码”里改，要用现在的密码。"))
    return tried(
        request,
        account,
        lambda: change_password(actor=actor_of(request), at=now(), account=account, password=password),
        _("初始密码已设好，请当面告诉本人。"),
    )


@require_POST
@keepers_only
def holder(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Says who holds an account that was made without it."""
    account, number = account_with(account_id), request.POST.get("holder", "")[:60]
    return tried(
        request,
        account,
        lambda: name_holder(actor=actor_of(request), at=now(), account=account, holder=number),
        _("持有人已登记。"),
    )


@require_POST
@keepers_only
def bind(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Binds an account to a subject of the identity provider; an empty one unbinds it."""
    account, subject = account_with(account_id), request.POST.get("subject", "")[:200]
    actor, at = actor_of(request), now()

    def act() -> object:
        if subject.strip():
            return bind_subject(actor=actor, at=at, account=account, provider=PROVIDER, subject=subject)
        return unbind_subject(actor=actor, at=at, account=account, provider=PROVIDER)

    return tried(request, account, act, _("身份已绑定。") if subject.strip() else _("身份已解除绑定。"))


def tried(request: HttpRequest, account: Account, act: Callable[[], object], done: str) -> HttpResponse:
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


def shown(request: HttpRequest, account: Account, form: GrantForm, code: str = "") -> HttpResponse:
    """An account's page, with the form of one more grant as it was filled in, or a code that is shown this once."""
    actor = actor_of(request)
    grants = list(all_grants_of(account))
    names = names_of(grant.area_code for grant in grants)
    context = {
        "account": account,
        "lines": [(grant, names[grant.area_code]) for grant in grants],
        "form": form,
        "code": code,
        "own": str(account.id) == actor.account_id,
        "keeps": may(actor.role, "accounts.keep"),
        "administers": may(actor.role, "accounts.administer"),
        "locked": account.locked_until is not None and account.locked_until > now(),
        "factors": factors_of(account),
        "subject": subject_of(account, PROVIDER),
        "subject_proved": subject_proved(account, PROVIDER),
        "has_provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
        "password_rule": password_rule(),
    }
    return render(request, "accounts/account.html", context)


def account_with(account_id: UUID) -> Account:
    """The account of an id; Missing where there is none."""
    account = Account.objects.filter(id=account_id).first()
    if account is None:
        raise Missing("accounts.no_such_account", _("没有这个账号。请从账号列表重新打开。"))
    return account

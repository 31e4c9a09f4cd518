"""Entries of the navigation: accounts for the security administrator, one's own account for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation


@navigation.fill
def account_entries(actor: Actor | None) -> Iterable[NavItem]:
    """Accounts and roles for who may see them; grant, password and leaving for everybody."""
    if actor is not None and may(actor.role, "accounts.administer"):
        yield NavItem("accounts", _("账号与授权"), reverse("accounts:list"), 80)
    if actor is not None:
        yield NavItem("roles", _("角色"), reverse("accounts:roles"), 75)
        yield NavItem("grant", _("换身份"), reverse("accounts:grant"), 910, group="own")
    yield NavItem("password", _("改密码"), reverse("accounts:password"), 920, group="own")
    yield NavItem("leave", _("退出"), reverse("account_logout"), 930, group="own", post=True)

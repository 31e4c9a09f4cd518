"""Entries of the navigation: accounts for who looks after them, one's own account for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import emergencies_for
from doudi.accounts.logic.roles import POLICY, may
from doudi.accounts.queries import grants_due
from doudi.areas.queries import names_of
from doudi.audit.panels import reason_words
from doudi.core.actor import Actor
from doudi.core.clock import day_of, today
from doudi.core.navigation import NavItem, navigation
from doudi.core.worklist import WorkItem, worklist

MOST = 100


@reason_words.fill
def purposes_called() -> Iterable[tuple[str, str]]:
    """The purposes that somebody may state, as the log holds them."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    yield from ((name, label[lang]) for name, label in POLICY.purposes.items())


@navigation.fill
def account_entries(actor: Actor | None) -> Iterable[NavItem]:
    """Accounts and roles for who may see them; grant, password and leaving for everybody."""
    if actor is not None and may(actor.role, "accounts.read"):
        yield NavItem("accounts", _("账号与授权"), reverse("accounts:list"), 80)
        yield NavItem("services", _("系统账号"), reverse("accounts:services"), 85)
    if actor is not None and may(actor.role, "accounts.administer"):
        yield NavItem("sessions", _("登录与锁定"), reverse("accounts:sessions"), 84)
    if actor is not None and may(actor.role, "accounts.administer"):
        due = grants_due(today()).count() or None
        yield NavItem("reviews", _("授权复核"), reverse("accounts:reviews"), 81, due)
    if actor is not None and not actor.mode and may(actor.role, "accounts.review_emergency"):
        open_ones = emergencies_for(actor).filter(reviewed_at=None).count() or None
        yield NavItem("emergencies", _("应急查看复核"), reverse("accounts:emergencies"), 82, open_ones)
    if actor is not None and not actor.mode and may(actor.role, "accounts.view_as"):
        yield NavItem("view_as", _("角色预览"), reverse("accounts:view_as"), 83)
    if actor is not None and not actor.mode and may(actor.role, "accounts.emergency"):
        yield NavItem("emergency", _("应急查看"), reverse("accounts:emergency"), 905, group="own")
    if actor is not None:
        yield NavItem("roles", _("谁能做什么"), reverse("accounts:roles"), 75)
        yield NavItem("grant", _("换身份"), reverse("accounts:grant"), 910, group="own")
    yield NavItem("second_factor", _("登录验证"), reverse("accounts:second_factor"), 915, group="own")
    yield NavItem("password", _("改密码"), reverse("accounts:password"), 920, group="own")
    yield NavItem("leave", _("退出"), reverse("account_logout"), 930, group="own", post=True)


@worklist.fill
def emergencies_to_review(actor: Actor, today: date) -> Iterable[WorkItem]:
    """Emergency looks at the area of a leader: told at once, due some days later."""
    waiting = emergencies_for(actor).filter(reviewed_at=None)[:MOST]
    looks = [look for look in waiting if str(look.account_id) != actor.account_id]
    names = names_of(look.area_code for look in looks)
    for look in looks:
        yield WorkItem(
            key=f"emergency:{look.id}",
            subject_label=look.account.name or look.account.username,
            matter=str(_("应急查看 %(place)s") % {"place": names[look.area_code]}),
            step=str(_("等复核")),
            url=reverse("accounts:emergency_look", args=[look.id]),
            action_label=str(_("复核应急查看")),
            due_on=day_of(look.begun_at) + timedelta(days=POLICY.emergency.review_days),
            area_code=look.area_code,
        )

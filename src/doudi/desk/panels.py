"""Entries of the navigation and the search box of every page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import ADMINISTRATORS, may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, SearchBox, navigation, search_boxes


@navigation.fill
def desk_entries(actor: Actor | None) -> Iterable[NavItem]:
    """My work and search for who works on cases; the console for administrators."""
    if actor is not None and may(actor.role, "desk.work"):
        yield NavItem("work", _("我的工作"), reverse("desk:home"), 10)
    if actor is not None and actor.role in ADMINISTRATORS:
        name = f"console_{actor.role.removesuffix('_administrator')}"
        yield NavItem("console", _("管理台"), reverse(f"desk:{name}"), 10)
    if actor is not None and may(actor.role, "registry.read"):
        yield NavItem("families", _("困难家庭"), reverse("desk:search"), 20)


@search_boxes.fill
def family_search(actor: Actor) -> Iterable[SearchBox]:
    """Finding a family, for who may read the registry."""
    if may(actor.role, "registry.read"):
        yield SearchBox(reverse("desk:search"), _("查找"), _("姓名、拼音首字母、证号、户号"))

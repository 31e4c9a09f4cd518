"""The entry of the navigation; what departments are called."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.core.actor import Actor
from doudi.core.navigation import NavItem, navigation

OWNER = "civil_affairs"
DEPARTMENTS = {
    "civil_affairs": _("民政"),
    "medical_insurance": _("医疗保障"),
    "education": _("教育"),
    "housing": _("住房和城乡建设"),
    "human_resources": _("人力资源和社会保障"),
    "disabled_persons_federation": _("残联"),
    "agriculture": _("农业农村"),
    "emergency": _("应急管理"),
    "finance": _("财政"),
    "audit": _("审计"),
}


@navigation.fill
def exchange_entry(actor: Actor | None) -> Iterable[NavItem]:
    """Sharing, for who answers for it."""
    if actor is not None and may(actor, "exchange.board"):
        yield NavItem("exchange", _("信息共享"), reverse("exchange:products"), 62)

"""The entry of the navigation; what departments are called; the state of the key that signs answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import may
from doudi.audit.panels import reason_words
from doudi.core.actor import Actor
from doudi.core.consoles import ConsoleLine, further_keys
from doudi.core.navigation import NavItem, navigation
from doudi.core.scopes import KnownScope, known_scopes
from doudi.exchange.adapters.signing import NAME, fingerprint
from doudi.exchange.queries.products import products
from doudi.exchange.queries.signing_key import known_signing_key

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


@reason_words.fill
def purposes_agreed() -> Iterable[tuple[str, str]]:
    """The purposes that data products name, as the log holds them."""
    lang = "en" if (get_language() or "").startswith("en") else "zh"
    for product in products().values():
        yield from ((name, label[lang]) for name, label in product.purposes.items())


@known_scopes.fill
def data_products(lang: str) -> Iterable[KnownScope]:
    """Each data product, and the departments its agreement names."""
    for product in products().values():
        named = tuple((code, str(DEPARTMENTS.get(code, code))) for code in product.departments)
        yield KnownScope(product.scope, product.label[lang], named)


@further_keys.fill
def signing_key(at: datetime) -> Iterable[ConsoleLine]:
    """Its fingerprint, and for how many days it has been the known one."""
    label = _("签发答复")
    here, known = fingerprint(Path(settings.HOME) / "keys"), known_signing_key()
    if here is None:
        yield ConsoleLine(label, _("不在：不能答复其他系统"), "late", code=NAME)
        return
    told = _("指纹 %(print)s") % {"print": here.hex(" ", 2)}
    if known is None or known[0] != here:
        yield ConsoleLine(label, _("没有登记"), "late", code=NAME, detail=told)
    else:
        days = ngettext("已用 %(days)s 天", "已用 %(days)s 天", (at - known[1]).days) % {"days": (at - known[1]).days}
        yield ConsoleLine(label, days, "ok", code=NAME, detail=told)

"""Pages of sharing: the data products, one of them with its terms, who used what for which purpose."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doudi.accounts.access import actor_of
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.audit.actions import record_look
from doudi.core.access import permission
from doudi.core.clock import now
from doudi.core.errors import Missing
from doudi.exchange.models import OUTCOME_LABELS
from doudi.exchange.panels import DEPARTMENTS, OWNER
from doudi.exchange.queries import board, products, recent_uses
from doudi.exchange.queries.answering import ledger_day
from doudi.exchange.queries.using import uses_visible_to

READ = PERMISSIONS["exchange.board"]
A_PAGE = 50
SPANS = (1, 7, 30, 365)


@permission("exchange.board", READ)
def products_page(request: HttpRequest) -> HttpResponse:
    """The catalogue, and the board of the last month by department."""
    actor, lang = actor_of(request), _lang()
    days = int(request.GET.get("days", "")) if request.GET.get("days", "") in map(str, SPANS) else 30
    record_look(actor=actor, verb="exchange.board", subjects=[], at=now())
    lines = board(uses_visible_to(actor, OWNER), now() - timedelta(days=days))
    context = {
        "products": list(products().values()), "lines": lines, "lang": lang, "days": days, "spans": SPANS,
        "departments": DEPARTMENTS, "names": {one.name: one.label[lang] for one in products().values()},
        "purposes": _purposes(lang),
        "totals": {"calls": sum(one.calls for one in lines), "persons": sum(one.persons for one in lines),
                   "unknown": sum(one.unknown for one in lines), "refused": sum(one.refused for one in lines)},
    }  # fmt: skip
    return render(request, "exchange/products.html", context)


@permission("exchange.board", READ)
def product_page(request: HttpRequest, name: str) -> HttpResponse:
    """One product: what may be asked, by whom, what for, how often, how long it may be kept, on whose word."""
    found = products().get(name)
    if found is None:
        raise Missing("exchange.no_such_product", _("没有这项数据。请看数据目录。"))
    context = {"product": found, "lang": _lang(), "departments": DEPARTMENTS, "ledger": ledger_day(found)}
    return render(request, "exchange/product.html", context)


@permission("exchange.board", READ)
def uses(request: HttpRequest) -> HttpResponse:
    """Call by call, newest first."""
    actor, lang = actor_of(request), _lang()
    page = Paginator(recent_uses(uses_visible_to(actor, OWNER)), A_PAGE).get_page(request.GET.get("page"))
    record_look(actor=actor, verb="exchange.uses", subjects=[("use", row.id) for row in page], at=now())
    context = {
        "page": page, "departments": DEPARTMENTS, "purposes": _purposes(lang), "outcomes": OUTCOME_LABELS,
        "names": {one.name: one.label[lang] for one in products().values()},
    }  # fmt: skip
    return render(request, "exchange/uses.html", context)


def _purposes(lang: str) -> dict[str, str]:
    return {code: label[lang] for one in products().values() for code, label in one.purposes.items()}


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"

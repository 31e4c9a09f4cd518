"""The consoles of the three administrators: each has one of their own, collected from the apps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.core.access import View, permission
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.consoles import consoles

WORDS = {
    "console.system": (_("系统管理台"), _("系统在运行吗。这里看不到家庭的情况，也不能授权、不能看痕迹。")),
    "console.security": (_("安全管理台"), _("谁能进来，谁在里面。这里看不到家庭的情况，也不能看痕迹。")),
    "console.audit": (_("审计管理台"), _("痕迹是否完好。这里只能看，不能授权，不能改。")),
}


def _console(name: str) -> View:
    @permission(name, PERMISSIONS[name])
    def console(request: HttpRequest) -> HttpResponse:
        """The boxes of one administrator."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        boxes = sorted(consoles.collect(actor, now()), key=lambda box: box.order)
        title, lead = WORDS[name]
        return render(request, "desk/console.html", {"boxes": boxes, "title": title, "lead": lead})

    return console


system, security, audit = (_console(name) for name in WORDS)

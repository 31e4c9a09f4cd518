"""Who looked, alone on paper, for a resident who asks at the window: through the one door, after how the person was
known has been said. The whole copy of own data is in `copies`.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doudi.areas.queries import name_path
from doudi.audit.actions import record_look
from doudi.core.clock import now
from doudi.core.errors import Malformed
from doudi.desk.copies import HOW, at_the_window, told_looks, window_only
from doudi.documents.queries import pdf
from doudi.exports.access import PERSONAL, Export, Prepared, export
from doudi.exports.logic.marks import Mark
from doudi.keeping.queries import who_looked

TEMPLATE = "desk/looks"
LOOKS = Export("desk.print_looks", PERSONAL, ("pdf",))


@window_only
@export(LOOKS)
def print_looks(request: HttpRequest, person: UUID) -> Prepared:
    """Unit, post, purpose and time of each look, as far as it may be told; `?how=` says how the person was known."""
    actor, found = at_the_window(request, person)
    how = request.GET.get("how", "")
    if how not in HOW:
        raise Malformed("desk.how_known", _("请先选怎样核实的身份，再给副本。"))
    record_look(actor=actor, verb="desk.open_looks", subjects=[("person", found.id)], at=now(), reason=how)
    authority = name_path(found.area_code) or name_path(actor.area)

    def make(mark: Mark) -> bytes:
        data = {
            "title": _("谁看过我的信息"), "authority": authority, "name": found.name,
            "printed": _("%(when)s 由窗口交给本人") % {"when": f"{localtime(now()):%Y-%m-%d %H:%M}"},
            "opening": _("下面是看过、办过您的信息的每一次：哪个单位、什么岗位、为了什么、什么时间。"),
            "looks": told_looks(who_looked(found.id)),
            "looks_note": _("正在检查或调查的案件里的查看，按规定不列出来。"),
        }  # fmt: skip
        lang = "en" if (get_language() or "").startswith("en") else "zh"
        return pdf(TEMPLATE, data, lang, mark=mark.line())

    return Prepared(
        label=_("谁看过我的信息"), file_name=f"looks-{str(found.id)[:8]}.pdf", media="application/pdf", make=make,
        back=reverse("desk:copy", args=[found.id]), persons=1, subjects=(("person", found.id),), inline=True,
    )  # fmt: skip

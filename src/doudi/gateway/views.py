"""The house's side: staff read what came in for their area, and answer it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from doudi.accounts.access import actor_of
from doudi.areas.queries import names_of
from doudi.audit.actions import record_look
from doudi.core.access import permission
from doudi.core.clock import now
from doudi.gateway.access import ANSWERERS, enquiries_visible_to, enquiry_for
from doudi.gateway.actions import answer_enquiry
from doudi.gateway.forms import AnswerForm
from doudi.gateway.sealed import answer_of, text_of


@permission("gateway.answer", ANSWERERS)
def enquiries(request: HttpRequest) -> HttpResponse:
    """Enquiries of the reader's area; what they say is on their own pages."""
    page = Paginator(enquiries_visible_to(actor_of(request)), 30).get_page(request.GET.get("page"))
    names = names_of(one.area_code for one in page.object_list)
    rows = [(one, names[one.area_code]) for one in page.object_list]
    return render(request, "gateway/list.html", {"rows": rows, "page": page})


@permission("gateway.answer", ANSWERERS)
def enquiry(request: HttpRequest, enquiry_id: UUID) -> HttpResponse:
    """One enquiry with its answer, or the form for one. Looking is on record."""
    actor = actor_of(request)
    found = enquiry_for(actor, enquiry_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer_enquiry(actor=actor, at=now(), enquiry=found, text=form.cleaned_data["text"])
        messages.success(request, _("已答复，来信人凭回执号可以看到。"))
        return redirect("gateway:enquiry", found.id)
    record_look(actor=actor, verb="gateway.read", subjects=[("enquiry", found.id)], at=now())
    context = {"enquiry": found, "text": text_of(found), "answer": answer_of(found), "form": form}
    return render(request, "gateway/enquiry.html", context | {"area": names_of([found.area_code])[found.area_code]})

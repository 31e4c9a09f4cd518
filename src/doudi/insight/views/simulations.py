"""Simulations: the list, asking for one, its progress and result, its files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doudi.accounts.access import may
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.areas.queries import names_of
from doudi.audit.actions import record_look
from doudi.core.access import permission
from doudi.core.actor import Actor
from doudi.core.clock import now, today
from doudi.core.errors import Malformed
from doudi.core.limits import A_FORM, takes_files
from doudi.engine.difference import difference
from doudi.engine.reform import reform_data
from doudi.exports.access import TOTALS, Export, Prepared, export
from doudi.exports.logic.marks import Mark
from doudi.exports.logic.tables import KINDS, csv_bytes, xlsx_bytes
from doudi.insight.access import simulation_for, simulations_visible_to
from doudi.insight.actions import ask_simulation, carry_out, publish_simulation
from doudi.insight.forms import ReformForm
from doudi.insight.logic.drafting import by_figure, by_percent, figures_to_set
from doudi.insight.logic.rows import row_of, rows_of, table_of
from doudi.insight.models import SimulationRun
from doudi.insight.queries import Start, a_worker_is_alive, shipped_reforms, start_of, usual_day

READ = PERMISSIONS["insight.read"]
LINES_A_PAGE = 20
AGAIN = "3"
"""Seconds after which the page of a running simulation is asked for again, with JavaScript or without."""
FINISHED = (SimulationRun.State.DONE, SimulationRun.State.FAILED)


@permission("insight.read", READ)
def listing(request: HttpRequest) -> HttpResponse:
    """What was tried, newest first."""
    actor = _actor(request)
    page = Paginator(simulations_visible_to(actor), LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_simulate": may(actor, "insight.simulate"), "lang": _lang()}
    return render(request, "insight/simulations.html", context)


@permission("insight.simulate", PERMISSIONS["insight.simulate"])
@takes_files(most=A_FORM)
def new(request: HttpRequest) -> HttpResponse:
    """Say a reform and ask for its simulation; without a worker it is worked out at once."""
    actor, lang = _actor(request), _lang()
    day = usual_day(actor.area, today())
    start = start_of(actor.area, day)
    shipped = shipped_reforms(start.policy)
    form = ReformForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"as_of": day},
        parameters=[(own.name, _named(own.label[lang], own.name, lang)) for own in figures_to_set(start.rulebook)],
        shipped=[(one.name, one.label[lang]) for one in shipped],
    )
    if request.method == "POST" and form.is_valid():
        try:
            text = _reform(form.cleaned_data, start, {one.name: one.text for one in shipped})
            run = ask_simulation(actor=actor, at=now(), as_of=form.cleaned_data["as_of"], reform=text, lang=lang)
        except Malformed as error:
            form.add_error(form.needed[form.cleaned_data["kind"]], str(error.message))
        else:
            if not a_worker_is_alive(now()):
                carry_out(actor=actor, at=now(), simulation=run.id)
            return redirect("insight:simulation", run.id)
    return render(request, "insight/new.html", {"form": form, "place": start.rulebook.place})


@permission("insight.read", READ)
def simulation(request: HttpRequest, simulation: UUID) -> HttpResponse:
    """How far it is; once done, what came out."""
    actor, lang = _actor(request), _lang()
    run = simulation_for(actor, simulation)
    context: dict[str, Any] = {"run": run, "label": getattr(run, f"label_{lang}"), "lang": lang}
    if run.state not in FINISHED:
        answer = render(request, "insight/progress.html", context)
        answer["Refresh"] = AGAIN
        return answer
    record_look(actor=actor, verb="insight.open_simulation", subjects=[("simulation", run.id)], at=now())
    if run.state == SimulationRun.State.FAILED:
        return render(request, "insight/failed.html", context | {"problem": (run.problem or {}).get(lang, "")})
    return render(request, "insight/result.html", context | _shown(run.result or {}, run, lang))


@permission("insight.read", READ)
@export(Export("insight.download_table", TOTALS, ("csv", "xlsx")))
def table(request: HttpRequest, simulation: UUID, kind: str = "csv") -> Prepared:
    """The lines by programme and township; figures of fewer than five families are left out, but for `?exact=1`."""
    run, exact, lang = _finished(request, simulation), _exact(request), _lang()
    headings = (
        _("代码"), _("名称"), _("户数"), _("符合（现在）"), _("符合（改革后）"), _("待定（现在）"), _("待定（改革后）"),
        _("新进"), _("退出"), _("待遇提高"), _("待遇降低"), _("改认定"), _("不变"), _("说不准"), _("每月（现在）"),
        _("每月（改革后）"), _("全年（现在）"), _("全年（改革后）"), _("一次性（现在）"), _("一次性（改革后）"),
    )  # fmt: skip
    hidden = _("少于 5，不公开")

    def make(mark: Mark) -> bytes:
        result = _totals(request, run, exact)
        rows = rows_of([result["in_all"], *result["programmes"]], lang) + rows_of(result["areas"], lang, _names(result))
        lines = table_of(rows, headings, hidden)
        return (
            xlsx_bytes(lines, run.as_of.isoformat(), mark.line()) if kind == "xlsx" else csv_bytes(lines, mark.line())
        )

    return _prepared(run, _("试算表格"), f"simulation-{run.as_of}.{kind}", KINDS[kind], make, exact)


@permission("insight.read", READ)
@export(Export("insight.download_result", TOTALS, ("json",)))
def result(request: HttpRequest, simulation: UUID) -> Prepared:
    """The totals as JSON, with the reform as data (its scalars as they were written); what is left out is null."""
    run, exact = _finished(request, simulation), _exact(request)

    def make(mark: Mark) -> bytes:
        found = _totals(request, run, exact)
        label = {"zh": run.label_zh, "en": run.label_en}
        data = {"handed_out": mark.line(), "reform": reform_data(run.reform), "label": label, **found}
        return json.dumps(data, ensure_ascii=False, indent=1).encode()

    return _prepared(run, _("试算全部结果"), f"simulation-{run.as_of}.json", "application/json", make, exact)


def _prepared(
    run: SimulationRun, label: str, name: str, media: str, make: Callable[[Mark], bytes], exact: bool
) -> Prepared:
    return Prepared(
        label=label, file_name=name, media=media, make=make, back=reverse("insight:simulation", args=[run.id]),
        subjects=(("simulation", run.id),), internal=exact,
    )  # fmt: skip


def _exact(request: HttpRequest) -> bool:
    """Whether the figures are asked for as they are, for use inside the area."""
    return request.GET.get("exact") == "1"


def _totals(request: HttpRequest, run: SimulationRun, exact: bool) -> Mapping[str, Any]:
    """The totals: exact, or as they may be told."""
    assert run.result is not None
    return run.result if exact else publish_simulation(actor=_actor(request), at=now(), run=run)


def _reform(data: Mapping[str, Any], start: Start, shipped: Mapping[str, str]) -> str:
    """The text of the reform that was chosen."""
    if data["kind"] == "percent":
        return by_percent(data["percent"])
    if data["kind"] == "figure":
        return by_figure(start.rulebook, data["parameter"], data["value"].strip())
    if data["kind"] == "shipped":
        return shipped[data["shipped"]]
    try:
        return str(data["file"].read().decode("utf-8"))
    except UnicodeDecodeError:
        raise Malformed("insight.not_utf8", _("文件不是 UTF-8 编码。请另存为 UTF-8 再上传。")) from None


def _shown(result: Mapping[str, Any], run: SimulationRun, lang: str) -> dict[str, Any]:
    """Rows of the page, and what the reform changes side by side."""
    start = start_of(run.place, run.as_of)
    names = _names(result)
    same = start.rulebook.hash == run.rulebook
    programmes = rows_of(result["programmes"], lang)
    return {
        "all": row_of(result["in_all"], lang),
        "programmes": [row for row in programmes if not row.is_quiet],
        "quiet": [row for row in programmes if row.is_quiet],
        "areas": rows_of(result["areas"], lang, names),
        "groups": rows_of(result["groups"], lang),
        "sizes": rows_of(result["sizes"], lang),
        "gap": result["gap"],
        "result": result,
        "left_out": [
            start.rulebook.programmes[n].label[lang] for n in result["left_out"] if n in start.rulebook.programmes
        ],
        "differences": difference(start.rulebook, start.with_reform(run.reform)).entries if same else (),
    }


def _named(label: str, name: str, lang: str) -> str:
    return f"{label} ({name})" if lang == "en" else f"{label}（{name}）"


def _finished(request: HttpRequest, simulation: UUID) -> SimulationRun:
    run = simulation_for(_actor(request), simulation)
    if run.result is None:
        raise Malformed("insight.not_finished", _("这次试算还没有结果。请等它算完。"))
    return run


def _names(result: Mapping[str, Any]) -> dict[str, str]:
    return names_of(line["key"] for line in result["areas"] if line["key"])


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _lang() -> str:
    return "en" if (get_language() or "").startswith("en") else "zh"

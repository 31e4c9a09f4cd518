"""Standards: the table of figures by area and kind on a day, one figure with its history, the sheet in and out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.accounts.access import may
from doudi.accounts.logic.roles import PERMISSIONS
from doudi.areas.queries import children
from doudi.core.access import permission, signed_in
from doudi.core.clock import now
from doudi.core.errors import Malformed, Missing, Refused
from doudi.core.limits import takes_files
from doudi.exports.access import RULES, Export, Prepared, export
from doudi.exports.logic.marks import Mark
from doudi.exports.logic.tables import KINDS, csv_bytes, xlsx_bytes
from doudi.rulebook import actions
from doudi.rulebook.access import require_place
from doudi.rulebook.adapters.sheets import rows_in
from doudi.rulebook.forms import MOST_BYTES, BringForm
from doudi.rulebook.logic.coming import Held
from doudi.rulebook.logic.overlay import own_files
from doudi.rulebook.logic.own_values import file_with
from doudi.rulebook.logic.parcel import BadParcel, of_place, unpacked
from doudi.rulebook.logic.policy_page import list_programmes
from doudi.rulebook.logic.sheet_rows import SheetRead, read_sheet, sheet_rows
from doudi.rulebook.logic.splicing import put_value
from doudi.rulebook.logic.standard_groups import grouped, of_residence, residences
from doudi.rulebook.logic.standards import readers_of, standard
from doudi.rulebook.queries import base_of, by_hash, editions_from
from doudi.rulebook.views.asking import actor_of, area_name, asked, frame, language, names_apart, sees_drafts
from doudi.rulebook.views.drafts import places_for, words_of

MOST_AREAS = 60
MOST_VALUES = 300
PARCEL_WORDS = {
    "not_a_zip": gettext_lazy("这不是能打开的规则包（ZIP）。请重新导出一份。"),
    "too_many": gettext_lazy("规则包里文件太多。请只放规则文件。"),
    "too_large": gettext_lazy("规则包太大。每个文件最多 256 KB，一共最多 16 MB。"),
    "outside": gettext_lazy("规则包里有不能接受的路径，没有打开。请重新导出一份。"),
    "kind": gettext_lazy("规则包里有规则以外的文件，没有打开。请只放 .yaml 文件。"),
    "text": gettext_lazy("规则包里有文件不是 UTF-8 文字。请改正后重新打包。"),
    "empty": gettext_lazy("规则包里没有规则文件。"),
}


@signed_in
def standards(request: HttpRequest) -> HttpResponse:
    """Every figure at the place on the day: what holds, from where, what nobody has set."""
    place, on, edition = asked(request)
    rulebook, lang = by_hash(edition.hash), language()
    programmes, kinds = list_programmes(rulebook, lang), residences(rulebook, lang)
    chosen, residence = request.GET.get("programme", ""), request.GET.get("residence", "")
    if chosen and chosen not in rulebook.programmes:
        raise Missing("rulebook.unknown_programme", _("这个地区没有这个救助项目。"), programme=chosen)
    word, books = kinds.get(residence, ""), _books(place, on)
    readers, named, lang = readers_of(rulebook), cache(area_name), language()
    found = [
        standard(rulebook, name, [place], place=place, on=on, lang=lang, area_name=named, books=books, readers=readers)
        for name in rulebook.parameters
    ]
    groups = grouped([of_residence(one, word, kinds.values()) for one in found], programmes, chosen)
    gaps = [one for group in groups for one in group.standards if one.gaps]
    context = frame(place, on, edition) | {"groups": groups, "gaps": gaps, "number": len(found)}
    context |= {"programmes": programmes, "chosen": chosen, "residences": kinds, "residence": residence}
    context |= {"may_edit": _may_edit(request), "sees_drafts": sees_drafts(request)}
    return render(request, "rulebook/standards.html", context)


@signed_in
def standard_page(request: HttpRequest, name: str) -> HttpResponse:
    """One figure: by area and kind on the day, its dated history, what hangs on it."""
    place, on, edition = asked(request)
    rulebook = by_hash(edition.hash)
    if name not in rulebook.parameters:
        raise Missing("rulebook.unknown_parameter", _("这个地区没有这个数。请从标准列表里选。"), parameter=name)
    above = [place[:length] for length in (2, 4, 6, 9, 12) if length < len(place)]
    below = [one.code for one in children(place)[:MOST_AREAS]]
    shown = standard(
        rulebook, name, [*above, place, *below], place=place, on=on, lang=language(), area_name=cache(area_name),
        books=_books(place, on),
    )  # fmt: skip
    context = frame(place, on, edition) | {"standard": shown, "may_edit": _may_edit(request)}
    return render(request, "rulebook/standard.html", context)


@signed_in
@export(Export("rulebook.download_standards", RULES, ("csv", "xlsx")))
def table_file(request: HttpRequest, kind: str) -> Prepared:
    """The table of figures as a sheet, to keep or to fill in."""
    if kind not in KINDS:
        raise Missing("rulebook.no_such_kind", _("表格只有 CSV 和 XLSX 两种。"))
    place, on, edition = asked(request)
    rulebook = by_hash(edition.hash)
    rows = sheet_rows(rulebook, sorted(rulebook.parameters), language(), area_name)

    def make(mark: Mark) -> bytes:
        return csv_bytes(rows, mark.line()) if kind == "csv" else xlsx_bytes(rows, place, mark.line())

    return Prepared(
        _("标准表"), f"standards-{place}-{on:%Y%m%d}.{kind}", KINDS[kind], make, subjects=(("area", place),)
    )


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought along, before it becomes a draft."""

    place: str
    title: str
    sheet: SheetRead | None
    files: dict[str, str]
    rows: str


@permission("rulebook.edit", PERMISSIONS["rulebook.edit"])
@takes_files(most=2 * MOST_BYTES)
def bring(request: HttpRequest) -> HttpResponse:
    """A sheet of figures or a parcel of policy files: looked at first, then a draft."""
    actor = actor_of(request)
    posted = request.method == "POST"
    form = BringForm(request.POST if posted else None, request.FILES if posted else None, places=places_for(actor))
    brought: Brought | None = None
    if posted and form.is_valid():
        require_place(actor, form.cleaned_data["place"])
        try:
            brought = _brought(form)
            if request.POST.get("act") == "take" and not (brought.sheet and brought.sheet.problems):
                origin = "sheet" if brought.sheet else "import"
                draft = actions.open_draft(
                    actor=actor, at=now(), place=brought.place, title=brought.title, origin=origin, files=brought.files
                )
                messages.success(request, _("已成为草稿。请检查后测算影响、提交批准。"))
                return redirect("rulebook:draft", draft.id)
        except (Malformed, Refused) as error:
            form.add_error("file", str(error.message))
    context = {"form": form, "brought": brought, "lang": language(), **_called(brought)}
    return render(request, "rulebook/import.html", context, status=400 if form.errors else 200)


def _called(brought: Brought | None) -> dict[str, object]:
    """What the figures and areas of a sheet are called."""
    values = brought.sheet.values if brought and brought.sheet else ()
    edition = base_of(brought.place).edition if brought and values else None
    labels = words_of(by_hash(edition.hash)) if edition is not None else {}
    return {"labels": labels, "area_names": names_apart(one.value.area for one in values)}


def _brought(form: BringForm) -> Brought:
    place, title = form.cleaned_data["place"], form.cleaned_data["title"]
    if form.cleaned_data["rows"]:
        rows = form.cleaned_data["rows"]
    else:
        data = form.cleaned_data["file"].read()
        if _is_parcel(data):
            return Brought(place, title, None, _parcel(data, place), "")
        rows = rows_in(data)
    base = base_of(place)
    read = read_sheet(rows, by_hash(base.edition.hash), place) if base.edition else SheetRead((), 0, ())
    if len(read.values) > MOST_VALUES:
        raise Malformed("rulebook.sheet_values", _("一次最多改 300 个数。请分几次导入。"))
    own = own_files(base.files, place)
    if not read.problems:
        own = _with_values(own, read)
    return Brought(place, title, read, own, json.dumps(rows, ensure_ascii=False))


def _with_values(own: dict[str, str], read: SheetRead) -> dict[str, str]:
    """The place's files with the values of a sheet."""
    made = dict(own)
    for one in read.values:
        name = file_with(made, "parameters", one.parameter, "parameters.yaml")
        try:
            made[name] = put_value(made.get(name, ""), one.parameter, one.value)
        except ValueError as error:
            raise Malformed(
                "rulebook.sheet_text", _("有的内容写不进规则文件。请检查表格里的特殊字符，或直接改规则文件。")
            ) from error
    return made


def _is_parcel(data: bytes) -> bool:
    """A ZIP that is no workbook."""
    return data[:2] == b"PK" and b"xl/workbook" not in data


def _parcel(data: bytes, place: str) -> dict[str, str]:
    try:
        files = of_place(unpacked(data), place)
    except BadParcel as error:
        raise Malformed("rulebook.parcel_" + error.code, PARCEL_WORDS[error.code], name=error.name) from error
    if not files:
        raise Malformed("rulebook.parcel_place", _("规则包里没有这个地区的文件夹（places/区划代码）。"))
    return files


def _may_edit(request: HttpRequest) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and may(actor, "rulebook.edit")


def _books(place: str, on: date) -> list[Held]:
    """The rulebooks in force at the place from the day on, as published by now."""
    return [(first, by_hash(hash)) for first, hash in editions_from(place, on)]

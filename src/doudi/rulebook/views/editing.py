"""Writing in a draft: a figure's value, a rule, a file as text. What is wrong with it is said beside what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.areas.queries import subtree
from doudi.core.access import permission
from doudi.core.clock import now, today
from doudi.core.errors import Malformed, Missing, Refused, Stale
from doudi.engine.errors import PolicyError
from doudi.engine.policy import Layer
from doudi.engine.quantities import Parameter, Rulebook
from doudi.rulebook import actions
from doudi.rulebook.access import draft_for
from doudi.rulebook.forms import FileForm, RuleForm, ValueForm
from doudi.rulebook.logic.checking import Fault, faults_of
from doudi.rulebook.logic.figures import BETWEEN, LEVEL_WORDS
from doudi.rulebook.logic.overlay import FILE_NAME, folder_of, with_own_files
from doudi.rulebook.logic.own_values import OwnValue, file_with, own_values
from doudi.rulebook.logic.rule_text import SaidOfRule, layers_of, rule_in, rule_table
from doudi.rulebook.logic.splicing import put_entry
from doudi.rulebook.logic.standards import key_words, may_set
from doudi.rulebook.models import Draft
from doudi.rulebook.queries import files_with, places_concerned
from doudi.rulebook.queries.pages import definitions_for
from doudi.rulebook.views.asking import actor_of, area_name, day_in, language
from doudi.rulebook.views.drafts import EDIT

MOST_AREAS = 400


@permission("rulebook.edit", EDIT)
def choose(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Which figure or rule to change."""
    found = draft_for(actor_of(request), draft_id)
    rulebook = _definitions(found)
    lang = language()
    context = {
        "draft": found,
        "place_name": area_name(found.place),
        "figures": _figures(found, rulebook),
        "rules": sorted(
            (q for q in rulebook.quantities.values() if q.origin == "rule"), key=lambda q: (q.entity, q.label[lang])
        ),
        "lang": lang,
    }
    return render(request, "rulebook/draft_choose.html", context)


@permission("rulebook.edit", EDIT)
def value(request: HttpRequest, draft_id: UUID, parameter: str) -> HttpResponse:
    """A figure's value: for which area, from when, how much, by which document."""
    found = draft_for(actor_of(request), draft_id)
    rulebook = _definitions(found)
    own = rulebook.parameters.get(parameter)
    if own is None:
        raise Missing("rulebook.unknown_parameter", _("这个地区没有这个数。请从标准列表里选。"), parameter=parameter)
    areas = [(code, name) for code, name in _areas(found.place) if may_set(own, code)]
    there = [one for one in own_values(found.files) if one.parameter == parameter]
    form = ValueForm(
        request.POST if request.method == "POST" else None, kind=own.kind,
        keys=key_words(rulebook, own, language()), areas=areas, lang=language(),
        initial=_initial(request, there, found),
    )  # fmt: skip
    if request.method == "POST" and areas and form.is_valid():
        done = _tried(
            form, lambda: actions.set_value(
                actor=actor_of(request), at=now(), draft=draft_id, parameter=parameter, value=form.value(),
                expected=request.POST.get("seen", ""),
            )
        )  # fmt: skip
        if done:
            messages.success(request, _("写进草稿了。"))
            return redirect("rulebook:draft", draft_id)
    context = {
        "draft": found, "place_name": area_name(found.place), "parameter": own, "label": own.label[language()],
        "form": form, "there": there, "areas": areas, "labels": key_words(rulebook, own, language()),
        "area_names": dict(areas), "levels": _levels(own),
    }  # fmt: skip
    return render(request, "rulebook/draft_value.html", context, status=400 if form.is_bound else 200)


@permission("rulebook.edit", EDIT)
@require_POST
def drop_value(request: HttpRequest, draft_id: UUID, parameter: str) -> HttpResponse:
    """A figure's value of an area and day taken out of the draft."""
    day = day_in(request.POST.get("from", ""))
    if day is None:
        raise Malformed("rulebook.bad_day", _("日期要写成 2026-07-01。"))
    return _simply(
        request, draft_id, lambda: actions.remove_value(
            actor=actor_of(request), at=now(), draft=draft_id, parameter=parameter,
            area=request.POST.get("area", ""), from_on=day, expected=request.POST.get("seen", ""),
        )
    )  # fmt: skip


@permission("rulebook.edit", EDIT)
def rule(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """A rule of the place: its formula and words; "check" looks at it without keeping it."""
    found = draft_for(actor_of(request), draft_id)
    layers = layers_of(files_with(found), found.place) or layers_of(
        with_own_files(files_with(found), found.place, {}), found.place
    )
    held = rule_in(layers, name)
    if held is None:
        raise Missing("rulebook.unknown_rule", _("这个地区没有这条规则。"), rule=name)
    initial = {
        "formula": held.formula.text, "label_zh": held.label["zh"], "label_en": held.label["en"],
        **{f"{word}_{lang}": text for word in ("yes", "no") for lang, text in (getattr(held, word) or {}).items()},
        "document": held.basis[0].document, "number": held.basis[0].number, "article": held.basis[0].article,
        "sample": held.basis[0].sample,
    }  # fmt: skip
    form = RuleForm(request.POST if request.method == "POST" else None, is_truth=held.yes is not None, initial=initial)
    faults: tuple[Fault, ...] = ()
    checked = False
    if request.method == "POST" and form.is_valid():
        table = rule_table(held, _said(form))
        if request.POST.get("act") == "check":
            faults, checked = _faults_with_rule(found, name, table), True
        elif _tried(
            form, lambda: actions.set_rule(
                actor=actor_of(request), at=now(), draft=draft_id, name=name, table=table,
                expected=request.POST.get("seen", ""),
            )
        ):  # fmt: skip
            messages.success(request, _("写进草稿了。"))
            return redirect("rulebook:draft", draft_id)
    context = {
        "draft": found, "place_name": area_name(found.place), "name": name, "label": held.label[language()],
        "set_in": area_name(held.set_in), "is_own": held.set_in == found.place, "form": form, "faults": faults,
        "checked": checked, "lang": language(),
    }  # fmt: skip
    return render(request, "rulebook/draft_rule.html", context, status=400 if form.errors or faults else 200)


@permission("rulebook.edit", EDIT)
@require_POST
def drop_rule(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """The place's own rule taken out: the one above holds again."""
    return _simply(
        request, draft_id, lambda: actions.remove_rule(
            actor=actor_of(request), at=now(), draft=draft_id, name=name, expected=request.POST.get("seen", "")
        )
    )  # fmt: skip


@permission("rulebook.edit", EDIT)
def file(request: HttpRequest, draft_id: UUID, name: str) -> HttpResponse:
    """A file of the place's folder as text; "check" looks at it without keeping it."""
    found = draft_for(actor_of(request), draft_id)
    if not FILE_NAME.fullmatch(name):
        raise Malformed("rulebook.bad_file_name", _("文件名要像 parameters.yaml，一个地区最多 20 个文件。"))
    form = FileForm(request.POST if request.method == "POST" else None, initial={"text": found.files.get(name, "")})
    faults: tuple[Fault, ...] = ()
    checked = False
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"].replace("\r\n", "\n")
        if request.POST.get("act") == "check":
            faults, checked = _faults(found, dict(found.files) | {name: text}), True
        elif _tried(
            form, lambda: actions.write_file(
                actor=actor_of(request), at=now(), draft=draft_id, name=name, text=text,
                expected=request.POST.get("seen", ""),
            )
        ):  # fmt: skip
            messages.success(request, _("写进草稿了。"))
            return redirect("rulebook:draft", draft_id)
    context = {
        "draft": found, "place_name": area_name(found.place), "name": name, "path": folder_of(found.place) + name,
        "form": form, "faults": faults, "checked": checked, "lang": language(),
    }  # fmt: skip
    return render(request, "rulebook/draft_file.html", context, status=400 if form.errors or faults else 200)


def _layers(found: Draft) -> list[Layer]:
    """What the place and the areas above declare; what is above where the place's own files cannot be read."""
    files = files_with(found)
    return layers_of(files, found.place) or layers_of(with_own_files(files, found.place, {}), found.place)


def _figures(found: Draft, rulebook: Rulebook) -> list[tuple[Parameter, bool, str]]:
    """Every figure, whether it may be set here or below, and by whom; those that may be set first."""
    lang = language()
    lines = [
        (one, may_set(one, found.place) or _may_below(one, found.place), _levels(one))
        for one in rulebook.parameters.values()
    ]
    return sorted(lines, key=lambda line: (not line[1], line[0].label[lang]))


def _definitions(found: Draft) -> Rulebook:
    rulebook = definitions_for(found)
    if rulebook is None:
        raise Refused("rulebook.only_as_text", _("规则文件现在有错，不能逐项改。请到“规则文件”里直接改文字。"))
    return rulebook


def _tried(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether it was done; else why not stands in the form."""
    try:
        act()
    except (Refused, Stale, Malformed) as error:
        form.add_error(None, str(error.message))
        return False
    return True


def _simply(request: HttpRequest, draft_id: UUID, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except (Refused, Stale) as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("从草稿里去掉了。"))
    return redirect("rulebook:draft", draft_id)


def _faults(found: Draft, own: dict[str, str]) -> tuple[Fault, ...]:
    return faults_of(with_own_files(files_with(found), found.place, own), places_concerned(found.place))


def _faults_with_rule(found: Draft, name: str, table: dict[str, object]) -> tuple[Fault, ...]:
    """What would be wrong with the rule in the draft; a file that cannot be changed entry by entry says so itself."""
    file = file_with(found.files, "rules", name, "rules.yaml")
    try:
        text = put_entry(found.files.get(file, ""), "rules", name, table)
    except (ValueError, PolicyError) as error:
        raise Refused(
            "rulebook.edit_as_text", _("这个文件的写法不能逐项修改。请到“规则文件”里直接改文字。"), file=file
        ) from error
    return _faults(found, dict(found.files) | {file: text})


def _said(form: RuleForm) -> SaidOfRule:
    said = form.cleaned_data
    words = {w: {lang: said.get(f"{w}_{lang}", "") for lang in ("zh", "en")} for w in ("label", "yes", "no")}
    formula = said["formula"].replace("\r\n", "\n")
    return SaidOfRule(words["label"], formula, words["yes"], words["no"], form.basis())


def _initial(request: HttpRequest, there: list[OwnValue], found: Draft) -> dict[str, Any]:
    """A new value begins with the newest one's; `?area=&from=` opens that one."""
    area, day = request.GET.get("area"), request.GET.get("from")
    held = next((v for v in there if (v.area, v.from_on) == (area, day)), None)
    newest = held or max(there, key=lambda v: v.from_on, default=None)
    if newest is None:
        return {"area": found.place, "from_on": found.effective_on}
    values = {f"value_{key}": text for key, text in newest.values.items()}
    basis = {"document": newest.document, "article": newest.article}
    if held is None:
        return {"area": newest.area, "from_on": found.effective_on, **values, **basis}
    ends = {"to_on": held.to_on, "number": held.number, "sample": held.sample}
    return {"area": held.area, "from_on": held.from_on, **ends, **values, **basis}


def _areas(place: str) -> list[tuple[str, str]]:
    below = [(one.code, one.name) for one in subtree(place, today())[:MOST_AREAS] if one.code != place]
    return [(place, area_name(place)), *below]


def _may_below(parameter: Parameter, place: str) -> bool:
    return any(may_set(parameter, place + "0" * more) for more in (2, 3, 6) if len(place) + more <= 12)


def _levels(parameter: Parameter) -> str:
    lang = language()
    return BETWEEN[lang].join(LEVEL_WORDS[level][lang] for level in parameter.set_by)

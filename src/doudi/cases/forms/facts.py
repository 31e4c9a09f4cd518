"""Declared facts as a form: the fields of a fact by its kind, each of which may be answered with "not clear"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.engine.vocabulary import FactDefinition
from doudi.engine.wording import UNITS

NOT_KNOWN = "?"
AMOUNT = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
CHOOSE = {"required": _("请选一项；还没问清就选“还没问清”。")}


AMOUNT_ERRORS = {
    "required": _("请填金额；没有就填 0，说不清就勾“说不清”。"),
    "invalid": _("金额要写成 1234.50。"),
    "min_value": _("不能小于 %(limit_value)s。"),
    "max_decimal_places": _("金额最多写到分，小数点后两位。"),
    "max_digits": _("金额太大了，请核对。"),
    "max_whole_digits": _("金额太大了，请核对。"),
}
WHOLE_ERRORS = {
    "required": _("请填数字；说不清就勾“说不清”。"),
    "invalid": _("这里要填一个数字，比如 3。"),
    "min_value": _("不能小于 %(limit_value)s。"),
    "max_decimal_places": _("这里要填整数。"),
    "max_digits": _("数太大了，请核对。"),
    "max_whole_digits": _("数太大了，请核对。"),
}


class AmountField(forms.DecimalField):
    """An amount as people write it, with full-width digits or separated thousands; digits and a point, else refused."""

    def to_python(self, value: Any) -> Any:
        """The amount; nothing for nothing."""
        text = re.sub(r"[,，\s]", "", unicodedata.normalize("NFKC", str(value or "")))
        if text and not AMOUNT.fullmatch(text):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(text)


class FactsForm(forms.Form):
    """The declared facts of a topic, as the rulebook asks them; each may be answered with "not clear".

    `partial`: only what has changed is filled in, the rest is left alone.
    """

    def __init__(
        self, *args: Any, facts: Sequence[FactDefinition], lang: str, partial: bool = False, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._facts, self._partial = facts, partial
        for fact in facts:
            for name, made in fields_of(fact, lang):
                self.fields[name] = made
                made.required = made.required and not partial

    def clean(self) -> dict[str, Any]:
        """An amount, or the tick that says it is not known; not both, not both empty."""
        data = super().clean() or self.cleaned_data
        for fact in self._facts:
            is_said_unclear = data.get(f"{fact.name}_unclear") and not self.data.get(fact.name)
            if is_said_unclear and fact.name in self.errors:
                del self.errors[fact.name]
            if data.get(f"{fact.name}_unclear") and data.get(fact.name) is not None:
                self.add_error(fact.name, _("填了数，又勾了“说不清”。请只留一样。"))
        if self._partial and not self.errors and not self.declared():
            raise forms.ValidationError(_("没有填写任何一项。请至少填一项再提交。"), code="nothing_declared")
        return data

    def declared(self) -> dict[str, str | None]:
        """Fact → canonical text, None where it is not known."""
        found: dict[str, str | None] = {}
        for fact in self._facts:
            value = self.cleaned_data.get(fact.name)
            if self._partial and value in (None, "") and not self.cleaned_data.get(f"{fact.name}_unclear"):
                continue
            is_unclear = self.cleaned_data.get(f"{fact.name}_unclear") or value in (None, "", NOT_KNOWN)
            found[fact.qualified] = None if is_unclear else _canonical(value)
        return found


def initial_of(facts: Sequence[FactDefinition], said: Mapping[str, str | None]) -> dict[str, object]:
    """What was said before, as the form shows it; `said` maps qualified names to canonical text."""
    initial: dict[str, object] = {}
    for fact in facts:
        if fact.qualified in said:
            value = said[fact.qualified]
            is_listed = bool(fact.codes) or fact.kind.base == "boolean"
            initial |= {fact.name: NOT_KNOWN if value is None and is_listed else value}
            initial |= {f"{fact.name}_unclear": value is None}
    return initial


def fields_of(fact: FactDefinition, lang: str) -> Iterator[tuple[str, forms.Field]]:
    """The fields of a fact: one list to choose from, or what is typed and the tick that says it is not known."""
    if fact.codes:
        yield fact.name, _listed(fact, lang, [(code, words[lang]) for code, words in fact.codes.items()])
        return
    if fact.kind.base == "boolean":
        yield fact.name, _listed(fact, lang, [("true", _("是")), ("false", _("否"))])
        return
    yield fact.name, _typed(fact, lang)
    yield f"{fact.name}_unclear", forms.BooleanField(label=_("说不清"), required=False)


def _listed(fact: FactDefinition, lang: str, choices: Sequence[tuple[str, Any]]) -> forms.Field:
    return forms.ChoiceField(
        label=_heading(fact, lang),
        help_text=fact.meaning[lang],
        choices=[*choices, (NOT_KNOWN, _("还没问清"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )


def _typed(fact: FactDefinition, lang: str) -> forms.Field:
    if fact.kind.base in ("date", "month"):
        return forms.DateField(
            label=_heading(fact, lang),
            help_text=fact.meaning[lang],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"required": _("请写日期；说不清就勾“说不清”。"), "invalid": _("日期要写成 2026-07-14。")},
        )
    is_whole = fact.kind.base == "integer"
    return AmountField(
        label=_with_unit(fact, lang),
        help_text=fact.meaning[lang],
        min_value=fact.kind.minimum,
        max_digits=12,
        decimal_places=0 if is_whole else 2,
        widget=forms.TextInput(attrs={"inputmode": "numeric" if is_whole else "decimal", "autocomplete": "off"}),
        error_messages=WHOLE_ERRORS if is_whole else AMOUNT_ERRORS,
    )


def _with_unit(fact: FactDefinition, lang: str) -> str:
    unit = UNITS[lang][fact.kind.unit]
    if not unit:
        return _heading(fact, lang)
    return f"{_heading(fact, lang)}（{unit}）" if lang == "zh" else f"{_heading(fact, lang)} ({unit})"


def _heading(fact: FactDefinition, lang: str) -> str:
    """The label as the heading of a field: the policy writes it as it stands within a sentence."""
    return fact.label[lang][:1].upper() + fact.label[lang][1:]


def _canonical(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)

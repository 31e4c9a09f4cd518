"""The pages of the application form: the shape of what is typed in. Nothing is decided here."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from doudi.cases.logic.wizard import Someone
from doudi.lib.identity_number import examined

FAULTS = {
    "empty": _("请写证号。"),
    "length": _("证号应为 18 位（或旧的 15 位）。请照证件逐位核对。"),
    "check": _("证号的最后一位对不上。请照证件逐位核对。"),
    "birth": _("证号里的出生日期不存在。请照证件逐位核对。"),
}


class IdentityNumberField(forms.CharField):
    """An identity number in any way of writing it; the value is its normal form."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> str:
        """The normal form, or what is wrong with it."""
        text = super().clean(value)
        if not text:
            return ""
        number, fault = examined(text)
        if number is None:
            raise forms.ValidationError(FAULTS[fault or "length"])
        return number


class ApplicantForm(forms.Form):
    """Who applies, when, and the number of their register household."""

    applied_on = forms.DateField(
        label=_("申请日期"),
        help_text=_("交来申请的那一天。年龄、标准都按这一天算。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请写申请日期。"), "invalid": _("日期要写成 2026-07-14。")},
    )
    applicant = IdentityNumberField(
        label=_("申请人证号"), help_text=_("照身份证或户口簿填写。"), error_messages={"required": FAULTS["empty"]}
    )
    household_number = forms.CharField(
        label=_("户号"),
        required=False,
        max_length=40,
        help_text=_("户口簿首页上的户号。填了户号，家庭成员不用再填一遍。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, today: date, known: Someone | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today = today
        if known is not None:
            self.fields["applicant"].required = False
            self.fields["applicant"].help_text = _("已填 %(number)s %(name)s，不改就空着。") % {
                "number": known.masked,
                "name": known.name,
            }

    def clean_applied_on(self) -> date:
        """Not after today."""
        day: date = self.cleaned_data["applied_on"]
        if day > self._today:
            raise forms.ValidationError(_("申请日期不能晚于今天。"))
        return day

    def clean_household_number(self) -> str:
        """As the register writes it."""
        return unicodedata.normalize("NFKC", str(self.cleaned_data["household_number"])).strip().upper()


class MembersForm(forms.Form):
    """Who lives together: ticked from the register, others added by number."""

    members = forms.MultipleChoiceField(
        label=_("和申请人一起生活的人"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不在一起生活、也不互相供养的，去掉勾。"),
    )
    others = forms.CharField(
        label=_("还有谁一起生活"),
        required=False,
        help_text=_("户口不在一起、但一起生活的人，一行写一个证号。"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, people: Sequence[Someone], **options: Any) -> None:
        super().__init__(*args, **options)
        self._people = people
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(place), _label(one)) for place, one in enumerate(people)]

    def clean_others(self) -> list[str]:
        """Numbers in their normal form; each line that is none is named."""
        found: list[str] = []
        wrong: list[str] = []
        for place, line in enumerate(str(self.cleaned_data["others"]).splitlines(), start=1):
            if not line.strip():
                continue
            number, fault = examined(line)
            if number is None:
                wrong.append(str(_("第 %(line)s 行：") % {"line": place}) + str(FAULTS[fault or "length"]))
            elif number not in found:
                found.append(number)
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    def clean(self) -> dict[str, Any]:
        """At least one person."""
        data = super().clean() or self.cleaned_data
        if not data.get("members") and not data.get("others") and "others" not in self.errors:
            self.add_error("members", _("至少要有一个人。请勾选，或者在下面写证号。"))
        return data


class AuthorisationsForm(forms.Form):
    """Which adults have signed the authorisation to verify."""

    signed = forms.MultipleChoiceField(
        label=_("谁签了核对授权书"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("要本人签字。没签的先不勾，补签后再登记；未成年人随家庭，不用签。"),
    )

    def __init__(self, *args: Any, people: Sequence[Someone], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["signed"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(place), _label(one)) for place, one in enumerate(people)]


def _label(one: Someone) -> str:
    relation = pgettext("relation", one.relation) if one.relation else ""
    return " ".join(part for part in (one.name, relation, one.masked) if part)

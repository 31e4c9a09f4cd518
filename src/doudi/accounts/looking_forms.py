"""Forms of looks beyond one's grant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from doudi.accounts.models import ROLE_LABELS, EmergencyLook
from doudi.core.purpose_form import without_numbers


class EmergencyForm(forms.Form):
    """Where, what, why."""

    area = forms.CharField(
        label=_("哪个乡镇或村居"), max_length=12, help_text=_("9 或 12 位区划代码，例如 990101003。")
    )
    fields_opened = forms.MultipleChoiceField(
        label=_("要看的号码等内容"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只勾用得上的。收入、健康、银行不能应急打开。"),
    )
    reason = forms.CharField(
        label=_("为什么"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明什么急难、为什么来不及调授权。不要写姓名和证号。安全管理员和当地负责人马上会看到。"),
    )

    def __init__(self, *args: Any, fields: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["fields_opened"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = list(fields)

    def clean_reason(self) -> str:
        """Goes on record and to other people: no numbers."""
        return without_numbers(str(self.cleaned_data["reason"]))

    def clean(self) -> dict[str, Any]:
        """By the names the action takes."""
        data = super().clean() or self.cleaned_data
        return {
            "area": data.get("area", "").strip(),
            "fields": data.get("fields_opened", []),
            "reason": data.get("reason", ""),
        }


class ViewAsForm(forms.Form):
    """Which role."""

    role = forms.ChoiceField(label=pgettext_lazy("account", "角色"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, ROLE_LABELS[name]) for name in roles]


class FindingForm(forms.Form):
    """Whether there was a reason."""

    finding = forms.ChoiceField(label=_("复核结论"), choices=EmergencyLook.Finding.choices, widget=forms.RadioSelect)
    remark = forms.CharField(label=_("说明"), required=False, max_length=400, help_text=_("理由不成立的，写明为什么。"))

    def clean_remark(self) -> str:
        """Goes on record: no numbers."""
        return without_numbers(str(self.cleaned_data["remark"]))

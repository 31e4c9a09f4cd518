"""The shapes of what residents and staff write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.gateway.logic.protocol import CODE, LONGEST_TEXT, RECEIPT, tidy


class EnquiryForm(forms.Form):
    """To which township, and what."""

    area = forms.ChoiceField(label=_("乡镇（街道）"))
    text = forms.CharField(
        label=_("您想说的事"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("请写清楚怎么联系您。不要写别人的身份证号和银行卡号。"),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, areas: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["area"].choices = [("", _("请选择")), *areas]  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """Receipt and code."""

    receipt = forms.CharField(
        label=_("回执号"), max_length=30, help_text=_("12 位数字，中间的空格写不写都行。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("查询码"), max_length=30, help_text=_("10 位字母和数字，大小写、空格都不要紧。"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip

    def clean_receipt(self) -> str:
        found = tidy(str(self.cleaned_data["receipt"]))
        if not RECEIPT.fullmatch(found):
            raise forms.ValidationError(_("回执号是 12 位数字。"))
        return found

    def clean_code(self) -> str:
        found = tidy(str(self.cleaned_data["code"]))
        if not CODE.fullmatch(found):
            raise forms.ValidationError(_("查询码是 10 位字母和数字。"))
        return found


class AnswerForm(forms.Form):
    """What is answered."""

    text = forms.CharField(
        label=_("答复"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("答复会在互联网区显示，凭回执号和查询码查看。不要写证号、账号和收入数字。"),
    )  # fmt: skip

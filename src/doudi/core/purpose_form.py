"""The form that asks what for: one of the purposes there are, and a remark without anybody's number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONG_NUMBER = re.compile(r"\d[\d\s-]{9,}")
"""Numbers of people, cards and telephones; an application's number has letters before its digits, and fewer of them."""


def without_numbers(text: str) -> str:
    """The text as it may go on record; ValidationError where it holds somebody's number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if LONG_NUMBER.search(re.sub(r"[A-Za-z]+\d+", "", plain)):
        raise forms.ValidationError(_("这里会进痕迹，不要写证号、卡号、电话。请写申请编号或事由。"))
    return text.strip()


class PurposeForm(forms.Form):
    """A purpose is chosen; the remark may stay empty."""

    purpose = forms.ChoiceField(label=_("为了什么"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=200,
        help_text=_("例如申请编号、来电时间。不要写姓名和证号。"),
    )

    def __init__(self, *args: Any, purposes: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["purpose"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(purposes)

    def clean_note(self) -> str:
        """Goes on record: no numbers."""
        return without_numbers(str(self.cleaned_data["note"]))

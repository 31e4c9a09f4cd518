"""The form that asks what for: one of the purposes there are, and a remark without anybody's number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.lib.identity_number import is_in

LONG_NUMBER = re.compile(r"\d(?:[\s\u200b-\u200f\u2060\ufeff\-‐‑‒–—_./·]*\d){9,}")
"""Ten digits and more, however parted: numbers of people, cards and telephones."""
OURS = re.compile(r"[A-Z]{2}\d{6}-20\d\d-\d{5}(?!\d)|[A-Za-z]+\d{1,9}(?!\d)|20\d\d-\d\d-\d\d(?!\d)")
"""What may stand there: numbers of applications, of households and deliveries, days."""


def without_numbers(text: str) -> str:
    """The text as it may go on record; ValidationError where it holds somebody's number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_in(plain) or LONG_NUMBER.search(OURS.sub("#", plain)):
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

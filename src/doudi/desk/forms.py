"""The shape of a search."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """What to look for: a name or a part of it, pinyin or initials, an identity or a household number."""

    q = forms.CharField(label=_("查找"), max_length=60, error_messages={"required": _("请写姓名、拼音、证号或户号。")})

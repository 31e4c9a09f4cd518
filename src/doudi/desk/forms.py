"""The shapes of a search, of a correction that a resident asks for, and of its answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.keeping.actions.noting import MOST


class SearchForm(forms.Form):
    """What to look for: a name or a part of it, pinyin or initials, an identity or a household number."""

    q = forms.CharField(label=_("查找"), max_length=60, error_messages={"required": _("请写姓名、拼音、证号或户号。")})


class NoteForm(forms.Form):
    """What a person says is wrong: which part, and what is right."""

    about = forms.ChoiceField(label=_("哪一部分不对"))
    said = forms.CharField(
        label=_("本人说应当是"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明内容，不超过 1000 字。")},
    )  # fmt: skip

    def __init__(self, *args: object, parts: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["about"].choices = [(part, part) for part in parts]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What became of a correction."""

    answer = forms.CharField(
        label=_("答复"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明内容，不超过 1000 字。")},
    )  # fmt: skip

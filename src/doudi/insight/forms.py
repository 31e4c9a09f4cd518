"""The shape of what is asked: which reform, of which day; for a curve, whose earnings and how far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.core.uploads import CheckedFileField

KINDS = (
    ("percent", _("把低保标准提高或降低百分之几")),
    ("figure", _("改一个数")),
    ("shipped", _("一份现成的改革")),
    ("file", _("我有改革文件")),
)
MOST_BYTES = 256 * 1024


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Choices that are known only when the form is opened."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class ReformForm(forms.Form):
    """One of four ways to say a reform; only the fields of the way chosen are read."""

    kind = forms.ChoiceField(label=_("要试什么"), choices=KINDS, widget=forms.RadioSelect, initial="percent")
    percent = forms.DecimalField(
        label=_("百分之几"), required=False, min_value=-90, max_value=300, decimal_places=2,
        help_text=_("例如 5 是提高 5%，-3 是降低 3%。"),
    )  # fmt: skip
    parameter = forms.ChoiceField(label=_("哪个数"), required=False)
    value = forms.CharField(
        label=_("改成多少"), required=False, max_length=20, help_text=_("数字，或 true / false。各类户口用同一个值。")
    )
    shipped = forms.ChoiceField(label=_("哪一份"), required=False)
    file = CheckedFileField(
        kinds=("yaml", "yml"), most=MOST_BYTES, label=_("改革文件（YAML）"), required=False,
        error_messages={"size": _("文件超过 256 KB。请只放要改的内容。")},
    )  # fmt: skip
    as_of = forms.DateField(
        label=_("按哪一天的人和数据"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    needed = {"percent": "percent", "figure": "value", "shipped": "shipped", "file": "file"}

    def __init__(
        self,
        *args: Any,
        parameters: Sequence[tuple[str, str]],
        shipped: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in {"parameter", *self.needed.values()}:  # not required, yet not left out by whoever chose its way
            field: Any = self.fields[name]
            field.needs_no_mark = True
        _offer(self, "parameter", parameters)
        _offer(self, "shipped", shipped)

    def clean(self) -> dict[str, Any]:
        """The field of the way chosen must be there."""
        data = super().clean() or {}
        name = self.needed.get(data.get("kind", ""), "")
        if name and name not in self.errors and data.get(name) in (None, ""):
            self.add_error(name, _("这一项要填。"))
        return data


class FindForm(forms.Form):
    """The number of an application."""

    number = forms.CharField(label=_("申请编号"), max_length=40, error_messages={"required": _("请写申请编号。")})


class CurveForm(forms.Form):
    """Whose earnings are turned, up to how much, beside which reform."""

    person = forms.TypedChoiceField(label=_("谁的工作收入"), coerce=int)
    reform = forms.ChoiceField(label=_("和什么比"))
    limit = forms.TypedChoiceField(
        label=_("看到多少元"), coerce=int, choices=[(n, f"{n}") for n in (3000, 6000, 10000, 15000)], initial=6000
    )

    def __init__(
        self, *args: Any, people: Sequence[tuple[int, str]], reforms: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "person", people)
        _offer(self, "reform", [("all", _("渐退和豁免都画")), ("none", _("只看现行规则")), *reforms])

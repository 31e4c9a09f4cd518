"""Reasons, opinions and reviews: the shape of what is typed in. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 1000


class ReasonForm(forms.Form):
    """A reason in the writer's own words."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明理由。")},
    )

    def __init__(
        self, *args: Any, required: bool = True, label: Any = None, help_text: Any = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = required
        self.fields["reason"].label = label or self.fields["reason"].label
        self.fields["reason"].help_text = help_text


class DepartForm(forms.Form):
    """An opinion other than the proposal."""

    outcome = forms.ChoiceField(
        label=_("您的结论"),
        choices=[("eligible", _("符合")), ("not_eligible", _("不符合"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择结论。")},
    )
    programme = forms.ChoiceField(label=_("救助项目"), required=False)
    amount = forms.DecimalField(
        label=_("每月金额（元）"),
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": _("金额要写成 1234.50。")},
    )
    reason = forms.CharField(
        label=_("为什么与系统建议不同"),
        max_length=LONGEST_REASON,
        help_text=_("写清事实和依据，复核的人和申请人都会看到。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("请写明理由。")},
    )

    def __init__(
        self, *args: Any, programmes: Sequence[tuple[str, str, bool]], admits: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        programme, outcome = self.fields["programme"], self.fields["outcome"]
        assert isinstance(programme, forms.ChoiceField) and isinstance(outcome, forms.ChoiceField)
        programme.choices = [("", "—"), *((name, label) for name, label, _pays in programmes)]
        if not admits:
            outcome.choices = [("not_eligible", _("不符合"))]
            outcome.initial = "not_eligible"
            del self.fields["programme"], self.fields["amount"]

"""What the door asks, and what the second person answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.exports.models import PURPOSES

SECOND = {
    "surely": _("要请另一人同意，这里必须写：为什么要取这么多人的信息，由谁提出，文号。请不要写姓名和证号。"),
    "perhaps": _("要完整的证号，或选了约定以外的用途时，可能要另一人同意，那时必须写为什么要取。请不要写姓名和证号。"),
}
"""What is said beside the reason where a second person may come in."""


class AskForm(forms.Form):
    """What a file is wanted for; whether with whole numbers; the yes it rests on."""

    purpose = forms.ChoiceField(
        label=_("作什么用"),
        choices=[(code, label) for code, label in PURPOSES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选用途。"), "invalid_choice": _("请从列出的用途里选。")},
    )
    reason = forms.CharField(
        label=_("说明"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如文号、由谁提出。请不要写姓名和证号。"),
    )  # fmt: skip
    full = forms.BooleanField(
        label=_("要完整的证号"), required=False, help_text=_("默认隐去中间几位。要完整的，会在痕迹里写明。")
    )
    approval = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, full: bool = False, second: str = "", **kwargs: Any) -> None:
        """`second`: whether another person is asked: `surely`, `perhaps` (it rests with what is chosen here), or no."""
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.help_text = SECOND.get(second, reason.help_text)
        reason.needs_no_mark = second == "surely"
        if not full:
            del self.fields["full"]

    def clean_reason(self) -> str:
        """Without what no reader sees."""
        return "".join(c for c in str(self.cleaned_data["reason"]) if c.isprintable() or c == "\n").strip()


class DecideForm(forms.Form):
    """Yes, or no with a reason."""

    note = forms.CharField(
        label=_("理由"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不同意的，要写明。"),
    )  # fmt: skip

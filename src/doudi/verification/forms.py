"""The shapes of what is handed in: signatures, a withdrawal, a check, a conclusion."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.verification.actions.concluding import MOST_CHARACTERS
from doudi.verification.queries import AuthorisationLine


def date_input() -> forms.DateInput:
    """A date field of the browser."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class SignForm(forms.Form):
    """One day of signature for each adult who has not signed; empty: did not sign."""

    to_on = forms.DateField(
        label=_("授权截止日"), required=False, help_text=_("不填：到撤回为止。"), widget=date_input()
    )

    def __init__(
        self, *args: Any, lines: Sequence[AuthorisationLine] = (), today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self._names: dict[str, uuid.UUID] = {}
        for line in lines:
            name = f"signed_{line.person}"
            self._names[name] = line.person
            label = _("%(name)s 的签署日") % {"name": line.name}
            self.fields[name] = forms.DateField(label=label, required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        """Somebody signed, and nobody in the future."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in self._names:
            if cleaned.get(name) and cleaned[name] > self._today:
                self.add_error(name, _("签署日不能晚于今天。"))
        if not self.errors and not self.signed:
            raise forms.ValidationError(_("请至少填写一位成员的签署日。"))
        return cleaned

    @property
    def signed(self) -> dict[uuid.UUID, datetime.date]:
        """Who signed when."""
        return {person: day for name, person in self._names.items() if (day := self.cleaned_data.get(name))}


class WithdrawForm(forms.Form):
    """From which day an authorisation no longer holds, and why."""

    on = forms.DateField(label=_("撤回日"), help_text=_("从这一天起不再查询。"), widget=date_input())
    reason = forms.CharField(label=_("撤回原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CheckForm(forms.Form):
    """The day whose facts are asked for."""

    as_of = forms.DateField(
        label=_("核对基准日"),
        help_text=_("按申请办理的，填申请日；授权书要在核对以前签好。"),
        widget=date_input(),
    )


class ConcludeForm(forms.Form):
    """The officer's conclusion."""

    remark = forms.CharField(
        label=_("核对结论"),
        help_text=_("写明查到了什么、差异怎样解释、还缺什么。乡镇看得到结论，不写存款金额。签署后不能修改。"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

"""The shapes of a hold and of its end."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.keeping.models import Hold

REQUIRED = {"required": _("请写明理由。")}


class HoldForm(forms.ModelForm):  # type: ignore[type-arg]
    """About whom, and why."""

    class Meta:
        model = Hold
        fields = ("kind", "subject", "reason")
        labels = {"kind": _("对谁"), "subject": _("编号"), "reason": _("暂停删除的理由")}
        help_texts = {
            "subject": _("系统内部编号：家庭页、申请页、本人信息副本页的网址里可以看到。"),
            "reason": _("例如：行政复议、诉讼、审计、纪检。不要写身份证号码。"),
        }
        error_messages = {
            "subject": {"invalid": _("这不是系统内部编号。"), "required": _("请写编号。")},
            "reason": REQUIRED,
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 3, "maxlength": 500})}

    def validate_constraints(self) -> None:
        """The action says it in its own words."""


class LiftForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(label=_("解除的理由"), max_length=500, error_messages=REQUIRED)

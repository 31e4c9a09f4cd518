"""The shape of a file handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from doudi.core.uploads import CheckedFileField
from doudi.sources.queries import feed_for_file, feeds

KINDS = ("csv", "txt", "tsv", "xlsx", "xls")
MOST_BYTES = 512 * 2**20


class ReceiveForm(forms.Form):
    """One file; which feed it is follows from its name unless chosen."""

    file = CheckedFileField(
        kinds=KINDS,
        most=MOST_BYTES,
        checks_archive=False,  # the reader process looks closer, and says which cell
        label=_("文件"),
        help_text=_("部门送来的原文件，不要改动。文本或工作簿，最大 512 MB。"),
        allow_empty_file=True,
        error_messages={"required": _("请选择文件。")},
    )
    feed = forms.ChoiceField(label=_("是哪一项"), required=False, help_text=_("文件名合乎约定的，不必选。"))
    cutoff = forms.DateField(
        label=_("数据截止日"),
        required=False,
        help_text=_("部门说明数据截至哪一天的，填那一天。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("请填写日期，例如 2026-06-30。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = "en" if (get_language() or "").startswith("en") else "zh"
        names = sorted((feed.label[language], name) for name, feed in feeds().items())
        choice = self.fields["feed"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("按文件名判断")), *((name, label) for label, name in names)]

    def clean(self) -> dict[str, Any]:
        """A file of no known feed is said before it is read."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and not cleaned.get("feed") and feed_for_file(file.name) is None:
            self.add_error("feed", _("文件名对不上任何一项。请选定是哪一项，或按约定的文件名传送。"))
        return cleaned

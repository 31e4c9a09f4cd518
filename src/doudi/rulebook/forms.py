"""What officers type in: a draft's subject and day, a figure's value, a rule, a file, a reason. Nothing is decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from doudi.core.uploads import CheckedFileField
from doudi.engine.tree import Kind
from doudi.rulebook.logic.figures import UNIT_WORDS
from doudi.rulebook.logic.typed import as_written, wanted
from doudi.rulebook.logic.yaml_text import NewBasis, NewValue

MOST_ROWS, MOST_BYTES = 5000, 8 * 2**20
DAY = {"type": "date"}
LINE = {"autocomplete": "off"}


class DayField(forms.DateField):
    """A day, from the browser's own picker or typed 2026-07-01."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
        options.setdefault("error_messages", {"invalid": _("日期要写成 2026-07-01。"), "required": _("请写日期。")})
        super().__init__(input_formats=["%Y-%m-%d"], **options)


class OpenForm(forms.Form):
    """A new draft: of which place, about what."""

    place = forms.ChoiceField(label=_("哪个地区的规则"))
    title = forms.CharField(
        label=_("改什么"), max_length=120, help_text=_("例如：2027 年存款上限"), widget=forms.TextInput(attrs=LINE),
        error_messages={"required": _("请写明这份草稿改什么。")},
    )  # fmt: skip

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


class DayForm(forms.Form):
    """What a draft is about and from when it would hold."""

    title = forms.CharField(
        label=_("改什么"), max_length=120, widget=forms.TextInput(attrs=LINE),
        error_messages={"required": _("请写明这份草稿改什么。")},
    )  # fmt: skip
    effective_on = DayField(
        label=_("施行日期"),
        required=False,
        help_text=_("从这一天申请的家庭起，按新规则办。可以先空着，测算和提交前要写。"),
    )
    past_reason = forms.CharField(
        label=_("为什么往前算"), required=False, max_length=500, help_text=_("施行日期早于发布那天时才要写。"),
        widget=forms.TextInput(attrs=LINE),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["effective_on"]
        field.needs_no_mark = True


class BasisForm(forms.Form):
    """Where something comes from."""

    document = forms.CharField(
        label=_("依据文件"), max_length=200, widget=forms.TextInput(attrs=LINE),
        error_messages={"required": _("请写文件名称。没有文件的数不能用。")},
    )  # fmt: skip
    number = forms.CharField(
        label=_("文号"), max_length=60, required=False, help_text=_("例如：云民发〔2026〕9号"),
        widget=forms.TextInput(attrs=LINE),
    )  # fmt: skip
    article = forms.CharField(
        label=_("第几条"), max_length=60, required=False, widget=forms.TextInput(attrs=LINE)
    )  # fmt: skip
    sample = forms.BooleanField(label=_("示例：还没有核对过原文"), required=False)

    def basis(self) -> NewBasis:
        """What was typed."""
        said = self.cleaned_data
        return NewBasis(said["document"], said["number"], said["article"], said["sample"])


class ValueForm(BasisForm):
    """One dated value of a figure: for which area, from when, how much for each code (`keys`: code → word), by which
    document.
    """

    area = forms.ChoiceField(label=_("适用地区"))
    from_on = DayField(label=_("从哪天起"))
    to_on = DayField(label=_("到哪天止"), required=False, help_text=_("不写就一直有效，直到有新的数。"))

    def __init__(
        self, *args: Any, kind: Kind, keys: Mapping[str, str], areas: Sequence[tuple[str, str]], lang: str,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self._keys, self._kind, self._lang = tuple(keys), kind, lang
        self.fields["area"].choices = list(areas)  # type: ignore[attr-defined]
        for key, word in keys.items():
            self.fields[f"value_{key}"] = _value_field(kind, word, lang)
        order = ["area", "from_on", "to_on", *(f"value_{key}" for key in self._keys)]
        self.order_fields([*order, "document", "number", "article", "sample"])

    def clean(self) -> dict[str, Any]:
        """An end comes after its beginning; a value is one of its kind, within its bounds."""
        said = super().clean() or {}
        if said.get("to_on") and said.get("from_on") and said["to_on"] < said["from_on"]:
            self.add_error("to_on", _("到期日不能早于起始日。"))
        for key in self._keys:
            name = f"value_{key}"
            if self._kind.base in ("number", "integer") and said.get(name):
                text = as_written(self._kind, said[name])
                if text is None:
                    self.add_error(name, wanted(self._kind)[self._lang])
                said[name] = text
        return said

    def value(self) -> NewValue:
        """What was typed, as the file will say it."""
        said = self.cleaned_data
        by_key = {key: str(said[f"value_{key}"]) for key in self._keys if key}
        alone = str(said["value_"]) if self._keys == ("",) else ""
        return NewValue(said["area"], said["from_on"], said["to_on"], alone, self.basis(), by_key)


def _value_field(kind: Kind, word: str, lang: str) -> forms.Field:
    unit = UNIT_WORDS.get(kind.unit, {}).get(lang, "")
    label = word or str(_("数值"))
    label = f"{label}（{unit}）" if unit and lang == "zh" else f"{label} ({unit})" if unit else label
    needed = {"required": _("请写数值。")}
    if kind.base == "boolean":
        return forms.ChoiceField(
            label=label, choices=[("yes", _("是")), ("no", _("否"))], widget=forms.RadioSelect, error_messages=needed
        )
    if kind.base in ("date", "month"):
        return DayField(label=label)
    hint = _hint(kind)
    widget = forms.TextInput(attrs={**LINE, "inputmode": "decimal" if kind.base in ("number", "integer") else "text"})
    return forms.CharField(label=label, max_length=40, help_text=hint, widget=widget, error_messages=needed)


def _hint(kind: Kind) -> str:
    """How a number is to be written."""
    if kind.unit == "ratio":
        return str(_("写成小数或百分数：0.2 就是 20%。"))
    return str(_("写整数。")) if kind.base == "integer" else ""


class RuleForm(BasisForm):
    """A rule of the place: its formula and its words."""

    formula = forms.CharField(
        label=_("公式"), max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "code"}),
        error_messages={"required": _("请写公式。")},
    )  # fmt: skip
    label_zh = forms.CharField(label=_("名称（中文）"), max_length=80, widget=forms.TextInput(attrs=LINE))
    label_en = forms.CharField(label=_("名称（英文）"), max_length=120, widget=forms.TextInput(attrs=LINE))

    def __init__(self, *args: Any, is_truth: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        order = ["formula", "label_zh", "label_en"]
        if is_truth:
            words = {
                "yes_zh": _("符合时怎么说（中文）"), "no_zh": _("不符合时怎么说（中文）"),
                "yes_en": _("符合时怎么说（英文）"), "no_en": _("不符合时怎么说（英文）"),
            }  # fmt: skip
            for name, label in words.items():
                self.fields[name] = forms.CharField(
                    label=label, max_length=300, widget=forms.TextInput(attrs=LINE), required=True
                )
            order += list(words)
        self.order_fields([*order, "document", "number", "article", "sample"])


class FileForm(forms.Form):
    """A file of the place's folder as text."""

    text = forms.CharField(
        label=_("文件内容"), required=False, max_length=256 * 1024, strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "code", "wrap": "off"}),
    )  # fmt: skip


class BringForm(OpenForm):
    """A sheet or a parcel brought along; `rows` are those of a sheet that was looked at already."""

    file = CheckedFileField(
        kinds=("csv", "xlsx", "zip"), most=MOST_BYTES, checks_archive=False,  # a parcel is opened with care of its own
        label=_("文件（CSV、XLSX 标准表，或 ZIP 规则包）"), required=False, allow_empty_file=True,
        error_messages={"required": _("请选择文件。"), "size": _("文件太大，没有打开。请只保留标准表再导入。")},
    )  # fmt: skip
    rows = forms.CharField(required=False, max_length=2 * 2**20, widget=forms.HiddenInput)

    def clean_rows(self) -> list[list[str]]:
        """Rows of texts, as they were shown."""
        text = self.cleaned_data["rows"]
        if not text:
            return []
        try:
            rows = json.loads(text)
        except ValueError:
            rows = None
        if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(_texts(row) for row in rows):
            raise forms.ValidationError(_("预览已失效。请重新选择文件。"))
        return rows

    def clean(self) -> dict[str, Any]:
        """Something was brought."""
        said = super().clean() or {}
        file = said.get("file")
        if not said.get("rows") and not file:
            self.add_error("file", _("请选择文件。"))
        return said


def _texts(row: object) -> bool:
    return isinstance(row, list) and len(row) <= 64 and all(isinstance(cell, str) for cell in row)


class ReasonForm(forms.Form):
    """A reason or a note in the writer's own words."""

    reason = forms.CharField(
        label=_("说明（退回时一定要写）"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

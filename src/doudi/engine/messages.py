"""The sentence of every error code, zh and en: what is wrong, and what to do. The place is put first when there is
one.
"""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine import messages_policy, messages_rule, messages_run

SENTENCES: dict[str, tuple[str, str]] = {
    **messages_policy.SENTENCES,
    **messages_rule.SENTENCES,
    **messages_run.SENTENCES,
}


WORDS = {
    "boolean": "是/否",
    "integer": "整数",
    "number": "数",
    "date": "日期",
    "month": "月份",
    "code": "代码",
    "area": "区划",
    "household": "家庭（household）",
    "person": "个人（person）",
    "a value": "一个值",
    "a code": "一个代码",
    "the end": "公式结尾",
    "the end of the formula": "公式结尾",
    "a formula": "一条公式",
}
"""Words of the language of messages that zh says otherwise."""


LONGEST = 600
"""So many letters of what a file or a case holds are repeated in a sentence."""


def shortened(value: object) -> str:
    """A value as a sentence repeats it."""
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "?"


def sentence(code: str, context: Mapping[str, object], suggestion: str | None, lang: str) -> str:
    """The message of an error code in `zh` or `en`, without its place."""
    zh, en = SENTENCES[code]
    said = {key: shortened(value) for key, value in context.items()}
    if lang == "zh":
        said = {key: WORDS.get(value, value) for key, value in said.items()}
    text = (zh if lang == "zh" else en).format_map(_Blank(said))
    if suggestion:
        text += f"是不是 {suggestion}？" if lang == "zh" else f" Did you mean {suggestion}?"
    return text

"""The sentence a report opens with: what is not clear is not counted as in order."""

from __future__ import annotations

from django.utils.translation import override

from doudi.verification.logic.report import SourceLine
from doudi.verification.queries.opening import opening


def line(label: str, *, state: str = "answered", striking: bool = False, unclear: bool = False) -> SourceLine:
    return SourceLine(
        feed=label, label=label, supplier="", data_on=None, received_at=None, state=state, state_label="", tone="ok",
        striking=striking, unclear=unclear, rows=0, note="",
    )  # fmt: skip


def test_a_source_with_an_unknown_limit_is_not_in_order() -> None:
    with override("zh-hans"):
        said = opening([line("车辆"), line("银行", unclear=True), line("税务", state="not_permitted")], "zh")
    assert said == "3 个来源，2 个已回全；1 个无异常；1 个还不清楚：银行；1 个有人没授权：税务。"


def test_what_strikes_is_named_once_even_if_something_else_is_unclear() -> None:
    with override("zh-hans"):
        said = opening([line("银行", striking=True, unclear=True)], "zh")
    assert said == "1 个来源都已回；0 个无异常；1 个要留意：银行。"

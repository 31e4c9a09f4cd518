"""The diligence sheet: what was asked and answered, what was done by whom, and that it is in the log."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from doudi.cases.models import Application
from tests.cases.signing_in import signed_in


def test_the_sheet_says_what_was_asked_and_done(assessed: Callable[..., Application]) -> None:
    made = assessed()
    client, _ = signed_in("handler")
    text = client.get(reverse("cases:diligence", args=[made.id])).content.decode()
    assert made.number in text and "登记了申请" in text and "让系统算了建议" in text
    assert "没有记录" in text or "有记录" in text, "each source with its answer"
    assert "等签名" in text and "已签名" not in text, "nothing here is under a checkpoint"
    assert (
        reverse("cases:diligence", args=[made.id])
        in client.get(reverse("cases:application", args=[made.id])).content.decode()
    )


def test_another_township_does_not_see_it(assessed: Callable[..., Application]) -> None:
    client, _ = signed_in("handler", "990101009")
    assert client.get(reverse("cases:diligence", args=[assessed().id])).status_code == 403

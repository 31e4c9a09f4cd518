"""Every request has an id and one line in the log; a line says which view, never who or what was asked for."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from doudi.site.logs import logging_settings

pytestmark = pytest.mark.django_db
NUMBER = "990101198001010017"


@pytest.fixture
def lines() -> Iterator[list[dict[str, object]]]:
    """What the house's own format writes, as it comes."""
    stream, found = io.StringIO(), []
    settings = logging_settings("INFO")
    made = settings["formatters"]["json"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(made["()"](foreign_pre_chain=made["foreign_pre_chain"], processors=made["processors"]))
    logging.getLogger().addHandler(handler)
    kept = logging.getLogger().level
    logging.getLogger().setLevel(logging.INFO)
    yield found
    logging.getLogger().removeHandler(handler)
    logging.getLogger().setLevel(kept)
    found += [json.loads(line) for line in stream.getvalue().splitlines()]
    _judge(found)


def _judge(found: list[dict[str, object]]) -> None:
    own = [line for line in found if line.get("logger") == "doudi.request"]
    assert own, found
    assert all({"request", "view", "status", "ms", "method", "timestamp"} <= line.keys() for line in own)
    assert NUMBER not in json.dumps(found) and "secret-word" not in json.dumps(found)


def test_a_request_has_an_id_of_its_own(lines: list[dict[str, object]]) -> None:
    first, second = (Client().get(f"/accounts/login/?next=/x/{NUMBER}&q=secret-word") for _ in range(2))
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"] != ""


def test_the_id_of_a_proxy_is_taken_over(lines: list[dict[str, object]]) -> None:
    given = "0123456789abcdef0123456789abcdef"
    assert Client().get("/health/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("bad", ["short", "x" * 65, "{{7*7}}0000000000000", "line\tbreak0000000000", NUMBER + "甲"])
def test_an_id_that_is_none_is_not(lines: list[dict[str, object]], bad: str) -> None:
    assert Client().get("/health/", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad


def test_an_address_that_leads_nowhere_is_counted_without_its_text(lines: list[dict[str, object]]) -> None:
    Client().get(f"/nothing/{NUMBER}/")
    labels = [sample.labels for metric in REGISTRY.collect() for sample in metric.samples]
    assert {"view": "none", "method": "GET", "status": "404"} in [
        {name: held[name] for name in ("view", "method", "status") if name in held} for held in labels
    ]
    assert NUMBER not in str(labels)

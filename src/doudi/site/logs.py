"""Logging: structlog over the standard library, one JSON object a line, identity and card numbers taken out."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from doudi.core import request_id

# 15, 18 (the last may be X) and 16–19 digit numbers: identity cards, old and new, and bank cards
NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15,19})(?![0-9A-Za-z])")
HIDDEN = "[number]"


def scrubbed(value: Any) -> Any:
    """The same value without long personal numbers, at any depth."""
    if isinstance(value, str):
        return NUMBER.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {scrubbed(key): scrubbed(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [scrubbed(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) >= 15:
        return HIDDEN
    return value


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor."""
    return {key: value if key == "_record" else scrubbed(value) for key, value in event.items()}


def say_request(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The structlog processor that adds the id of the request being answered."""
    current = request_id.current()
    return {**event, "request": current} if current else event


def logging_settings(level: str) -> dict[str, Any]:
    """The dictConfig for Django; also configures structlog's own loggers the same way."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        say_request,
        structlog.processors.format_exc_info,
        scrub,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    finish = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, scrub]
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [*finish, structlog.processors.JSONRenderer(ensure_ascii=False)],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            name: {"handlers": [], "level": level, "propagate": True}
            for name in ("django", "gunicorn.error", "gunicorn.access")
        },
    }

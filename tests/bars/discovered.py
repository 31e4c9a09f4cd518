"""Every address of the site, discovered: its pattern, its view, and an address made of it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
SAMPLES = {"uuid": str(NOBODY), "slug": "x-1", "str": "x", "int": "1", "path": "x"}


@dataclass(frozen=True)
class Route:
    """One address; `address` has something in every place of the pattern."""

    pattern: str
    view: Any

    @property
    def address(self) -> str:
        found = re.sub(r"<(?:(\w+):)?\w+>", lambda part: SAMPLES.get(part[1] or "str", "x"), self.pattern)
        return "/" + re.sub(r"\(\?P<\w+>[^)]*\)", "1", found).replace("^", "").replace("$", "").replace("\\", "")

    @property
    def name(self) -> str:
        return f"{self.view.__module__}.{getattr(self.view, '__qualname__', '?')}"

    def changes(self) -> bool:
        """Whether the view has anything to do with a POST, by its own text or its class."""
        view = inspect.unwrap(self.view)
        made = getattr(self.view, "view_class", None) or getattr(view, "view_class", None)
        if made is not None:
            return hasattr(made, "post")
        try:
            text = inspect.getsource(view)
        except (OSError, TypeError):
            return True
        return bool(re.search(r"POST|posted\(", text)) or "require_POST" in text


def routes() -> list[Route]:
    """All of them."""
    return list(_below(get_resolver().url_patterns, ""))


def _below(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _below(pattern.url_patterns, where)
        else:
            yield Route(where, pattern.callback)

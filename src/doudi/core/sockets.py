"""Sockets: what many apps add to one place. The place names its socket, apps fill it, the upper floor collects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Socket(Generic[T]):
    """A named place that apps fill with functions returning entries; `collect` calls them all with the same input."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._fillers: list[Callable[..., Iterable[T]]] = []

    def fill(self, filler: Callable[..., Iterable[T]]) -> Callable[..., Iterable[T]]:
        """Add a filler (usable as a decorator); the same one twice is one."""
        if filler not in self._fillers:
            self._fillers.append(filler)
        return filler

    def collect(self, *args: Any, **kwargs: Any) -> Iterator[T]:
        """All entries of all fillers, in the order of filling."""
        for filler in self._fillers:
            yield from filler(*args, **kwargs)

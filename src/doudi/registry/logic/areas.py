"""Area bounds by code prefix, as ranges: equality and range keep their indexes under row-level security."""

from __future__ import annotations


def bounds(prefix: str) -> tuple[str, str] | None:
    """Half-open range of the codes under a prefix; None means no bound (the system itself)."""
    if not prefix:
        return None
    return prefix, prefix_end(prefix)


def prefix_end(text: str) -> str:
    """The first text after all that begin with `text` (by code point, as collation C.UTF-8 orders)."""
    return text[:-1] + chr(ord(text[-1]) + 1)

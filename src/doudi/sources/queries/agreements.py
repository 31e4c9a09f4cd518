"""The feeds as agreed with departments, read from policy/sources; read again only when a file changed."""

from __future__ import annotations

import fnmatch
import hashlib
import unicodedata
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from doudi.engine.feed_reader import read_feeds
from doudi.engine.feeds import Feed


def feeds() -> dict[str, Feed]:
    """All feeds by name."""
    root = Path(settings.POLICY) / "sources"
    stamps = tuple(
        (str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(root.glob("*/*/*.yaml"))
    )
    return _read(root, stamps)


@lru_cache(maxsize=4)
def _read(root: Path, _stamps: tuple[tuple[str, int, int], ...]) -> dict[str, Feed]:
    return read_feeds(root)


def feed_for_file(name: str) -> Feed | None:
    """The feed whose file name pattern fits, whatever the case; of several the longest pattern."""
    plain = _plain(Path(name).name)
    fitting = [
        (len(pattern), feed.name, feed)
        for feed in feeds().values()
        for pattern in feed.file_patterns
        if fnmatch.fnmatchcase(plain, _plain(pattern))
    ]
    return max(fitting, key=lambda one: one[:2])[2] if fitting else None


def agreement_hash(feed: Feed) -> str:
    """Hex SHA-256 of a feed's definition: a delivery says by which one it was read."""
    return hashlib.sha256(repr(feed).encode()).hexdigest()


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()

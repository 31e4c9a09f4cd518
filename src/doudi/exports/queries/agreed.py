"""Standing agreements, read from policy/agreements; read again only when a file changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from doudi.engine.reading import mapping
from doudi.engine.strict_yaml import read
from doudi.exports.logic.agreements import Agreement, read_agreement


def agreements() -> tuple[Agreement, ...]:
    """All of them, by name of the file."""
    root = Path(settings.POLICY) / "agreements"
    stamps = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(root.glob("*.yaml")))
    return _read(stamps)


@lru_cache(maxsize=4)
def _read(stamps: tuple[tuple[str, int, int], ...]) -> tuple[Agreement, ...]:
    return tuple(read_agreement(mapping(read(Path(name)))) for name, _changed, _size in stamps)

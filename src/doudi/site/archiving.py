"""The commands by which the database's log comes into the archive and back.

Segments are packed (a quiet minute's is nearly empty). One that cannot be unpacked stops recovery: it must not look
like the end of the log.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path


def archive_command(archive: Path) -> str:
    """What the server runs for each finished segment. Nothing is kept before there is an archive (the first backup).

    The same segment again is fine, another one under its name is not: the command fails and the server keeps it.
    """
    where = _quoted(archive)
    return (
        f'w={where}; test -d "$w" || exit 0; if test -f "$w/%f.gz"; then gzip -dc "$w/%f.gz" | cmp -s - \'%p\'; '
        f'else gzip -1nc \'%p\' > "$w/.%f.part" && sync "$w/.%f.part" && mv "$w/.%f.part" "$w/%f.gz"; fi'
    )


def restore_command(folders: Iterable[Path]) -> str:
    """What recovery runs for each segment it wants: the first folder that has it."""
    wanted = " ".join(_quoted(folder) for folder in folders)
    return (
        f'for w in {wanted}; do if test -f "$w/%f.gz"; then gzip -dc "$w/%f.gz" > \'%p\' || exit 200; exit 0; fi; '
        "done; exit 1"
    )


def _quoted(folder: Path) -> str:
    """For a shell inside a setting in which % is special."""
    return shlex.quote(str(folder)).replace("%", "%%")

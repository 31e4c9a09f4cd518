"""Whether a file of the lake is the one that was put there: checked before anything reads it.

The manifest says the digest. A file is read whole once a process and again whenever its place on disk, size or times
have changed; the time of its last change (ctime) cannot be set by who merely rewrites it. It must be a file of its
feed's folder within the lake, not a link to elsewhere.
"""

from __future__ import annotations

import hashlib
import stat
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doudi.core.errors import Unavailable
from doudi.sources.models import LakeFile
from doudi.sources.places import lake_folder

Look = tuple[int, int, int, int, int]
"""Device, inode, size, last written, last changed."""


def sound_path(held: LakeFile) -> Path:
    """Where the file of a manifest row lies. Unavailable when it is gone, a link, or not what was written."""
    path = lake_folder(held.feed) / held.file_name
    if not path.exists():
        raise Unavailable(
            "sources.file_gone", _("数据湖里的文件不见了，与目录不符。请联系系统管理员恢复。"), feed=held.feed
        )
    if not is_sound(held):
        raise Unavailable(
            "sources.file_changed",
            _("数据湖里的文件被改动过，与目录不符，没有读取。请联系系统管理员从备份恢复，并报告审计管理员。"),
            feed=held.feed,
        )
    return path


def is_sound(held: LakeFile) -> bool:
    """Whether the file of a manifest row is there, in its own place, and is what was written."""
    folder = lake_folder(held.feed)
    path = folder / held.file_name
    lake = (Path(settings.HOME) / "lake").resolve()
    try:
        seen = path.lstat()
        is_own = stat.S_ISREG(seen.st_mode) and path.resolve(strict=True) == lake / held.feed / held.file_name
        look = (seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)
        return is_own and seen.st_size == held.size and _digest_of(path, look) == held.digest
    except OSError:
        return False


def digest_of(path: Path) -> tuple[str, int]:
    """Hex SHA-256 and size of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


@lru_cache(maxsize=256)
def _digest_of(path: Path, look: Look) -> str:
    """`look` is what the file was seen to be: another one is read anew."""
    return digest_of(path)[0]

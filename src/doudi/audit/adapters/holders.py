"""Holders of checkpoints outside the house: a folder that somebody else owns (another machine's share, a stick).

DOUDI_CHECKPOINT_FOLDERS names them, divided by colons. What a holder has, the house cannot take back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from doudi.audit.logic.notes import BadNote, Note, parse
from doudi.core.errors import Unavailable

VARIABLE = "DOUDI_CHECKPOINT_FOLDERS"
PATTERN = "checkpoint-*.txt"
KEY_FILE = "log.pub"


@dataclass(frozen=True, slots=True)
class FolderHolder:
    """Checkpoints as files `checkpoint-SIZE.txt`, beside the log's public key."""

    path: Path

    @property
    def name(self) -> str:
        """A stable name without the machine's paths."""
        return sha256(str(self.path.resolve()).encode()).hexdigest()[:16]

    def notes(self) -> list[tuple[Note, str]]:
        """All it holds, the smallest first. What is no note is an error: a holder is not to be doubted in silence."""
        found = []
        for path in sorted(self.path.glob(PATTERN)):
            text = path.read_text(encoding="utf-8")
            try:
                found.append((parse(text)[0], text))
            except BadNote as error:
                raise BadNote(f"{path.name}: {error}") from error
        return sorted(found, key=lambda pair: pair[0].size)

    def newest(self) -> tuple[Note, str] | None:
        """The largest checkpoint it holds. Unavailable when it cannot be read or is none."""
        try:
            path = max(self.path.glob(PATTERN), default=None)
            text = path.read_text(encoding="utf-8") if path else ""
            return (parse(text)[0], text) if path else None
        except (OSError, BadNote, UnicodeDecodeError) as error:
            raise Unavailable(
                "audit.holder_unreadable", _("外部保存处的检查点读不出来。请检查那个文件夹或介质。")
            ) from error

    def take(self, note: Note, text: str, public: str) -> None:
        """Keeps a checkpoint: written whole or not at all, never over another one. Unavailable when it cannot."""
        try:
            if not self.path.is_dir():
                raise FileNotFoundError(self.path)
            self._write(KEY_FILE, public + "\n")
            self._write(f"checkpoint-{note.size:020d}.txt", text)
        except OSError as error:
            raise Unavailable(
                "audit.holder_away", _("检查点写不到外部保存处。请检查那个文件夹或介质是否接好、有没有空间。")
            ) from error

    def _write(self, name: str, text: str) -> None:
        target, fresh = self.path / name, self.path / f".{name}.{os.getpid()}"
        if target.exists() and target.read_text(encoding="utf-8") == text:
            return
        if target.exists():
            raise FileExistsError(target)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(target)


def holders(environment: str | None = None) -> list[FolderHolder]:
    """Those that the house is set up with."""
    named = os.environ.get(VARIABLE, "") if environment is None else environment
    return [FolderHolder(Path(part)) for part in named.split(":") if part.strip()]

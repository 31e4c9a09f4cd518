"""What a backup is on disk, and how its completeness and soundness are told.

    doudi-20261129T201500Z/
      base/            the database's files as pg_basebackup wrote them, with its own backup_manifest
      wal/             the log from the start of the base to the mark, packed
      lake/ originals/ the files the database names at the mark; originals stay sealed
      manifest.json    every file with size and SHA-256, and the figures at the mark
      manifest.seal    SHA-256 of the manifest, and its MAC under the house's key

A folder without a seal is no backup. Keys are not inside: whoever finds a backup can read nobody's number in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from doudi.core.vault import Vault
from doudi.site.backup.figures import Figures

FORMAT = 1
MANIFEST, SEAL = "manifest.json", "manifest.seal"
NAME = re.compile(r"doudi-\d{8}T\d{6}Z")
PURPOSE = b"doudi backup manifest"


class BackupError(RuntimeError):
    """A backup could not be taken, is not sound, or did not come back as it was; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant of the database whose figures are known: a named point in its log."""

    name: str
    lsn: str
    timeline: int
    at: datetime
    figures: Figures

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Mark:
        return cls(
            data["name"],
            data["lsn"],
            int(data["timeline"]),
            datetime.fromisoformat(data["at"]),
            Figures(**data["figures"]),
        )


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `kind` is base (files and log) or dump (an outside server's tables).

    `missing` are files that the database named and that were gone already when the backup was taken.
    """

    kind: str
    version: str
    server: str
    mark: Mark
    keys: dict[str, str]
    files: dict[str, tuple[int, str]]
    missing: list[str]

    def as_bytes(self) -> bytes:
        data = {
            "format": FORMAT,
            "kind": self.kind,
            "doudi": self.version,
            "server": self.server,
            "mark": self.mark.as_data(),
            "keys": {"inside": False, "needed": self.keys},
            "missing": self.missing,
            "files": {name: list(found) for name, found in sorted(self.files.items())},
        }
        return json.dumps(data, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise BackupError("backup.format", f"This backup has format {data['format']}; this version reads {FORMAT}.")
        files = {name: (int(size), str(digest)) for name, (size, digest) in data["files"].items()}
        needed = dict(data["keys"]["needed"])
        mark = Mark.from_data(data["mark"])
        return cls(data["kind"], data["doudi"], data["server"], mark, needed, files, list(data["missing"]))

    @property
    def size(self) -> int:
        return sum(size for size, _digest in self.files.values())


def name_at(at: datetime) -> str:
    """The folder's name of a backup begun then."""
    return f"doudi-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def contents(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file below, by its path, with size and SHA-256; manifest and seal left out."""
    return {path.relative_to(folder).as_posix(): measured(path) for path in files_in(folder)}


def files_in(folder: Path) -> Iterator[Path]:
    """Every file of a backup but manifest and seal, in order. No links: who follows one reads or gives away what lies
    elsewhere. BackupError that names them.
    """
    links = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink())
    if links:
        raise BackupError(
            "backup.link",
            f"备份里有链接，不能使用 · {folder} has links in it ({', '.join(links[:8])}), which no backup has: it was "
            "tampered with. Use another one.",
        )
    own = {folder / MANIFEST, folder / SEAL}
    yield from sorted(path for path in folder.rglob("*") if path.is_file() and path not in own)


def measured(path: Path) -> tuple[int, str]:
    """Size and SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def write_sealed(folder: Path, manifest: Manifest, keys: Vault) -> str:
    """Manifest and seal, on disk before this returns; the manifest's SHA-256."""
    content = manifest.as_bytes()
    digest = hashlib.sha256(content).hexdigest()
    seal = {"sha256": digest, "mac": keys.salted_digest(content, PURPOSE).hex()}
    for name, data in ((MANIFEST, content), (SEAL, json.dumps(seal).encode())):
        with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    return digest


def read_manifest(folder: Path, keys: Vault | None) -> Manifest:
    """The manifest, after its seal was found whole; with keys also that this house made it."""
    try:
        content = (folder / MANIFEST).read_bytes()
        seal = json.loads((folder / SEAL).read_bytes())
        said, mac = str(seal["sha256"]), str(seal["mac"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(
            "backup.incomplete",
            f"不是完整的备份 · {folder} is no complete backup: manifest or seal is missing or damaged.",
        ) from None
    if hashlib.sha256(content).hexdigest() != said:
        raise BackupError("backup.damaged", f"备份已损坏 · {folder}: manifest.json is not what was sealed.")
    if keys is not None and keys.salted_digest(content, PURPOSE).hex() != mac:
        raise BackupError(
            "backup.other_house",
            "密钥不符 · The seal of this backup was not made with the keys in HOME/keys: it is another house's, "
            "or it was changed. Put the right keys into HOME/keys.",
        )
    return Manifest.from_bytes(content)

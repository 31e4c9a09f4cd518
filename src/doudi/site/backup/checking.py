"""Whether a backup is what was written: every byte of it, before anything is made of it."""

from __future__ import annotations

from pathlib import Path

from doudi.core.vault import Vault
from doudi.site.backup.layout import BackupError, Manifest, contents, read_manifest
from doudi.site.backup.tools import run_tool

SHOWN = 8


def check(folder: Path, keys: Vault | None) -> Manifest:
    """The manifest of a sound backup; BackupError that names the files otherwise.

    Each file is hashed; PostgreSQL checks its own part once more by its own manifest and reads the log's records.
    """
    manifest = read_manifest(folder, keys)
    here = contents(folder)
    wrong = [f"{name} (missing)" for name in manifest.files.keys() - here.keys()]
    wrong += [f"{name} (not part of it)" for name in here.keys() - manifest.files.keys()]
    wrong += [f"{name} (changed)" for name, found in manifest.files.items() if here.get(name, found) != found]
    if wrong:
        told = ", ".join(sorted(wrong)[:SHOWN]) + (f" … {len(wrong)}" if len(wrong) > SHOWN else "")
        raise BackupError(
            "backup.damaged",
            f"备份已损坏，不能使用 · {folder} is damaged and must not be used: {told}. Use an older one.",
        )
    if manifest.kind == "base":
        run_tool("pg_verifybackup", "--quiet", str(folder / "base"))
    return manifest


def check_keys(manifest: Manifest, keys: Vault) -> None:
    """BackupError when the keys at hand are not those the backup's data was encrypted with."""
    here = {name: fingerprint.hex() for name, fingerprint in keys.fingerprints().items()}
    lacking = sorted(name for name, known in manifest.keys.items() if here.get(name) != known)
    if lacking:
        raise BackupError(
            "backup.keys_lacking",
            f"缺少密钥 · HOME/keys lacks the keys this backup needs ({', '.join(lacking)}). Keys are never in a "
            "backup: put back the copy that was kept elsewhere.",
        )

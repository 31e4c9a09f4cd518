"""The folder of one place among the policy files: taken out, put back, and the digest of a draft."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

FILE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.yaml")
MOST_FILES = 20


def folder_of(place: str) -> str:
    """Where a place's files lie among the policy files."""
    return f"places/{place}/"


def own_files(files: Mapping[str, str], place: str) -> dict[str, str]:
    """The files of a place's folder, by their name inside it."""
    folder = folder_of(place)
    return {name.removeprefix(folder): text for name, text in sorted(files.items()) if name.startswith(folder)}


def with_own_files(files: Mapping[str, str], place: str, own: Mapping[str, str]) -> dict[str, str]:
    """The policy files with a place's folder replaced; a file without text is none."""
    folder = folder_of(place)
    kept = {name: text for name, text in files.items() if not name.startswith(folder)}
    return kept | {folder + name: text for name, text in own.items() if text.strip()}


def merged_files(
    older: Mapping[str, str], newer: Mapping[str, str], own: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Own changes to `older` made on `newer`, file by file; and the files that both changed, each otherwise."""
    merged: dict[str, str] = {}
    torn: list[str] = []
    for name in sorted({*older, *newer, *own}):
        was, now, mine = older.get(name, ""), newer.get(name, ""), own.get(name, "")
        if mine != was and now not in (was, mine):
            torn.append(name)
        merged[name] = now if mine == was else mine
    return {name: text for name, text in merged.items() if text}, tuple(torn)


def places_in(files: Mapping[str, str]) -> list[str]:
    """The places that have a folder, sorted."""
    return sorted({name.split("/")[1] for name in files if name.startswith("places/") and name.count("/") > 1})


def digest_of(base: bytes, place: str, own: Mapping[str, str], effective_on: date | None, *words: str) -> str:
    """SHA-256 of all that a draft says: what it is put on, its text, its first day, and its `words` about itself."""
    said = [place, sorted(own.items()), effective_on.isoformat() if effective_on else "", *words]
    digest = sha256(sha256(base).digest())
    digest.update(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
    return digest.hexdigest()

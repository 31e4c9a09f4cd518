# ruff: noqa: E501
"""Looks for secrets in what the repository keeps: `python scripts/secret_scan.py [--history]`. Exit code 1 when it finds one.

A line that only looks like one says so: `no secret: why`. What is found is named by place and kind, never shown.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = re.compile(r"^requirements/.*\.txt$|\.(png|ico|woff2?|otf|ttf|xz|zst|gz|xlsx|xls|parquet|pdf|zip)$")
SAID = "no secret:"
KINDS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s*[A-Za-z0-9+/]{16}"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bLTAI[0-9A-Za-z]{12,24}\b|\bAKID[0-9A-Za-z]{13,40}\b"),
    "service token": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9]{32,}"
        r"|pypi-[A-Za-z0-9_-]{50,}|npm_[A-Za-z0-9]{36}|AIza[0-9A-Za-z_-]{35})\b"
    ),
    "web token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "address with a password": re.compile(
        r"\b[a-z][a-z0-9+]{2,}://[^\s:/@'\"{}<>$%]+:(?!password\b|secret\b)[^\s:/@'\"{}<>$%]{6,}@"
    ),
}
NAMED = re.compile(
    r"""(?ix) \b[\w.-]*(?:secret|passw(?:or)?d|token|api_?key|private_?key|credential)[\w.-]* \s*[:=]\s* ["']([^"'\s]{16,})["']"""
)
WORDS = re.compile(r"[a-z]+(?:[-_][a-z0-9]+)+")
"""Words joined by dashes: a name, no key."""
ENOUGH = 3.6
"""Bits a sign: words and names have less, keys more."""


def entropy(text: str) -> float:
    """Bits a sign."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def found_in(text: str) -> Iterator[tuple[int, str]]:
    """(line, kind) of what looks like a secret."""
    for number, line in enumerate(text.splitlines(), start=1):
        if SAID in line:
            continue
        for kind, pattern in KINDS.items():
            if pattern.search(line):
                yield number, kind
        for value in NAMED.findall(line):
            if (
                entropy(value) > ENOUGH
                and re.search(r"\d", value)
                and re.search(r"[A-Za-z]", value)
                and not re.search(r"[{}()\s.]", value)
                and not WORDS.fullmatch(value)
            ):
                yield number, "a value that is named like a secret"
    if re.search(KINDS["private key"], text):
        yield 1, "private key"


def tracked() -> Iterator[tuple[str, str]]:
    """(name, text) of every file kept."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in names.split("\0"):
        path = ROOT / name
        if name and path.is_file() and not LEFT_OUT.search(name):
            yield name, path.read_text(encoding="utf-8", errors="ignore")


def history() -> Iterator[tuple[str, str]]:
    """(commit, lines it added) of every commit."""
    log = subprocess.run(
        ["git", "log", "-p", "--all", "--unified=0", "--no-color", "--format=commit:%H", "--", ".", ":!requirements"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode("utf-8", "ignore")  # fmt: skip
    for part in log.split("\ncommit:"):
        lines = [line[1:] for line in part.splitlines() if line.startswith("+") and not line.startswith("+++")]
        yield part[:12], "\n".join(lines)


def main() -> int:
    """0 when there is none."""
    places = list(tracked()) + (list(history()) if "--history" in sys.argv else [])
    found = [f"{name}:{line}: {kind}" for name, text in places for line, kind in found_in(text)]
    print("\n".join(found) or f"no secret in {len(places)} places")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

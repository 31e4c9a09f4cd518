"""The messages between the zones: three questions with their answers, one JSON object a line, short.

Whatever is not exactly one of them is refused without being looked at further. Both ends use this module.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 16 * 1024
LONGEST_TEXT = 2_000
RECEIPT = re.compile(r"[0-9]{12}")
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{10}")
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
AREA = re.compile(r"[0-9]{6}|[0-9]{9}")
SHAPES: dict[str, dict[str, re.Pattern[str] | int]] = {
    "areas": {"within": AREA},
    "submit": {"area": AREA, "text": LONGEST_TEXT},
    "answer": {"receipt": RECEIPT, "code": CODE},
}


class NotAMessage(ValueError):
    """It is not one of the three."""


@dataclass(frozen=True, slots=True)
class Message:
    """One question that may pass."""

    do: str
    given: dict[str, str]

    def line(self) -> bytes:
        return line_of({"do": self.do, **self.given})


def read_message(line: bytes) -> Message:
    """The message of a line; NotAMessage for anything else."""
    data = read_line(line)
    shape = SHAPES.get(str(data.get("do")))
    if shape is None or data.keys() != {"do", *shape}:
        raise NotAMessage
    for name, wanted in shape.items():
        value = data[name]
        if not isinstance(value, str) or not _fits(value, wanted):
            raise NotAMessage
    return Message(str(data["do"]), {name: data[name] for name in shape})


def line_of(data: dict[str, Any]) -> bytes:
    """One JSON object as a line."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_line(line: bytes) -> dict[str, Any]:
    """One JSON object; NotAMessage when it is too long, cut off, or something else."""
    if len(line) > LONGEST_LINE or not line.endswith(b"\n"):
        raise NotAMessage
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        raise NotAMessage from None
    if not isinstance(data, dict):
        raise NotAMessage
    return data


def new_receipt() -> tuple[str, str]:
    """A number and a code, both random; the code has fifty bits and is shown once."""
    number = f"{secrets.randbelow(10**12):012d}"
    return number, "".join(secrets.choice(LETTERS) for _ in range(10))


def tidy(code: str) -> str:
    """A code or number as people type it: small letters, blanks, wide signs of a Chinese keyboard, and the letters that
    look like digits.
    """
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code).upper()).translate(str.maketrans("OIL", "011"))


def code_digest(receipt: str, code: str) -> bytes:
    """What is kept of a code."""
    return hashlib.sha256(f"{receipt}|{code}".encode()).digest()


def _fits(value: str, wanted: re.Pattern[str] | int) -> bool:
    if isinstance(wanted, int):
        return len(value.strip()) > 0 and len(value) <= wanted and "\0" not in value
    return wanted.fullmatch(value) is not None

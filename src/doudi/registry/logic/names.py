"""How a name is written and read: one spelling, pinyin with its several readings, the texts it is found by."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, pinyin

DOTS = str.maketrans(dict.fromkeys("·•・．.‧∙⋅･●", "·"))
MOST_READINGS = 4
"""Readings kept per name: a surname and a character read two ways; rarer ones are not worth rows."""

_SURNAMES = """
单shan 解xie 曾zeng 仇qiu 翟zhai 任ren 区ou 朴piao 查zha 盖ge 覃qin 冼xian 乐yue 员yun 缪miao 繁po 尉yu 华hua 召shao
黑he 折she 种chong 洗xian 宓fu 隗wei 燕yan 沈shen 石shi 贾jia 万wan 柏bai 卜bu 车che 葛ge 秘bi 郇xun 逄pang 訾zi 乜nie
"""
SURNAMES = {item[0]: item[1:] for item in _SURNAMES.split()}
"""Surnames read otherwise than the character usually is."""
DOUBLE_SURNAMES = {"尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "澹台": ("tan", "tai"), "单于": ("chan", "yu")}


def normalised_name(text: str) -> str:
    """One spelling: compatibility forms folded, spaces out, every middle dot the same."""
    spelled = text
    while (folded := _fold(spelled)) != spelled:
        spelled = folded
    return spelled


def _fold(text: str) -> str:
    """One pass; taking a blank out may let two characters compose, hence the loop above."""
    plain = unicodedata.normalize("NFKC", text.translate(DOTS)).translate(DOTS)
    return re.sub(r"\s+", "", plain).strip("·")


@lru_cache(maxsize=20_000)
def readings_of(character: str) -> tuple[str, ...]:
    """All readings of a character without tones, the usual one first; latin letters and digits read as themselves."""
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(item.replace("ü", "v") for item in found[0])) if found else ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name aloud."""

    full: str
    initials: str


@lru_cache(maxsize=20_000)
def readings(name: str) -> tuple[Reading, ...]:
    """Readings of a normalised name, most likely first, at most MOST_READINGS."""
    parts = [part for part in _parts(name) if part]
    if not parts:
        return ()
    chosen = itertools.islice(_likeliest_first(parts), MOST_READINGS)
    made = (Reading("".join(item), "".join(syllable[0] for syllable in item)) for item in chosen)
    return tuple(dict.fromkeys(made))


def _parts(name: str) -> list[tuple[str, ...]]:
    plain = name.replace("·", "")
    double = DOUBLE_SURNAMES.get(plain[:2])
    if double:
        return [(double[0],), (double[1],), *(readings_of(item) for item in plain[2:])]
    parts = [readings_of(item) for item in plain]
    surname = SURNAMES.get(plain[:1])
    if surname and parts and "·" not in name:
        parts[0] = (surname, *(item for item in parts[0] if item != surname))
    return parts


def _likeliest_first(parts: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Products of the first three readings a character, those with fewer rare readings first."""
    choices = [list(enumerate(part[:3])) for part in parts]
    limited = itertools.islice(itertools.product(*choices), 500)
    ranked = sorted(limited, key=lambda item: sum(rank for rank, _ in item))
    return [tuple(syllable for _, syllable in item) for item in ranked]


def grams(name: str) -> tuple[str, ...]:
    """Single characters and pairs of a normalised name, for finding by a part of it."""
    plain = name.replace("·", "")
    pairs = (plain[i : i + 2] for i in range(len(plain) - 1))
    return tuple(dict.fromkeys([*plain, *pairs]))


def search_texts(name: str) -> list[tuple[str, str]]:
    """The (kind, text) rows of a name: p full pinyin, i initials, g grams."""
    rows: dict[tuple[str, str], None] = {}
    for reading in readings(name):
        rows[("p", reading.full[:200])] = None
        rows[("i", reading.initials[:200])] = None
    for gram in grams(name):
        rows[("g", gram)] = None
    return list(rows)

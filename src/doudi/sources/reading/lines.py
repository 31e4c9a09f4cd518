"""Rows that are no data: blank ones, totals, the header once more, notes and footers."""

from __future__ import annotations

import re
from typing import Any

from doudi.sources.reading.cells import is_empty, text_of, tight
from doudi.sources.reading.header import Header, plain

BLANK, TOTAL, HEADER, NOTE, DATA = "blank", "total", "header", "note", "data"
_TOTAL = re.compile(r".*?(?:合计|总计|小计|共计|累计|总和|汇总)|共\d+[条行人户]")
_FOOTER = re.compile(
    r"(?:注|备注|说明|附注|制表|填表|审核|复核|经办|负责人|打印|导出|数据来源|数据截止|截止|截至|单位|页码|第\d+页|以上|以下|联系)"
)


def kind_of(cells: list[Any], header: Header, totals: tuple[str, ...]) -> str:
    """What a row is whose number cannot be read; `totals` are the marks the feed itself names."""
    filled = [(index, text) for index, cell in enumerate(cells) if (text := tight(cell))]
    if not filled:
        return BLANK
    if all(is_empty(text) for _index, text in filled):
        return BLANK
    texts = [text for _index, text in filled]
    if any(text.startswith(mark) for mark in totals for text in texts) or any(
        _TOTAL.match(text) for text in texts[:2] if len(text) <= 15
    ):
        return TOTAL
    if _is_header(cells, header):
        return HEADER
    return NOTE if _is_note(texts) else DATA


def _is_header(cells: list[Any], header: Header) -> bool:
    """Most named cells say again what the header says, alone or as the end of a merged path."""
    named = [(name, plain(cell)) for name, cell in zip(header.names, cells, strict=False) if name]
    same = sum(1 for name, said in named if said and (name == said or said in name.split("/")))
    return same * 2 > len(named) or (same > 0 and same == sum(1 for _name, said in named if said) > 1)


def _is_note(texts: list[str]) -> bool:
    """One text alone (a merged title repeats it), or a footer: never something with a long number in it."""
    if any(re.search(r"\d{15}", text) for text in texts):
        return False
    return len(set(texts)) == 1 or (len(texts) <= 4 and bool(_FOOTER.match(texts[0])))


def is_blank(cells: list[Any]) -> bool:
    """Whether nothing is in the cells."""
    return not any(text_of(cell) for cell in cells)

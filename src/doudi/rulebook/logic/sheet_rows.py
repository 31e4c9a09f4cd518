"""Standards as a sheet: the rows of a rulebook's figures, and rows read back with what is wrong in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from doudi.engine.feeds import Bilingual
from doudi.engine.quantities import Parameter, Rulebook
from doudi.engine.reading import nearest
from doudi.engine.vocabulary import LEVELS, ParameterValue
from doudi.lib.marks import is_mark
from doudi.rulebook.logic.figures import BETWEEN, LEVEL_WORDS, UNIT_WORDS
from doudi.rulebook.logic.standards import keys_of, may_set
from doudi.rulebook.logic.typed import NO, YES, as_written, day_of, wanted
from doudi.rulebook.logic.yaml_text import NewBasis, NewValue

COLUMNS: dict[str, tuple[str, str]] = {
    "name": ("代码", "parameter"),
    "label": ("名称", "label"),
    "area": ("地区代码", "area"),
    "area_name": ("地区", "area name"),
    "key": ("类别", "for"),
    "from": ("起", "from"),
    "to": ("止", "to"),
    "value": ("数值", "value"),
    "unit": ("单位", "unit"),
    "document": ("文件", "document"),
    "number": ("文号", "number"),
    "article": ("条款", "article"),
    "sample": ("示例", "sample"),
}
NEEDED = ("name", "area", "from", "value", "document")
NATION = "nation"
COPY_IT = ("请从标准表里抄代码。", "Copy it from the table.")
NO_DOCUMENT = ("请写文件名称。没有文件的数不能用。", "Name the document; a figure without one cannot be used.")
NOT_HERE = (
    "这个地区的标准不归本地定。请删去这一行，或由上级修改。",
    "This area's figures are not set here. Remove the row, or ask the area above.",
)
TWICE = ("同一地区、日期、类别写了两次。请只留一行。", "The same area, day and kind stands here twice. Keep one row.")
APART = (
    "同一天起的各类别要用同一个文件和到期日。请改成一致。",
    "Kinds from the same day share one document and end. Make them agree.",
)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong: the row of the sheet, its column (as headed), what to do, in both languages."""

    row: int
    column: str
    message: Bilingual


@dataclass(frozen=True, slots=True)
class RowValue:
    """One value that the sheet would set. `change`: new, changed."""

    parameter: str
    value: NewValue
    rows: tuple[int, ...]
    change: str


@dataclass(frozen=True, slots=True)
class SheetRead:
    """What a sheet says: values to set, how many rows say what holds already, problems."""

    values: tuple[RowValue, ...]
    same: int
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row that can be read."""

    number: int
    parameter: Parameter
    area: str
    key: str
    from_on: date
    to_on: date | None
    value: str
    basis: NewBasis


def sheet_rows(rulebook: Rulebook, names: Iterable[str], lang: str, area_name: Callable[[str], str]) -> list[list[str]]:
    """The table of figures: a heading, then one row a value."""
    at = 0 if lang == "zh" else 1
    rows = [[heading[at] for heading in COLUMNS.values()]]
    for name in names:
        parameter = rulebook.parameters[name]
        for value in sorted(parameter.values, key=lambda v: (v.area, v.key or "", v.from_on)):
            rows.append(_written_row(parameter, value, lang, area_name))
    return rows


def read_sheet(rows: Sequence[Sequence[str]], rulebook: Rulebook, place: str) -> SheetRead:
    """What the rows say for a place. Rows of other areas are left alone when they say what holds already."""
    problems: list[RowProblem] = []
    heading, at = _heading(rows)
    missing = [COLUMNS[key] for key in NEEDED if key not in at]
    if missing:
        zh, en = "、".join(m[0] for m in missing), ", ".join(m[1] for m in missing)
        said = (f"缺少这些列：{zh}。请用导出的标准表填写。", f"Columns are missing: {en}. Fill in a sheet from here.")
        return SheetRead((), 0, (_problem(heading + 1, "", *said),))
    read = []
    for number, cells in enumerate(rows[heading + 1 :], start=heading + 2):
        if cells and is_mark(cells[0]):
            continue
        table = {key: cells[column].strip() if column < len(cells) else "" for key, column in at.items()}
        if any(table[key] for key in NEEDED):
            row = _row(number, table, rulebook, problems)
            if row is not None:
                read.append(row)
    return _grouped(read, place, problems)


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """The first row that names columns, and where each is."""
    words = {word.lower(): key for key, pair in COLUMNS.items() for word in pair}
    for number, cells in enumerate(rows[:10]):
        at = {words[c.strip().lower()]: i for i, c in reversed(list(enumerate(cells))) if c.strip().lower() in words}
        if len(at) >= 3:
            return number, at
    return 0, {}


def _row(number: int, table: Mapping[str, str], rulebook: Rulebook, problems: list[RowProblem]) -> _Row | None:
    before = len(problems)

    def wrong(key: str, zh: str, en: str) -> None:
        problems.append(_problem(number, key, zh, en))

    parameter = rulebook.parameters.get(table["name"])
    if parameter is None:
        near = nearest(table["name"], rulebook.parameters)
        hint = (
            (f"是不是 {near}？", f"Did you mean {near}?")
            if near
            else ("请从标准表里抄代码。", "Copy it from the table.")
        )
        wrong("name", f"没有代码为“{table['name']}”的数。{hint[0]}", f'There is no figure "{table["name"]}". {hint[1]}')
        return None
    area = "" if table["area"] in (NATION, "") else table["area"]
    if area and not (area.isascii() and area.isdigit() and len(area) in LEVELS):
        wrong("area", "地区代码要写 2、4、6、9 或 12 位数字。", "An area code has 2, 4, 6, 9 or 12 digits.")
    keys, key = keys_of(parameter), table.get("key", "")
    if key not in keys:
        zh = f"类别要写 {'、'.join(keys)} 之一。" if keys != ("",) else "这个数不分类别，请留空。"
        en = f"It must be one of {', '.join(keys)}." if keys != ("",) else "This figure has no kinds; leave it empty."
        wrong("key", zh, en)
    from_on, to_on = day_of(table["from"]), day_of(table.get("to", "")) if table.get("to") else None
    if from_on is None:
        wrong("from", "日期要写成 2026-07-01。", "Write the day as 2026-07-01.")
    if table.get("to") and (to_on is None or (from_on is not None and to_on < from_on)):
        wrong("to", "日期要写成 2026-07-01，不早于起始日。", "Write the day as 2026-07-01, not before the first day.")
    value = as_written(parameter.kind, table["value"])
    if value is None:
        said = wanted(parameter.kind)
        wrong("value", said["zh"], said["en"])
    if not table["document"]:
        wrong(
            "document", "请写文件名称。没有文件的数不能用。", "Name the document; a figure without one cannot be used."
        )
    sample = table.get("sample", "").lower()
    if sample not in (*YES, *NO):
        wrong("sample", "示例一栏写“是”或留空。", "Write yes or leave it empty.")
    if len(problems) > before or from_on is None or value is None:
        return None
    basis = NewBasis(table["document"], table.get("number", ""), table.get("article", ""), sample in YES)
    return _Row(number, parameter, area, key, from_on, to_on, value, basis)


def _grouped(rows: list[_Row], place: str, problems: list[RowProblem]) -> SheetRead:
    """Rows of one figure, area and first day make one value."""
    groups: dict[tuple[str, str, date], list[_Row]] = {}
    for row in rows:
        groups.setdefault((row.parameter.name, row.area, row.from_on), []).append(row)
    values, same = [], 0
    for (name, area, from_on), own in groups.items():
        parameter = own[0].parameter
        there = {v.key or "": v for v in parameter.values if (v.area, v.from_on) == (area, from_on)}
        if all(_says_the_same(row, there.get(row.key)) for row in own):
            same += len(own)
            continue
        if _refused(own, place, problems):
            continue
        by_key = {v: _plain(there[v]) for v in there if v} | {row.key: row.value for row in own if row.key}
        alone = own[0].value if not own[0].key else ""
        value = NewValue(area, from_on, own[0].to_on, alone, own[0].basis, by_key)
        values.append(RowValue(name, value, tuple(r.number for r in own), "changed" if there else "new"))
    return SheetRead(tuple(values), same, tuple(sorted(problems, key=lambda p: p.row)))


def _refused(rows: list[_Row], place: str, problems: list[RowProblem]) -> bool:
    first, before = rows[0], len(problems)
    if not first.area.startswith(place):
        problems.append(_problem(first.number, "area", *NOT_HERE))
    elif not may_set(first.parameter, first.area):
        levels = first.parameter.set_by
        zh, en = (BETWEEN[lang].join(LEVEL_WORDS[one][lang] for one in levels) for lang in ("zh", "en"))
        said = (f"这个数由{zh}规定，这一级不能定。请删去这一行。", f"This figure is set by: {en}. Remove the row.")
        problems.append(_problem(first.number, "area", *said))
    keys = [row.key for row in rows]
    for row in rows:
        if keys.count(row.key) > 1:
            problems.append(_problem(row.number, "key", *TWICE))
        elif (row.to_on, row.basis) != (first.to_on, first.basis):
            problems.append(_problem(row.number, "document", *APART))
    return len(problems) > before


def _says_the_same(row: _Row, value: ParameterValue | None) -> bool:
    if value is None or value.to_on != row.to_on or _plain(value) != row.value:
        return False
    basis = value.basis
    return NewBasis(basis.document, basis.number, basis.article, basis.sample) == row.basis


def _plain(value: ParameterValue) -> str:
    held = value.value
    if isinstance(held, bool):
        return "yes" if held else "no"
    return f"{held:f}" if isinstance(held, Decimal) else str(held)


def _written_row(parameter: Parameter, value: ParameterValue, lang: str, area_name: Callable[[str], str]) -> list[str]:
    at = 0 if lang == "zh" else 1
    basis = value.basis
    return [
        parameter.name, parameter.label[lang], value.area or NATION, area_name(value.area), value.key or "",
        value.from_on.isoformat(), value.to_on.isoformat() if value.to_on else "", _plain(value),
        UNIT_WORDS.get(parameter.kind.unit, {}).get(lang, ""), basis.document, basis.number, basis.article,
        (YES[at] if basis.sample else ""),
    ]  # fmt: skip


def _problem(row: int, key: str, zh: str, en: str) -> RowProblem:
    return RowProblem(row, " / ".join(COLUMNS[key]) if key else "", {"zh": zh, "en": en})

"""The figures in force at a place on a day: value, unit, where and since when set, who may set it, by which article."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from doudi.engine.feeds import Bilingual
from doudi.engine.quantities import Parameter, Rulebook
from doudi.engine.vocabulary import Basis, ParameterValue
from doudi.engine.wording import Wording

UNIT_WORDS: dict[str, Bilingual] = {
    "yuan": {"zh": "元", "en": "yuan"},
    "yuan/month": {"zh": "元/月", "en": "yuan a month"},
    "yuan/year": {"zh": "元/年", "en": "yuan a year"},
    "m2": {"zh": "平方米", "en": "m²"},
    "months": {"zh": "个月", "en": "months"},
    "people": {"zh": "人", "en": "people"},
    "years": {"zh": "岁", "en": "years"},
}
LEVEL_WORDS: dict[str, Bilingual] = {
    "nation": {"zh": "国家", "en": "nation"},
    "province": {"zh": "省", "en": "province"},
    "prefecture": {"zh": "设区的市", "en": "prefecture-level city"},
    "county": {"zh": "县", "en": "county"},
    "township": {"zh": "乡镇", "en": "township"},
    "village": {"zh": "村居", "en": "village or community"},
}
BETWEEN = {"zh": "、", "en": ", "}
TRUTH = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}


@dataclass(frozen=True, slots=True)
class Article:
    """Where something stands; `sample` marks what nobody has checked against the document."""

    document: str
    number: str
    article: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of a parameter in force on the day; `key` is the code it is for (urban, rural), if any."""

    label: str
    key: str
    value: str
    unit: str
    area: str
    from_on: date
    to_on: date | None
    set_by: str
    articles: tuple[Article, ...]
    name: str = ""


def key_word(rulebook: Rulebook, parameter: Parameter, key: str, lang: str) -> str:
    """What a code by which a parameter differs is called; nothing for the value that stands alone."""
    return Wording(rulebook, lang).code(parameter.by, key) if parameter.by is not None and key else key


def articles_of(basis: Iterable[Basis]) -> tuple[Article, ...]:
    """The basis of something as articles."""
    return tuple(Article(one.document, one.number, one.article, one.sample) for one in basis)


def figures_of(
    rulebook: Rulebook, names: Iterable[str], *, place: str, on: date, lang: str, area_name: Callable[[str], str]
) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """The figures of the named parameters, and the labels of those that nobody has set here."""
    found: list[Figure] = []
    unset: list[str] = []
    for name in names:
        parameter = rulebook.parameters[name]
        values = _in_force(parameter.values, place, on)
        if not values:
            unset.append(parameter.label[lang])
        for value in values:
            found.append(
                Figure(
                    label=parameter.label[lang],
                    key=key_word(rulebook, parameter, value.key or "", lang),
                    value=written(value.value, parameter.kind.unit, lang),
                    unit=UNIT_WORDS.get(parameter.kind.unit, {}).get(lang, ""),
                    area=area_name(value.area),
                    from_on=value.from_on,
                    to_on=value.to_on,
                    set_by=BETWEEN[lang].join(LEVEL_WORDS[level][lang] for level in parameter.set_by),
                    articles=articles_of([value.basis]),
                    name=name,
                )
            )
    return tuple(found), tuple(unset)


def _in_force(values: Iterable[ParameterValue], place: str, on: date) -> list[ParameterValue]:
    """Per key the value of the nearest area on that day."""
    best: dict[str | None, ParameterValue] = {}
    for value in values:
        if place.startswith(value.area) and value.from_on <= on and (value.to_on is None or on <= value.to_on):
            held = best.get(value.key)
            if held is None or (len(value.area), value.from_on) > (len(held.area), held.from_on):
                best[value.key] = value
    return list(best.values())


def written(value: Decimal | bool | str | date, unit: str, lang: str) -> str:
    """A value as people write it: yes, 20%, 1,234.5."""
    if isinstance(value, bool):
        return TRUTH[value][lang]
    if isinstance(value, Decimal):
        return f"{value * 100:f}".rstrip("0").rstrip(".") + "%" if unit == "ratio" and value < 1 else f"{value:,f}"
    return str(value)

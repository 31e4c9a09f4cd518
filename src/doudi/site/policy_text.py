"""A programme's policy page as Markdown, for `doudi policy doc`; what is on it comes from `rulebook.logic`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from doudi.engine.rulebook import Rulebook
from doudi.rulebook.logic.figures import Article
from doudi.rulebook.logic.policy_page import Condition, PolicyPage, programme_page

_TITLES = {
    "zh": {
        "conditions": "什么条件", "workings": "金额怎么算", "figures": "现行标准", "unset": "还没有规定",
        "needs": "要知道什么", "materials": "要带什么", "stages": "几天办好", "articles": "依据",
        "days": "{days} 个工作日", "calendar": "{days} 天", "from": "自 {day} 起", "nation": "全国",
        "sample": "（样例）", "decides": "办理机关",
    },
    "en": {
        "conditions": "Conditions", "workings": "How the amount is worked out", "figures": "Figures in force",
        "unset": "Not set yet", "needs": "What must be known", "materials": "What to bring",
        "stages": "How long it takes", "articles": "Based on", "days": "{days} working days",
        "calendar": "{days} days", "from": "from {day}", "nation": "the nation",
        "sample": " (sample)", "decides": "Decided by",
    },
}  # fmt: skip


def page_text(rulebook: Rulebook, name: str, *, place: str, on: date, lang: str) -> str:
    """The page of one programme at a place on a day."""
    nation = _TITLES[lang]["nation"]
    page = programme_page(rulebook, name, place=place, on=on, lang=lang, area_name=lambda code: code or nation)
    return "\n".join(_lines(page, lang)) + "\n"


def _lines(page: PolicyPage, lang: str) -> Iterator[str]:
    words = _TITLES[lang]
    yield f"# {page.label}"
    yield f"\n{words['decides']}{_colon(lang)}{page.authority}"
    yield from _section(words["conditions"], _conditions(page.conditions, 0, lang))
    yield from _section(words["workings"], (f"- {step.label}" for step in page.workings))
    yield from _section(words["figures"], _figures(page, words, lang))
    yield from _section(words["unset"], (f"- {label}" for label in page.unset))
    yield from _section(words["needs"], (f"- {n.label}{_colon(lang)}{n.meaning} [{n.source}]" for n in page.needs))
    yield from _section(words["materials"], (f"- {material}" for material in page.materials))
    yield from _section(
        words["stages"],
        (
            f"- {s.label}{_colon(lang)}{words['calendar' if s.calendar else 'days'].format(days=s.days)}"
            for s in page.stages
        ),
    )
    yield from _section(words["articles"], (f"- {_article(a, words)}" for a in page.articles))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"\n## {title}\n"
        yield from found


def _conditions(conditions: Iterable[Condition], depth: int, lang: str) -> Iterator[str]:
    for one in conditions:
        yield f"{'  ' * depth}- {one.sentence or one.label}"
        yield from _conditions(one.parts, depth + 1, lang)


def _figures(page: PolicyPage, words: dict[str, str], lang: str) -> Iterator[str]:
    for figure in page.figures:
        label = f"{figure.label} ({figure.key})" if figure.key else figure.label
        since = words["from"].format(day=figure.from_on)
        articles = "; ".join(_article(a, words) for a in figure.articles)
        yield f"- {label}{_colon(lang)}{figure.value} {figure.unit}".rstrip() + f", {figure.area}, {since} [{articles}]"


def _article(article: Article, words: dict[str, str]) -> str:
    text = " ".join(filter(None, (article.document, article.number, article.article)))
    return text + words["sample"] if article.sample else text


def _colon(lang: str) -> str:
    return "：" if lang == "zh" else ": "

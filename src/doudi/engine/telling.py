"""A proposal as plain text, zh and en: what is proposed, what is missing and, opened, every step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from doudi.engine.explain import REASONS
from doudi.engine.proposal import Missing, Proposal, Step

OUTCOMES = {
    "zh": {"eligible": "符合", "not_eligible": "不符合", "undetermined": "待定"},
    "en": {"eligible": "qualifies", "not_eligible": "does not qualify", "undetermined": "undetermined"},
}
WORDS = {
    "zh": {
        "as_of": "申请日 {day} · 地区 {place} · 规则 {hash}",
        "missing": "缺什么：",
        "steps": "依据和算法：",
        "worked": "算式",
        "figure": "标准",
        "source": "数据",
        "article": "条款",
        "from": "自 {day} 起",
        "sample": "（样例）",
        "rows": "{count} 条，第 {rows} 行",
        "no_rows": "没有记录",
        "nation": "全国",
        "imputed": "〔推算〕",
        "choice": "选择：{value}；理由：{reason}",
    },
    "en": {
        "as_of": "As of {day} · area {place} · rules {hash}",
        "missing": "Missing:",
        "steps": "Reasons:",
        "worked": "worked out",
        "figure": "figure",
        "source": "data",
        "article": "article",
        "from": "from {day}",
        "sample": " (sample)",
        "rows": "{count} rows, lines {rows}",
        "no_rows": "no record",
        "nation": "the nation",
        "imputed": "[imputed] ",
        "choice": "chosen: {value}; because: {reason}",
    },
}


def proposal_text(proposal: Proposal, lang: str, *, steps: bool = False) -> str:
    """The proposal for a reader at a terminal; with `steps`, every reason."""
    return "\n".join(_lines(proposal, lang, steps))


def _lines(proposal: Proposal, lang: str, steps: bool) -> Iterator[str]:
    words = WORDS[lang]
    yield proposal.headline[lang]
    yield words["as_of"].format(day=proposal.as_of, place=proposal.place, hash=proposal.rulebook[:12])
    for result in proposal.programmes:
        yield f"  {result.label[lang]}{_colon(lang)}{OUTCOMES[lang][result.outcome]}"
    if proposal.missing:
        yield words["missing"]
        yield from (f"  {missing_text(m, lang)}" for m in proposal.missing)
    if steps:
        yield words["steps"]
        for step in proposal.steps:
            yield from _step(step, proposal.household, lang)


def missing_text(missing: Missing, lang: str) -> str:
    """Whose fact is missing, which, and why."""
    why = REASONS.get(missing.reason, {"zh": missing.reason, "en": missing.reason})[lang]
    label = missing.label[lang]
    if missing.person:
        label = f"{missing.person} 的{label}" if lang == "zh" else f"{label} of {missing.person}"
    return f"{label}（{why}）" if lang == "zh" else f"{label} ({why})"


def _colon(lang: str) -> str:
    return "：" if lang == "zh" else ": "


def _step(step: Step, household: str, lang: str) -> Iterator[str]:
    words, colon = WORDS[lang], _colon(lang)
    whose = "" if step.subject == household else f"[{step.subject}] "
    imputed = words["imputed"] if step.is_imputed else ""
    yield f"  {whose}{imputed}{step.sentence[lang]}"
    if step.worked[lang]:
        parts = dict.fromkeys((step.formula[lang], step.worked[lang], step.shown[lang]))
        yield f"      {words['worked']}{colon}{' = '.join(parts)}"
    for figure in step.parameters:
        yield f"      {words['figure']}{colon}{figure_text(figure, lang)}"
    for source in step.sources:
        yield f"      {words['source']}{colon}{source['label'][lang]}, {source_text(source, lang)}"
    for basis in step.basis:
        yield f"      {words['article']}{colon}{basis_text(basis, lang)}"


def figure_text(figure: Mapping[str, Any], lang: str) -> str:
    """A figure with its value, the area that set it and since when."""
    words = WORDS[lang]
    area = words["nation"] if figure["area"] == "nation" else figure["area"]
    unit = f" {figure['unit'][lang]}" if figure["unit"][lang] else ""
    since = words["from"].format(day=figure["from"])
    return f"{figure['label'][lang]} {figure['value'][lang]}{unit}, {area}, {since}"


def source_text(source: Mapping[str, Any], lang: str) -> str:
    """Which rows were read, or why there are none; of a person's choice, what was chosen and the reason given."""
    words = WORDS[lang]
    if source["unanswered"]:
        return str(source["unanswered"][lang])
    if "choice" in source:
        return words["choice"].format(value=source["choice"]["value"][lang], reason=source["choice"]["reason"])
    rows = words["rows"].format(count=source["count"], rows=", ".join(map(str, source["rows"])))
    return rows if source["count"] else words["no_rows"]


def basis_text(basis: Mapping[str, Any], lang: str) -> str:
    """Document, number and article; a sample says so."""
    sample = WORDS[lang]["sample"] if basis["sample"] else ""
    return " ".join(filter(None, (basis["document"], basis["number"], basis["article"]))) + sample

"""A proposal as plain text, zh and en: what is proposed, what is missing and, opened, every step."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.explain import REASONS
from doudi.engine.proposal import Missing, Proposal, Step

OUTCOMES = {
    "zh": {"eligible": "符合", "not_eligible": "不符合", "undetermined": "待定"},
    "en": {"eligible": "qualifies", "not_eligible": "does not qualify", "undetermined": "undetermined"},
}
_WORDS = {
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
    },
}


def proposal_text(proposal: Proposal, lang: str, *, steps: bool = False) -> str:
    """The proposal for a reader at a terminal; with `steps`, every reason."""
    return "\n".join(_lines(proposal, lang, steps))


def _lines(proposal: Proposal, lang: str, steps: bool) -> Iterator[str]:
    words = _WORDS[lang]
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
    words, colon = _WORDS[lang], _colon(lang)
    whose = "" if step.subject == household else f"[{step.subject}] "
    yield f"  {whose}{step.sentence[lang]}"
    if step.worked[lang]:
        parts = dict.fromkeys((step.formula[lang], step.worked[lang], step.shown[lang]))
        yield f"      {words['worked']}{colon}{' = '.join(parts)}"
    for figure in step.parameters:
        area = words["nation"] if figure["area"] == "nation" else figure["area"]
        since = words["from"].format(day=figure["from"])
        unit = f" {figure['unit'][lang]}" if figure["unit"][lang] else ""
        yield f"      {words['figure']}{colon}{figure['label'][lang]} {figure['value'][lang]}{unit}, {area}, {since}"
    for source in step.sources:
        rows = words["rows"].format(count=source["count"], rows=", ".join(map(str, source["rows"])))
        found = source["unanswered"][lang] if source["unanswered"] else rows if source["count"] else words["no_rows"]
        yield f"      {words['source']}{colon}{source['label'][lang]}, {found}"
    for basis in step.basis:
        sample = words["sample"] if basis["sample"] else ""
        text = " ".join(filter(None, (basis["document"], basis["number"], basis["article"])))
        yield f"      {words['article']}{colon}{text}{sample}"

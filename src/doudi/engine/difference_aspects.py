"""What an entry of a rulebook is made of, aspect by aspect, as text in both languages; for comparing two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from doudi.engine.feeds import Bilingual
from doudi.engine.proposal import plain
from doudi.engine.quantities import Parameter, Quantity, Rulebook
from doudi.engine.tree import Kind, Node
from doudi.engine.vocabulary import Basis, ChainDefinition, FactDefinition, ProgrammeDefinition, Requirement
from doudi.engine.wording import Wording
from doudi.engine.words import UNITS, shown

SECTIONS: dict[str, Bilingual] = {
    "rules": {"zh": "规则", "en": "Rules"},
    "parameters": {"zh": "参数", "en": "Parameters"},
    "programmes": {"zh": "项目", "en": "Programmes"},
    "chains": {"zh": "救助链", "en": "Chains"},
    "packages": {"zh": "救助包", "en": "Packages"},
    "facts": {"zh": "事实", "en": "Facts"},
}
LABEL = "label"
ASPECTS: dict[str, Bilingual] = {
    LABEL: {"zh": "名称", "en": "label"},
    "kind": {"zh": "类型", "en": "type"},
    "formula": {"zh": "公式", "en": "formula"},
    "words": {"zh": "公式（文字）", "en": "formula in words"},
    "yes": {"zh": "是的时候说", "en": "said when yes"},
    "no": {"zh": "否的时候说", "en": "said when no"},
    "not_applicable": {"zh": "不适用", "en": "not applicable"},
    "basis": {"zh": "依据", "en": "basis"},
    "sensitivity": {"zh": "敏感程度", "en": "sensitivity"},
    "set_in": {"zh": "由哪里规定", "en": "set in"},
    "set_by": {"zh": "谁可以规定", "en": "may be set by"},
    "by": {"zh": "区别", "en": "differs by"},
    "value": {"zh": "数值", "en": "value"},
    "meaning": {"zh": "意思", "en": "meaning"},
    "codes": {"zh": "代码", "en": "codes"},
    "source": {"zh": "来源", "en": "source"},
    "unit": {"zh": "认定对象", "en": "recognised for"},
    "authority": {"zh": "机关", "en": "authority"},
    "requires": {"zh": "前提", "en": "requires"},
    "eligible": {"zh": "条件", "en": "condition"},
    "amount": {"zh": "金额", "en": "amount"},
    "recognition": {"zh": "只是认定", "en": "recognition only"},
    "stages": {"zh": "步骤和时限", "en": "steps and days"},
    "materials": {"zh": "材料", "en": "materials"},
    "programmes": {"zh": "项目", "en": "programmes"},
    "pass_when_missing_only": {"zh": "只缺这些时往下走", "en": "passes when only these are missing"},
    "when": {"zh": "认定了什么才有", "en": "opened by"},
}
Aspects = dict[str, Bilingual]


def entries(rulebook: Rulebook, section: str) -> dict[str, Aspects]:
    """All entries of a section by name."""
    if section == "rules":
        rules = (q for q in rulebook.quantities.values() if q.origin == "rule")
        return {quantity.qualified: _rule(rulebook, quantity) for quantity in rules}
    if section == "parameters":
        return {name: _parameter(rulebook, own) for name, own in rulebook.parameters.items()}
    if section == "programmes":
        return {name: _programme(own) for name, own in rulebook.programmes.items()}
    if section == "chains":
        return {name: _chain(own) for name, own in rulebook.chains.items()}
    if section == "facts":
        return {name: _fact(own) for name, own in rulebook.facts.items()}
    return {name: _plainly(own) for name, own in getattr(rulebook, section, {}).items()}


def _rule(rulebook: Rulebook, own: Quantity) -> Aspects:
    return {
        LABEL: own.label,
        "kind": _kind(own.kind),
        "formula": _same(own.text),
        "words": _words(rulebook, own.formula),
        **({"yes": own.yes} if own.yes else {}),
        **({"no": own.no} if own.no else {}),
        **({"not_applicable": _words(rulebook, own.not_applicable)} if own.not_applicable is not None else {}),
        "basis": _basis(own.basis),
        "sensitivity": _same(own.sensitivity),
        **({"set_in": _same(own.set_in)} if own.set_in else {}),
    }


def _parameter(rulebook: Rulebook, own: Parameter) -> Aspects:
    found = {LABEL: own.label, "kind": _kind(own.kind), "set_by": _same(", ".join(own.set_by))}
    if own.by is not None:
        found["by"] = _words(rulebook, own.by)
    for value in sorted(own.values, key=lambda v: (v.area, v.key or "", v.from_on)):
        until = f" – {value.to_on}" if value.to_on else ""
        name = " ".join(filter(None, ("value", value.area or "nation", value.key, f"{value.from_on}")))
        source = _basis((value.basis,))
        found[name] = {lang: f"{shown(value.value, own.kind, lang)}{until} ({source[lang]})" for lang in ("zh", "en")}
    return found


def _fact(own: FactDefinition) -> Aspects:
    rows = own.from_rows
    made = {
        LABEL: own.label,
        "meaning": own.meaning,
        "kind": _kind(own.kind),
        "source": _same(own.source),
        "sensitivity": _same(own.sensitivity),
    }
    if own.codes:
        made["codes"] = {lang: _list([f"{code} {words[lang]}" for code, words in own.codes.items()], lang)
                         for lang in ("zh", "en")}  # fmt: skip
    if rows is not None:
        where = f" where {rows.where.text}" if rows.where else ""
        window = f" {rows.window_column} {rows.window_months}" if rows.window_column else ""
        made["formula"] = _same(f"{rows.feed}: {rows.value.text}{where}{window}, {rows.absent}")
    return made


def _programme(own: ProgrammeDefinition) -> Aspects:
    return {
        LABEL: own.label,
        "unit": _same(own.unit),
        "authority": own.authority,
        "requires": _requires(own.requires),
        "eligible": _same(own.eligible.text),
        "amount": _same(own.amount.text if own.amount is not None else ""),
        "recognition": {lang: shown(own.recognition, Kind("boolean"), lang) for lang in ("zh", "en")},
        "stages": {
            lang: _list([f"{stage.label[lang]} {stage.days}" for stage in own.stages], lang) for lang in ("zh", "en")
        },
        "materials": {lang: _list([one[lang] for one in own.materials], lang) for lang in ("zh", "en")},
        "basis": _basis(own.basis),
    }


def _chain(own: ChainDefinition) -> Aspects:
    passes = "; ".join(f"{name}: {', '.join(facts)}" for name, facts in own.pass_when_missing_only.items())
    return {
        LABEL: own.label,
        "programmes": _same(" → ".join(own.programmes)),
        "requires": _requires(own.requires),
        "pass_when_missing_only": _same(passes),
        "basis": _basis(own.basis),
    }


def _plainly(own: Any) -> Aspects:
    """A definition without aspects of its own here: its fields as they are."""
    found: Aspects = {}
    for spec in fields(own):
        value = getattr(own, spec.name)
        if spec.name in ("at", "name"):
            continue
        if spec.name == "basis":
            found["basis"] = _basis(value)
        elif isinstance(value, dict) and set(value) == {"zh", "en"}:
            found[spec.name] = value
        else:
            found[spec.name] = _same(", ".join(map(str, value)) if isinstance(value, tuple) else str(plain(value)))
    return found


def _words(rulebook: Rulebook, node: Node) -> Bilingual:
    return {lang: Wording(rulebook, lang).formula(node) for lang in ("zh", "en")}


def _kind(kind: Kind) -> Bilingual:
    bounds = "".join(
        f" {sign} {bound}" for sign, bound in (("≥", kind.minimum), ("≤", kind.maximum)) if bound is not None
    )
    return {lang: f"{kind.base} {UNITS[lang].get(kind.unit, kind.unit)}".strip() + bounds for lang in ("zh", "en")}


def _requires(requires: Iterable[Requirement]) -> Bilingual:
    return {lang: _list([f"{one.missing[lang]}: {one.when.text}" for one in requires], lang) for lang in ("zh", "en")}


def _basis(basis: Iterable[Basis]) -> Bilingual:
    sample = {"zh": "（示例）", "en": " (sample)"}
    return {
        lang: _list(
            [" ".join(filter(None, (b.document, b.number, b.article))) + sample[lang] * b.sample for b in basis], lang
        )
        for lang in ("zh", "en")
    }


def _list(items: list[str], lang: str) -> str:
    return ("；" if lang == "zh" else "; ").join(items)


def _same(text: str) -> Bilingual:
    return {"zh": text, "en": text}

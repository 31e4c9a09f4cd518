"""Bad rule files: what is written, and how it is refused."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from doudi.engine.errors import PolicyError, PolicyErrors
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from tests.engine.small import write_policy

RULE = """rules:
  household.out:
    type: {type}
    label: {{zh: 量, en: quantity}}
    basis: [{{document: 某办法, article: 第一条}}]
    yes: {{zh: 是, en: yes}}
    no: {{zh: 否, en: no}}
    formula: {formula}
"""


def refusals(text: str | bytes, name: str = "programmes/bad/rules.yaml", **more: Any) -> list[PolicyError]:
    """The faults found in a policy that has this file beside good ones; none if it is accepted."""
    root = write_policy(Path(mkdtemp()), {}, **more)
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    try:
        resolve(load(root), "990101")
    except PolicyErrors as several:
        return several.errors
    return []


def of_formula(formula: str, type: str = "boolean", **more: Any) -> list[PolicyError]:
    quoted = "'" + formula.replace("'", "''") + "'"
    return refusals(RULE.format(type=type, formula=quoted), **more)

"""A city's draft under a county that has rules of its own: it fits there too, or is refused by name."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.rulebook import actions
from doudi.rulebook.logic.yaml_text import NewValue
from tests.rulebook.drafting import AT, BASIS, CITY, CITY_OFFICER, COUNTY, DAY, ROOT, submitted

pytestmark = pytest.mark.django_db
CITY_RULE = """rules:
  household.city_note:
    type: boolean
    label: {zh: 市, en: city}
    formula: household.counted_members > 3
    yes: {zh: 是。, en: 'yes'}
    no: {zh: 否。, en: 'no'}
    basis: [{document: 样例, sample: yes}]
"""


def test_what_breaks_a_countys_own_rules_is_refused_when_handed_in(tmp_path: Path) -> None:
    root = shutil.copytree(ROOT, tmp_path / "policy")
    (root / f"places/{CITY}/note.yaml").write_text(CITY_RULE, encoding="utf-8")
    rules = root / f"places/{COUNTY}/rules.yaml"
    text, formula = rules.read_text(encoding="utf-8"), "formula: household.cars <= car_limit"
    assert formula in text
    rules.write_text(text.replace(formula, f"{formula} and not household.city_note", 1), encoding="utf-8")
    for place, policy in ((CITY, ROOT), (COUNTY, root)):
        actions.publish(actor=Actor.system(), at=AT, root=policy, place=place, effective_on=date(2026, 7, 1))
    value = NewValue(CITY, DAY, None, "", BASIS, {"城镇": "900", "农村": "700"})
    with pytest.raises(Refused) as caught:
        submitted(CITY_OFFICER, place=CITY, value=value, name="dibao_line")
    assert caught.value.code == "rulebook.not_acceptable_below"
    assert f"places/{COUNTY}/rules.yaml" in str(caught.value.message)

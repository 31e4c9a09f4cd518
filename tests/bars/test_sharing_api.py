"""S-20: schemathesis against the sharing API as it describes itself: nothing breaks, nothing is other than described.

Four callers: a department with every product, one with a single product, one with a token but nothing agreed, and
somebody without a token. Cases are positive and negative, one operation at a time and in the order links lead.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from doudi.audit.models import Entry
from doudi.exchange.models import Use
from tests.architecture.project import ROOT
from tests.bars.conftest import Bar
from tests.exchange.calling import BASE, token_of
from tests.exchange.conftest import FAR, IN, NOBODY, OUT, WIFE, build

CALLERS = {
    "all products": ("medical_insurance", "dibao_today", "low_income_recognitions"),
    "one product": ("education", "dibao_today"),
    "nothing agreed": ("finance", "dibao_today"),
    "nobody": (),
}


@pytest.fixture
def unlimited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Products whose quotas are not reached: a bar of 429 alone would say nothing."""
    root = tmp_path / "policy"
    shutil.copytree(settings.POLICY, root)
    for path in (root / "products").glob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        wide = "quota: {calls_a_minute: 1000000, calls_a_day: 1000000, persons_a_day: 100000000}"
        path.write_text("\n".join(wide if line.startswith("quota:") else line for line in lines), encoding="utf-8")
    monkeypatch.setattr(settings, "POLICY", root)


@pytest.mark.bar("S-20", "schemathesis over the sharing API, as four callers: no 5xx, nothing but what is described")
def test_the_api_is_what_it_says(bar: Bar, unlimited: None, live_site: str, tmp_path: Path) -> None:
    build()
    callers = {name: token_of(who[0], *who[1:]) if who else "" for name, who in CALLERS.items()}
    command = [sys.executable, "-m", "tests.bars.sharing_calls", live_site + BASE, str(bar.size(4, 100))]
    done = subprocess.run(
        [*command, *(["--full"] if bar.full else [])], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        input=json.dumps({"callers": callers, "numbers": [IN, WIFE, OUT, FAR, NOBODY]}), timeout=3600,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    statuses: Counter[str] = sum((Counter(one["statuses"]) for one in told.values()), Counter())
    faults = [f"{name}: {fault}" for name, one in told.items() for fault in one["faults"]]
    broken, cases = sum(statuses[one] for one in statuses if one[0] in "5n"), sum(one["cases"] for one in told.values())
    seen = ", ".join(f"{status} × {count}" for status, count in sorted(statuses.items()))
    bar.says(f"{cases} cases as {len(told)} callers, {broken} × 5xx, {len(faults)} differences ({seen})")
    assert not broken and not faults, "\n".join(faults)[:6000]
    assert cases >= bar.size(150, 5000) and statuses["200"] and statuses["401"] and statuses["403"]
    assert Use.objects.exclude(outcome="refused").exists() and Entry.objects.filter(verb="exchange.answer").exists()

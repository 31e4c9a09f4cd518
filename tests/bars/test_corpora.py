# ruff: noqa: E501
"""F-01, F-02, S-23: the corpora of bad deliveries, bombs and rulebooks, as bars."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from doudi.core.vault import vault
from doudi.engine.policy import load
from doudi.engine.rulebook import resolve
from doudi.sources.queries import feeds
from doudi.sources.reading.faults import SENTENCES
from doudi.sources.reading.job import Job, Limits, Outcome
from doudi.sources.reading.running import Reader
from tests.architecture.project import ROOT
from tests.bars.conftest import Bar
from tests.bars.deliveries import books, texts
from tests.engine.hostile.files import FILES as HOSTILE_FILES
from tests.engine.hostile.folders import FOLDERS
from tests.engine.hostile.formulas import FORMULAS
from tests.engine.hostile.measured import MIB, MILLISECONDS, best
from tests.engine.small import write_policy
from tests.engine.test_hostile import RULE, beside_good_ones, written
from tests.sources.conftest import AT, SECRET
from tests.sources.test_bad_files import FILES

UNFORESEEN = ("file.unreadable", "file.limits")


def came_of(reader: Reader, folder: Path, feed: str, data: bytes) -> Outcome:
    """What the reader process makes of a file."""
    own = folder / uuid.uuid4().hex
    own.mkdir()
    (own / "delivery").write_bytes(data)
    day = AT.date()
    return reader.read(
        Job(feeds()[feed], str(own / "delivery"), str(own), uuid.uuid4(), day, None, Limits(), "intl", SECRET)
    )


@pytest.mark.bar(
    "F-01", "malformed deliveries: none crashes the reader, each is refused with its reason or its rows are"
)
def test_malformed_deliveries(bar: Bar, tmp_path: Path) -> None:
    assert vault() is not None
    wrong, count, refused = [], 0, 0
    with Reader() as reader:
        for kind, (name, make, code, where) in FILES.items():
            outcome = came_of(reader, tmp_path, Path(name).stem, make())
            count, refused = count + 1, refused + bool(outcome.refusal)
            found = outcome.refusal or {}
            if found.get("code") != code or any(found.get(key) != value for key, value in where.items()):
                wrong.append(f"{kind}: {found.get('code', 'taken')}, wanted {code} {where}")
        for feed, made in (("shuiwu_gongzi", texts()), ("nongye_butie", books())):
            for kind, data in made:
                outcome = came_of(reader, tmp_path, feed, data)
                count, refused = count + 1, refused + bool(outcome.refusal)
                wrong += [f"{feed}, {kind}: {fault}" for fault in unexplained(outcome)]
    bar.says(
        f"{count} files: {refused} refused whole, {count - refused} read with what was wrong in them; {len(wrong)} unexplained"
    )
    assert count >= 150
    assert not wrong, "\n".join(wrong)


def unexplained(outcome: Outcome) -> list[str]:
    """What nobody foresaw, and faults without a sentence in both languages."""
    refusal = outcome.refusal
    faults = [refusal] if refusal else outcome.problems
    found = [str(refusal.get("where", refusal))] if refusal and refusal["code"] in UNFORESEEN else []
    for fault in faults:
        if not fault["zh"] or not fault["en"] or "{" in fault["zh"]:
            found.append(f"no sentence for {fault['code']}")
    counted = outcome.accepted + outcome.quarantined + outcome.waiting + outcome.duplicates
    if not outcome.refusal and counted > outcome.rows:
        found.append(f"{counted} of {outcome.rows} rows")
    return found


def test_every_sentence_says_what_to_do() -> None:
    assert all("。" in zh and "." in en for zh, en in SENTENCES.values())


@pytest.mark.bar("F-02", "bombs: refused within two seconds, no process over 512 MiB, the asking process untouched")
def test_bombs(bar: Bar) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bars.bombs"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.splitlines()[-1])
    slow = [f"{name}: {took} s" for name, (took, _code) in said["files"].items() if took > 2]
    taken = [
        name
        for name, (_took, code) in said["files"].items()
        if code.startswith("taken") and "without an address" not in name
    ]
    worst = max(took for took, _code in said["files"].values())
    bar.says(f"{len(said['files'])} bombs, slowest {worst} s, most memory {said['peak_mib']} MiB, {len(taken)} taken")
    assert not slow, slow
    assert not taken, taken
    assert said["peak_mib"] <= 512


@pytest.mark.bar("S-23", "hostile rulebooks: each refused within 100 ms of processor time and 50 MiB")
def test_hostile_rulebooks(bar: Bar, tmp_path: Path) -> None:
    makes: dict[str, Callable[[Path], Any]] = {name: make for name, (make, _) in FOLDERS.items()}
    makes |= {name: beside_good_ones(text) for name, (text, *_) in HOSTILE_FILES.items()}
    makes |= {
        name: beside_good_ones(RULE.format(type="boolean", formula=written(formula)))
        for name, (formula, _) in FORMULAS.items()
    }
    resolve(load(write_policy(tmp_path, {})), "990101")
    gc.freeze()  # what this process holds is not the files' cost
    try:
        found = {name: best(makes[name]) for name in list(makes)[:: bar.size(7, 1)]}
    finally:
        gc.unfreeze()
    over = [
        f"{name}: {took:.0f} ms, {mib:.0f} MiB"
        for name, (took, mib) in found.items()
        if took > MILLISECONDS or mib > MIB
    ]
    slowest, largest = max(took for took, _ in found.values()), max(mib for _, mib in found.values())
    bar.says(
        f"{len(found)} of {len(makes)} hostile rulebooks refused, worst {slowest:.0f} ms and {largest:.0f} MiB, {len(over)} over"
    )
    assert len(makes) >= 200
    assert not over, over

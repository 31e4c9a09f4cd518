"""As-of replay: stored inputs and archived rules give the same bytes, years later and anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from doudi.engine.case import canonical, read_case
from doudi.engine.errors import EngineError
from doudi.engine.policy import load
from doudi.engine.policy_files import policy_files
from doudi.engine.proposal import Proposal
from doudi.engine.replay import has_same_reasons, keep, proposal_bytes, read_kept, replay, replayed
from doudi.engine.rulebook import resolve
from doudi.engine.run import decide
from tests.engine.kept_policy import family, policy
from tests.engine.small import PLACE

GOLDEN = Path(__file__).parent / "kept" / "decision.json"
"""Written once by `python -m tests.engine.test_replay`, and never again for the same reason."""
HARD = {"discretion_hardship": {"choice": True, "reason": "房屋受损，暂住亲戚家"}}


def made(folder: Path, **facts: Any) -> tuple[bytes, Proposal]:
    """A decision kept by today's code."""
    root = policy(folder)
    book, inputs = resolve(load(root), PLACE), canonical(family(**facts))
    proposal = decide(book, read_case(json.loads(inputs), book))
    return keep(inputs, proposal, {name: text.decode() for name, text in policy_files(root).items()}), proposal


def test_an_archived_decision_gives_the_same_bytes_as_on_its_day() -> None:
    kept = read_kept(GOLDEN.read_bytes())
    proposal = replayed(kept)
    assert has_same_reasons(kept, proposal)
    assert replay(kept.inputs, kept.rulebook) == proposal_bytes(proposal)


def test_what_is_kept_is_the_same_to_the_byte_and_reads_back(tmp_path: Path) -> None:
    (once, proposal), (again, _) = made(tmp_path / "a", **HARD), made(tmp_path / "b", **HARD)
    assert once == again
    assert proposal_bytes(replayed(read_kept(once))) == proposal_bytes(proposal)


def test_a_changed_policy_folder_does_not_reach_a_kept_decision(tmp_path: Path) -> None:
    kept, proposal = made(tmp_path)
    later = [{"area": "nation", "from": "2026-01-01", "value": "1000", "basis": {"document": "新办法"}}]
    policy(tmp_path, values=later)
    book = resolve(load(tmp_path), PLACE)
    assert (decide(book, read_case(family(), book)).outcome, proposal.outcome) == ("eligible", "undetermined")
    assert proposal_bytes(replayed(read_kept(kept))) == proposal_bytes(proposal)


def test_neither_hash_seed_nor_locale_nor_time_zone_is_seen_in_the_bytes() -> None:
    script = (
        "import sys; from pathlib import Path; from doudi.engine.replay import *;"
        f"kept = read_kept(Path({str(GOLDEN)!r}).read_bytes());"
        "sys.stdout.buffer.write(proposal_bytes(replayed(kept)))"
    )
    found = set()
    for seed, zone, lang in (("1", "Pacific/Kiritimati", "C"), ("4711", "America/Adak", "de_DE.UTF-8")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": lang}
        found.add(subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True).stdout)
    kept = read_kept(GOLDEN.read_bytes())
    assert found == {proposal_bytes(replayed(kept))}


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("inputs", {"as_of": "2026-07-11"}, "replay.inputs_differ"),
        ("rulebook", "0" * 64, "replay.rules_differ"),
        ("policy", {"../outside.yaml": "facts: {}"}, "replay.malformed"),
        ("policy", {"a\0.yaml": "facts: {}"}, "replay.malformed"),
        ("policy", {"a.yaml": "facts: {}", "a.yaml/b.yaml": "facts: {}"}, "replay.malformed"),
        ("policy", {"a" * 300 + ".yaml": "facts: {}"}, "replay.malformed"),
        ("kind", "something", "replay.malformed"),
        ("result_digest", "0" * 64, "replay.result_differs"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(tmp_path: Path, part: str, value: Any, code: str) -> None:
    kept, _ = made(tmp_path)
    changed = canonical({**json.loads(kept), part: value})
    with pytest.raises(EngineError) as refused:
        replayed(read_kept(changed))
    assert refused.value.code == code and refused.value.message("zh") and refused.value.message("en")


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"{" * 100_000, b'{"kind": "doudi.decision"}'])
def test_what_is_no_kept_decision_is_refused(content: bytes) -> None:
    with pytest.raises(EngineError) as refused:
        read_kept(content)
    assert refused.value.code == "replay.malformed"


def test_a_choice_stands_in_its_step_with_the_persons_reason(tmp_path: Path) -> None:
    _, proposal = made(tmp_path, **HARD)
    (step,) = [step for step in proposal.steps if step.name == "household.is_accepted"]
    (source,) = step.sources
    assert source["choice"] == {"value": {"zh": "是", "en": "yes"}, "reason": "房屋受损，暂住亲戚家"}
    _, asked = made(tmp_path / "b")
    (step,) = [step for step in asked.steps if step.name == "household.is_accepted"]
    assert step.sources[0]["unanswered"]["zh"] == "还没有问过"


if __name__ == "__main__":
    from tempfile import mkdtemp

    GOLDEN.write_bytes(made(Path(mkdtemp()), **HARD)[0])

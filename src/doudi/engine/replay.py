"""A decision kept to be worked out again, years later: its inputs, the policy files it was decided by, and its digests.

One JSON text with one canonical form. Nothing outside of it is read: not today's policy folder, no clock, no locale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from doudi.engine.case import canonical, read_case
from doudi.engine.errors import EngineError
from doudi.engine.policy import load
from doudi.engine.proposal import Proposal
from doudi.engine.rulebook import Rulebook, resolve
from doudi.engine.run import decide

KIND = "doudi.decision"
MAX_BYTES = 32 * 2**20
_TEXTS = ("kind", "rulebook", "place", "chain", "inputs_digest", "result_digest", "reasons_digest")


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept decision as read; the digests are those of the day it was made."""

    rulebook: Rulebook
    chain: str
    inputs: bytes
    result_digest: str
    reasons_digest: str


def proposal_bytes(proposal: Proposal) -> bytes:
    """The canonical bytes of a proposal."""
    return canonical(proposal.to_json())


def result_digest(proposal: Proposal) -> str:
    """Digest of a proposal without its reasons."""
    return sha256(proposal_bytes(replace(proposal, steps=()))).hexdigest()


def replay(inputs: bytes, rulebook: Rulebook, *, chain: str = "basic_living", explain: bool = True) -> bytes:
    """The canonical bytes of what a rulebook proposes for stored inputs."""
    case = read_case(json.loads(inputs, parse_float=str), rulebook)
    return proposal_bytes(decide(rulebook, case, chain=chain, explain=explain))


def keep(inputs: bytes, proposal: Proposal, files: Mapping[str, str]) -> bytes:
    """A decision with all that it takes to work it out again; `proposal` with its reasons."""
    return canonical(
        {
            "kind": KIND,
            "rulebook": proposal.rulebook,
            "place": proposal.place,
            "chain": proposal.chain,
            "inputs": json.loads(inputs, parse_float=str),
            "inputs_digest": sha256(inputs).hexdigest(),
            "result_digest": result_digest(proposal),
            "reasons_digest": sha256(proposal_bytes(proposal)).hexdigest(),
            "policy": dict(files),
        }
    )


def read_kept(content: bytes) -> Kept:
    """A kept decision; raises EngineError where it is malformed, or inputs or rules are not what their digests say."""
    table = _table(content)
    inputs = canonical(table["inputs"])
    if sha256(inputs).hexdigest() != table["inputs_digest"]:
        raise EngineError("replay.inputs_differ")
    with TemporaryDirectory(prefix="doudi-replay-") as folder:
        _lay_out(table["policy"], Path(folder))
        rulebook = resolve(load(Path(folder)), table["place"])
    if rulebook.hash != table["rulebook"]:
        raise EngineError("replay.rules_differ")
    return Kept(rulebook, table["chain"], inputs, table["result_digest"], table["reasons_digest"])


def replayed(kept: Kept) -> Proposal:
    """The proposal worked out again with its reasons; raises EngineError if the result is not the one that was kept."""
    case = read_case(json.loads(kept.inputs, parse_float=str), kept.rulebook)
    proposal = decide(kept.rulebook, case, chain=kept.chain)
    if result_digest(proposal) != kept.result_digest:
        raise EngineError("replay.result_differs")
    return proposal


def has_same_reasons(kept: Kept, proposal: Proposal) -> bool:
    """Whether the reasons too are the same to the byte; a later version may word them otherwise."""
    return sha256(proposal_bytes(proposal)).hexdigest() == kept.reasons_digest


def _table(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content, parse_float=str) if len(content) <= MAX_BYTES else None
        canonical(found)
    except (ValueError, RecursionError):
        found = None
    is_kept = (
        isinstance(found, dict)
        and all(isinstance(found.get(name), str) for name in _TEXTS)
        and found["kind"] == KIND
        and isinstance(found.get("inputs"), dict)
        and isinstance(found.get("policy"), dict)
    )
    if not is_kept:
        raise EngineError("replay.malformed")
    assert isinstance(found, dict)
    return found


def _lay_out(files: Mapping[str, Any], folder: Path) -> None:
    """The policy files below a folder, and nowhere else."""
    for name, text in files.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.suffix != ".yaml" or not isinstance(text, str):
            raise EngineError("replay.malformed")
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8"))
        except (OSError, ValueError):
            raise EngineError("replay.malformed") from None

"""`doudi policy test`: every example beside the rules, folder by folder. No Django."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import typer

from doudi.site.commands.policy import APP, Folder
from doudi.site.places import policy_folder
from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals

if TYPE_CHECKING:
    from doudi.engine.examples import Coverage, Difference, Example
    from doudi.site.progress import Progress


@APP.command()
def test(policy: Folder = None, json: Json = False, lang: Lang = "zh") -> None:
    """Run every example beside the rules; say what comes out otherwise and which rules no example sees.

    0 all come out as written, 1 some do not or the files are refused, 2 wrong usage.
    """
    from doudi.engine.examples import Coverage, read_examples
    from doudi.engine.policy import load
    from doudi.engine.rulebook import resolve
    from doudi.site.progress import Progress

    root, progress = policy or policy_folder(), Progress(silent=json)
    with refusals(checked_lang(lang), as_json=json):
        progress.say("读规则 · reading the policy")
        resolve(load(root), "")
        examples, coverage = read_examples(root), Coverage()
        wrong = list(_wrong(root, examples, coverage, progress))
    unseen = list(coverage.unseen())
    if json:
        print_json(_as_data(len(examples), wrong, coverage, unseen))
    else:
        for one in wrong:
            print(f"{one.example.at}: {one.example.name}: {one.name}: {one.expected} ≠ {one.found}", file=sys.stderr)
        for line in _tested(len(examples), len({d.example.at for d in wrong}), coverage.counts, unseen, lang):
            typer.echo(line)
    if wrong:
        raise typer.Exit(1)


def _wrong(root: Path, examples: list[Example], coverage: Coverage, progress: Progress) -> Iterator[Difference]:
    """What comes out otherwise; each folder is told when it is begun, on a terminal also how long it took."""
    from doudi.engine.examples import differences, proposal_of

    done = 0
    for folder, own in _by_folder(examples):
        progress.say(f"{folder}: {len(own)} 个例子 · examples")
        started = time.monotonic()
        for example in own:
            rulebook, proposal = proposal_of(root, example)
            coverage.add(rulebook, proposal)
            yield from differences(example, proposal, rulebook)
            done += 1
            progress.count(done, len(examples))
        progress.aside(f"{folder}: {time.monotonic() - started:.1f} s")


def _by_folder(examples: Iterable[Example]) -> Iterator[tuple[str, list[Example]]]:
    for folder, own in groupby(examples, key=lambda example: str(PurePosixPath(example.at.file).parent)):
        yield folder, list(own)


def _as_data(many: int, wrong: list[Difference], coverage: Coverage, unseen: list[Any]) -> dict[str, Any]:
    return {
        "examples": many,
        "different": [
            {
                "at": str(d.example.at),
                "example": d.example.name,
                "name": d.name,
                "expected": str(d.expected),
                "found": str(d.found),
            }
            for d in wrong
        ],
        "coverage": {place: {"seen": seen, "of": whole} for place, (seen, whole) in coverage.counts.items()},
        "unseen": [{"place": u.place, "name": u.name, "never": list(u.never)} for u in unseen],
    }


def _tested(many: int, wrong: int, counts: dict[str, tuple[int, int]], unseen: list[Any], lang: str) -> list[str]:
    zh = lang == "zh"
    lines = [f"{many} 个例子，{wrong} 个结果不同" if zh else f"{many} examples, {wrong} come out otherwise"]
    for place, (seen, whole) in counts.items():
        share = f"{100 * seen / whole:.1f} %"
        lines.append(
            f"{place}：规则的 {whole} 种结果，例子看到 {seen} 种（{share}）"
            if zh
            else f"{place}: of {whole} ways the rules can come out, the examples see {seen} ({share})"
        )
    never = "例子没有看到" if zh else "no example sees"
    return lines + [f"  {never}: {u.place} {u.name} {'/'.join(u.never)}" for u in unseen]


def register(app: typer.Typer) -> None:
    """The command stands in the group `policy`, which registers itself."""

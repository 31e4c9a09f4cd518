"""`doudi simulate REFORM`: what a reform would do to everyone in a snapshot. Runs without Django."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doudi.site.commands.screen import (
    Day,
    Memory,
    Place,
    Snapshot,
    Threads,
    checked_memory,
    day_of,
    snapshot_of,
    told_of_files,
)
from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals

if TYPE_CHECKING:
    from doudi.engine.simulation import Line, PovertyGap, Simulation

Reform = Annotated[Path, typer.Argument(help="The reform file (YAML).", exists=True, dir_okay=False)]
Folder = Annotated[Path | None, typer.Option("--policy", help="Policy folder; by default the shipped one.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Where slices are kept, to go on after a break; by default in HOME.", file_okay=False),
]
Households = Annotated[
    Path | None,
    typer.Option(help="Write before and after of every household to this .csv or .parquet.", dir_okay=False),
]
Programmes = Annotated[list[str] | None, typer.Option("--programme", help="Compare only these programmes.")]


def simulate(
    reform: Reform,
    snapshot: Snapshot = None,
    place: Place = None,
    as_of: Day = None,
    out: Out = None,
    policy: Folder = None,
    programme: Programmes = None,
    households: Households = None,
    memory: Memory = "4GB",
    threads: Threads = 2,
    json: Json = False,
    lang: Lang = "zh",
) -> None:
    """Compare the rules with a reform over a snapshot: cost, coverage, who gains and who loses, the poverty gap.

    Undetermined households are a line of their own, never in a total of eligible or not.
    """
    from doudi.engine.policy import load
    from doudi.engine.reform import read_reform, reformed
    from doudi.engine.rulebook import resolve
    from doudi.engine.simulate import households_of
    from doudi.engine.simulate import simulate as compare
    from doudi.site.places import home, policy_folder
    from doudi.site.progress import Progress

    checked_lang(lang)
    checked_memory(memory)
    if households is not None and households.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter("a name ending in .csv or .parquet", param_hint="--households")
    found = snapshot_of(snapshot, place)
    day = day_of(as_of) or found.as_of
    with refusals(lang, as_json=json), told_of_files(found.folder):
        current = load(policy or policy_folder())
        change = read_reform(reform, current)
        before, after = resolve(current, found.place), resolve(reformed(current, change), found.place)
        target = out or home() / "simulations" / f"{before.hash[:8]}-{after.hash[:8]}"
        progress = Progress(silent=json)
        progress.say("试算 · simulating")
        result = compare(
            before, after, found.folder, target, as_of=day, programmes=programme, memory_limit=memory, threads=threads,
            processes=True, progress=progress.count,
        )  # fmt: skip
        if households is not None:
            households_of(before, after, target, households, as_of=day, programmes=programme)
    if json:
        print_json({"reform": {"name": change.name, "label": change.label}, **result.to_json()})
        return
    typer.echo(change.label[lang])
    for line in told(result, day, lang):
        typer.echo(line)


def told(result: Simulation, day: date, lang: str) -> list[str]:
    """The result as lines of text."""
    zh, line, gap = lang == "zh", result.in_all, result.gap
    lines = [
        f"{day}，{result.households} 户 {result.persons} 人，有变化的 {result.changed} 户"
        if zh
        else f"{day}: {result.households} households, {result.persons} people; {result.changed} households change",
        *_headless(result.persons_unknown, zh),
        *(_line(one, zh) for one in (line, *result.programmes)),
        f"待遇提高 {line.winners} 户，降低 {line.losers} 户，改认定 {line.otherwise} 户，不变 {line.unchanged} 户"
        if zh
        else f"better off {line.winners}, worse off {line.losers}, recognised otherwise {line.otherwise}, "
        f"unchanged {line.unchanged}",
        f"说不准是否有变化（缺情况）{line.undetermined} 户"
        if zh
        else f"undetermined whether anything changes: {line.undetermined}",
    ]
    return lines if gap is None else [*lines, _gap(gap, zh)]


def _headless(households: int, zh: bool) -> list[str]:
    """Unknown is not zero: such households add nobody to the count of people."""
    if not households:
        return []
    said = f"其中 {households} 户人数不明，不在人数里"
    return [said if zh else f"of {households} households the number of people is not known; they are in no count"]


def _gap(gap: PovertyGap, zh: bool) -> str:
    sums = (gap.without.sum, gap.before.sum, gap.after.sum)
    if zh:
        said = "与现行低保标准的差额合计（每月）：不救助 {} 元，现在 {} 元，改革后 {} 元".format(*sums)
        return f"{said}（情况不全的 {gap.undetermined} 户不在内）"
    said = "shortfall to today's line a month: without help {}, now {}, with the reform {} yuan".format(*sums)
    return f"{said} ({gap.undetermined} undetermined households left out)"


def _line(line: Line, zh: bool) -> str:
    b, a = line.before, line.after
    if zh:
        return (
            f"  {line.label['zh']}：符合 {b.eligible} → {a.eligible}（新进 {line.newly_in}，退出 {line.out}）；"
            f"待定 {b.undetermined} → {a.undetermined}；每月 {b.month} → {a.month} 元"
            + (f"；一次性 {b.once} → {a.once} 元" if b.once or a.once else "")
        )
    return (
        f"  {line.label['en']}: eligible {b.eligible} → {a.eligible} (in {line.newly_in}, out {line.out}); "
        f"undetermined {b.undetermined} → {a.undetermined}; {b.month} → {a.month} yuan a month"
        + (f"; once {b.once} → {a.once} yuan" if b.once or a.once else "")
    )


def register(app: typer.Typer) -> None:
    app.command()(simulate)

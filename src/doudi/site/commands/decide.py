"""`doudi decide`: what the rules propose for a household written in CASE.json (without Django), or for applications."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals, write_out

if TYPE_CHECKING:
    from doudi.engine.alternatives import Alternatives as Offered
    from doudi.engine.proposal import Proposal
    from doudi.site.flow.deciding import Decided

CaseFile = Annotated[
    Path | None, typer.Argument(help="CASE.json: {as_of, place, household, persons}.", exists=True, dir_okay=False)
]
Place = Annotated[str | None, typer.Option(help="Area whose rules apply, if the case does not say.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show every step with its arithmetic, figures and articles.")]


Alternatives = Annotated[
    bool, typer.Option("--alternatives", help="For CASE.json: also what else fits, package by package, and why not.")
]
Steps = Annotated[bool, typer.Option("--steps", help="The same as --explain.")]
Html = Annotated[bool, typer.Option("--html", help="Print it as HTML, every reason folded up under its result.")]
Keep = Annotated[Path | None, typer.Option(help="Also write the decision to this file, to be replayed years later.")]
Force = Annotated[bool, typer.Option("--force", help="With --keep: replace a file that is there already.")]
Replay = Annotated[
    Path | None, typer.Option(help="Work out a kept decision again, by its own rules.", exists=True, dir_okay=False)
]
Application = Annotated[str | None, typer.Option("--application", help="Number of one application in the database.")]


def decide(
    case: CaseFile = None,
    application: Application = None,
    place: Place = None,
    explain: Explain = False,
    steps: Steps = False,
    alternatives: Alternatives = False,
    keep: Keep = None,
    force: Force = False,
    replay: Replay = None,
    html: Html = False,
    json: Json = False,
    lang: Lang = "zh",
) -> None:
    """Work out what the rules propose; unknown stays unknown. 0 worked out, 1 refused, 2 wrong usage.

    For CASE.json (without a database), for one application by its number, or, with neither, for all that are verified.
    """
    checked_lang(lang)
    if sum(given is not None for given in (case, application, replay)) > 1:
        raise typer.BadParameter("give one of CASE.json, --application and --replay", param_hint="CASE")
    if json and html:
        raise typer.BadParameter("give --json or --html, not both", param_hint="--html")
    shape = Shape(lang, "json" if json else "html" if html else "text", explain or steps)
    if alternatives and case is None:
        raise typer.BadParameter("goes with CASE.json", param_hint="--alternatives")
    if keep is not None and case is None and application is None:
        raise typer.BadParameter("goes with CASE.json or --application", param_hint="--keep")
    if force and keep is None:
        raise typer.BadParameter("goes with --keep", param_hint="--force")
    kept_in = None if keep is None else Target(keep, force)
    with refusals(lang, as_json=json):
        if case is not None:
            from_file(case, place, keep=kept_in, with_alternatives=alternatives, shape=shape)
        elif replay is not None:
            from_kept(replay, shape)
        else:
            from_database(application, keep=kept_in, shape=shape)


@dataclass(frozen=True, slots=True)
class Target:
    """The file a decision is kept in; one that is there already is replaced only where that is asked for."""

    path: Path
    replaces: bool

    def write(self, content: bytes) -> None:
        """For its owner alone: it holds a family's data."""
        write_out(self.path, content, hint="--keep", mode=0o600, replaces=self.replaces)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a proposal is printed: text, json or html; with its steps or without."""

    lang: str
    form: str
    steps: bool

    def say(self, proposal: Proposal, others: Offered | None = None, **beside: Any) -> None:
        """Print it, with what else fits; `beside` is what stands next to it as data."""
        from doudi.engine.alternatives_told import alternatives_lines
        from doudi.engine.telling import proposal_text
        from doudi.engine.telling_html import proposal_page

        if self.form == "json":
            print_json({**proposal.to_json(), **({"alternatives": others.to_json()} if others else {}), **beside})
        elif self.form == "html":
            typer.echo(proposal_page(proposal, self.lang, others))
        else:
            typer.echo(proposal_text(proposal, self.lang, steps=self.steps))
            for line in alternatives_lines(others, self.lang) if others is not None else ():
                typer.echo(line)


def from_database(number: str | None, *, keep: Target | None, shape: Shape) -> None:
    """One application with its reasons, or all verified ones that were not asked about yet."""
    from doudi.site.django_setup import opened
    from doudi.site.progress import Progress

    as_json = shape.form == "json"
    progress = Progress(silent=as_json or number is not None)
    progress.say("数据库 · database")
    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now
        from doudi.site.flow.deciding import decide_one, decide_verified

        if number is not None:
            _say_one(decide_one(number, actor=Actor.system(), at=now()), keep, replace(shape, steps=True))
            return
        progress.say("建议 · proposals")
        done = decide_verified(actor=Actor.system(), at=now(), progress=progress.count)
    if as_json:
        print_json({"decided": done})
    else:
        typer.echo(f"已有建议 · proposed: {done}")


def _say_one(found: Decided, keep: Target | None, shape: Shape) -> None:
    """Worked out again from its stored inputs and its archived rulebook, whatever the policy folder says today."""
    from doudi.site.flow.deciding import kept_of
    from doudi.site.flow.tables import full_form

    if keep is not None:
        keep.write(kept_of(found))
    if shape.form == "json":
        print_json(full_form(found))
    elif found.proposal is not None:
        shape.say(found.proposal)
    else:
        typer.echo((found.assessment.problem or {}).get("message", {}).get(shape.lang, ""))


def from_file(path: Path, place: str | None, *, keep: Target | None, with_alternatives: bool, shape: Shape) -> None:
    """Reads a case file, decides it with the shipped policy, prints the proposal."""
    from doudi.engine.alternatives import alternatives
    from doudi.engine.case import canonical, read_case
    from doudi.engine.case_file import case_data
    from doudi.engine.errors import CaseError
    from doudi.engine.policy import load
    from doudi.engine.policy_files import policy_files
    from doudi.engine.replay import keep as kept
    from doudi.engine.rulebook import resolve
    from doudi.engine.run import decide as proposal_for
    from doudi.site.places import policy_folder

    data = case_data(path.read_bytes())
    asked = place or (data.get("place") if isinstance(data, dict) else None)
    if not isinstance(asked, str) or not asked:
        raise CaseError("case.place_missing")
    rulebook = resolve(load(policy_folder()), asked)
    proposal = proposal_for(rulebook, read_case(data, rulebook), explain=shape.steps or shape.form == "html")
    if keep is not None:
        full = proposal_for(rulebook, read_case(data, rulebook))
        files = {name: text.decode() for name, text in policy_files(policy_folder()).items()}
        keep.write(kept(canonical(data), full, files))
    others = alternatives(rulebook, read_case(data, rulebook)) if with_alternatives else None
    shape.say(proposal, others)


def from_kept(path: Path, shape: Shape) -> None:
    """Works out a kept decision again and says whether it is the same; refused where anything is not what its digest
    says, the result included.
    """
    from doudi.engine.replay import has_same_reasons, read_kept, replayed

    kept = read_kept(path.read_bytes())
    proposal = replayed(kept)
    is_same = has_same_reasons(kept, proposal)
    shape.say(proposal, result_is_the_same=True, reasons_are_the_same=is_same)
    typer.echo(_SAME[shape.lang] if is_same else _WORDED_OTHERWISE[shape.lang], err=shape.form != "text")


_SAME = {
    "zh": "重放结果：与当时相同，理由一字不差",
    "en": "Replay: the result is the same as then, and so is every reason to the letter",
}
_WORDED_OTHERWISE = {
    "zh": "重放结果：与当时相同，理由的措辞与当时不同",
    "en": "Replay: the result is the same as then; the reasons are worded otherwise",
}


def register(app: typer.Typer) -> None:
    app.command()(decide)

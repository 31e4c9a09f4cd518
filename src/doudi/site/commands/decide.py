"""`doudi decide`: what the rules propose for a household written in CASE.json (without Django), or for applications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals

if TYPE_CHECKING:
    from doudi.site.flow.deciding import Decided

CaseFile = Annotated[
    Path | None, typer.Argument(help="CASE.json: {as_of, place, household, persons}.", exists=True, dir_okay=False)
]
Place = Annotated[str | None, typer.Option(help="Area whose rules apply, if the case does not say.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show every step with its arithmetic, figures and articles.")]


Alternatives = Annotated[
    bool, typer.Option("--alternatives", help="For CASE.json: also what else fits, package by package, and why not.")
]
Application = Annotated[str | None, typer.Option("--application", help="Number of one application in the database.")]


def decide(
    case: CaseFile = None,
    application: Application = None,
    place: Place = None,
    explain: Explain = False,
    alternatives: Alternatives = False,
    json: Json = False,
    lang: Lang = "zh",
) -> None:
    """Work out what the rules propose; unknown stays unknown. 0 worked out, 1 refused, 2 wrong usage.

    For CASE.json (without a database), for one application by its number, or, with neither, for all that are verified.
    """
    checked_lang(lang)
    if case is not None and application is not None:
        raise typer.BadParameter("give CASE.json or --application, not both", param_hint="CASE")
    if case is not None:
        with refusals(lang, as_json=json):
            from_file(case, place, explain=explain, with_alternatives=alternatives, as_json=json, lang=lang)
    elif alternatives:
        raise typer.BadParameter("goes with CASE.json", param_hint="--alternatives")
    else:
        from_database(application, as_json=json, lang=lang)


def from_database(number: str | None, *, as_json: bool, lang: str) -> None:
    """One application with its reasons, or all verified ones that were not asked about yet."""
    from doudi.site.django_setup import opened
    from doudi.site.progress import Progress

    progress = Progress(silent=as_json or number is not None)
    progress.say("数据库 · database")
    with opened():
        from doudi.core.actor import Actor
        from doudi.core.clock import now
        from doudi.site.flow.deciding import decide_one, decide_verified

        if number is not None:
            _print_one(decide_one(number, actor=Actor.system(), at=now()), as_json, lang)
            return
        progress.say("建议 · proposals")
        done = decide_verified(actor=Actor.system(), at=now(), progress=progress.count)
    if as_json:
        print_json({"decided": done})
    else:
        typer.echo(f"已有建议 · proposed: {done}")


def _print_one(found: Decided, as_json: bool, lang: str) -> None:
    from doudi.engine.telling import proposal_text
    from doudi.site.flow.tables import full_form

    if as_json:
        print_json(full_form(found))
    elif found.proposal is not None:
        typer.echo(proposal_text(found.proposal, lang, steps=True))
    else:
        typer.echo((found.assessment.problem or {}).get("message", {}).get(lang, ""))


def from_file(
    path: Path, place: str | None, *, explain: bool, with_alternatives: bool, as_json: bool, lang: str
) -> None:
    """Reads a case file, decides it with the shipped policy, prints the proposal."""
    from doudi.engine.alternatives import alternatives
    from doudi.engine.alternatives_told import alternatives_lines
    from doudi.engine.case import read_case
    from doudi.engine.case_file import case_data
    from doudi.engine.errors import CaseError
    from doudi.engine.policy import load
    from doudi.engine.rulebook import resolve
    from doudi.engine.run import decide as proposal_for
    from doudi.engine.telling import proposal_text
    from doudi.site.places import policy_folder

    data = case_data(path.read_bytes())
    asked = place or (data.get("place") if isinstance(data, dict) else None)
    if not isinstance(asked, str) or not asked:
        raise CaseError("case.place_missing")
    rulebook = resolve(load(policy_folder()), asked)
    proposal = proposal_for(rulebook, read_case(data, rulebook), explain=explain)
    others = alternatives(rulebook, read_case(data, rulebook)) if with_alternatives else None
    if as_json:
        print_json({**proposal.to_json(), **({"alternatives": others.to_json()} if others is not None else {})})
        return
    typer.echo(proposal_text(proposal, lang, steps=explain))
    for line in alternatives_lines(others, lang) if others is not None else ():
        typer.echo(line)


def register(app: typer.Typer) -> None:
    app.command()(decide)

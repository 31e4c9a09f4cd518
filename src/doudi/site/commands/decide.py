"""`doudi decide CASE.json`: what the rules propose for one household written in a file. Runs without Django."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals

CaseFile = Annotated[
    Path | None, typer.Argument(help="CASE.json: {as_of, place, household, persons}.", exists=True, dir_okay=False)
]
Place = Annotated[str | None, typer.Option(help="Area whose rules apply, if the case does not say.")]
Explain = Annotated[bool, typer.Option("--explain", help="Show every step with its arithmetic, figures and articles.")]


def decide(
    case: CaseFile = None, place: Place = None, explain: Explain = False, json: Json = False, lang: Lang = "zh"
) -> None:
    """Work out what the rules propose; unknown stays unknown. 0 worked out, 1 refused, 2 wrong usage."""
    checked_lang(lang)
    if case is None:
        raise typer.BadParameter("give CASE.json", param_hint="CASE")
    with refusals(lang, as_json=json):
        from_file(case, place, explain=explain, as_json=json, lang=lang)


def from_file(path: Path, place: str | None, *, explain: bool, as_json: bool, lang: str) -> None:
    """Reads a case file, decides it with the shipped policy, prints the proposal."""
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
    if as_json:
        print_json(proposal.to_json())
    else:
        typer.echo(proposal_text(proposal, lang, steps=explain))


def register(app: typer.Typer) -> None:
    app.command()(decide)

"""`doudi policy check | explain | doc | diff | schema`: the law as data, checked and told. No Django."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doudi.site.command_group import CommandGroup
from doudi.site.places import policy_folder
from doudi.site.saying import Json, Lang, checked_lang, print_json, refusals

if TYPE_CHECKING:
    from doudi.engine.rulebook import Rulebook

Place = Annotated[str | None, typer.Option(help="Area code; by default every place that has a folder.")]
Folder = Annotated[Path | None, typer.Option("--policy", help="Policy folder; by default the shipped one.")]
On = Annotated[str | None, typer.Option(help="Day, like 2026-07-01; by default today.")]
APP = typer.Typer(
    cls=CommandGroup, help="Check, try and read the policy: facts, rules, figures, programmes.", no_args_is_help=True
)


@APP.command()
def check(place: Place = None, policy: Folder = None, json: Json = False, lang: Lang = "zh") -> None:
    """Read every file and check every rule for every place; say all faults with file, line and what to do."""
    from doudi.engine import lint
    from doudi.engine.errors import PolicyErrors
    from doudi.engine.examples import read_examples
    from doudi.engine.outputs_reader import tables_for
    from doudi.engine.policy import load
    from doudi.engine.rulebook import resolve
    from doudi.site.known_places import known_place

    root = policy or policy_folder()
    with refusals(checked_lang(lang), as_json=json):
        read = load(root)
        places = ["", *sorted(read.places)] if place is None else [known_place(place, read.places)]
        examples, found = read_examples(root), []
        wrong = lint.untried(read, examples)
        for code in places:
            rulebook = resolve(read, code)
            tables = tables_for(root, code, names=_names(rulebook))
            wrong += lint.faults(read, rulebook, lint.shown(tables, examples))
            found.append(
                {
                    "place": code or "nation",
                    "rules": sum(q.origin == "rule" for q in rulebook.quantities.values()),
                    "facts": len(rulebook.facts),
                    "parameters": len(rulebook.parameters),
                    "programmes": len(rulebook.programmes),
                    "tables": len(tables),
                    "hash": rulebook.hash,
                }
            )
        if wrong:
            raise PolicyErrors(list({str(fault): fault for fault in wrong}.values()))
        if json:
            print_json({"policy": read.hash, "places": found})
            return
        for line in found:
            typer.echo(_checked(line, lang))


def _names(rulebook: Any) -> list[str]:
    return [*rulebook.quantities, *rulebook.facts]


def _checked(line: dict[str, Any], lang: str) -> str:
    if lang == "zh":
        return (
            f"{line['place']}：{line['rules']} 条规则、{line['facts']} 个事实、{line['parameters']} 个参数、"
            f"{line['programmes']} 个项目，没有错误"
        )
    return (
        f"{line['place']}: {line['rules']} rules, {line['facts']} facts, {line['parameters']} parameters, "
        f"{line['programmes']} programmes, no faults"
    )


@APP.command()
def explain(
    name: Annotated[str, typer.Argument(help="household.x, person.x, record.x, a parameter or a programme.")],
    place: Annotated[str, typer.Option(help="Area code.")] = "",
    policy: Folder = None,
    json: Json = False,
    lang: Lang = "zh",
) -> None:
    """What a name means: its words, its formula, where it is written, what it reads and who reads it."""
    from doudi.engine.errors import EngineError
    from doudi.engine.reading import nearest
    from doudi.engine.told import told

    with refusals(checked_lang(lang), as_json=json):
        rulebook = rulebook_of(policy, place)
        found = told(rulebook, name, lang)
        if found is None:
            known = [*rulebook.quantities, *rulebook.facts, *rulebook.parameters, *rulebook.programmes]
            raise EngineError("run.requested_unknown", suggestion=nearest(name, known), name=name)
    if json:
        print_json(found)
        return
    for key, value in found.items():
        if value:
            typer.echo(f"{key}: {', '.join(value) if isinstance(value, list) else value}")


@APP.command()
def doc(
    programme: str,
    place: Annotated[str, typer.Option(help="Area code.")] = "990101",
    on: On = None,
    policy: Folder = None,
    json: Json = False,
    lang: Lang = "zh",
) -> None:
    """A programme in plain words, made from its rules, as Markdown: conditions, figures, needs, days, articles."""
    from doudi.engine.errors import EngineError
    from doudi.engine.reading import nearest
    from doudi.site.policy_text import page_text

    day = _day(on)
    with refusals(checked_lang(lang), as_json=json):
        rulebook = rulebook_of(policy, place)
        if programme not in rulebook.programmes:
            near = nearest(programme, rulebook.programmes)
            raise EngineError("policy.programme_unknown", suggestion=near, name=programme)
        page = page_text(rulebook, programme, place=place, on=day, lang=lang)
    if json:
        print_json(_documented(rulebook, programme, place, day, page))
        return
    typer.echo(page)


def _documented(rulebook: Any, name: str, place: str, day: date, page: str) -> dict[str, Any]:
    own = rulebook.programmes[name]
    return {
        "programme": name,
        "label": own.label,
        "unit": own.unit,
        "authority": own.authority,
        "place": place,
        "on": day.isoformat(),
        "hash": rulebook.hash,
        "materials": list(own.materials),
        "basis": [
            {"document": b.document, "number": b.number, "article": b.article, "sample": b.sample} for b in own.basis
        ],
        "markdown": page,
    }


@APP.command()
def diff(
    before: Annotated[str, typer.Argument(help="A policy folder, an exported bundle, or a published hash.")],
    after: Annotated[str, typer.Argument(help="Another one, or a reform file (.yaml) laid over the first.")],
    place: Annotated[str, typer.Option(help="Area code.")] = "",
    json: Json = False,
    lang: Lang = "zh",
) -> None:
    """What differs between two policies for a place: rules, figures, programmes, chains, packages, facts."""
    from doudi.engine.difference import difference, difference_lines
    from doudi.engine.rulebook import resolve
    from doudi.site.policy_sources import policy_at

    with refusals(checked_lang(lang), as_json=json):
        first = policy_at(before, hint="BEFORE")
        second = policy_at(after, base=first, hint="AFTER")
        found = difference(resolve(first, place), resolve(second, place))
    if json:
        print_json(found.to_json())
        return
    for line in difference_lines(found, lang):
        typer.echo(line)


@APP.command()
def schema(
    kind: Annotated[str | None, typer.Argument(help="A kind of file; by default all.")] = None,
) -> None:
    """JSON Schema of the policy files, for editors and other programs."""
    from doudi.engine.schema import FILES, schema_of

    if kind is not None and kind not in FILES:
        raise typer.BadParameter(f"unknown; there is: {', '.join(FILES)}", param_hint="KIND")
    print_json(schema_of(kind) if kind is not None else {name: schema_of(name) for name in FILES})


def rulebook_of(policy: Path | None, place: str) -> Rulebook:
    """The rules of a policy folder for an area that is known; nowhere in particular is the nation."""
    from doudi.engine.policy import load
    from doudi.engine.rulebook import resolve
    from doudi.site.known_places import known_place

    read = load(policy or policy_folder())
    return resolve(read, known_place(place, read.places) if place else "")


def _day(on: str | None) -> date:
    try:
        return date.fromisoformat(on) if on else date.today()  # noqa: DTZ011 — a command may look at the clock
    except ValueError:
        raise typer.BadParameter("a day like 2026-07-01", param_hint="--on") from None


def register(app: typer.Typer) -> None:
    app.add_typer(APP, name="policy")

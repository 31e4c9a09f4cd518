"""From a plan to a folder: deliveries, areas, applications, and the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from doudi.twin.county import Say, make_county
from doudi.twin.deliveries import TEXTS, applications, areas
from doudi.twin.edges import set_on_edges
from doudi.twin.plan import Array, Plan
from doudi.twin.sheets import SHEETS
from doudi.twin.truth import FOLDER, write_truth


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: people, applications, rows by feed, rows by feed whose number nobody can read."""

    people: int
    applications: int
    rows: dict[str, int]
    unreadable: dict[str, int]


def make(plan: Plan, folder: Path, say: Say = lambda text: None) -> Made:
    """Writes a county's files into a folder that is empty or not there yet; FileExistsError otherwise."""
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(folder)
    folder.mkdir(parents=True, exist_ok=True)
    say(f"{plan.households} 户 · households")
    county = make_county(plan)
    if plan.pack:
        county = set_on_edges(county)
    areas(county, folder)
    applications(county, folder)
    legible: dict[str, Array] = {}
    for feed, write in {**TEXTS, **SHEETS}.items():
        legible[feed] = write(county, folder)
        say(f"{feed}: {len(legible[feed])}")
    say(FOLDER)
    write_truth(county, folder / FOLDER, legible)
    return Made(
        county.families.count,
        len(county.assistance.applications),
        {feed: len(rows) for feed, rows in legible.items()},
        {feed: int((~rows).sum()) for feed, rows in legible.items()},
    )

"""Taking a county's folder in: areas, policy, deliveries, registers, applications. Safe to repeat."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from doudi.areas.actions import load_area_rows, load_divisions
from doudi.core.actor import Actor
from doudi.core.errors import DoudiError, Refused
from doudi.matching.actions import register_from_delivery
from doudi.matching.queries.named_rows import kind_of
from doudi.rulebook.actions import publish
from doudi.site.application_sheet import SheetRow, read_sheet
from doudi.site.flow.entering import enter_rows
from doudi.site.flow.folder import AREAS, Folder, Problem, names_in, read_areas, sorted_out
from doudi.site.flow.said import message_of
from doudi.sources import actions as sources_actions
from doudi.sources import queries as sources
from doudi.sources.reading.running import Reader

Say = Callable[[str], None]


@dataclass(slots=True)
class Loaded:
    """What a load brought."""

    place: str = ""
    areas: int = 0
    rulebook: str = ""
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    people: int = 0
    households: int = 0
    applications: int = 0
    entered: int = 0
    """Applications that were not there before."""
    unreadable: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """Members whose number is none, as written, by application."""
    problems: list[Problem] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """For --json: counts, files and problems; no personal data."""
        kept = {name: getattr(self, name) for name in ("place", "areas", "rulebook", "deliveries", "people")}
        kept |= {name: getattr(self, name) for name in ("households", "applications", "entered")}
        return kept | {"problems": [asdict(problem) for problem in self.problems]}


def load(
    folder: Path,
    *,
    actor: Actor,
    at: datetime.datetime,
    today: datetime.date,
    place: str | None = None,
    cutoff: datetime.date | None = None,
    say: Say,
) -> Loaded:
    """Everything in `folder`, in the order it depends on each other."""
    found = sorted_out(folder, _feeds_of(folder))
    loaded = Loaded()
    say("区划 · areas")
    loaded.place = _areas(found, place, loaded, actor, at, today)
    rows = _applications(found, loaded)
    say(f"规则 · policy of {loaded.place}")
    earliest = min([today, *(row.applied_on for row in rows)])
    published = publish(actor=actor, at=at, root=settings.POLICY, place=loaded.place, effective_on=earliest)
    loaded.rulebook = published.hash
    _deliveries(found, loaded, actor, at, cutoff, say)
    say(f"申请 · {len(rows)} applications")
    loaded.entered = enter_rows(rows, actor=actor, at=at)
    return loaded


def _feeds_of(folder: Path) -> dict[str, str]:
    matched = {name: sources.feed_for_file(name) for name in names_in(folder)}
    return {name: feed.name for name, feed in matched.items() if feed is not None}


def _areas(
    found: Folder, place: str | None, loaded: Loaded, actor: Actor, at: datetime.datetime, today: datetime.date
) -> str:
    """Adds areas.csv, under the country's divisions where it builds on them; returns the place."""
    sheet = read_areas(found.areas) if found.areas else None
    if sheet is not None:
        loaded.problems += sheet.problems
        try:
            for county in sheet.lacking:
                load_divisions(actor=actor, at=at, prefix=county)
            loaded.areas = load_area_rows(actor=actor, at=at, rows=sheet.rows, from_on=today)
        except DoudiError as error:
            loaded.problems.append(Problem(AREAS, None, None, None, None, error.code, message_of(error)))
    return place or _only_county(sheet.counties if sheet else [])


def _only_county(counties: list[str]) -> str:
    """The county of areas.csv; without one, the only county that has a policy of its own."""
    if not counties:
        counties = [path.name for path in (settings.POLICY / "places").glob("??????") if path.name.isdigit()]
    if len(counties) != 1:
        raise Refused("site.place_unclear", _("区划表里没有县，或者不止一个。请用 --place 指明区划代码。"))
    return counties[0]


def _deliveries(
    found: Folder,
    loaded: Loaded,
    actor: Actor,
    at: datetime.datetime,
    cutoff: datetime.date | None,
    say: Say,
) -> None:
    """Every delivery by its feed; registers and ledgers go on to the registry, the register of people first."""
    feeds = sources.feeds()
    order = {"register": 0, "ledger": 1}
    with Reader() as reader:
        for path, name in sorted(found.deliveries, key=lambda item: order.get(kind_of(feeds[item[1]]), 2)):
            say(f"{path.name} → {name}")
            delivery = sources_actions.receive_file(
                actor=actor, at=at, path=path, file_name=path.name, feed=name, cutoff=cutoff, reader=reader
            )
            loaded.problems += [_as_problem(item, path.name, name) for item in sources.problems(delivery.id)]
            loaded.deliveries.append(
                {
                    "file": path.name, "feed": name, "state": delivery.state, "rows": delivery.rows,
                    "accepted": delivery.accepted, "quarantined": delivery.quarantined, "waiting": delivery.waiting,
                }
            )  # fmt: skip
            if delivery.state == "accepted" and kind_of(feeds[name]):
                report = register_from_delivery(actor=actor, at=at, delivery=delivery.id)
                loaded.people += report.people_created
                loaded.households += report.households_created
    for path in found.strangers:
        loaded.problems.append(_stranger(path))


def _applications(found: Folder, loaded: Loaded) -> list[SheetRow]:
    if found.applications is None:
        return []
    rows, problems = read_sheet(found.applications)
    name = found.applications.name
    loaded.problems += [
        Problem(name, None, item.row, item.column, item.cell, item.code, item.message) for item in problems
    ]
    loaded.applications = len(rows)
    loaded.unreadable = {row.number: row.unreadable for row in rows if row.unreadable}
    return rows


def _as_problem(item: Mapping[str, Any], file: str, feed: str) -> Problem:
    get = item.get
    return Problem(file, feed, get("row"), get("column"), get("cell"), item["code"], dict(item["message"]))


def _stranger(path: Path) -> Problem:
    zh = "没有一种交付认识这个文件名，没有收下。请按约定的文件名重新导出。"
    en = "No feed knows a file of this name; it was not taken in. Export it under the agreed name."
    return Problem(path.name, None, None, None, None, "sources.no_feed", {"zh": zh, "en": en})

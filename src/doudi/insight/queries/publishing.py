"""What of a simulation may be told outside its area, and what was told of the same place before."""

from __future__ import annotations

from doudi.insight.logic.result_lines import Earlier
from doudi.insight.models import PublishedTable, SimulationRun

REMEMBERED = 50
"""So many earlier tables of a place are looked at: whoever has more than the newest fifty has what they tell, too."""


def published_of(run: SimulationRun) -> PublishedTable | None:
    """What was told of a run, once anything was."""
    return PublishedTable.objects.filter(simulation=run).first()


def published_before(run: SimulationRun) -> list[Earlier]:
    """Tables of the same place that were told before this one, the newest first."""
    rows = PublishedTable.objects.filter(simulation__place=run.place).exclude(simulation=run)
    rows = rows.select_related("simulation")
    return [
        Earlier(row.counts, frozenset(row.money), row.simulation.result) for row in rows.order_by("-at")[:REMEMBERED]
    ]

"""Applications set exactly on the edges of the county's rules (a pack)."""

from __future__ import annotations

from doudi.twin.county import County


def set_on_edges(county: County) -> County:
    return county

"""The shipped policy brought under places' own rules: what stays theirs, what comes new."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from doudi.rulebook.logic.overlay import own_files, places_in, with_own_files


def upgraded(shipped: Mapping[str, str], held: Mapping[str, str], edited: Collection[str]) -> dict[str, str]:
    """The shipped files, but with the folders of places that were edited here as they are held; theirs alone stay too.

    `edited`: places whose rules were drafted and published in this house.
    """
    merged = dict(shipped)
    for place in places_in(held):
        if place in edited or place not in places_in(shipped):
            merged = with_own_files(merged, place, own_files(held, place))
    return merged

"""Reading areas, as of a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from doudi.areas.models import LEVELS, Area


def _on(day: date | None) -> Q:
    return Q(to_on=None) if day is None else Q(from_on__lte=day) & (Q(to_on=None) | Q(to_on__gt=day))


def area(code: str, on: date | None = None) -> Area | None:
    """The area of a code, today or on a day."""
    return Area.objects.filter(_on(on), code=code).first()


def subtree(code: str, on: date | None = None) -> QuerySet[Area]:
    """All areas at or below a code, by range on the index."""
    return Area.objects.filter(_on(on), code__gte=code, code__lt=code + ":").order_by("code")


def children(code: str, on: date | None = None) -> QuerySet[Area]:
    """The areas directly below a code; of the nation the provinces."""
    if not code:
        # two digits: all that can be, by the index on codes, instead of a walk over the whole country
        return Area.objects.filter(_on(on), code__in=[f"{n:02}" for n in range(100)]).order_by("code")
    level = next((name for length, name in LEVELS.items() if length > len(code)), None)
    found = subtree(code, on)
    return found.filter(level=level) if level else found.none()


def path(code: str, on: date | None = None) -> list[Area]:
    """The area and those above it, highest first."""
    codes = [code[:length] for length in LEVELS if length <= len(code)]
    return list(Area.objects.filter(_on(on), code__in=codes).order_by("code"))


def name_path(code: str, lang: str = "zh", on: date | None = None) -> str:
    """The names from the county down, joined; the code itself where nothing is known."""
    names = [a.name for a in path(code, on) if len(a.code) >= 6] or [a.name for a in path(code, on)]
    return " ".join(names) or code


def names_of(codes: Iterable[str], on: date | None = None) -> dict[str, str]:
    """For each code its name after the name of the area above it (township and village); the code itself if unknown."""
    wanted = set(codes) - {""}
    above = {code: code[: max((n for n in LEVELS if n < len(code)), default=0)] for code in wanted}
    found = dict(Area.objects.filter(_on(on), code__in=wanted | set(above.values())).values_list("code", "name"))
    return {code: " ".join(filter(None, (found.get(above[code]), found.get(code)))) or code for code in wanted}

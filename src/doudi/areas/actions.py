"""Loading and changing areas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from doudi.areas.divisions import AS_OF, divisions
from doudi.areas.models import LEVELS, Area
from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.errors import Malformed, Missing, Refused


@transaction.atomic
def load_divisions(*, actor: Actor, at: datetime, prefix: str = "") -> int:
    """Loads the shipped areas at or below a prefix, and those above it, that are missing; returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.coming")
        cursor.execute("CREATE TEMP TABLE coming (code text, name text, level text) ON COMMIT DROP")
        with cursor.copy("COPY coming (code, name, level) FROM STDIN") as copy:
            for code, name in divisions(prefix):
                copy.write_row((code, name, LEVELS[len(code)]))
        cursor.execute(
            "INSERT INTO areas_area (code, name, level, from_on, replaced_by) SELECT c.code, c.name, c.level, %s, '' "
            "FROM coming c WHERE NOT EXISTS (SELECT 1 FROM areas_area a WHERE a.code = c.code)",
            [AS_OF],
        )
        added = int(cursor.rowcount)
    record_act(actor=actor, verb="areas.load_divisions", subjects=[("area", prefix or "nation")], at=at, count=added)
    return added


@transaction.atomic
def load_area_rows(*, actor: Actor, at: datetime, rows: Iterable[tuple[str, str]], from_on: date) -> int:
    """Adds areas (code, name). One without the area above it, there or among them, is refused: then none is added."""
    wanted = dict(sorted(rows, key=lambda row: (len(row[0]), row[0])))
    known = set(
        Area.objects.filter(code__in={c[:n] for c in wanted for n in LEVELS if n <= len(c)}, to_on=None).values_list(
            "code", flat=True
        )
    )
    new: list[Area] = []
    for code, name in wanted.items():
        _check(code, name)
        above = _above(code)
        if above and above not in known:
            raise Refused(
                "areas.ancestor_missing",
                _("区划 %(code)s 的上级 %(above)s 不存在。请先加入上级区划。") % {"code": code, "above": above},
                area=code,
            )
        if code not in known:
            new.append(Area(code=code, name=name, level=LEVELS[len(code)], from_on=from_on))
            known.add(code)
    Area.objects.bulk_create(new, batch_size=5000)
    record_act(
        actor=actor, verb="areas.load_area_rows", subjects=[("area", a.code) for a in new[:1]], at=at, count=len(new)
    )
    return len(new)


@transaction.atomic
def rename_area(*, actor: Actor, at: datetime, code: str, name: str, from_on: date) -> Area:
    """A new name from a day on; the old row keeps its period."""
    old = _end(code, from_on, code)
    new = Area.objects.create(code=code, name=name, level=old.level, from_on=from_on)
    record_act(actor=actor, verb="areas.rename_area", subjects=[("area", code)], at=at)
    return new


@transaction.atomic
def replace_area(*, actor: Actor, at: datetime, code: str, by: str, from_on: date) -> Area:
    """An area's code is replaced by another (recoded, merged): the old row ends and names its successor."""
    if not Area.objects.filter(code=by, to_on=None).exists():
        raise Missing("areas.successor_missing", _("接替的区划 %(code)s 不存在。请先加入它。") % {"code": by}, area=by)
    old = _end(code, from_on, by)
    record_act(actor=actor, verb="areas.replace_area", subjects=[("area", code), ("area", by)], at=at)
    return old


def _end(code: str, on: date, by: str) -> Area:
    old = Area.objects.select_for_update().filter(code=code, to_on=None).first()
    if old is None:
        raise Missing("areas.unknown", _("没有区划 %(code)s。") % {"code": code}, area=code)
    old.to_on, old.replaced_by = on, by
    old.save(update_fields=["to_on", "replaced_by"])
    return old


def _check(code: str, name: str) -> None:
    if not (code.isascii() and code.isdigit()) or len(code) not in LEVELS or not name.strip():
        raise Malformed(
            "areas.malformed",
            _("区划 %(code)s 的代码或名称不对。代码应为 2、4、6、9 或 12 位数字。") % {"code": code},
            area=code,
        )


def _above(code: str) -> str:
    shorter = [n for n in LEVELS if n < len(code)]
    return code[: max(shorter)] if shorter else ""

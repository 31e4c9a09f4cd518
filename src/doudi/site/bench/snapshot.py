"""`doudi bench snapshot`: households a second from registry and lake to the snapshot that screening reads.

A throw-away house gets its people, their register households and one delivery of medical settlements (five rows each of
them); filling it is outside the clock. Beside it stands writing the same number of households straight to Parquet.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from doudi.site.bench.apart import apart, own_house, repeated
from doudi.site.bench.deliveries import identity_numbers, write_csv
from doudi.site.bench.load import AT
from doudi.site.bench.population import write_population
from doudi.site.bench.screen import DAY, PLACE, rules
from doudi.site.measure import Measure

HOUSEHOLDS = 100_000
EACH = 3
"""Persons of a household."""


def run(*, households: int | None, home: Path) -> Iterator[Measure]:
    """Households per second and the peak memory of our process (the cluster's own is not in it)."""
    (home / "bench").mkdir(parents=True, exist_ok=True)
    count = households or HOUSEHOLDS
    with tempfile.TemporaryDirectory(prefix="snapshot-", dir=home / "bench") as folder:
        house = Path(folder) / "house"
        apart(fill, house, count)
        seconds, peak = repeated(count, made, house)
        floor, _ = repeated(count, straight, Path(folder) / "straight", count)
        yield Measure(
            "snapshot.households_per_second", round(count / seconds, 1), "households/s", count, peak,
            "made_up_population_written_straight", round(count / floor, 1), round(seconds / floor, 2),
        )  # fmt: skip


def fill(house: Path, households: int) -> None:
    """People, register households and one delivery."""
    from doudi.core.vault import create_keys
    from doudi.site.django_setup import opened

    own_house(house)
    create_keys(house / "keys")
    with opened():
        from doudi.core.actor import Actor
        from doudi.registry.actions import form_hukou_households, register_people
        from doudi.registry.logic.newcomers import NewHousehold, NewPerson
        from doudi.sources.actions import receive_file

        numbers = identity_numbers(households * EACH)
        area, actor = f"{PLACE}001001", Actor.system()
        people = [NewPerson(n, "王某", hukou_type="农村", area_code=area, state="正常") for n in numbers]
        ids = register_people(actor=actor, at=AT, people=people, origin="bench").ids
        families = []
        for first in range(0, len(numbers), EACH):
            head, *others = (ids[number] for number in numbers[first : first + EACH])
            members = ((head, "户主"), *((other, "子") for other in others))
            families.append(NewHousehold(f"B{first:09d}", area, head, members))
        form_hukou_households(actor=actor, at=AT, households=families, on=DAY, origin="bench")
        file = house / "yibao_jiesuan.csv"
        write_csv(file, len(numbers) * 5, 1)
        receive_file(actor=actor, at=AT, path=file)


def made(house: Path) -> float:
    """Seconds of one snapshot."""
    from doudi.site.django_setup import opened

    own_house(house)
    with opened():
        from doudi.core.actor import Actor
        from doudi.matching.actions import make_snapshot

        rulebook = rules()
        started = time.perf_counter()
        make_snapshot(
            actor=Actor.system(), at=AT, as_of=DAY, place=PLACE, out=house / "snapshot", rulebook=rulebook
        )  # fmt: skip
        return time.perf_counter() - started


def straight(folder: Path, households: int) -> float:
    """Seconds of writing a made-up population of the same size."""
    started = time.perf_counter()
    write_population(folder, rules(), households=households, as_of=DAY, slice_size=1_000_000)
    return time.perf_counter() - started

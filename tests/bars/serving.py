"""A house in service for the bar of key rotation, as a process of its own: `python -m tests.bars.serving PART …`.

`fill N` registers N people; `serve` reads and changes them until its input ends, then prints what it saw; `rotate`
seals everything anew. All reach the database by DATABASE_URL and the keys by DOUDI_HOME.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import django

AT = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)
CHUNK = 10_000


def number_at(place: int) -> str:
    """The number of the person filled in at a place: each place another."""
    from tests.registry.conftest import number

    born, rest = divmod(place, 900)
    year, day = divmod(born, 336)
    return number(f"{1900 + year}{day // 28 + 1:02d}{day % 28 + 1:02d}", rest + 100, area="990199")


def fill(count: int) -> None:
    """Rows of the register as the real action writes them, without what names cost."""
    from doudi.core.vault import vault
    from doudi.registry.actions.rows import insert_rows
    from doudi.registry.logic.numbers import NUMBER_INDEX, number_context
    from doudi.registry.models import Person

    names = [
        "id", "name", "pinyin", "initials", "number_enc", "number_index", "number_masked", "sex", "ethnicity",
        "hukou_type", "area_code", "state", "registered_at",
    ]  # fmt: skip
    safe = vault()
    for first in range(0, count, CHUNK):
        rows = []
        for place in range(first, min(first + CHUNK, count)):
            own, number = uuid.UUID(int=(place * 0x9E3779B97F4A7C15) % 2**64 << 64 | place), number_at(place)
            sealed = safe.encrypt(number_context(own), number.encode())
            index = safe.blind_index(NUMBER_INDEX, number)
            rows.append((own, "某", "", "", sealed, index, "", "", "", "", "990199001001", "正常", AT))
        insert_rows(Person, names, rows)


class Served:
    """What the readers and the writer of this process saw."""

    def __init__(self, count: int) -> None:
        self.count, self.reads, self.failed, self.writes = count, 0, list[str](), dict[uuid.UUID, str]()
        self.slowest = 0.0
        self.stopped = threading.Event()
        self._lock = threading.Lock()

    def read(self, seed: int) -> None:
        """By number, then the number itself: both must be there each time."""
        from django.db import connection

        from doudi.registry.queries.people import number_of, person_by_number

        chance = random.Random(seed)
        while not self.stopped.is_set():
            place = chance.randrange(self.count // 2)  # the writer changes the other half
            begun = time.perf_counter()
            try:
                found = person_by_number(number_at(place))
                said = number_of(found) if found else None
                fault = (
                    "" if said == number_at(place) else f"place {place}: {'not found' if found is None else 'other'}"
                )
            except Exception as error:
                fault = f"{type(error).__name__} {error}"
            with self._lock:
                self.reads += 1
                self.slowest = max(self.slowest, time.perf_counter() - begun)
                if fault:
                    self.failed.append(fault)
        connection.close()

    def write(self) -> None:
        """Numbers corrected by the real action, one after the other."""
        from django.db import connection

        from doudi.core.actor import Actor
        from doudi.registry.actions import correct_number
        from doudi.registry.queries.people import person_by_number

        chance, fresh = random.Random(5), 5_000_000
        while not self.stopped.is_set():
            place, fresh = self.count // 2 + chance.randrange(self.count - self.count // 2), fresh + 1
            try:
                person = person_by_number(number_at(place))
                if person is None:
                    continue  # corrected before
                correct_number(actor=Actor.system(), at=AT, person=person.id, number=number_at(fresh), reason="更正")
                self.writes[person.id] = number_at(fresh)
            except Exception as error:
                self.failed.append(f"write {type(error).__name__} {error}")
            time.sleep(0.002)
        connection.close()

    def lost(self) -> int:
        """Writes that are no longer there."""
        from doudi.registry.queries.people import number_of, persons_by_numbers

        found = persons_by_numbers(list(self.writes.values()))
        return sum(
            1 for person, number in self.writes.items()
            if number not in found or found[number].id != person or number_of(found[number]) != number
        )  # fmt: skip


def serve(count: int) -> None:
    """Two readers and a writer until the input ends."""
    served = Served(count)
    threads = [threading.Thread(target=_everywhere, args=(served.read, seed)) for seed in (1, 2)]
    threads.append(threading.Thread(target=_everywhere, args=(served.write,)))
    for thread in threads:
        thread.start()
    print("serving", flush=True)
    sys.stdin.read()
    served.stopped.set()
    for thread in threads:
        thread.join()
    print(
        json.dumps(
            {"reads": served.reads, "writes": len(served.writes), "failed": served.failed[:5],
             "failures": len(served.failed), "lost": served.lost(), "slowest": served.slowest}
        )
    )  # fmt: skip


def _everywhere(part: Callable[..., None], *given: object) -> None:
    """As the machine itself: a thread begins without bounds, and sees nothing without them."""
    from doudi.core.actor import Actor
    from doudi.core.row_context import acting

    with acting(Actor.system()):
        part(*given)


def rotate_now() -> None:
    """As `doudi keys rotate` does, without the register of keys, which belongs to another role."""
    from doudi.site.key_rotation import rotate

    done = rotate()
    print(json.dumps({"cells": done.cells, "indexes": done.indexes, "whole": done.is_whole}))


if __name__ == "__main__":
    django.setup()
    part, *given = sys.argv[1:]
    if part == "fill":
        _everywhere(fill, int(given[0]))
    elif part == "serve":
        _everywhere(serve, int(given[0]))
    else:
        _everywhere(rotate_now)

"""A small house of its own, with a server that archives its log: what backups are taken of and restored into."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import override_settings

from doudi.areas.actions import load_area_rows
from doudi.audit.actions import record_act
from doudi.audit.actions.sequencing import sequence_entries
from doudi.core.actor import Actor
from doudi.core.row_context import acting
from doudi.core.vault import Vault, create_keys, open_vault, vault
from doudi.lib.identity_number import check_character
from doudi.site.backup.figures import Figures, figures_of
from doudi.site.backup.register import Taken
from doudi.site.backup.taking import Backup, take
from doudi.site.database import acting_as
from doudi.site.key_register import register_keys
from doudi.site.postgres import Cluster
from doudi.site.roles import ensure_database, ensure_roles
from doudi.sources.actions import receive_file
from doudi.sources.models import Delivery

NAME = "doudi"
AREAS = [("99", "样例省"), ("9901", "样例市"), ("990101", "样例县"), ("990101001", "样例镇")]


def quiet(_text: str) -> None:
    """Progress that nobody reads."""


def number(serial: int) -> str:
    """A synthetic identity number."""
    first17 = f"99010119800101{serial:03d}"
    return first17 + check_character(first17)


@dataclass(frozen=True)
class House:
    """The house, and what is done in it."""

    home: Path
    blocker: Any

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.home, throw_away=True, archives=True)

    @property
    def keys(self) -> Vault:
        return open_vault(self.home / "keys")

    @contextmanager
    def inside(self, role: str = "work") -> Iterator[None]:
        """This process works in the house."""
        with (
            self.blocker.unblock(),
            override_settings(HOME=self.home),
            acting_as(role, self.home, name=NAME),
            acting(Actor.system()),
        ):
            yield

    def figures(self) -> Figures:
        with self.cluster.connect(NAME) as connection:
            return figures_of(connection)

    def back_up(self, to: Path, say: Callable[[str], None] = quiet) -> Taken:
        return take(Backup(self.cluster, NAME, to, self.keys), at=datetime.now(UTC), say=say)

    def deliver(self, scratch: Path, *serials: int) -> Delivery:
        """One delivery of wages: a file of the lake and a sealed original."""
        path = scratch / "shuiwu_gongzi.txt"
        lines = [f"202507|{number(serial)}|甲|某厂|1587.34" for serial in serials]
        path.write_text("\n".join(["所属期|证件号码|姓名|扣缴义务人|收入额", *lines]) + "\n", encoding="utf-8")
        with self.inside():
            made = receive_file(actor=Actor.system(), at=datetime.now(UTC), path=path)
        assert made.state == "accepted", made.problem
        return made

    def act(self, times: int) -> None:
        """So many entries of the audit log, each with its place in the tree."""
        with self.inside():
            for serial in range(times):
                record_act(
                    actor=Actor.system(), verb="areas.try", subjects=[("area", "99")], at=datetime.now(UTC),
                    count=serial,
                )  # fmt: skip
            sequence_entries()


@contextmanager
def small_house(home: Path, blocker: Any) -> Iterator[House]:
    """A house with tables, keys, some areas, one delivery and entries; stopped and gone afterwards."""
    shutil.copytree(_built(blocker), home)
    house = House(home, blocker)
    house.cluster.start()
    try:
        ensure_roles(house.cluster)
        yield house
    finally:
        house.cluster.stop()
        _gone(home)


@cache
def _built(blocker: Any) -> Path:
    """Such a house, stopped: made once, copied for each that is wanted."""
    home = Path(tempfile.mkdtemp(prefix="doudi-house-"))
    owner = os.getpid()
    atexit.register(lambda: _gone(home) if os.getpid() == owner else None)
    create_keys(home / "keys")
    house = House(home, blocker)
    house.cluster.start()
    ensure_roles(house.cluster)
    ensure_database(house.cluster, NAME)
    with house.inside("migrate"):
        call_command("migrate", verbosity=0, interactive=False)
        register_keys(vault())
    with house.inside():
        load_area_rows(actor=Actor.system(), at=datetime.now(UTC), rows=AREAS, from_on=date(2026, 1, 1))
    house.deliver(home, 1, 2)
    house.act(20)
    house.cluster.stop()
    for note in ("socket", "run"):
        _remove(home / "pg" / note)
    return home


def _gone(home: Path) -> None:
    note = home / "pg" / "socket"
    if note.exists():
        shutil.rmtree(note.read_text(), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

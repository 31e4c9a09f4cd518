"""A thousand known numbers sent through the real paths: deliveries, applications, search, exports, errors."""

from __future__ import annotations

import csv
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from django.urls import reverse

from doudi.cases.actions import save_draft
from doudi.cases.logic.wizard import Answers, to_data
from doudi.core.actor import Actor
from doudi.core.errors import Refused
from doudi.matching.actions import make_snapshot
from doudi.registry.actions import add_bank_account, change_head, correct_number, move_household, record_obligors
from doudi.registry.logic.newcomers import NewObligors
from doudi.registry.logic.obligors import Obligor
from doudi.registry.models import Household, Person
from doudi.rulebook.queries import current
from doudi.sources.actions import fetch_annotated_file, receive_file
from doudi.sources.models import Delivery
from doudi.verification.actions import conclude_check
from doudi.verification.models import Check
from tests.architecture.project import ROOT
from tests.cases.conftest import staff
from tests.cases.signing_in import signed_in
from tests.flows.running import AT, TODAY, run_folder
from tests.registry.conftest import number

DEMO = ROOT / "demo"
COUNTY = "990101"


@dataclass
class Seeded:
    """The numbers that went in, by how."""

    numbers: dict[str, list[str]]

    def all(self) -> set[str]:
        return {one for those in self.numbers.values() for one in those}


def seed(home: Path, folder: Path, count: int = 1_000) -> Seeded:
    """Everything, committed; at least `count` different numbers."""
    fresh = _fresh(random.Random(20261129))
    seeded = Seeded({"demo": _demo_numbers()})
    with logged_to(home / "log" / "web.log"):
        run_folder(DEMO)
        seeded.numbers["corrected"] = _changed(fresh, 20)
        seeded.numbers["bank"] = _banks(random.Random(7), 80)
        seeded.numbers["delivered"] = _delivered(fresh, folder, 250)
        seeded.numbers["drafts"] = _drafts(fresh, 60)
        seeded.numbers["searched"] = _searched(fresh, 60)
        seeded.numbers["errors"] = _errors(fresh, 30)
        _exported()
        _concluded_and_chosen()
        rest = max(0, count - len(seeded.all()))
        seeded.numbers["more"] = _delivered(fresh, folder, rest, name="shuiwu_gongzi_more.txt") if rest else []
    return seeded


@contextmanager
def logged_to(path: Path) -> Iterator[None]:
    """The house's own log format into a file of its log folder, from debug upwards."""
    root = logging.getLogger()
    formatter = next(one.formatter for one in root.handlers if "ProcessorFormatter" in type(one.formatter).__name__)
    path.parent.mkdir(exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(formatter)
    kept = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(kept)
        root.removeHandler(handler)
        handler.close()


def _fresh(chance: random.Random) -> Iterator[str]:
    while True:
        born = f"{chance.randint(1940, 2015)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
        yield number(born, chance.randint(100, 999), area="990199")


def _demo_numbers() -> list[str]:
    with (DEMO / "gongan_huji.csv").open(encoding="utf-8-sig", newline="", errors="replace") as file:
        rows = list(csv.reader(file))
    found = {cell.strip().upper() for row in rows for cell in row if len(cell.strip()) == 18 and cell.startswith("99")}
    return sorted(found)


def _changed(fresh: Iterator[str], count: int) -> list[str]:
    """Numbers corrected, addresses with a number in them, obligors' names and places."""
    given = []
    people = list(Person.objects.filter(number_index__isnull=False).order_by("id")[:count])
    for person in people:
        given.append(next(fresh))
        correct_number(actor=Actor.system(), at=AT, person=person.id, number=given[-1], reason="更正")
    household = Household.objects.filter(ended_on__isnull=True).order_by("id").first()
    assert household is not None
    for one in given[:2]:
        move_household(
            actor=Actor.system(), at=AT, household=household.id, area_code=household.area_code, on=TODAY,
            line=f"石桥路 {one} 号",
        )  # fmt: skip
    listed = Obligor(people[0].id, f"王 {given[0]}", "child", f"外省 {given[1]}", {"note": given[2]})
    record_obligors(
        actor=Actor.system(), at=AT, statements=[NewObligors(people[0].id, (listed,), TODAY, application="")]
    )
    return given


def _banks(chance: random.Random, count: int) -> list[str]:
    given = [f"99{chance.randrange(10**16, 10**17)}" for _ in range(count)]
    people = list(Person.objects.filter(number_index__isnull=False).order_by("id")[:count])
    for one, person in zip(given, people, strict=False):
        add_bank_account(actor=Actor.system(), at=AT, person=person.id, bank="虚构银行", number=one, from_on=TODAY)
    return given[: len(people)]


def _delivered(fresh: Iterator[str], folder: Path, count: int, name: str = "shuiwu_gongzi.txt") -> list[str]:
    """Rows taken in, rows set aside, rows waiting, and a file refused as a whole."""
    given = [next(fresh) for _ in range(count)]
    head = "所属期|证件号码|姓名|扣缴义务人|入账说明"
    lines = ["所属期|证件号码|姓名|扣缴义务人|收入额"]
    for place, one in enumerate(given):
        amount = "一千" if place % 5 == 0 else "1200.50"  # every fifth row is set aside
        wrong = one[:17] + ("1" if one[17] != "1" else "2")
        lines.append(
            f"202507|{wrong if place % 7 == 0 else one}|某{place}|某厂 {one if place % 11 == 0 else ''}|{amount}"
        )
        if place % 13 == 0:
            lines.append(f"202507||某人 {one}|某厂|10")  # no number in its own column: waits
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    receive_file(actor=Actor.system(), at=AT, path=path, feed="shuiwu_gongzi")
    refused = folder / f"refused-{name}"
    refused.write_text("\n".join([head, *(f"202507|{one}|甲|厂|{one}" for one in given[:50])]) + "\n", encoding="utf-8")
    receive_file(actor=Actor.system(), at=AT, path=refused, feed="shuiwu_gongzi", file_name=f"工资_{given[0]}.txt")
    return given


def _drafts(fresh: Iterator[str], count: int) -> list[str]:
    given = [next(fresh) for _ in range(count)]
    actor = staff("registrar", COUNTY)
    for one in given:
        answers = to_data(Answers()) | {"note": one, "applicant": one}
        save_draft(actor=actor, at=AT, draft=None, answers=answers)
    return given


def _searched(fresh: Iterator[str], count: int) -> list[str]:
    """Typed into the search box; the last into the form of an application."""
    given = [next(fresh) for _ in range(count)]
    for part in range(0, count, 10):
        client, _actor = signed_in("handler", COUNTY)
        for one in given[part : part + 10]:
            answer = client.post(reverse("desk:search"), {"q": one})
            assert answer.status_code == 302 and one not in answer["Location"]
            client.get(answer["Location"])
    client, _actor = signed_in("registrar", COUNTY)
    client.post(reverse("cases:new"))
    return given


def _errors(fresh: Iterator[str], count: int) -> list[str]:
    """In addresses that do not exist, in reasons, in forms that are refused, in a failure of ours."""
    given = [next(fresh) for _ in range(count)]
    client, _actor = signed_in("handler", COUNTY)
    client.raise_request_exception = False
    for one in given[:10]:
        client.get(f"/nowhere/{one}/", {"q": one})
        client.post(reverse("desk:search"), {"q": f"{one} " * 5})
    for one in given[10:20]:
        with mock.patch("doudi.desk.views.people_found", side_effect=ValueError(f"no such person {one}")):
            answer = client.post(reverse("desk:search"), {"q": one})
            assert client.get(answer["Location"]).status_code == 500
    household = Household.objects.order_by("id").first()
    assert household is not None
    for one in given[20:]:
        try:
            change_head(
                actor=Actor.system(), at=AT, household=household.id, head=household.head_id or household.id, on=TODAY,
                reason=f"本人 {one} 要求",
            )  # fmt: skip
        except Refused:
            continue
    return given


def _exported() -> None:
    """The sender's own file with its problems, and copies of own data on paper and as data."""
    for delivery in Delivery.objects.filter(has_original=True, quarantined__gt=0)[:3]:
        fetch_annotated_file(actor=staff("county_officer", COUNTY), at=AT, delivery=delivery.id)
    client, _actor = signed_in("registrar", COUNTY)
    for person in Person.objects.filter(number_index__isnull=False, area_code__startswith=COUNTY).order_by("id")[:2]:
        for form in ("json", "pdf"):
            address = f"{reverse('desk:hand_out', args=[person.id])}?how=identity_card&form={form}"
            answer = client.post(address, {"purpose": "service"})
            assert answer.status_code == 200, answer.content[:200]
        client.post(reverse("desk:note", args=[person.id]), {"about": "本人", "said": "名字写错了"})


def _concluded_and_chosen() -> None:
    """A remark, an answer, a snapshot: the sealed columns that loading does not fill."""
    check = Check.objects.filter(state="answered").order_by("-requested_at", "-id").first()
    assert check is not None
    officer = staff("verification_officer", check.area_code[:6] or COUNTY)
    conclude_check(actor=officer, at=AT, check=check.id, remark="核对完成，没有超过。")
    make_snapshot(
        actor=Actor.system(), at=AT, as_of=TODAY, place=COUNTY, rulebook=current(COUNTY, TODAY),
        out=_snapshots() / "bar",
    )  # fmt: skip


def _snapshots() -> Path:
    from django.conf import settings

    folder = Path(settings.HOME) / "snapshots"
    folder.mkdir(exist_ok=True)
    return folder

"""F-03 and P-02: what leaves as a file runs nowhere, and leaves only for a purpose, marked, counted and within limits.

Exports are those the addresses declare; for each there is a way to fill it here, and one without fails.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from doudi.areas.actions import load_area_rows
from doudi.areas.models import Area
from doudi.audit.models import Entry
from doudi.cases.actions import propose_opinion
from doudi.cases.models import Application
from doudi.core.actor import Actor
from doudi.exports.models import Approval, Handout
from doudi.insight.models import SimulationRun
from doudi.rulebook.queries import editions
from doudi.sources.models import Delivery
from tests.architecture.test_exports import exports
from tests.bars.conftest import Bar
from tests.bars.payloads import PAYLOADS
from tests.bars.tables import active_in_csv, active_in_libreoffice, active_in_pdf, active_in_xlsx, read_text
from tests.cases.conftest import AT, COUNTY, HEAD, County, assessed, county, entered, handler, registrar, verified
from tests.cases.signing_in import signed_in
from tests.exports.taking import is_file, take
from tests.sources.conftest import write_book

__all__ = ["County", "assessed", "county", "entered", "handler", "registrar", "verified"]
pytestmark = pytest.mark.django_db
HEADS = "户主证号,户主姓名,补贴项目,金额(元),发放日期"
"""Columns of the feed nongye_butie."""


@dataclass(frozen=True)
class Taken:
    """One export as a test takes it: who, from where; `also` other addresses of the same export (other kinds)."""

    client: Client
    address: str
    also: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def no_files_left(home: Path) -> Iterator[None]:
    yield
    for folder in ("lake", "originals"):
        shutil.rmtree(home / folder, ignore_errors=True)


@pytest.fixture
def world(
    assessed: Callable[..., Application], handler: Actor, tmp_path: Path
) -> Callable[[str, tuple[str, ...]], Taken]:
    """world(name, texts): the export of a name, with texts an outsider could have written in its cells."""
    made = assessed()
    propose_opinion(actor=handler, at=AT, application=made.id, agrees=True, reason="")
    load_area_rows(actor=Actor.system(), at=AT, rows=[("99", "虚构省"), ("9901", "虚构市"), (COUNTY, "云溪县")],
                   from_on=date(2020, 1, 1))  # fmt: skip

    def fill(name: str, texts: tuple[str, ...]) -> Taken:
        return {
            "cases.print_opinion": lambda: _opinion(made),
            "desk.print_looks": lambda: _looks(made),
            "desk.hand_out_copy": lambda: _copy(made),
            "verification.print_report": lambda: _report(made),
            "sources.fetch_annotated_file": lambda: _returned(texts, tmp_path),
            "rulebook.download_standards": lambda: _standards(texts),
            "rulebook.download_version": _parcel,
            "insight.download_table": lambda: _simulation(texts, "insight:table", "insight:table_xlsx"),
            "insight.download_result": lambda: _simulation(texts, "insight:result"),
        }[name]()

    return fill


def _opinion(made: Application) -> Taken:
    client, _ = signed_in("handler", name="陈立")
    return Taken(client, reverse("cases:opinion_pdf", args=[made.id, "zh"]))


def _looks(made: Application) -> Taken:
    client, _ = signed_in("handler", name="陈立")
    return Taken(client, reverse("desk:print_looks", args=[made.applicant_id]) + "?how=identity_card")


def _copy(made: Application) -> Taken:
    client, _ = signed_in("handler", name="陈立")
    paper = reverse("desk:hand_out", args=[made.applicant_id]) + "?how=identity_card&form=pdf"
    return Taken(client, paper, (paper.replace("form=pdf", "form=json"),))


def _report(made: Application) -> Taken:
    made.refresh_from_db()
    client, _ = signed_in("handler", name="陈立")
    return Taken(client, reverse("verification:print", args=[made.check_id]))


def _returned(texts: tuple[str, ...], folder: Path) -> Taken:
    """Two deliveries, one a workbook and one CSV, each with the texts as names."""
    client, _ = signed_in("verification_officer", COUNTY, name="何静")
    rows = [[HEAD, text, text, 12.5, "2026-06-10"] for text in texts] or [[HEAD, "甲", "稻谷补贴", 12.5, "2026-06-10"]]
    book = folder / "nongye_butie.xlsx"
    write_book(book, {"数据": [HEADS.split(","), *rows]})
    lines = [",".join(["户号", "姓名", "公民身份号码", "性别", "民族", "出生日期", "与户主关系", "户口性质", "地址区划",
                       "状态", "状态日期"])]  # fmt: skip
    # a line end or a NUL inside a cell has the whole CSV refused before anything comes of it
    for at, text in enumerate([one for one in texts if not set(one) & set("\r\n\0")] or ["甲"]):
        quoted = '"' + text.replace('"', '""') + '"'
        lines.append(f"YX{at},{quoted},{HEAD},男,汉族,19500501,户主,农村,990101001001,正常,")
    files = [
        SimpleUploadedFile("nongye_butie.xlsx", book.read_bytes()),
        SimpleUploadedFile("gongan_huji.csv", ("\r\n".join(lines) + "\r\n").encode("gb18030")),
    ]
    before = set(Delivery.objects.values_list("id", flat=True))
    for file in files:
        client.post(reverse("sources:receive"), {"file": file, "feed": "", "cutoff": "2026-06-30"})
    found = Delivery.objects.exclude(id__in=before).order_by("received_at")
    addresses = [reverse("sources:returned", args=[one.id]) for one in found]
    assert len(addresses) == 2
    return Taken(client, addresses[0], tuple(addresses[1:]))


def _standards(texts: tuple[str, ...]) -> Taken:
    """Areas bear the texts as names: the sheet names the area of every figure."""
    client, _ = signed_in("handler", name="陈立")
    for at, text in enumerate(texts[:1]):
        Area.objects.filter(code=COUNTY[: 6 - 2 * at or 6]).update(name=text.replace("\0", "")[:80])
    csv = reverse("rulebook:standards_file", args=["csv"]) + f"?place={COUNTY}"
    return Taken(client, csv, (csv.replace("table.csv", "table.xlsx"),))


def _parcel() -> Taken:
    client, _ = signed_in("county_officer", COUNTY, name="林晓燕")
    return Taken(client, reverse("rulebook:version_files", args=[editions()[0].hash]))


def _simulation(texts: tuple[str, ...], *names: str) -> Taken:
    client, actor = signed_in("county_officer", COUNTY, name="林晓燕")
    lines = [_line(f"p{at}", text.replace("\0", "")) for at, text in enumerate(texts)] or [_line("p", "低保")]
    result = {
        "as_of": "2026-07-14", "place": COUNTY, "in_all": _line("", "合计"), "programmes": lines, "areas": [],
        "groups": [], "sizes": [], "gap": None, "left_out": [], "differing": [], "counted": [], "households": 60,
        "persons": 100, "persons_unknown": 0, "errors": 0, "changed": 12,
    }  # fmt: skip
    run = SimulationRun.objects.create(
        place=COUNTY, as_of=date(2026, 7, 14), reform="name: x\nlabel: {zh: 甲, en: a}\nparameters: {}\n",
        label_zh="甲", label_en="a", rulebook="0" * 64, state="done", result=result, asked_by=actor.account_id,
        asked_name="林", asked_at=AT,
    )  # fmt: skip
    addresses = [reverse(name, args=[run.id]) for name in names]
    return Taken(client, addresses[0], (*addresses[1:], *(f"{one}?exact=1" for one in addresses)))


def _line(key: str, label: str) -> dict[str, Any]:
    side = {"eligible": 20, "not_eligible": 30, "undetermined": 10, "persons": 40, "persons_unknown": 0,
            "amount_unknown": 0, "month": "-12.50", "year": "150.00", "once": "0.00"}  # fmt: skip
    moves = {"newly_in": 6, "out": 6, "winners": 6, "losers": 6, "otherwise": 0, "unchanged": 38, "undetermined": 10}
    return {"key": key, "label": {"zh": label, "en": label}, "households": 60, "before": side, "after": side, **moves}


@pytest.mark.bar("F-03", "no cell of a file that leaves runs in a spreadsheet program, whatever somebody wrote into it")
def test_nothing_that_leaves_runs(
    bar: Bar, world: Callable[[str, tuple[str, ...]], Taken], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "EXPORT_WHOLE_A_FILE", 10_000)  # what stands in the cells is tried here, whole, too
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office or not bar.full, "the full form opens every file with LibreOffice: install libreoffice-calc"
    names = sorted({one.name for one in exports().values()})
    files, active, opened = 0, [], 0
    for name in names:
        rounds = [PAYLOADS] if name != "rulebook.download_standards" else [
            (text,) for text in PAYLOADS[:: 1 if bar.full else 6]
        ]  # fmt: skip
        for at, texts in enumerate(rounds):
            for ending, data in _files(world(name, texts)):
                files += 1
                active += [f"{name} {ending}: {cell!r}" for cell in _active(ending, data)]
                if bar.full and office and ending in ("csv", "xlsx") and at % 10 == 0:
                    opened += 1
                    folder = tmp_path / f"office{opened}"
                    folder.mkdir()
                    active += [f"{name} office: {c!r}" for c in active_in_libreoffice(office, data, ending, folder)]
    by = f", {opened} by LibreOffice too" if opened else ""
    bar.says(f"{len(PAYLOADS)} payloads, {len(names)} exports, {files} files opened{by}: {len(active)} active cells")
    assert len(PAYLOADS) >= 60 and files >= len(names)
    assert not active, active[:5]


def _files(taken: Taken) -> Iterator[tuple[str, bytes]]:
    for address in (taken.address, *taken.also):
        answer = taken.client.get(address)
        for more in ({}, {"full": "on"}) if not is_file(answer) else ({},):
            given = answer if is_file(answer) else take(taken.client, address, **more)
            assert is_file(given), (
                address,
                given.status_code,
                re.findall(r"<code>(.*?)</code>", given.content.decode()),
            )
            yield _ending(given), given.content


def _ending(answer: Any) -> str:
    name = answer.headers["Content-Disposition"].rpartition(".")[2].strip('"')
    return {"txt": "csv"}.get(name, name)


def _active(ending: str, data: bytes) -> list[str]:
    if ending == "csv":
        return active_in_csv(data)
    if ending == "xlsx":
        return active_in_xlsx(data)
    if ending == "pdf":
        return active_in_pdf(data)
    if ending == "json":
        json.loads(data)
    return []


@pytest.mark.bar(
    "P-02", "files with people's data leave for a stated purpose only, masked, marked, counted, within limits"
)
def test_every_export_asks_marks_counts_and_keeps_its_limits(
    bar: Bar, world: Callable[[str, tuple[str, ...]], Taken], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing_standing = tmp_path / "policy"
    shutil.copytree(settings.POLICY, nothing_standing, ignore=shutil.ignore_patterns("agreements"))
    declared = {one.name: one for one in exports().values()}
    leader, _ = signed_in("county_leader", COUNTY, name="赵永安")
    seen = {"asked": 0, "second": 0, "once": 0, "marked": 0, "counted": 0}
    for name, one in sorted(declared.items()):
        taken = world(name, ())
        if not one.is_personal:
            seen["marked"] += _handed_out(taken.client.get(taken.address), name)
            seen["counted"] += 1
            continue
        for method in ("get", "post"):
            assert not is_file(getattr(taken.client, method)(taken.address)), f"{name}: no purpose, no file"
        seen["asked"] += 1
        answer = take(taken.client, taken.address)
        seen["marked"] += _handed_out(answer, name)
        whole = HEAD.encode() in answer.content or "19500501" in _text(answer)
        assert whole == one.own, f"{name}: masked by default, whole for the person themselves"
        seen["counted"] += 1
        monkeypatch.setattr(settings, "EXPORT_PERSONS_A_FILE", 0)
        monkeypatch.setattr(settings, "POLICY", nothing_standing)
        seen["second"] += not is_file(take(taken.client, taken.address))
        asked = take(taken.client, taken.address, reason="检查要用")
        row = Approval.objects.latest("asked_at")
        assert asked.status_code == 302 and row.state == "waiting" and row.export == name
        assert not is_file(take(taken.client, taken.address, approval=row.id)), "no yes, no file"
        own = taken.client.post(reverse("exports:decide", args=[row.id]), {"answer": "yes"})
        assert own.status_code == 403 and Approval.objects.get(pk=row.id).state == "waiting"
        assert leader.post(reverse("exports:decide", args=[row.id]), {"answer": "yes"}).status_code == 302
        assert not is_file(take(leader, taken.address, approval=row.id))
        assert is_file(take(taken.client, taken.address, approval=row.id))
        seen["once"] += not is_file(take(taken.client, taken.address, approval=row.id))
        monkeypatch.undo()
    personal = sum(one.is_personal for one in declared.values())
    bar.says(
        f"{len(declared)} exports: {seen['asked']} of {personal} with people ask what for, {seen['second']} need "
        f"a second person over the limit, {seen['once']} give once; {seen['marked']} marked, {seen['counted']} counted"
    )
    assert seen == {
        "asked": personal,
        "second": personal,
        "once": personal,
        "marked": len(declared),
        "counted": len(declared),
    }


def _handed_out(answer: Any, name: str) -> bool:
    """A file with its row, its entry with count and digest, its mark, and no trace in a cache."""
    assert is_file(answer), name
    assert answer.headers["Cache-Control"] == "no-store"
    made = Handout.objects.get(digest=sha256(answer.content).hexdigest())
    entry = Entry.objects.get(verb=name, content_digest=made.digest)
    assert (entry.count, made.export) == (made.persons, name)
    return made.account_name in _text(answer) and made.mark_number in _text(answer)


def _text(answer: Any) -> str:
    """What can be read in a file."""
    ending, data = _ending(answer), answer.content
    if ending == "pdf":
        from tests.documents.reading import text_of

        return text_of(data).replace("\n", "")
    if ending in ("xlsx", "zip"):
        import zipfile

        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return read_text(data)

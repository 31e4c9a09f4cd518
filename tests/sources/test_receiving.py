"""A delivery is taken in whole or not at all; what is left of it beside the lake is sealed."""

from __future__ import annotations

import dataclasses
import datetime
import os
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from doudi.audit.models import Entry
from doudi.core.actor import Actor
from doudi.core.errors import Missing, Refused
from doudi.core.vault import VaultError, vault
from doudi.sources import lake
from doudi.sources.actions import close_permits, open_permits, receive_file, receive_files, receiving
from doudi.sources.logic.permits import NewPermit
from doudi.sources.models import Delivery, LakeFile, Permit, QuarantinedRow, WaitingRow
from doudi.sources.places import lake_folder, original_path, people_path
from doudi.sources.queries import coverage, feeds, lake_path, people_rows, problems, rows_for, tainted
from doudi.sources.queries.returned import original_context
from doudi.sources.reading.running import Reader
from doudi.sources.sealing import opened
from doudi.sources.sound import is_sound
from tests.sources.conftest import ANNA, AT, BERT, CARL

pytestmark = pytest.mark.django_db
FEED = "shuiwu_gongzi"
WRONG = BERT[:17] + ("1" if BERT[17] != "1" else "2")
HUKOU = "户号,姓名,公民身份号码,性别,民族,出生日期,与户主关系,户口性质,地址区划,状态,状态日期\n"


def key(number: str) -> uuid.UUID:
    return vault().person_key(number)


def wages(folder: Path, *lines: str, name: str = "shuiwu_gongzi.txt") -> Path:
    path = folder / name
    path.write_text("\n".join(["所属期|证件号码|姓名|扣缴义务人|收入额", *lines]) + "\n", encoding="utf-8")
    return path


def test_an_accepted_delivery_is_in_the_lake_by_key(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = wages(tmp_path, f"202507|{ANNA}|甲|某厂|1,587.34", f"2026年6月|{BERT.lower()}|乙|某厂|-20")
    delivery = receive_file(actor=actor, at=AT, path=path, reader=reader)
    assert (delivery.state, delivery.rows, delivery.accepted) == ("accepted", 2, 2)
    rows = rows_for(FEED, [key(ANNA), key(CARL)])
    assert list(rows) == [key(ANNA)]
    assert rows[key(ANNA)] == [
        {
            "month": datetime.date(2025, 7, 1),
            "payer": "某厂",
            "amount": Decimal("1587.34"),
            "_row": 2,
            "_delivery": delivery.id,
        }
    ]
    covered = coverage(FEED)
    assert covered is not None
    assert (covered.from_month, covered.to_month) == (datetime.date(2025, 7, 1), datetime.date(2026, 6, 1))
    assert covered.delivery == delivery.id


def test_nothing_is_covered_before_the_first_delivery(actor: Actor) -> None:
    assert coverage(FEED) is None
    assert rows_for(FEED, [key(ANNA)]) == {}
    assert tainted(FEED, [key(ANNA)]) == set()
    with pytest.raises(Missing):
        lake_path(FEED)


def test_a_cut_off_closes_only_whole_months(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "weijian_siwang.csv"
    path.write_text(f"证件号码,姓名,死亡日期\n{ANNA},甲,2026.03.01\n", encoding="utf-8")
    receive_file(actor=actor, at=AT, path=path, reader=reader, cutoff=datetime.date(2026, 6, 30))
    covered = coverage("weijian_siwang")
    assert covered is not None
    assert (covered.from_month, covered.to_month) == (None, datetime.date(2026, 6, 1))
    again = receive_file(actor=actor, at=AT, path=path, reader=reader, cutoff=datetime.date(2026, 6, 15))
    covered = coverage("weijian_siwang")
    assert covered is not None
    assert (covered.to_month, covered.delivery) == (datetime.date(2026, 5, 1), again.id)


def test_the_same_file_twice_is_one_delivery(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    path = wages(tmp_path, f"202507|{ANNA}|甲|某厂|100")
    first = receive_file(actor=actor, at=AT, path=path, reader=reader)
    other = wages(tmp_path, f"202507|{ANNA}|甲|某厂|100", name="shuiwu_gongzi_again.txt")
    assert receive_file(actor=actor, at=AT, path=other, reader=reader).id == first.id
    path.write_bytes(path.read_bytes()[:-3])
    refused = receive_file(actor=actor, at=AT, path=path, reader=reader)
    assert receive_file(actor=actor, at=AT, path=path, reader=reader).id == refused.id
    assert Delivery.objects.count() == 2
    assert Entry.objects.filter(verb="sources.receive_file").count() == 2


def test_a_new_delivery_replaces_the_old_one_with_all_it_kept(
    actor: Actor, reader: Reader, tmp_path: Path, django_capture_on_commit_callbacks: object
) -> None:
    old = receive_file(
        actor=actor, at=AT, path=wages(tmp_path, f"202507|{ANNA}|甲|某厂|多", f"202507|{BERT}|乙|某厂|5"), reader=reader
    )
    assert tainted(FEED, [key(ANNA), key(BERT)]) == {key(ANNA)}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        new = receive_file(actor=actor, at=AT, path=wages(tmp_path, f"202508|{ANNA}|甲|某厂|7"), reader=reader)
    old.refresh_from_db()
    assert (old.state, old.has_original) == ("superseded", False)
    assert not original_path(old.id).exists()
    assert not QuarantinedRow.objects.filter(delivery=old).exists()
    assert tainted(FEED, [key(ANNA)]) == set()
    assert rows_for(FEED, [key(ANNA), key(BERT)])[key(ANNA)][0]["_delivery"] == new.id
    assert key(BERT) not in rows_for(FEED, [key(BERT)])
    assert [path.name for path in lake_folder(FEED).iterdir()] == [LakeFile.objects.get().file_name]
    assert problems(old.id)[0]["code"] == "row.money"


def test_an_appended_feed_keeps_what_it_had_and_replaces_rows_of_one_key(
    actor: Actor, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = feeds()[FEED]
    columns = tuple(dataclasses.replace(c, key=c.name in ("month", "payer")) for c in feed.columns)
    appended = dataclasses.replace(feed, mode="append", columns=columns)
    monkeypatch.setattr(receiving, "feeds", lambda: {FEED: appended})
    monkeypatch.setattr(receiving, "feed_for_file", lambda _name: appended)
    first = wages(tmp_path, f"202507|{ANNA}|甲|某厂|1", f"202508|{ANNA}|甲|某厂|2")
    one = receive_file(actor=actor, at=AT, path=first, reader=reader)
    second = wages(tmp_path, f"202508|{ANNA}|甲|某厂|3", f"202509|{ANNA}|甲|某厂|4")
    two = receive_file(actor=actor, at=AT, path=second, reader=reader)
    rows = rows_for(FEED, [key(ANNA)])[key(ANNA)]
    assert sorted((row["month"].month, row["amount"], row["_delivery"]) for row in rows) == [
        (7, Decimal(1), one.id),
        (8, Decimal(3), two.id),
        (9, Decimal(4), two.id),
    ]
    covered = coverage(FEED)
    assert covered is not None
    assert (covered.from_month, covered.to_month) == (datetime.date(2025, 7, 1), datetime.date(2025, 9, 1))
    assert LakeFile.objects.get().rows == 3


def test_rows_set_aside_are_sealed_and_taint_only_people_with_a_usable_number(
    actor: Actor, reader: Reader, tmp_path: Path
) -> None:
    path = wages(
        tmp_path,
        f"202507|{ANNA}|甲|某厂|多",
        f"202507|{WRONG}|乙|某厂|5",
        "202507||丙|某厂|6",
        f"202507|{CARL}|丁|某厂|8",
    )
    made = receive_file(actor=actor, at=AT, path=path, reader=reader)
    assert (made.rows, made.accepted, made.quarantined, made.waiting) == (4, 1, 2, 1)
    assert tainted(FEED, [key(ANNA), key(BERT), key(CARL)]) == {key(ANNA)}
    row = QuarantinedRow.objects.get(row=2)
    assert ANNA.encode() not in bytes(row.cells_enc)
    assert ANNA.encode() in vault().decrypt(f"sources_quarantinedrow|cells|{row.id}", bytes(row.cells_enc))
    with pytest.raises(VaultError):
        vault().decrypt(f"sources_quarantinedrow|cells|{uuid.uuid4()}", bytes(row.cells_enc))
    waits = WaitingRow.objects.get()
    assert "丙".encode() in vault().decrypt(f"sources_waitingrow|cells|{waits.id}", bytes(waits.cells_enc))
    assert [one["code"] for one in problems(made.id)] == ["row.money", "row.number_check", "row.number_empty"]
    assert set(problems(made.id)[0]) == {"file", "feed", "row", "column", "cell", "code", "message"}


def test_originals_and_people_are_sealed_on_disk_and_only_for_this_account(
    actor: Actor, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "gongan_huji.csv"
    first = f"YX1,甲一,{ANNA},男,汉族,19800101,户主,农村,990101001001,正常,\n"
    second = f"YX1,乙二,{BERT},女,汉族,19810101,配偶,农村,990101001001,新状态,\n"
    path.write_bytes((HUKOU + first + second).encode("gb18030"))
    made = receive_file(actor=actor, at=AT, path=path, reader=reader)
    for sealed in (original_path(made.id), people_path(made.id)):
        assert ANNA.encode() not in sealed.read_bytes()
        assert sealed.stat().st_mode & 0o077 == 0
    assert b"".join(opened(original_path(made.id), original_context(made.id))) == path.read_bytes()
    with pytest.raises(VaultError):
        list(opened(original_path(made.id), original_context(uuid.uuid4())))
    rows = list(people_rows(made.id))
    assert [(row["number"], row["name"], row["household_no"], row["state"]) for row in rows] == [
        (ANNA, "甲一", "YX1", "正常"),
        (BERT, "乙二", "YX1", None),
    ]
    assert tainted("gongan_huji", [key(ANNA), key(BERT)]) == {key(BERT)}
    assert ANNA.encode() not in lake_path("gongan_huji").read_bytes()
    assert lake_path("gongan_huji").stat().st_mode & 0o077 == 0
    assert not list((Path(os.environ["DOUDI_HOME"]) / "incoming").iterdir())


def test_a_feed_that_is_no_register_leaves_no_names_behind(actor: Actor, reader: Reader, tmp_path: Path) -> None:
    made = receive_file(actor=actor, at=AT, path=wages(tmp_path, f"202507|{ANNA}|甲|某厂|1"), reader=reader)
    assert not made.has_people
    assert list(people_rows(made.id)) == []


def test_a_swap_that_fails_leaves_everything_as_it_was(
    actor: Actor, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = receive_file(actor=actor, at=AT, path=wages(tmp_path, f"202507|{ANNA}|甲|某厂|1"), reader=reader)
    monkeypatch.setattr(lake, "_rows", lambda _path: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        receive_file(actor=actor, at=AT, path=wages(tmp_path, f"202507|{ANNA}|甲|某厂|2"), reader=reader)
    monkeypatch.undo()
    assert Delivery.objects.get().id == good.id
    assert rows_for(FEED, [key(ANNA)])[key(ANNA)][0]["amount"] == Decimal(1)
    assert len(list(lake_folder(FEED).iterdir())) == 2
    lake.sweep(FEED)
    assert [path.name for path in lake_folder(FEED).iterdir()] == [LakeFile.objects.get().file_name]
    assert is_sound(LakeFile.objects.get())
    lake_path(FEED).write_bytes(b"other")
    assert not is_sound(LakeFile.objects.get())


def test_many_files_are_read_side_by_side_and_come_back_in_order(actor: Actor, tmp_path: Path) -> None:
    first = wages(tmp_path, f"202507|{ANNA}|甲|某厂|1")
    second = tmp_path / "weijian_siwang.csv"
    second.write_text("证件号码,姓名,死亡日期\n", encoding="utf-8")
    made = receive_files(actor=actor, at=AT, paths=[first, second, first])
    assert [one.state for one in made] == ["accepted", "refused", "accepted"]
    assert made[0].id == made[2].id


def test_a_file_of_no_known_name_is_refused_before_anything(actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("x\n")
    with pytest.raises(Refused, match=r"sources\.no_feed"):
        receive_file(actor=actor, at=AT, path=path)
    assert not Delivery.objects.exists()


def test_permits_hold_through_their_last_day_and_end_when_closed(actor: Actor) -> None:
    day = datetime.date(2026, 7, 1)
    permits = [
        NewPermit(FEED, key(ANNA), day, None, "authorisation 1"),
        NewPermit(FEED, key(BERT), day, day, "authorisation 2"),
    ]
    assert open_permits(actor=actor, at=AT, permits=permits) == 2
    assert open_permits(actor=actor, at=AT, permits=permits) == 0
    later = day + datetime.timedelta(days=10)
    assert close_permits(actor=actor, at=AT, keys=[key(ANNA), key(BERT)], feeds=[FEED], on=later, reason="撤回") == 1
    assert Permit.objects.get(person_key=key(ANNA)).to_on == datetime.date(2026, 7, 10)
    assert close_permits(actor=actor, at=AT, keys=[key(BERT)], feeds=[FEED], on=day, reason="撤回") == 1
    assert not Permit.objects.filter(person_key=key(BERT)).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        open_permits(actor=actor, at=AT, permits=[NewPermit(FEED, key(CARL), later, day, "x")])

"""Publishing, finding and keeping rulebooks."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from doudi.core.actor import Actor
from doudi.core.errors import Missing, Refused
from doudi.rulebook import queries
from doudi.rulebook.actions import publish
from doudi.rulebook.models import Published

ROOT = Path(__file__).resolve().parents[2] / "policy"
AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
COUNTY = "990101"

pytestmark = pytest.mark.django_db


def published(root: Path = ROOT, effective_on: date = date(2026, 7, 1), at: datetime = AT) -> Published:
    return publish(actor=Actor.system(), at=at, root=root, place=COUNTY, effective_on=effective_on)


def changed(tmp_path: Path, old: str = "value: 24,", new: str = "value: 36,") -> Path:
    root = tmp_path / "policy"
    shutil.copytree(ROOT, root)
    path = root / "places" / COUNTY / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return root


def test_a_published_rulebook_is_found_by_place_and_day_and_by_hash() -> None:
    one = published()
    assert queries.current(COUNTY, date(2026, 7, 1)).hash == one.hash
    assert queries.by_hash(one.hash).place == COUNTY


def test_a_township_is_decided_by_its_countys_rulebook() -> None:
    one = published()
    assert queries.current("990101001", date(2026, 8, 1)).hash == one.hash


def test_before_its_first_day_there_is_none() -> None:
    published()
    with pytest.raises(Missing) as caught:
        queries.current(COUNTY, date(2026, 6, 30))
    assert caught.value.code == "rulebook.none_in_force"


def test_an_unknown_hash_is_missing() -> None:
    with pytest.raises(Missing):
        queries.by_hash("0" * 64)


def test_the_later_rulebook_holds_from_its_day_and_the_earlier_before(tmp_path: Path) -> None:
    first = published()
    second = published(changed(tmp_path), date(2026, 9, 1))
    assert first.hash != second.hash
    assert queries.current(COUNTY, date(2026, 8, 31)).hash == first.hash
    assert queries.current(COUNTY, date(2026, 9, 1)).hash == second.hash


def test_the_same_files_are_published_once() -> None:
    assert published().pk == published().pk
    assert Published.objects.count() == 1


def test_the_archive_gives_the_same_rulebook_again_after_the_folder_has_changed(tmp_path: Path) -> None:
    root = changed(tmp_path)
    one = published(root)
    shutil.rmtree(root)
    queries.by_hash.cache_clear()
    again = queries.by_hash(one.hash)
    assert str(again.parameters["financial_asset_months"].values[0].value) == "36"


def test_files_with_a_fault_are_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        published(changed(tmp_path, "relaxed_car_limit:", "relaxed_cra_limit:"))
    assert caught.value.code == "rulebook.not_acceptable"
    assert not Published.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE rulebook_published SET place = '50'", "DELETE FROM rulebook_published", "TRUNCATE rulebook_published"],
)
def test_the_database_refuses_to_change_or_delete_what_is_published(statement: str) -> None:
    published()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Published.objects.count() == 1


def test_the_output_tables_are_those_of_the_published_files() -> None:
    tables = queries.output_tables(published().hash)
    assert [column.name for column in tables["decisions"].columns][:3] == ["申请编号", "乡镇", "计入人数"]
    assert tables["findings"].one_row_per == "person"

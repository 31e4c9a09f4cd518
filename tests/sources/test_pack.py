"""The county pack as it came: fourteen good files are taken in, the two bad ones refused as its README says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from doudi.core.actor import Actor
from doudi.sources.actions import receive_files
from doudi.sources.models import LakeFile
from doudi.sources.queries import coverage, feed_for_file, people_rows, problems
from tests.sources.conftest import AT

pytestmark = pytest.mark.django_db
AGREED = {
    # rows of data, taken in, set aside, identical
    "canlian_chizheng": (283, 283, 0, 0), "gongan_cheliang": (1320, 1307, 13, 0), "gongan_huji": (5329, 5311, 12, 6),
    "jiaoyu_xueji": (1301, 1301, 0, 0), "minzheng_dibao_taizhang": (180, 180, 0, 0), "nongye_butie": (1374, 1374, 0, 0),
    "renshe_yanglao": (934, 932, 2, 0), "shichang_zhuti": (252, 251, 1, 0), "shuiwu_gongzi": (21450, 21433, 17, 0),
    "sifa_zaiya": (35, 35, 0, 0), "weijian_siwang": (59, 59, 0, 0), "yibao_jiesuan": (3666, 3666, 0, 0),
    "yinhang_jinrong": (5159, 5159, 0, 0), "ziran_budongchan": (2804, 2793, 11, 0),
}  # fmt: skip
BAD = {"nongye_butie_数字证号.xlsx", "yibao_jiesuan_截断.csv"}


def test_the_pack_is_taken_in_but_for_its_two_bad_files(actor: Actor, pack: Path) -> None:
    paths = [path for path in sorted(pack.iterdir()) if path.is_file() and feed_for_file(path.name)]
    made = {one.file_name: one for one in receive_files(actor=actor, at=AT, paths=paths)}
    assert len(made) == 16
    refused = {name: one.problem for name, one in made.items() if one.state == "refused"}
    assert set(refused) == BAD
    lost, cut = refused["nongye_butie_数字证号.xlsx"], refused["yibao_jiesuan_截断.csv"]
    assert lost is not None
    assert (lost["code"], lost["column"], lost["cell"]) == ("number.as_float", "户主证号", "A2")
    assert cut is not None
    assert (cut["code"], cut["row"]) == ("file.truncated", 360)
    good = {one.feed: one for one in made.values() if one.state == "accepted"}
    counted = {feed: (one.rows, one.accepted, one.quarantined, one.duplicates) for feed, one in good.items()}
    assert counted == AGREED
    assert {one["code"] for name in good.values() for one in problems(name.id)} == {"row.number_check"}
    assert LakeFile.objects.count() == 14
    covered = coverage("shuiwu_gongzi")
    assert covered is not None
    assert (covered.from_month, covered.to_month) == (date(2025, 7, 1), date(2026, 6, 1))
    ledger = list(people_rows(good["minzheng_dibao_taizhang"].id))
    assert len(ledger) == 180
    assert all(row["people"] for row in ledger)

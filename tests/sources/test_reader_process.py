"""The reader process: without Django, without the parent's secrets, and with the same keys of persons as the vault."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from doudi.core.vault import create_keys, open_vault
from doudi.sources.queries import feeds
from doudi.sources.reading.job import Job, Limits
from doudi.sources.reading.keying import keyer
from doudi.sources.reading.running import Reader
from tests.sources.conftest import ANNA, AT, SECRET

LINE = f"202507|{ANNA}|甲|某厂|1\n"


def job_of(folder: Path, text: str, limits: Limits) -> Job:
    folder.mkdir()
    path = folder / "delivery"
    path.write_text("所属期|证件号码|姓名|扣缴义务人|收入额\n" + text, encoding="utf-8")
    day = AT.date()
    return Job(feeds()["shuiwu_gongzi"], str(path), str(folder), uuid.uuid4(), day, None, limits, "intl", SECRET)


def test_the_reader_imports_no_django() -> None:
    code = "import sys, doudi.sources.reading.child; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("crypto", ["intl", "sm"])
def test_persons_are_keyed_as_the_vault_does_it(crypto: str, tmp_path: Path) -> None:
    create_keys(tmp_path / "keys", crypto)
    opened = open_vault(tmp_path / "keys")
    assert uuid.UUID(bytes=keyer(crypto, opened.person)(ANNA)) == opened.person_key(ANNA)


def test_a_killed_file_does_not_take_the_reader_with_it(reader: Reader, tmp_path: Path) -> None:
    late = reader.read(job_of(tmp_path / "one", LINE, Limits(wall=0.0)))
    assert late.refusal is not None
    assert late.refusal["code"] == "file.limits"
    assert reader.read(job_of(tmp_path / "two", LINE, Limits())).accepted == 1


def test_a_reader_that_dies_is_replaced(tmp_path: Path) -> None:
    with Reader() as own:
        assert own.read(job_of(tmp_path / "one", LINE, Limits())).accepted == 1
        process = own._process
        assert process is not None
        process.kill()
        process.wait()
        refused = own.read(job_of(tmp_path / "two", LINE, Limits()))
        assert refused.refusal is not None
        assert refused.refusal["code"] == "file.limits"
        assert own.read(job_of(tmp_path / "three", LINE, Limits())).accepted == 1


def test_the_reader_gets_neither_arguments_nor_environment_that_tell(tmp_path: Path) -> None:
    os.environ["DOUDI_SECRET_OF_A_TEST"] = "x"
    try:
        with Reader() as own:
            own.read(job_of(tmp_path / "one", LINE, Limits()))
            process = own._process
            assert process is not None
            seen = Path(f"/proc/{process.pid}/environ").read_bytes() + Path(f"/proc/{process.pid}/cmdline").read_bytes()
    finally:
        del os.environ["DOUDI_SECRET_OF_A_TEST"]
    assert b"DOUDI" not in seen
    assert SECRET not in seen


def test_what_a_job_shows_of_itself_hides_the_key(tmp_path: Path) -> None:
    assert "k" * 32 not in repr(job_of(tmp_path / "one", LINE, Limits()))

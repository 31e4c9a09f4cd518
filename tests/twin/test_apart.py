"""The twin knows nobody, and its truth is its owner's alone."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

from tests.architecture.project import PACKAGE, modules


def test_the_twin_imports_no_django_and_no_other_part_of_doudi() -> None:
    code = (
        "import sys, doudi.twin.making; "
        "mine = {name.split('.')[1] for name in sys.modules if name.startswith('doudi.')}; "
        "sys.exit(str(mine - {'twin', 'lib'}) if mine - {'twin', 'lib'} or 'django' in sys.modules else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_no_product_code_names_the_truth() -> None:
    may = {"site/commands/twin.py", "site/bench/twin_population.py", "site/bench/twin_rows.py"}
    wrong = [
        place
        for place, text in ((path.relative_to(PACKAGE), text) for path, text in modules().items())
        if place.parts[0] != "twin" and "doudi.twin" in text and place.as_posix() not in may
    ]
    assert not wrong


def test_the_command_line_starts_without_the_twin() -> None:
    code = "import sys; from doudi.site.cli import build; build(); sys.exit('doudi.twin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_truth_is_readable_by_its_owner_only(small: Path) -> None:
    truth = small / "truth"
    assert stat.S_IMODE(truth.stat().st_mode) == 0o700
    files = list(truth.iterdir())
    assert len(files) == 17
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_command_says_what_it_made_and_refuses_a_full_folder(tmp_path: Path) -> None:
    code = "from doudi.site.cli import main; main()"
    command = [sys.executable, "-c", code, "twin", "--seed", "4", "--households", "50", "--out", str(tmp_path / "c")]
    first = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    said = json.loads(first.stdout)
    assert said["people"] > 90 and said["rows"]["gongan_huji"] == said["people"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert subprocess.run([*command, "--dirt", "2"], capture_output=True, check=False).returncode == 2

"""What the government profile asks of a house before it is started."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from doudi.audit.adapters.holders import VARIABLE
from doudi.site.cli import build
from doudi.site.profile import ProfileError, check_holder_outside


def test_the_government_profile_wants_a_holder_of_checkpoints_outside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    check_holder_outside()
    monkeypatch.setenv("DOUDI_PROFILE", "government")
    with pytest.raises(ProfileError) as error:
        check_holder_outside()
    assert error.value.code == "profile.holder" and VARIABLE in str(error.value)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    check_holder_outside()


def test_a_house_of_the_profile_is_not_started_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, said in (("DOUDI_HOME", str(tmp_path / "house")), ("DOUDI_PROFILE", "government"), (VARIABLE, "")):
        monkeypatch.setenv(name, said)
    assert CliRunner().invoke(build(), ["init"]).exit_code == 0
    refused = CliRunner().invoke(build(), ["up"])
    assert isinstance(refused.exception, ProfileError) and refused.exception.code == "profile.holder"

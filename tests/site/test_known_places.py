"""Areas named on a command line: known ones pass, others are refused with the nearest codes and names."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from doudi.engine.errors import EngineError
from doudi.site.cli import build
from doudi.site.known_places import known_place

PLACES = ("33", "99", "9901", "990101")


@pytest.mark.parametrize("code", ["33", "330106", "11", "99", "9901", "990101", "990101003001", "990102"])
def test_areas_of_the_country_and_made_up_ones_beside_a_place_are_known(code: str) -> None:
    assert known_place(code, PLACES) == code


@pytest.mark.parametrize(
    ("asked", "code", "near"),
    [
        ("123456", "policy.place_unknown", "120116 滨海新区"),
        ("330100", "policy.place_unknown", "3301 杭州市"),
        ("330000", "policy.place_unknown", "33 浙江省"),
        ("330199", "policy.place_unknown", "3301"),
        ("北京", "policy.place_unknown", "11 北京市"),
        ("970101", "policy.place_unknown", None),
        ("12345", "policy.place_malformed", None),
        ("99010", "policy.place_malformed", None),
    ],
)
def test_others_are_refused_with_what_is_near(asked: str, code: str, near: str | None) -> None:
    with pytest.raises(EngineError) as refused:
        known_place(asked, PLACES)
    assert refused.value.code == code
    assert near is None or near in (refused.value.suggestion or "")


def test_a_check_for_nowhere_says_nothing_is_right() -> None:
    done = CliRunner().invoke(build(), ["policy", "check", "--place", "123456"])
    assert done.exit_code == 1 and done.stdout == "" and "滨海新区" in done.stderr

"""The table of an application's course: what follows what, and that nothing confirms."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, get_resolver

from doudi.accounts.logic.roles import PERMISSIONS
from doudi.cases.lifecycle import BEFORE_OPINION, MOVES, OPEN, STATES, may_follow, next_moves, reachable
from doudi.cases.models import STATE_LABELS


def test_every_state_is_reached_and_no_other() -> None:
    assert reachable() == set(STATES) == set(STATE_LABELS)


def test_no_path_reaches_confirmed() -> None:
    ends = {move.ends for move in MOVES.values()} | {start for move in MOVES.values() for start in move.starts}
    assert not {state for state in ends if "confirm" in state or state in ("decided", "posted", "admitted")}
    assert next_moves("reviewed") == ()


def test_no_address_confirms() -> None:
    names = {name for name in _names(get_resolver().url_patterns) if name.startswith("cases:")}
    assert not {name for name in names if "confirm" in name}


def test_the_way_of_an_application_that_goes_well() -> None:
    state = MOVES["enter"].ends
    for move in ("accept", "verify", "propose", "agree"):
        assert may_follow(state, move)
        state = MOVES[move].ends
    assert state == "reviewed"


def test_nothing_is_skipped() -> None:
    assert not may_follow("entered", "verify")
    assert not may_follow("accepted", "propose")
    assert not may_follow("verified", "agree")
    assert not may_follow("entered", "agree")


def test_a_return_leads_back_into_the_course() -> None:
    assert MOVES["send_back"].ends == MOVES["return"].ends == "returned"
    assert set(next_moves("returned")) == {"accept", "propose"}


def test_opinion_and_review_are_made_by_people_in_different_roles() -> None:
    assert all(MOVES[name].by_a_person for name in ("propose", "agree", "send_back"))
    assert not set(PERMISSIONS[MOVES["propose"].permission]) & set(PERMISSIONS[MOVES["agree"].permission])


def test_whoever_returns_or_sends_back_says_why() -> None:
    assert {name for name, move in MOVES.items() if move.with_reason} == {"send_back", "return"}


def test_the_engine_is_not_asked_again_under_an_opinion() -> None:
    assert set(BEFORE_OPINION) == set(STATES) - {"proposed", "reviewed"}
    assert "reviewed" not in OPEN


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _names(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            found.append(f"{space}{pattern.name}")
    return found

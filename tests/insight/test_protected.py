"""What totals may leave an area: no money of a few families, and no few families between two days."""

from __future__ import annotations

from typing import Any

from doudi.insight.logic.protected import publishable, told
from doudi.insight.logic.protected_money import money_told
from doudi.insight.logic.result_lines import Earlier


def _line(key: str, kept: int, winners: int = 0, no: int = 40, gained: int = 137) -> dict[str, Any]:
    """`kept` families get help before and after, `winners` of them more; `no` get none."""
    money = {"month": "15000.00", "year": "180000.00", "once": "0.00"}
    more = gained * winners
    before = {"eligible": kept, "not_eligible": no, "undetermined": 0, **money}
    after = before | {"month": f"{15000 + more}.00", "year": f"{180000 + 12 * more}.00"}
    return {
        "key": key, "households": kept + no, "before": before, "after": after, "newly_in": 0, "out": 0,
        "winners": winners, "losers": 0, "otherwise": 0, "unchanged": kept + no - winners, "undetermined": 0,
    }  # fmt: skip


def _result(*areas: dict[str, Any]) -> dict[str, Any]:
    whole = _line("", 0, no=0)
    for name in ("households", "winners", "unchanged"):
        whole[name] = sum(area[name] for area in areas)
    for side in ("before", "after"):
        whole[side] = {
            name: sum(area[side][name] for area in areas) for name in ("eligible", "not_eligible", "undetermined")
        }
        whole[side] |= {
            name: f"{sum(float(area[side][name]) for area in areas):.2f}" for name in ("month", "year", "once")
        }
    return {"in_all": whole, "areas": list(areas), "persons": 100, "persons_unknown": 0, "errors": 0, "gap": None}


def _told(result: dict[str, Any], earlier: list[Earlier] | None = None) -> dict[str, Any]:
    counts = publishable(result, earlier or [])
    return told(result, counts, money_told(result, counts, earlier or []))


def test_the_money_of_one_winner_is_not_told() -> None:
    (line,) = (shown := _told(_result(_line("a", 30, winners=1))))["areas"]
    for one in (line, shown["in_all"]):
        assert one["winners"] is None and one["before"]["month"] is not None and one["after"]["month"] is None


def test_the_money_of_many_winners_and_of_none_is_told() -> None:
    for winners in (0, 6):
        (line,) = _told(_result(_line("a", 30, winners=winners)))["areas"]
        assert line["before"]["month"] is not None and line["after"]["month"] is not None


def test_a_line_beside_the_whole_does_not_give_the_rest_away() -> None:
    """Eight changed in all, seven here: told both, the eighth's money is their difference."""
    shown = _told(_result(_line("a", 30, winners=7), _line("b", 30, winners=1)))
    after = [one["after"]["month"] for one in (shown["in_all"], *shown["areas"])]
    assert after[2] is None and None in after[:2]


def test_money_does_not_tell_two_reforms_apart_by_one_family() -> None:
    first = _result(_line("a", 30, winners=6))
    counts = publishable(first)
    before = Earlier(counts, money_told(first, counts), first)
    again = _told(first, [before])["areas"][0]
    assert again["after"]["month"] is not None, "the same table again tells the same"
    other = _told(_result(_line("a", 30, winners=6, gained=150)), [before])["areas"][0]
    assert other["after"]["month"] is None and other["before"]["month"] is not None
    larger = _told(_result(_line("a", 40, winners=6)), [before])["areas"][0]
    assert larger["after"]["month"] is not None


def test_two_lines_together_do_not_tell_a_small_change_between_days() -> None:
    """Both lines were told; the day after each has one family more. Together two are new, and the whole less the third
    line would tell them.
    """
    first = _result(_line("a", 30), _line("b", 30), _line("c", 30))
    counts = publishable(first)
    assert {"areas|a|before.eligible", "areas|b|before.eligible", "all|before.eligible"} <= counts.keys()
    second = _result(_line("a", 31), _line("b", 31), _line("c", 60))
    shown = publishable(second, [Earlier(counts, frozenset(), first)])
    whole, third = "all|before.eligible", "areas|c|before.eligible"
    assert not {"areas|a|before.eligible", "areas|b|before.eligible"} & shown.keys()
    assert not {whole, third} <= shown.keys(), "62 is told as 122 less 60; it was 60"


def test_an_earlier_count_that_only_followed_is_known_too() -> None:
    """The earlier table told the whole and one line: the other line's count followed from them."""
    first = _result(_line("a", 30), _line("b", 30))
    counts = {key: count for key, count in publishable(first).items() if not key.startswith("areas|b|")}
    second = _result(_line("a", 60), _line("b", 32))
    shown = publishable(second, [Earlier(counts, frozenset(), first)])
    assert "areas|b|before.eligible" not in shown
    assert not {"all|before.eligible", "areas|a|before.eligible"} <= shown.keys()

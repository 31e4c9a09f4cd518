"""Counting by the minute."""

from __future__ import annotations

from doudi.lib.per_minute import PerMinute


def test_a_new_minute_begins_anew_and_a_late_caller_does_not_begin_the_old_one_again() -> None:
    counted = PerMinute()
    assert [counted.count("a", at) for at in (59.0, 59.9, 60.0, 60.1, 59.95, 60.2)] == [1, 2, 1, 2, 3, 4]
    assert counted.count("b", 60.3) == 1 and counted.count("a", 120.0) == 1


def test_a_clock_set_back_locks_nobody_out() -> None:
    counted = PerMinute()
    assert [counted.count("a", at) for at in (6000.0, 6001.0, 600.0, 601.0)] == [1, 2, 1, 2]

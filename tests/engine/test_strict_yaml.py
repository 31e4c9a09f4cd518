"""Strict YAML: every scalar is text with its place, until the schema says what it is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from doudi.engine.errors import PolicyError, Where
from doudi.engine.reading import boolean_of, date_of, decimal_of
from doudi.engine.strict_yaml import MAX_BYTES, Mapping, Text, parse, read

MISREAD = [
    "no", "on", "yes", "true", "null", "~", "0123", "0o17", "0x10", "12:30", "1_000", "1e3", ".5", ".inf",
    "2026-07-01", "=", "<<", "N",
]  # fmt: skip
"""What YAML readers often take for something else."""
NO_DECIMALS = [
    "", "1 000", "１", "1e3", "1_000", "0123", "-012", "0x10", "12:30", ".5.", "--1", "1,000", "NaN", "Infinity",
]  # fmt: skip


@pytest.mark.parametrize("text", MISREAD)
def test_a_scalar_is_the_text_that_is_written(text: str) -> None:
    found = parse(f"key: {text}\n{text}: value\n")
    assert isinstance(found, Mapping)
    assert found["key"] == text and found[text] == "value"


def test_a_scalar_knows_its_place_and_how_it_was_written() -> None:
    found = parse("a:\n  - 'quoted'\n  - plain\n  - |\n    several\n    lines\n")
    assert isinstance(found, Mapping)
    quoted, plain, block = found["a"]  # type: ignore[misc]
    assert isinstance(quoted, Text)
    assert (quoted.where, quoted.first_letter) == (Where("<text>", 2, 5), Where("<text>", 2, 6))
    assert plain.first_letter == plain.where == Where("<text>", 3, 5)
    assert block == "several\nlines\n" and block.first_letter == Where("<text>", 5, 1)


def test_nothing_is_nothing_and_an_empty_text_is_a_text() -> None:
    assert parse("a:\nb: ''\n") == {"a": None, "b": ""}


@pytest.mark.parametrize("text", ["0", "-3", "0.70", "12345678901234567890.5"])
def test_numbers_are_decimals_exactly_as_written(text: str) -> None:
    assert str(decimal_of(_text(text))) == str(Decimal(text)) == text


@pytest.mark.parametrize("text", NO_DECIMALS)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        decimal_of(_text(text))
    assert caught.value.code == "policy.number_malformed"


@pytest.mark.parametrize("text", ["2026-7-1", "2026-02-30", "20260701", "2026-W01-1", "01.07.2026"])
def test_days_have_one_form(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        date_of(_text(text))
    assert caught.value.code == "policy.date_malformed"


@pytest.mark.parametrize("text", ["on", "off", "Yes", "TRUE", "1", "y"])
def test_truths_have_two_words_each(text: str) -> None:
    assert boolean_of(_text("yes")) and boolean_of(_text("true"))
    assert not boolean_of(_text("no")) and not boolean_of(_text("false"))
    with pytest.raises(PolicyError):
        boolean_of(_text(text))


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text("# " + "x" * MAX_BYTES)
    with pytest.raises(PolicyError) as caught:
        read(path, shown_as="big.yaml")
    assert (caught.value.code, str(caught.value.where)) == ("policy.file_too_large", "big.yaml:1:1")


def _text(text: str) -> Text:
    made = Text(text)
    made.where, made.style = Where("<text>", 1, 1), ""
    return made

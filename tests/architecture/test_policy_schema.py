"""The JSON Schema of policy/ has the keys of the readers, and every shipped file fits it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from doudi.engine import definitions, examples, feed_reader, figures, outputs_reader, schema
from doudi.engine.errors import PolicyError, Where
from doudi.engine.strict_yaml import Mapping, Text, parse, read
from doudi.exchange.logic import products
from doudi.exchange.logic.products import read_product
from doudi.exports.logic.agreements import read_agreement
from doudi.site.cli import build
from tests.architecture.project import ROOT

POLICY = ROOT / "policy"
SHIPPED = sorted(path.relative_to(POLICY).as_posix() for path in POLICY.rglob("*.yaml"))
NAME = "household.x"
READERS: dict[str, tuple[Callable[[Mapping], Any], schema.Schema]] = {
    "fact": (lambda table: definitions.fact(NAME, table), schema.FACT),
    "rows of a fact": (definitions._from_rows, schema.FACT["properties"]["from"]),
    "rule": (lambda table: definitions.rule(NAME, table, ""), schema.RULE),
    "basis": (lambda table: definitions.basis_of(table, Where("x", 1, 1)), schema.BASIS),
    "programme": (definitions.programme, schema.PROGRAMME),
    "step": (definitions._stage, schema.STAGE),
    "chain": (definitions.chain, schema.CHAIN),
    "package": (definitions.package, schema.PACKAGE),
    "parameter": (lambda table: figures.parameter("x", table, ""), schema.PARAMETER),
    "value": (figures._values, schema.VALUE),
    "column": (feed_reader._column, schema.COLUMN),
    "check": (feed_reader._check, schema.CHECK),
    "example": (lambda table: examples._example("x", table, {}), schema.EXAMPLES["properties"]["examples"]["items"]),
    "agreement": (read_agreement, schema.AGREEMENT),
    "product": (read_product, schema.PRODUCT),
    "quota": (products._quota, schema.PRODUCT["properties"]["quota"]),
    "two languages": (lambda table: definitions.bilingual_of(table), schema.BILINGUAL),
}


@pytest.mark.parametrize(("reader", "shape"), READERS.values(), ids=READERS)
def test_a_reader_and_the_schema_know_the_same_keys(reader: Callable[[Mapping], Any], shape: schema.Schema) -> None:
    table = parse("no_such_key: x\n")
    assert isinstance(table, Mapping)
    with pytest.raises(PolicyError) as caught:
        reader(table)
    assert caught.value.code == "policy.key_unknown"
    assert sorted(str(caught.value.context["known"]).split(", ")) == sorted(shape["properties"])


def test_the_keys_of_feeds_and_outputs_are_the_readers_too() -> None:
    assert sorted(schema.SOURCE["properties"]) == sorted(feed_reader._SOURCE_KEYS)
    assert sorted(schema.OUTPUT_COLUMN["properties"]) == sorted(outputs_reader.COLUMN_KEYS)


def plain(value: Any) -> Any:
    """Strict YAML as JSON."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Text) else value


@pytest.mark.parametrize("kind", schema.FILES)
def test_each_schema_is_one(kind: str) -> None:
    Draft202012Validator.check_schema(schema.schema_of(kind))


def test_every_shipped_file_fits_its_schema() -> None:
    judges = {kind: Draft202012Validator(schema.schema_of(kind)) for kind in schema.FILES}
    seen, wrong = set(), []
    for name in SHIPPED:
        kind = schema.kind_of_file(name)
        seen.add(kind)
        for error in judges[kind].iter_errors(plain(read(POLICY / name))):
            wrong.append(f"{name}: {error.json_path}: {error.message[:160]}")
    assert wrong == []
    assert seen >= set(schema.FILES) - {"package"}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("sections", "ruless: {}"),
        ("sections", "rules: {Household.X: {}}"),
        ("programme", "name: x\nunit: village"),
        ("chain", "name: x"),
        ("checks", "checks: [{name: x, severity: shout, kind: required, message: {zh: a, en: a}}]"),
    ],
)
def test_what_the_readers_refuse_for_its_shape_the_schema_refuses(kind: str, text: str) -> None:
    assert list(Draft202012Validator(schema.schema_of(kind)).iter_errors(plain(parse(text))))


def test_the_command_prints_it() -> None:
    run = CliRunner()
    one = json.loads(run.invoke(build(), ["policy", "schema", "programme"]).stdout)
    every = json.loads(run.invoke(build(), ["policy", "schema"]).stdout)
    assert one == schema.schema_of("programme") == every["programme"]
    assert set(every) == set(schema.FILES)
    assert run.invoke(build(), ["policy", "schema", "nothing"]).exit_code == 2

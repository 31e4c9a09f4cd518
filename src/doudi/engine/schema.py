"""JSON Schema of the policy files, for editors and other programs: `doudi policy schema`.

It says the shape: which keys, which must be there, which words. The readers say more (names known, kinds that fit,
proofs) and stay the judges; a test holds the keys of both together. A scalar may be written in any way YAML has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from doudi.engine import definitions, feed_reader, outputs_reader
from doudi.engine.tree import UNITS
from doudi.engine.vocabulary import LEVELS

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
ANY: Schema = {}
YES_OR_NO: Schema = {"enum": ["yes", "no", "true", "false", True, False]}
TEXTS: Schema = {"type": "array", "items": SCALAR}


def one_of(words: Iterable[str]) -> Schema:
    return {"enum": list(words)}


def table(needed: Mapping[str, Schema], other: Mapping[str, Schema] | None = None) -> Schema:
    """A mapping of these keys and no others."""
    properties = {**needed, **(other or {})}
    return {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}


def named(value: Schema, pattern: str | None = None) -> Schema:
    """A mapping of names that the writer chooses."""
    made: Schema = {"type": "object", "additionalProperties": value}
    return {**made, "propertyNames": {"pattern": pattern}} if pattern else made


def items(value: Schema) -> Schema:
    return {"type": ["array", "null"], "items": value}


BILINGUAL = table({"zh": SCALAR, "en": SCALAR})
BASIS = table({"document": SCALAR}, {"number": SCALAR, "article": SCALAR, "sample": YES_OR_NO})
KIND: dict[str, Schema] = {"unit": one_of(UNITS), "minimum": SCALAR, "maximum": SCALAR}
SENSITIVITY = one_of(definitions.SENSITIVITIES)
LEVEL = items(one_of(LEVELS.values()))
QUALIFIED = r"^[a-z][a-z0-9_]{0,59}\.[a-z][a-z0-9_]{0,59}$"
PLAIN = r"^[a-z][a-z0-9_]{0,59}$"

FACT = table(
    {"type": one_of(definitions.TYPES), "label": BILINGUAL, "meaning": BILINGUAL},
    {
        **KIND,
        "source": one_of(definitions.SOURCES),
        "codes": named(BILINGUAL),
        "sensitivity": SENSITIVITY,
        "from": table(
            {"feed": SCALAR, "value": SCALAR, "absent": one_of(("none", "unknown"))},
            {"where": SCALAR, "window": table({"column": SCALAR, "months": SCALAR}, {"before": one_of(("as_of",))})},
        ),
    },
)
RULE = table(
    {"type": one_of(definitions.TYPES), "label": BILINGUAL, "formula": SCALAR, "basis": items(BASIS)},
    {
        **KIND, "yes": BILINGUAL, "no": BILINGUAL, "not_applicable": SCALAR, "sensitivity": SENSITIVITY,
        "codes": SCALAR, "set_by": LEVEL,
    },
)  # fmt: skip
VALUE = table(
    {"area": SCALAR, "from": SCALAR, "basis": BASIS}, {"to": SCALAR, "value": SCALAR, "values": named(SCALAR)}
)
PARAMETER = table(
    {},
    {
        **KIND, "type": one_of(definitions.TYPES), "label": BILINGUAL, "by": SCALAR, "set_by": LEVEL, "otherwise": ANY,
        "codes": ANY,
        "values": items(VALUE),
    },
)  # fmt: skip
REQUIREMENT = table({"name": SCALAR, "when": SCALAR, "missing": BILINGUAL})
STAGE = table(
    {"name": SCALAR, "by": SCALAR, "days": SCALAR, "label": BILINGUAL}, {"calendar": YES_OR_NO, "basis": BASIS}
)
PROGRAMME = table(
    {"label": BILINGUAL, "unit": one_of(("household", "person")), "authority": BILINGUAL, "eligible": SCALAR,
     "basis": items(BASIS)},
    {
        "name": SCALAR, "requires": items(REQUIREMENT), "amount": {"type": ["string", "number", "null"]},
        "recognition": YES_OR_NO, "steps": items(STAGE), "materials": items(BILINGUAL), "discretion": ANY,
    },
)  # fmt: skip
CHAIN = table(
    {"label": BILINGUAL, "programmes": TEXTS, "basis": items(BASIS)},
    {"name": SCALAR, "unit": SCALAR, "requires": items(REQUIREMENT), "pass_when_missing_only": named(TEXTS)},
)
PACKAGE = table({"label": BILINGUAL, "when": TEXTS, "programmes": TEXTS, "basis": items(BASIS)}, {"name": SCALAR})
SECTIONS = table(
    {},
    {
        "facts": named(FACT, QUALIFIED),
        "rules": named(RULE, QUALIFIED),
        "parameters": named(PARAMETER, PLAIN),
        "programmes": named(PROGRAMME, PLAIN),
        "chains": named(CHAIN, PLAIN),
        "packages": named(PACKAGE, PLAIN),
    },
)
CASE: dict[str, Schema] = {"as_of": SCALAR, "place": SCALAR, "household": {"type": "object"}}
EXAMPLES = table(
    {"examples": items(table({"name": SCALAR}, {**CASE, "persons": {"type": "array"}, "expect": {"type": "object"}}))},
    {"usual": table({}, {**CASE, "person": {"type": "object"}})},
)
SOURCE = table(
    {"feed": SCALAR, "record": SCALAR, "department": SCALAR, "label": BILINGUAL, "supplier": BILINGUAL,
     "scope": one_of(feed_reader.SCOPES), "file_patterns": TEXTS, "format": one_of(feed_reader.FORMATS)},
    {
        "legal_basis": items(BASIS), "purpose": ANY, "cadence": SCALAR, "retention_months": SCALAR, "wire": SCALAR,
        "encodings": items(one_of(feed_reader.ENCODINGS)), "delimiter": SCALAR, "sheet": SCALAR, "header_rows": SCALAR,
        "totals": table({"column": SCALAR, "text": SCALAR}), "ends_with_newline": YES_OR_NO,
        "mode": one_of(("replace", "append")), "coverage": one_of(("declared", "measured")), "period_column": SCALAR,
        "duplicates": one_of(("keep", "drop_identical", "conflicting")),
    },
)  # fmt: skip
COLUMN = table(
    {"name": SCALAR, "headers": TEXTS, "type": one_of(feed_reader.TYPES), "label": BILINGUAL},
    {
        "meaning": BILINGUAL, "role": one_of(("person", "name", "people")), "unit": one_of(UNITS), "multiply": SCALAR,
        "codes": named(BILINGUAL), "required": YES_OR_NO, "key": YES_OR_NO, "part_of": SCALAR, "pattern": SCALAR,
        "sensitivity": one_of(feed_reader.SENSITIVITIES), "minimum": SCALAR,
    },
)  # fmt: skip
CHECK = table(
    {"name": SCALAR, "severity": one_of(feed_reader.SEVERITIES), "kind": one_of(feed_reader.CHECK_KINDS),
     "message": BILINGUAL},
    {"column": SCALAR, "value": SCALAR},
)  # fmt: skip
OUTPUT_COLUMN = table({"name": SCALAR}, dict.fromkeys(outputs_reader.COLUMN_KEYS[1:], ANY))
OUTPUT = table({"one_row_per": one_of(("household", "person")), "columns": items(OUTPUT_COLUMN)})
KEPT = table(
    {"name": SCALAR, "tables": items(SCALAR), "what": BILINGUAL, "moment": BILINGUAL, "why": BILINGUAL,
     "basis": BILINGUAL, "action": one_of(("delete", "empty", "keep")), "mark": one_of(("V", "v", "M", "U"))},
    {"days": SCALAR, "months": SCALAR},
)  # fmt: skip
AGREEMENT = table(
    {
        "agreement": SCALAR,
        "label": BILINGUAL,
        "exports": TEXTS,
        "department": SCALAR,
        "purposes": TEXTS,
        "persons": SCALAR,
        "persons_a_day": SCALAR,
        "from": SCALAR,
    },
    {"full": YES_OR_NO, "to": SCALAR, "basis": items(BASIS)},
)
PRODUCT = table(
    {
        "product": SCALAR, "answers": one_of(("recognition", "rows")), "label": BILINGUAL, "meaning": BILINGUAL,
        "recognition": SCALAR, "evidence": SCALAR, "max_age_days": SCALAR, "departments": TEXTS,
        "purposes": named(BILINGUAL, PLAIN), "keep_days": SCALAR,
        "quota": table({"calls_a_minute": SCALAR, "calls_a_day": SCALAR, "persons_a_day": SCALAR}),
    },
    {"fields": TEXTS, "page": SCALAR, "subscribe": YES_OR_NO, "basis": items(BASIS)},
)  # fmt: skip

FILES: dict[str, tuple[str, Schema]] = {
    "sections": ("facts/*.yaml programmes/*/{rules,parameters,…}.yaml places/*/*.yaml", SECTIONS),
    "programme": ("programmes/*/programme.yaml", PROGRAMME),
    "chain": ("chains/*.yaml", CHAIN),
    "package": ("packages/*.yaml", PACKAGE),
    "examples": ("programmes/*/examples.yaml places/*/examples.yaml", EXAMPLES),
    "outputs": ("places/*/outputs.yaml", table({"outputs": named(OUTPUT)})),
    "source": ("sources/*/*/source.yaml", SOURCE),
    "columns": ("sources/*/*/columns.yaml", table({"columns": items(COLUMN)})),
    "agreement": ("agreements/*.yaml", AGREEMENT),
    "product": ("products/*.yaml", PRODUCT),
    "checks": ("sources/*/*/checks.yaml", table({"checks": items(CHECK)})),
    "retention": ("retention.yaml", table({"rules": items(KEPT)})),
}
"""By kind of file: where such files lie, and their shape."""


def schema_of(kind: str) -> Schema:
    """The JSON Schema of a kind of file."""
    where, shape = FILES[kind]
    return {"$schema": DRAFT, "title": f"Doudi policy: {kind}", "description": where, **shape}


def kind_of_file(name: str) -> str:
    """The kind of a policy file by its name within the folder."""
    parts = name.split("/")
    if parts[0] in ("chains", "packages", "agreements", "products"):
        return parts[0].removesuffix("s")
    stem = parts[-1].removesuffix(".yaml")
    return stem if stem in FILES and stem != "sections" else "sections"

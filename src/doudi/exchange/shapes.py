"""The shapes of what other systems send and get. What is not named here is refused; examples stand beside each."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from doudi.exchange.logic.references import PATTERN

UUID_TEXT = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
EXAMPLE_NUMBER = "99010119500501001" + "0"
EXAMPLE_ID = "0b9d3c2e-6f4e-4b1a-9a63-1f6a0c3f7d11"


def _day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _uuid(text: str) -> str:
    return str(uuid.UUID(text))


Day = Annotated[
    str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}), AfterValidator(_day)
]
Id = Annotated[str, Field(pattern=UUID_TEXT, json_schema_extra={"format": "uuid"}), AfterValidator(_uuid)]
NUMBER: dict[str, Any] = {
    "format": "cn-identity-number", "minLength": 15, "maxLength": 18, "examples": [EXAMPLE_NUMBER],
}  # fmt: skip
Number = Annotated[
    str,
    Field(min_length=15, max_length=18, json_schema_extra={"format": "cn-identity-number"}, examples=[EXAMPLE_NUMBER]),
]
REFERENCES = (
    "代号：证号。代号由贵单位自己编，不能像证号、电话、银行账号（422 exchange.reference_is_number），UUID 可以 · "
    "Reference: number. A reference is your own opaque name for the person; one that resembles an identity, phone or "
    "bank number is refused: fifteen digits or more, or a phone number, whatever stands between. A UUID is let through."
)
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Purpose = Annotated[str, Field(min_length=1, max_length=40, examples=["medical_assistance"])]
Bilingual = dict[Literal["zh", "en"], str]


class Strict(Schema):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class PersonIn(Strict):
    """Whom a question is about. 证号必填；写了姓名就核对姓名。"""

    number: Number
    name: Annotated[str, Field(max_length=50, examples=["李建国"])] = ""


class QuestionIn(Strict):
    """A question about one person. `request_id` is the asker's own: the same one gets the same answer.

    对一个人的一次询问。编号由询问方给；同一编号重发，得到同一答复，不重复计数。
    """

    request_id: Annotated[Id, Field(examples=[EXAMPLE_ID])]
    purpose: Purpose
    person: PersonIn
    as_of: Annotated[
        Day | None,
        Field(
            examples=["2026-07-14"],
            description="今天，或者最近 max_age_days 天以内的一天；更早的、以后的不答 · Today (by default) or a day of "
            "the last max_age_days; none before and none to come (409 exchange.day_not_answered).",
        ),
    ] = None


class AnswerOut(Schema):
    """Yes, no or not known (which is never no), with a proof that can be checked without us.

    是、否、不知道（不知道不是否），附可离线核验的证明。
    """

    request_id: Id
    product: str
    answer: Literal["yes", "no", "unknown"]
    as_of: Day
    data_as_of: Day | None
    answered_at: str
    reason: str | None
    reason_text: Bilingual | None
    salt: str
    proof: str
    keep_days: int


class RowOut(Schema):
    """One person of a roll; the columns are those the product names."""

    model_config = ConfigDict(extra="allow")
    reference: str | None = None
    name: str | None = None
    number_masked: str | None = None
    area: str | None = None
    recognition: str | None = None
    from_on: Day | None = None
    to_on: Day | None = None


class RowsOut(Schema):
    """A page of a roll; `next` is where the following one begins, null at the end."""

    product: str
    rows: list[RowOut]
    next: Id | None
    data_as_of: Day
    keep_days: int


class FollowIn(Strict):
    """People to follow: the receiver's own opaque name for each, and the number. 一次最多 1000 人。"""

    request_id: Annotated[Id, Field(examples=[EXAMPLE_ID])]
    purpose: Purpose
    people: Annotated[
        dict[Reference, Number],
        Field(
            min_length=1,
            max_length=1000,
            examples=[{"case-17": EXAMPLE_NUMBER}],
            json_schema_extra={
                "additionalProperties": False,
                "patternProperties": {PATTERN: NUMBER | {"type": "string"}},
                "description": REFERENCES,
            },
        ),
    ]


class FollowedOut(Schema):
    """A list that was begun; who is not in the register, or elsewhere, is named back."""

    id: Id
    product: str
    purpose: str
    begun_at: str
    followed: int
    not_followed: list[str]


class SubscriptionOut(Schema):
    """A list that goes on."""

    id: Id
    product: str
    purpose: str
    begun_at: str


class ChangeOut(Schema):
    """One change, signed for department and purpose, about the person whose number gives its `subject` with `salt`."""

    cursor: int
    reference: str
    was: Literal["yes", "no", "unknown"]
    answer: Literal["yes", "no", "unknown"]
    noted_at: str
    salt: str
    proof: str


class ChangesOut(Schema):
    """Changes after a cursor; `next` is the cursor for the next reading."""

    subscription: Id
    changes: list[ChangeOut]
    next: int


class ProductOut(Schema):
    """What may be asked, what for, how often, and how long the answer may be kept."""

    name: str
    answers: Literal["recognition", "rows"]
    label: Bilingual
    meaning: Bilingual
    fields: list[str]
    purposes: dict[str, Bilingual]
    basis: list[dict[str, str]]
    calls_a_minute: int
    calls_a_day: int
    persons_a_day: int
    keep_days: int
    max_age_days: int
    may_subscribe: bool


class KeysOut(Schema):
    """The public keys that proofs are checked with (JWK set, RFC 7517)."""

    keys: list[dict[str, str]]


class ProblemOut(Schema):
    """What is wrong, where, and what to do (RFC 9457). 哪里不对、为什么、怎么办。"""

    type: str
    title: str
    status: int
    code: str
    detail: str
    where: str | None = None
    errors: list[dict[str, Any]] | None = None

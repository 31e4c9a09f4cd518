"""Persons, the keys and names they are found by, their bank accounts. Numbers are encrypted, found by blind index."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import FACTS, LINK, SEARCHED, columns


class Person(UuidModel):
    """One human being. Numbers are never stored in the clear; a merged person points at the one kept."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    name = models.CharField(
        max_length=100, blank=True, db_comment="Name as registered, spaces removed, one middle dot."
    )
    pinyin = models.CharField(max_length=200, blank=True, db_comment="Full pinyin, most likely reading, without tones.")
    initials = models.CharField(max_length=50, blank=True, db_comment="Pinyin initials, most likely reading.")
    number_enc = models.BinaryField(null=True, db_comment="Identity number, encrypted; AAD registry_person|number|id.")
    number_index = models.BinaryField(null=True, unique=True, db_comment="Blind index of the identity number.")
    number_masked = models.CharField(
        max_length=18, blank=True, db_comment="First six characters of the identity number; the rest hidden."
    )
    sex = models.CharField(max_length=1, blank=True, db_comment="M, F, or empty if unknown.")
    ethnicity = models.CharField(max_length=30, blank=True, db_comment="Ethnicity as registered.")
    born_on = models.DateField(null=True, db_comment="Day of birth.")
    hukou_type = models.CharField(max_length=20, blank=True, db_comment="城镇, 农村, or empty if unknown.")
    area_code = models.CharField(
        max_length=12, blank=True, db_comment="Area where registered or living, as far as known."
    )
    state = models.CharField(
        max_length=20, blank=True, db_comment="State in the household register, e.g. 正常, 注销-死亡."
    )
    state_on = models.DateField(null=True, db_comment="Day the state began.")
    merged_into = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_comment="The person kept, if this was a duplicate.",
    )
    registered_at = models.DateTimeField(db_comment="Instant of first registration.")

    personal = columns(
        sealed="number_enc",
        digest="number_index",
        plain={
            "name pinyin initials area_code": SEARCHED,
            "sex ethnicity born_on hukou_type state state_on": FACTS,
            "merged_into_id": LINK,
            "number_masked": "the first six characters, the place of first registration, by which a clerk compares",
        },
        rest="id registered_at",
    )

    class Meta:
        db_table_comment = "Persons known to the platform."
        verbose_name = _("人员")
        indexes = [
            models.Index(fields=["area_code", "name"], name="registry_person_area_name"),
            models.Index(fields=["name"], name="registry_person_name"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(sex__in=["M", "F", ""]), name="registry_person_sex"),
            models.CheckConstraint(
                condition=models.Q(number_enc__isnull=True, number_index__isnull=True)
                | models.Q(number_enc__isnull=False, number_index__isnull=False),
                name="registry_person_number_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="registry_person_not_merged_into_self"
            ),
        ]


class PersonKey(UuidModel):
    """A key the lake knows a person by. Several per person: after a merge, after a corrected number."""

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="Whose key.")
    key = models.UUIDField(unique=True, db_comment="HMAC of an identity number, as in the lake.")
    since = models.DateTimeField(db_comment="Instant from which the key belongs to this person.")

    personal = columns(digest="key", plain={"person_id": LINK}, rest="id since")

    class Meta:
        db_table_comment = "Lake keys of persons."


class PersonName(UuidModel):
    """A name somebody had until a day."""

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="Whose name.")
    name = models.CharField(max_length=100, db_comment="The former name.")
    until = models.DateField(db_comment="First day the name was no longer borne.")

    personal = columns(plain={"person_id": LINK, "name": SEARCHED}, rest="id until")

    class Meta:
        db_table_comment = "Former names."


class NameRow(models.Model):
    """One text a person is found by: equality and range only, so that indexes keep working under row-level security."""

    class Kind(models.TextChoices):
        PINYIN = "p", _("全拼")
        INITIALS = "i", _("首字母")
        GRAM = "g", _("字词")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_comment="Who is found.")
    kind = models.CharField(
        max_length=1, choices=Kind.choices, db_comment="p full pinyin, i initials, g one or two characters."
    )
    text = models.CharField(max_length=200, db_comment="The text searched for.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the person, kept in step by a trigger.")

    personal = columns(plain={"person_id": LINK, "text area_code": SEARCHED}, rest="id kind")

    class Meta:
        db_table_comment = "Search texts of names."
        indexes = [models.Index(fields=["kind", "text", "area_code", "person"], name="registry_name_row_found")]


class DealtIn(models.Model):
    """An area whose staff deal with somebody who is registered elsewhere or nowhere yet: they see the person, too."""

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_comment="Who is dealt with.")
    area_code = models.CharField(max_length=12, db_comment="Area of the application, or of who registered the person.")

    personal = columns(plain={"person_id": LINK, "area_code": SEARCHED}, rest="id")

    class Meta:
        db_table_comment = "Areas that deal with persons of other areas."
        constraints = [models.UniqueConstraint(fields=["person", "area_code"], name="registry_dealt_in_once")]


class BankAccount(UuidModel):
    """An account benefits may be paid to."""

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="Account holder.")
    bank = models.CharField(max_length=60, db_comment="Name of the bank.")
    number_enc = models.BinaryField(db_comment="Account number, encrypted; AAD registry_bankaccount|number|id.")
    number_index = models.BinaryField(db_comment="Blind index of the account number.")
    number_masked = models.CharField(max_length=30, db_comment="Account number, last four digits shown.")
    from_on = models.DateField(db_comment="First day of use.")
    to_on = models.DateField(null=True, db_comment="First day no longer in use.")

    personal = columns(
        sealed="number_enc",
        digest="number_index",
        plain={
            "person_id": LINK,
            "bank": FACTS,
            "number_masked": "the last four digits, by which a clerk tells accounts apart",
        },
        rest="id from_on to_on",
    )

    class Meta:
        db_table_comment = "Bank accounts of persons."
        constraints = [
            models.UniqueConstraint(fields=["person", "number_index", "from_on"], name="registry_bank_account_once"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gte=models.F("from_on")),
                name="registry_bank_account_period",
            ),
        ]

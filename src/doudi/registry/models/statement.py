"""What is said of persons and households: declarations (who said what when), obligors, labels, obligations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.core.models import UuidModel
from doudi.core.personal import FACTS, LINK, OUTCOME, columns
from doudi.registry.logic.obligors import Obligor
from doudi.registry.models.household import PERIOD, Household
from doudi.registry.models.person import Person
from doudi.registry.sealing import declared_value, opened_obligors

ONE_SUBJECT = models.Q(household__isnull=False, person__isnull=True) | models.Q(
    household__isnull=True, person__isnull=False
)


class Declaration(UuidModel):
    """One thing somebody said: a declared fact. A newer one replaces it for later days; none is deleted."""

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    household = models.ForeignKey(
        Household, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Subject, if a household."
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Subject, if a person."
    )
    fact = models.CharField(max_length=80, db_comment="Fact of the rulebook, e.g. household.declared_other_income.")
    value_enc = models.BinaryField(
        null=True,
        db_comment="The value as canonical text, encrypted; AAD registry_declaration|value|id. Empty: asked, unknown.",
    )
    said_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Who said it, if a known person."
    )
    said_on = models.DateField(db_comment="Day from which it holds.")
    application = models.CharField(max_length=40, blank=True, db_comment="Application it was said in, as text.")
    recorded_by = models.CharField(max_length=64, db_comment="Account that recorded it, as text.")
    recorded_at = models.DateTimeField(db_comment="Instant of recording.")

    personal = columns(
        sealed="value_enc",
        plain={"household_id person_id said_by_id application": LINK},
        staff="recorded_by",
        rest="id fact said_on recorded_at",
    )

    class Meta:
        db_table_comment = "Declared facts: who said what when."
        indexes = [
            models.Index(fields=["household", "fact", "said_on"], name="registry_declared_household"),
            models.Index(fields=["person", "fact", "said_on"], name="registry_declared_person"),
        ]
        constraints = [models.CheckConstraint(condition=ONE_SUBJECT, name="registry_declaration_subject")]

    @property
    def value(self) -> str | None:
        """What was said, decrypted; None if asked and not known."""
        return declared_value(self.id, self.value_enc)


class ObligorStatement(UuidModel):
    """Who is said to be obliged to support somebody: the whole list. A newer one replaces it; none is deleted."""

    removed_by: ClassVar[tuple[str, ...]] = ("work",)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="To whom.")
    seq = models.PositiveIntegerField(db_comment="Order among what was said of the person.")
    obligors_enc = models.BinaryField(
        null=True,
        db_comment="Name, relation, residence and facts of each as JSON, [] nobody, encrypted; AAD "
        "registry_obligorstatement|obligors|id. Empty: asked, not known.",
    )
    said_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Who said it, if a known person."
    )
    said_on = models.DateField(db_comment="Day from which it holds.")
    application = models.CharField(max_length=40, blank=True, db_comment="Application it was said in, as text.")
    recorded_by = models.CharField(max_length=64, db_comment="Account that recorded it, as text.")
    recorded_at = models.DateTimeField(db_comment="Instant of recording.")

    personal = columns(
        sealed="obligors_enc",
        plain={"person_id said_by_id application": LINK},
        staff="recorded_by",
        rest="id seq said_on recorded_at",
    )

    class Meta:
        db_table_comment = "Who is obliged to support whom, as declared."
        indexes = [models.Index(fields=["person", "said_on"], name="registry_obligors_of")]

    @property
    def obligors(self) -> tuple[Obligor, ...] | None:
        """Those named, decrypted; None if asked and not known."""
        return None if self.obligors_enc is None else opened_obligors(self.id, self.obligors_enc)


class Label(UuidModel):
    """A recognition or mark with its period and where it comes from."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    household = models.ForeignKey(
        Household, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Subject, if a household."
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="Subject, if a person."
    )
    code = models.CharField(max_length=40, db_comment="What it says, e.g. dibao.")
    from_on = models.DateField(db_comment="First day.")
    to_on = models.DateField(null=True, db_comment="First day no longer valid.")
    origin = models.CharField(max_length=80, db_comment="Feed or act it comes from.")
    amount = models.DecimalField(
        max_digits=18, decimal_places=2, null=True, db_comment="Monthly amount in yuan, if one goes with it."
    )

    personal = columns(plain={"household_id person_id": LINK, "code amount": OUTCOME}, rest="id from_on to_on origin")

    class Meta:
        db_table_comment = "Labels of persons and households with period and origin."
        constraints = [
            models.CheckConstraint(condition=ONE_SUBJECT, name="registry_label_subject"),
            models.CheckConstraint(condition=PERIOD, name="registry_label_period"),
            models.UniqueConstraint(
                fields=["household", "code"],
                condition=models.Q(to_on__isnull=True, household__isnull=False),
                name="registry_label_household_once",
            ),
            models.UniqueConstraint(
                fields=["person", "code"],
                condition=models.Q(to_on__isnull=True, person__isnull=False),
                name="registry_label_person_once",
            ),
        ]


class Obligation(UuidModel):
    """A person legally obliged to support another."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    class Kind(models.TextChoices):
        SUPPORTS_PARENT = "supports_parent", _("赡养")
        REARS_CHILD = "rears_child", _("抚养")
        MAINTAINS = "maintains_spouse_or_sibling", _("扶养")

    obligor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="Who owes support.")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="To whom.")
    kind = models.CharField(max_length=30, choices=Kind.choices, db_comment="Kind of the obligation.")
    from_on = models.DateField(db_comment="First day.")
    to_on = models.DateField(null=True, db_comment="First day no longer owed.")

    personal = columns(plain={"obligor_id person_id": LINK, "kind": FACTS}, rest="id from_on to_on")

    class Meta:
        db_table_comment = "Support obligations between persons."
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["supports_parent", "rears_child", "maintains_spouse_or_sibling"]),
                name="registry_obligation_kind",
            ),
            models.CheckConstraint(condition=~models.Q(obligor=models.F("person")), name="registry_obligation_two"),
            models.CheckConstraint(condition=PERIOD, name="registry_obligation_period"),
            models.UniqueConstraint(
                fields=["obligor", "person", "kind"],
                condition=models.Q(to_on__isnull=True),
                name="registry_obligation_once",
            ),
        ]

"""Applications, what the engine proposed for them, what people said to it, their course; and unfinished forms.

A proposal is stored as what it was made from (encrypted), its digest and its rulebook's hash: it is worked out again
when somebody asks for its reasons. Identity numbers are never stored here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doudi.cases.lifecycle import STATES
from doudi.core.models import UuidModel
from doudi.core.personal import LINK, OUTCOME, REASON, SEARCHED, columns
from doudi.registry.models import Household, Person

OUTCOMES = ("eligible", "not_eligible", "undetermined")
STATE_LABELS = {
    "entered": _("已登记"),
    "accepted": _("已受理"),
    "verified": _("已核对"),
    "proposed": _("已提拟办意见"),
    "reviewed": _("已复核"),
    "returned": _("已退回"),
}
OUTCOME_LABELS = {"eligible": _("符合"), "not_eligible": _("不符合"), "undetermined": _("待定")}


class Application(UuidModel):
    """One application of a family. The clock runs from `accepted_on`; a return does not start it anew."""

    removed_by: ClassVar[tuple[str, ...]] = ()

    number = models.CharField(max_length=40, unique=True, db_comment="Number people refer to it by.")
    applied_on = models.DateField(db_comment="Day of application; standards and ages are those of this day.")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="+", db_comment="The assistance unit formed for it."
    )
    register_household = models.ForeignKey(
        Household, null=True, on_delete=models.PROTECT, related_name="+", db_comment="The register household, if known."
    )
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_comment="Who applied.")
    area_code = models.CharField(max_length=12, db_comment="Area whose staff handle it.")
    state = models.CharField(
        max_length=10, choices=[(s, STATE_LABELS[s]) for s in STATES], default="entered", db_comment="See lifecycle."
    )
    accepted_on = models.DateField(null=True, db_comment="Day of acceptance: the clock starts.")
    check_id = models.UUIDField(null=True, db_comment="The verification it rests on.")
    problems = models.JSONField(default=list, db_comment="Codes of what did not fit when it was entered.")
    entered_by = models.CharField(max_length=64, db_comment="Account that entered it, as text.")
    entered_at = models.DateTimeField(db_comment="Instant of entering.")

    personal = columns(
        plain={"number household_id register_household_id applicant_id": LINK, "area_code": SEARCHED},
        staff="entered_by",
        rest="id applied_on state accepted_on check_id problems entered_at",
    )

    class Meta:
        db_table_comment = "Applications for assistance."
        verbose_name = _("申请")
        indexes = [
            models.Index(fields=["area_code", "state"], name="cases_application_area"),
            models.Index(fields=["household"], name="cases_application_unit"),
            models.Index(fields=["applied_on"], name="cases_application_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="cases_application_state"),
            models.CheckConstraint(
                condition=Q(state__in=["entered", "returned"]) | Q(accepted_on__isnull=False),
                name="cases_application_accepted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["entered", "accepted", "returned"]) | Q(check_id__isnull=False),
                name="cases_application_verified",
            ),
        ]


class CourseStep(models.Model):
    """One act on an application; the rows together are its history. Never changed."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+", db_comment="Of which.")
    move = models.CharField(max_length=20, db_comment="What was done, see lifecycle.")
    ended_in = models.CharField(max_length=10, db_comment="State afterwards.")
    on = models.DateField(db_comment="Day it counts for.")
    at = models.DateTimeField(db_comment="Instant.")
    account_id = models.CharField(max_length=64, db_comment="Who did it, as text.")
    account_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    role = models.CharField(max_length=40, db_comment="Role it was done in.")
    reason = models.TextField(blank=True, db_comment="Reason given, if any.")

    personal = columns(
        plain={"reason": REASON}, staff="account_id account_name", rest="id application_id move ended_in on at role"
    )

    class Meta:
        db_table = "cases_course_step"
        db_table_comment = "The course of applications."
        indexes = [models.Index(fields=["application", "at"], name="cases_course_of")]
        constraints = [models.CheckConstraint(condition=Q(ended_in__in=STATES), name="cases_course_state")]


class Assessment(UuidModel):
    """What the engine proposed, once. A newer one for the same application replaces it; none is deleted."""

    append_only_but: ClassVar[tuple[str, ...]] = ("inputs_enc", "superseded_at")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+", db_comment="For which.")
    as_of = models.DateField(db_comment="Day of application.")
    rulebook_hash = models.CharField(max_length=64, db_comment="Archived rulebook it was worked out with.")
    chain = models.CharField(max_length=40, db_comment="Chain of programmes.")
    inputs_enc = models.BinaryField(
        null=True, db_comment="Canonical CASE.json, encrypted; AAD cases_assessment|inputs|id. Empty after retention."
    )
    inputs_digest = models.CharField(max_length=64, db_comment="SHA-256 of the canonical CASE.json; kept for good.")
    proposal_digest = models.CharField(max_length=64, db_comment="SHA-256 of the proposal without its reasons.")
    outcome = models.CharField(
        max_length=12,
        choices=[(o, OUTCOME_LABELS[o]) for o in OUTCOMES],
        db_comment="eligible, not_eligible, undetermined.",
    )
    programme = models.CharField(max_length=60, blank=True, db_comment="Programme proposed, if any.")
    pending = models.CharField(max_length=60, blank=True, db_comment="Programme still open beside it, if any.")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, db_comment="Proposed yuan per month.")
    missing = models.JSONField(default=list, db_comment="Missing facts: fact, person id, label, reason, requirement.")
    problem = models.JSONField(null=True, db_comment="Why it could not be worked out at all: code and sentence.")
    assessed_by = models.CharField(max_length=64, db_comment="Account that asked, as text.")
    assessed_at = models.DateTimeField(db_comment="Instant.")
    superseded_at = models.DateTimeField(null=True, db_comment="Instant from which a newer one holds.")

    personal = columns(
        sealed="inputs_enc",
        digest="inputs_digest proposal_digest",
        plain={
            "outcome programme pending amount": OUTCOME,
            "missing problem": "names of facts and opaque ids, no values",
        },
        staff="assessed_by",
        rest="id application_id as_of rulebook_hash chain assessed_at superseded_at",
    )

    class Meta:
        db_table_comment = "Proposals of the engine with what they were made from."
        verbose_name = _("系统建议")
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="cases_assessment_outcome"),
            models.CheckConstraint(
                condition=(Q(outcome="eligible") & ~Q(programme="")) | (~Q(outcome="eligible") & Q(programme="")),
                name="cases_assessment_programme",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(superseded_at__isnull=True), name="cases_one_open_assessment"
            ),
        ]


class Discretion(UuidModel):
    """A choice the rule leaves to a person (可、视情), with the reason. A later one replaces it; none is deleted."""

    append_only_but: ClassVar[tuple[str, ...]] = ("replaced_at",)

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+", db_comment="In which.")
    fact = models.CharField(max_length=80, db_comment="The point of discretion, as the rulebook names it.")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_comment="About whom; empty for the family."
    )
    choice = models.CharField(max_length=60, db_comment="Code chosen, of the rulebook's list.")
    reason = models.TextField(db_comment="Reason in the person's own words.")
    chosen_by = models.CharField(max_length=64, db_comment="Account, as text.")
    chosen_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    chosen_at = models.DateTimeField(db_comment="Instant.")
    replaced_at = models.DateTimeField(null=True, db_comment="Instant from which a later choice holds.")

    personal = columns(
        plain={"person_id": LINK, "choice": OUTCOME, "reason": REASON},
        staff="chosen_by chosen_name",
        rest="id application_id fact chosen_at replaced_at",
    )

    class Meta:
        db_table_comment = "Choices that rules leave to a person."
        verbose_name = _("裁量")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="cases_discretion_reason"),
            models.CheckConstraint(condition=~Q(chosen_by__in=["", "system"]), name="cases_discretion_by_a_person"),
            models.UniqueConstraint(
                fields=["application", "fact", "person"],
                condition=Q(replaced_at__isnull=True),
                nulls_distinct=False,
                name="cases_one_open_discretion",
            ),
        ]


class Opinion(UuidModel):
    """A handler's proposed opinion 拟办意见 on one assessment: agreeing with it, or departing with a reason."""

    append_only_but: ClassVar[tuple[str, ...]] = ("closed_at",)

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+", db_comment="On which.")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+", db_comment="On what.")
    agrees = models.BooleanField(db_comment="Whether it says what the engine proposed.")
    outcome = models.CharField(max_length=12, db_comment="eligible or not_eligible.")
    programme = models.CharField(max_length=60, blank=True, db_comment="Programme, if eligible.")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, db_comment="Yuan per month.")
    reason = models.TextField(blank=True, db_comment="Reason; needed when departing.")
    proposed_by = models.CharField(max_length=64, db_comment="Account, as text.")
    proposed_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    proposed_at = models.DateTimeField(db_comment="Instant.")
    closed_at = models.DateTimeField(null=True, db_comment="Instant it was sent back; empty while it stands.")

    personal = columns(
        plain={"outcome programme amount": OUTCOME, "reason": REASON},
        staff="proposed_by proposed_name",
        rest="id application_id assessment_id agrees proposed_at closed_at",
    )

    class Meta:
        db_table_comment = "Handlers' proposed opinions."
        verbose_name = _("拟办意见")
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["eligible", "not_eligible"]), name="cases_opinion_outcome"),
            models.CheckConstraint(
                condition=(Q(outcome="eligible") & ~Q(programme=""))
                | (Q(outcome="not_eligible", programme="", amount__isnull=True)),
                name="cases_opinion_programme",
            ),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="cases_opinion_reason"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="cases_opinion_amount"),
            models.CheckConstraint(condition=~Q(proposed_by__in=["", "system"]), name="cases_opinion_by_a_person"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(closed_at__isnull=True), name="cases_one_open_opinion"
            ),
            models.UniqueConstraint(fields=["id", "proposed_by"], name="cases_opinion_proposer"),
        ]


class Review(UuidModel):
    """What a second person said to an opinion. `proposed_by` repeats the opinion's, bound to it by a key."""

    append_only_but: ClassVar[tuple[str, ...]] = ()

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="+", db_comment="Of which.")
    proposed_by = models.CharField(max_length=64, db_comment="Account of the opinion, bound to it by a foreign key.")
    reviewed_by = models.CharField(max_length=64, db_comment="Account that reviewed: another one.")
    reviewed_name = models.CharField(max_length=60, db_comment="Name of the account's holder then.")
    reviewed_at = models.DateTimeField(db_comment="Instant.")
    agrees = models.BooleanField(db_comment="Agreed, or sent back.")
    reason = models.TextField(blank=True, db_comment="Reason; needed when sent back.")

    personal = columns(
        plain={"reason": REASON},
        staff="proposed_by reviewed_by reviewed_name",
        rest="id opinion_id reviewed_at agrees",
    )

    class Meta:
        db_table_comment = "Reviews of opinions by a second person."
        verbose_name = _("复核")
        constraints = [
            models.CheckConstraint(condition=~Q(reviewed_by=F("proposed_by")), name="cases_review_two_people"),
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(reason=""), name="cases_review_reason"),
            models.CheckConstraint(condition=~Q(reviewed_by__in=["", "system"]), name="cases_review_by_a_person"),
        ]


class NumberSeries(models.Model):
    """The last number given out in a county and year."""

    open_rows = "A counter of a county, which its townships count on; nobody's data."

    area_code = models.CharField(max_length=6, db_comment="County.")
    year = models.PositiveSmallIntegerField(db_comment="Year of application.")
    last = models.PositiveIntegerField(default=0, db_comment="Last sequence number.")

    personal = columns(rest="id area_code year last")

    class Meta:
        db_table = "cases_number_series"
        db_table_comment = "Series of application numbers."
        constraints = [models.UniqueConstraint(fields=["area_code", "year"], name="cases_number_series_once")]


class Draft(UuidModel):
    """An application form not yet handed in, whole and encrypted: nothing of it is in a cookie or an address."""

    account_id = models.CharField(max_length=64, db_comment="Whose draft, as text.")
    area_code = models.CharField(max_length=12, blank=True, db_comment="Area of the grant it was begun under.")
    data_enc = models.BinaryField(db_comment="The answers as JSON, encrypted; AAD cases_draft|data|id.")
    begun_at = models.DateTimeField(db_comment="Instant it was begun.")
    saved_at = models.DateTimeField(db_comment="Instant it was last saved.")

    personal = columns(sealed="data_enc", staff="account_id", rest="id area_code begun_at saved_at")

    class Meta:
        db_table_comment = "Unfinished application forms, encrypted."
        indexes = [models.Index(fields=["account_id", "saved_at"], name="cases_draft_of")]

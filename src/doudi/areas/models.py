"""Administrative divisions, dated. A code is a prefix of all codes below it."""

from __future__ import annotations

from django.db import models

from doudi.core.personal import columns

LEVELS = {2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}


class Area(models.Model):
    """One area from a day on. Renamed, merged or recoded areas keep their old row with an end."""

    open_rows = "The divisions of the country are public."

    code = models.CharField(max_length=12, db_comment="2, 4, 6, 9 or 12 digits; the prefix names the area above.")
    name = models.CharField(max_length=80, db_comment="Name in Chinese.")
    level = models.CharField(max_length=10, db_comment="province, prefecture, county, township, village.")
    from_on = models.DateField(db_comment="First day of this row.")
    to_on = models.DateField(null=True, db_comment="First day this row no longer holds.")
    replaced_by = models.CharField(max_length=12, blank=True, db_comment="Code that took its place, if any.")

    personal = columns(rest="id code name level from_on to_on replaced_by")

    class Meta:
        db_table = "areas_area"
        db_table_comment = "Administrative divisions with their periods."
        constraints = [
            models.UniqueConstraint(fields=["code", "from_on"], name="areas_area_once"),
            models.UniqueConstraint(fields=["code"], condition=models.Q(to_on__isnull=True), name="areas_area_current"),
            models.CheckConstraint(
                condition=models.Q(to_on__isnull=True) | models.Q(to_on__gt=models.F("from_on")),
                name="areas_area_period",
            ),
        ]

"""Row-level security: drafts by their place, what became law for everybody; nothing that was decided can be removed."""

from django.db import migrations

from doudi.core.row_policies import EVERYWHERE, HI, by_parent, open_again, protected, there_is, within


def _of_draft(table: str) -> str:
    """Course and impact are for those whose draft it is, also once it is law."""
    own = f"rulebook_draft AS parent WHERE parent.id = {table}.draft_id AND {within('parent.place')}"
    return f"(({EVERYWHERE}) OR {there_is(own)})"


POLICIES = "".join(
    [
        protected("rulebook_draft", f"{within('place')} OR (state = 'published' AND {HI} <> '')", within("place")),
        protected("rulebook_draft_step", _of_draft("rulebook_draft_step")),
        protected("rulebook_impact", _of_draft("rulebook_impact")),
        protected("rulebook_approval", by_parent("rulebook_approval", "draft_id", "rulebook_draft")),
    ]
)
TABLES = ("rulebook_approval", "rulebook_impact", "rulebook_draft_step", "rulebook_draft")
KEPT = ("rulebook_draft_step", "rulebook_impact", "rulebook_approval")
KEEP = "".join(
    f"CREATE TRIGGER {table}_not_removed BEFORE DELETE OR TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION rulebook_kept();\n"
    for table in KEPT
)
KEEP += """
CREATE TRIGGER rulebook_impact_kept_whole BEFORE UPDATE OF id ON rulebook_impact
    FOR EACH ROW EXECUTE FUNCTION rulebook_kept();
"""
FORGET = "DROP TRIGGER rulebook_impact_kept_whole ON rulebook_impact;\n" + "".join(
    f"DROP TRIGGER {table}_not_removed ON {table};\n" for table in KEPT
)


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0004_digest_of_all")]

    operations = [
        migrations.RunSQL(KEEP, FORGET),
        migrations.RunSQL(POLICIES, "".join(open_again(table) for table in TABLES)),
    ]

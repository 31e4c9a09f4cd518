"""Drafts, their course, their impact, their approval; and the triggers that keep what was written."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

# what was approved is what was written, by somebody else; what was said and done is never rewritten
BIND = """
ALTER TABLE rulebook_approval ADD CONSTRAINT rulebook_approval_of_draft
    FOREIGN KEY (draft_id, author_id, digest) REFERENCES rulebook_draft (id, author_id, digest);

CREATE FUNCTION rulebook_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are kept as they were written', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER rulebook_step_kept BEFORE UPDATE OR DELETE ON rulebook_draft_step
    FOR EACH ROW EXECUTE FUNCTION rulebook_kept();
CREATE TRIGGER rulebook_approval_kept BEFORE UPDATE OR DELETE ON rulebook_approval
    FOR EACH ROW EXECUTE FUNCTION rulebook_kept();
CREATE TRIGGER rulebook_impact_kept BEFORE DELETE OR UPDATE OF draft_id, digest, asked_by, asked_at ON rulebook_impact
    FOR EACH ROW EXECUTE FUNCTION rulebook_kept();
CREATE TRIGGER rulebook_impact_answered_once BEFORE UPDATE OF result, recorded_at ON rulebook_impact
    FOR EACH ROW WHEN (OLD.recorded_at IS NOT NULL) EXECUTE FUNCTION rulebook_kept();
CREATE TRIGGER rulebook_draft_kept BEFORE DELETE ON rulebook_draft
    FOR EACH ROW EXECUTE FUNCTION rulebook_kept();
CREATE TRIGGER rulebook_draft_text_kept BEFORE UPDATE OF place, title, base, base_hash, files, digest, effective_on,
    past_reason ON rulebook_draft
    FOR EACH ROW WHEN (OLD.state IN ('submitted', 'published', 'discarded')) EXECUTE FUNCTION rulebook_kept();
CREATE TRIGGER rulebook_draft_ended BEFORE UPDATE ON rulebook_draft
    FOR EACH ROW WHEN (OLD.state IN ('published', 'discarded')) EXECUTE FUNCTION rulebook_kept();
"""
RELEASE = """
DROP TRIGGER rulebook_draft_ended ON rulebook_draft;
DROP TRIGGER rulebook_draft_text_kept ON rulebook_draft;
DROP TRIGGER rulebook_draft_kept ON rulebook_draft;
DROP TRIGGER rulebook_impact_answered_once ON rulebook_impact;
DROP TRIGGER rulebook_impact_kept ON rulebook_impact;
DROP TRIGGER rulebook_approval_kept ON rulebook_approval;
DROP TRIGGER rulebook_step_kept ON rulebook_draft_step;
DROP FUNCTION rulebook_kept();
ALTER TABLE rulebook_approval DROP CONSTRAINT rulebook_approval_of_draft;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("rulebook", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="published",
            name="id",
            field=models.UUIDField(
                db_comment="Identity, made before insert.",
                default=uuid.uuid4,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_comment="Identity, made before insert.",
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "place",
                    models.CharField(db_comment="area code whose folder is edited", max_length=12, verbose_name="地区"),
                ),
                (
                    "title",
                    models.CharField(
                        db_comment="what it is about, in the author's words", max_length=120, verbose_name="改什么"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("browser", "在网页上起草"),
                            ("sheet", "从表格导入"),
                            ("import", "从规则文件导入"),
                            ("upgrade", "系统升级后重新检查"),
                        ],
                        db_comment="browser, sheet, import, upgrade",
                        max_length=10,
                    ),
                ),
                (
                    "base_hash",
                    models.CharField(blank=True, db_comment="published rulebook it builds on, if any", max_length=64),
                ),
                ("base", models.BinaryField(db_comment="archive of the policy files it is put on")),
                ("files", models.JSONField(db_comment="file name → text, of places/<place>", default=dict)),
                (
                    "digest",
                    models.CharField(db_comment="SHA-256 of base, place, files and effective day", max_length=64),
                ),
                (
                    "effective_on",
                    models.DateField(db_comment="first day on which it would hold", null=True, verbose_name="施行日期"),
                ),
                (
                    "past_reason",
                    models.TextField(blank=True, db_comment="why it holds from a day before it is published"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafting", "起草中"),
                            ("submitted", "待批准"),
                            ("returned", "退回修改"),
                            ("published", "已发布"),
                            ("discarded", "已作废"),
                        ],
                        db_comment="see lifecycle",
                        default="drafting",
                        max_length=10,
                    ),
                ),
                (
                    "problems",
                    models.JSONField(db_comment="faults an upgrade found: place in the file, zh, en", default=list),
                ),
                (
                    "author_id",
                    models.CharField(db_comment="account that wrote it, as text; system for an upgrade", max_length=64),
                ),
                ("author_name", models.CharField(db_comment="name of the account's holder then", max_length=60)),
                ("opened_at", models.DateTimeField(db_comment="instant it was begun")),
                ("saved_at", models.DateTimeField(db_comment="instant it was last changed")),
            ],
            options={
                "verbose_name": "规则草稿",
                "db_table_comment": "Drafts of places' rulebooks",
                "indexes": [models.Index(fields=["place", "state"], name="rulebook_draft_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("drafting", "submitted", "returned", "published", "discarded"))
                        ),
                        name="rulebook_draft_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ("browser", "sheet", "import", "upgrade"))),
                        name="rulebook_draft_origin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["submitted", "published"]), _negated=True),
                            ("effective_on__isnull", False),
                            _connector="OR",
                        ),
                        name="rulebook_draft_has_its_day",
                    ),
                    models.UniqueConstraint(fields=("id", "author_id", "digest"), name="rulebook_draft_as_written"),
                ],
            },
        ),
        migrations.AddField(
            model_name="published",
            name="draft",
            field=models.ForeignKey(
                db_comment="the approved draft it came from",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rulebook.draft",
            ),
        ),
        migrations.CreateModel(
            name="Impact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_comment="Identity, made before insert.",
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("digest", models.CharField(db_comment="digest of the draft when asked", max_length=64)),
                ("asked_by", models.CharField(db_comment="account that asked, as text", max_length=64)),
                ("asked_at", models.DateTimeField(db_comment="instant")),
                ("result", models.JSONField(db_comment="what the simulation says, or why there is none", null=True)),
                ("recorded_at", models.DateTimeField(db_comment="instant of the answer", null=True)),
                (
                    "draft",
                    models.ForeignKey(
                        db_comment="of which",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.draft",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Impact of drafts on the newest snapshot",
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_comment="Identity, made before insert.",
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "author_id",
                    models.CharField(db_comment="account that wrote the draft, bound by a foreign key", max_length=64),
                ),
                ("digest", models.CharField(db_comment="digest of the draft, bound by a foreign key", max_length=64)),
                ("approved_by", models.CharField(db_comment="account that approved, as text", max_length=64)),
                ("approved_name", models.CharField(db_comment="name of the account's holder then", max_length=60)),
                ("approved_at", models.DateTimeField(db_comment="instant")),
                ("note", models.TextField(blank=True, db_comment="what the approver said, if anything")),
                (
                    "draft",
                    models.OneToOneField(
                        db_comment="of which",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.draft",
                    ),
                ),
                (
                    "impact",
                    models.ForeignKey(
                        db_comment="impact that was shown",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.impact",
                    ),
                ),
            ],
            options={
                "db_table_comment": "Approvals of drafts by a second person",
            },
        ),
        migrations.CreateModel(
            name="DraftStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("open", "开始起草"),
                            ("edit", "修改"),
                            ("renew", "换到最新版本上"),
                            ("take_over", "接手"),
                            ("submit", "提交批准"),
                            ("withdraw", "撤回修改"),
                            ("discard", "作废"),
                            ("supersede", "被新的升级代替"),
                            ("approve", "批准并发布"),
                            ("return", "退回"),
                        ],
                        db_comment="what was done, see lifecycle",
                        max_length=10,
                    ),
                ),
                ("ended_in", models.CharField(db_comment="state afterwards", max_length=10)),
                ("at", models.DateTimeField(db_comment="instant")),
                ("account_id", models.CharField(db_comment="who did it, as text", max_length=64)),
                ("account_name", models.CharField(db_comment="name of the account's holder then", max_length=60)),
                ("role", models.CharField(db_comment="role it was done in", max_length=40)),
                ("reason", models.TextField(blank=True, db_comment="reason or note, if any")),
                (
                    "files",
                    models.JSONField(db_comment="the files as they were afterwards, where they changed", null=True),
                ),
                ("digest", models.CharField(db_comment="digest of the draft afterwards", max_length=64)),
                (
                    "draft",
                    models.ForeignKey(
                        db_comment="of which",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="rulebook.draft",
                    ),
                ),
            ],
            options={
                "db_table": "rulebook_draft_step",
                "db_table_comment": "The course of drafts, append-only",
                "indexes": [models.Index(fields=["draft", "at"], name="rulebook_step_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "move__in",
                                [
                                    "open",
                                    "edit",
                                    "renew",
                                    "take_over",
                                    "submit",
                                    "withdraw",
                                    "discard",
                                    "supersede",
                                    "approve",
                                    "return",
                                ],
                            )
                        ),
                        name="rulebook_step_move",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_in__in", ("drafting", "submitted", "returned", "published", "discarded"))
                        ),
                        name="rulebook_step_state",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="impact",
            index=models.Index(fields=["draft", "asked_at"], name="rulebook_impact_of"),
        ),
        migrations.AddConstraint(
            model_name="impact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recorded_at__isnull", True), ("result__isnull", True)),
                    models.Q(("recorded_at__isnull", False), ("result__isnull", False)),
                    _connector="OR",
                ),
                name="rulebook_impact_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by", models.F("author_id")), _negated=True),
                name="rulebook_approval_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="approval",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved_by__in", ["", "system"]), _negated=True),
                name="rulebook_approval_by_a_person",
            ),
        ),
        migrations.RunSQL(BIND, RELEASE),
    ]

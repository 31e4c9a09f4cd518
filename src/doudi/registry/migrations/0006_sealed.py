"""What was said is encrypted, and blind indexes say which key they were made with."""

import json

from django.db import migrations, models

from doudi.core.row_policies import HERE

# indexes made so far are all of the first blind key; 32 bytes without a key in front become 36 with it
PREFIXED = """
UPDATE registry_person SET number_index = '\\x00000001'::bytea || number_index WHERE length(number_index) = 32;
UPDATE registry_bankaccount SET number_index = '\\x00000001'::bytea || number_index WHERE length(number_index) = 32;
"""


def seal(apps, schema_editor):
    """Encrypt what lies in clear text."""
    from doudi.core.vault import vault

    for name, old, new, write in (
        ("Declaration", "value", "value_enc", lambda value: value),
        ("ObligorStatement", "obligors", "obligors_enc", lambda value: json.dumps(value, ensure_ascii=False)),
    ):
        model = apps.get_model("registry", name)
        table = f"registry_{name.lower()}"
        for row in model.objects.exclude(**{f"{old}__isnull": True}).iterator():
            sealed = vault().encrypt(f"{table}|{old}|{row.pk}", write(getattr(row, old)).encode())
            model.objects.filter(pk=row.pk).update(**{new: sealed})


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_row_policies"),
    ]

    operations = [
        migrations.RunSQL(HERE + PREFIXED, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="declaration",
            name="value_enc",
            field=models.BinaryField(
                db_comment="The value as canonical text, encrypted; AAD registry_declaration|value|id. Empty: asked, unknown.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="obligorstatement",
            name="obligors_enc",
            field=models.BinaryField(
                db_comment="Name, relation, residence and facts of each as JSON, [] nobody, encrypted; AAD registry_obligorstatement|obligors|id. Empty: asked, not known.",
                null=True,
            ),
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        migrations.RemoveField(model_name="declaration", name="value"),
        migrations.RemoveField(model_name="obligorstatement", name="obligors"),
    ]

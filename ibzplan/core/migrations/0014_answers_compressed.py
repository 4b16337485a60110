"""Answers kept for a request that comes again are compressed."""

import zlib

from django.db import migrations, models


def pack(apps, schema_editor):
    requests = _requests(apps, schema_editor)
    for key, body in requests.values_list("pk", "body").iterator():
        requests.filter(pk=key).update(packed=zlib.compress(body.encode()))


def unpack(apps, schema_editor):
    requests = _requests(apps, schema_editor)
    for key, packed in requests.values_list("pk", "packed").iterator():
        requests.filter(pk=key).update(body=zlib.decompress(bytes(packed)).decode())


def _requests(apps, schema_editor):
    alias = schema_editor.connection.alias
    return apps.get_model("core", "IdempotentRequest").objects.using(alias)


class Migration(migrations.Migration):
    dependencies = [("core", "0013_clock_rewritten_at")]

    operations = [
        migrations.AddField(
            model_name="idempotentrequest",
            name="packed",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.RunPython(pack, unpack),
        # With it the way back finds something for the rows that are there.
        migrations.AlterField(
            model_name="idempotentrequest", name="body", field=models.TextField(default="")
        ),
        migrations.RemoveField(model_name="idempotentrequest", name="body"),
        migrations.RenameField(model_name="idempotentrequest", old_name="packed", new_name="body"),
    ]

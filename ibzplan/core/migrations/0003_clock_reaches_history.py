"""Let the record clock stand where the history does, which was dated by the wall clock until now.

Without it a record changed shortly before would be read as it was before that change.
"""

from django.db import migrations
from django.db.models import Max


def raise_clock(apps, schema_editor):
    alias = schema_editor.connection.alias
    entries = apps.get_model("core", "HistoryEntry").objects.using(alias)
    latest = entries.aggregate(latest=Max("at"))["latest"]
    if latest is None:
        return
    clocks = apps.get_model("core", "RecordClock").objects.using(alias)
    clock, _created = clocks.get_or_create(pk=1, defaults={"last_instant": latest})
    if clock.last_instant < latest:
        clock.last_instant = latest
        clock.save(update_fields=["last_instant"])


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]

    operations = [migrations.RunPython(raise_clock, migrations.RunPython.noop)]

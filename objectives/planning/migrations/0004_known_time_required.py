"""Every link says since when it counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0003_backfill_known_time")]

    operations = [
        migrations.AlterField("objectiveindicator", "known_from", models.DateTimeField()),
    ]

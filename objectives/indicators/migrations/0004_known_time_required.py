"""Every obligation and target says since when, and for which plan year, it counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0003_definition_versions"),
        ("planning", "0003_backfill_known_time"),
    ]

    operations = [
        migrations.AlterField("obligation", "known_from", models.DateTimeField()),
        migrations.AlterField("target", "plan_year", models.PositiveSmallIntegerField()),
    ]

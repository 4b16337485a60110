"""Every link to the NVP says since when it counts, and stands there once at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("planning", "0006_security_links_in_time")]

    operations = [
        migrations.AlterField("objectivesecuritylink", "known_from", models.DateTimeField()),
        migrations.AddConstraint(
            "objectivesecuritylink",
            models.UniqueConstraint(
                condition=models.Q(("known_until", None)),
                fields=("objective", "security_objective"),
                name="security_link_current_once",
            ),
        ),
    ]

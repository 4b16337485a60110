"""What an objective contributes to is known from a moment until another."""

from django.db import migrations, models
from django.db.models import F


def fill(apps, schema_editor):
    links = apps.get_model("planning", "ObjectiveSecurityLink").objects
    links = links.using(schema_editor.connection.alias)
    links.filter(known_from=None).update(known_from=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("planning", "0005_smart_motivations")]

    operations = [
        migrations.RemoveConstraint("objectivesecuritylink", "security_link_once"),
        migrations.AddField(
            "objectivesecuritylink", "known_from", models.DateTimeField(null=True)
        ),
        migrations.AddField(
            "objectivesecuritylink", "known_until", models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

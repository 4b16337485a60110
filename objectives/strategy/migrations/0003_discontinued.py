"""Why an objective or a werf is not carried on in the next plan."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns that begin empty."""

    dependencies = [("strategy", "0002_activities_addenda_lineage")]

    operations = [
        migrations.AddField(
            model_name="strategicobjective",
            name="discontinued_because",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="werf",
            name="discontinued_because",
            field=models.TextField(blank=True, default=""),
        ),
    ]

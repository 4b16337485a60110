"""What was recorded between two instants is found by them: change feeds ask for nothing else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0011_token_scopes")]

    operations = [
        migrations.AddIndex(
            model_name="historyentry",
            index=models.Index(fields=["at"], name="history_instant"),
        ),
    ]

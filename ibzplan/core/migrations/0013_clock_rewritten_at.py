"""When rows came or went last that no instant tells of; never, as far as is known here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0012_history_by_instant")]

    operations = [
        migrations.AddField(
            model_name="recordclock",
            name="rewritten_at",
            field=models.DateTimeField(null=True),
        ),
    ]

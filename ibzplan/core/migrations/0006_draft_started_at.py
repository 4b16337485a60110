from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("core", "0005_notification_by_mail")]

    operations = [
        migrations.AddField(
            model_name="formdraft",
            name="started_at",
            field=models.DateTimeField(default=timezone.now, editable=False),
        ),
    ]

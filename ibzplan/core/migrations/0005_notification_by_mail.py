from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_comments_drafts_notifications"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="by_mail",
            field=models.BooleanField(default=True),
        ),
    ]

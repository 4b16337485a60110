from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_questions_answers_follows")]

    operations = [
        migrations.CreateModel(
            name="TableVersion",
            fields=[
                ("name", models.CharField(max_length=63, primary_key=True, serialize=False)),
                ("token", models.BigIntegerField()),
            ],
        ),
    ]

"""Whether a change of a plan is important: not said yet is neither yes nor no."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0011_workbook_language'),
    ]

    operations = [
        migrations.AlterField(
            model_name='amendmentchange',
            name='is_important',
            field=models.BooleanField(null=True),
        ),
    ]

"""A workbook is checked in the language of whoever handed it in."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0010_plan_cycle_required'),
    ]

    operations = [
        migrations.AddField(
            model_name='workbookimport',
            name='language',
            field=models.CharField(default='nl', max_length=2),
        ),
    ]

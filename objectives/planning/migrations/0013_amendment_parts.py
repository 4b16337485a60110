"""An amendment changes the activities and the risks of an objective too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0012_amendment_importance'),
    ]

    operations = [
        migrations.AlterField(
            model_name='amendmentchange',
            name='kind',
            field=models.CharField(choices=[('change', 'Change'), ('add', 'Add'), ('withdraw', 'Withdraw'), ('split', 'Split'), ('merge', 'Merge'), ('target', 'Other target'), ('owner', 'Other owner'), ('activity', 'Activity'), ('risk', 'Risk')], max_length=10),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0007_report_life_tightened'),
    ]

    operations = [
        migrations.AddField(
            model_name='progressreport',
            name='replaced_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='reporting.progressreport'),
        ),
    ]

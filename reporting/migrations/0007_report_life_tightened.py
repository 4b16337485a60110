import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0006_report_life_filled'),
        ('strategy', '0003_discontinued'),
    ]

    operations = [
        migrations.AlterField(
            model_name='progressreport',
            name='strategic_plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='strategy.plan'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.UniqueConstraint(fields=('strategic_plan', 'minister', 'reference_date', 'known_at', 'language'), name='report_once'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_at', None), ('issued_by', None), ('stage__in', ['draft', 'review'])), models.Q(('issued_at__isnull', False), ('issued_by__isnull', False), ('stage__in', ['approved', 'sent', 'archived']), ('state', 'ready')), _connector='OR'), name='report_issued_when_ready'),
        ),
    ]

"""Let the register, the dated links and the desks take the place of what stood there before."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('planning', '0009_plan_cycle_backfill'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='operationalobjective',
            name='holder_text',
        ),
        migrations.RemoveField(
            model_name='operationalobjective',
            name='goals',
        ),
        migrations.AddConstraint(
            model_name='operationalobjective',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'draft'), ('waits_for__in', ('planner', 'head'))), models.Q(('state', 'submitted'), ('waits_for__in', ('corporate', 'committee'))), models.Q(models.Q(('state__in', ['draft', 'submitted']), _negated=True), ('waits_for', '')), _connector='OR'), name='objective_desk_fits_state'),
        ),
        migrations.AddConstraint(
            model_name='operationalobjective',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at', None)), _connector='OR'), name='objective_withdrawn_when'),
        ),
    ]

"""An objective says in words on which people and credits it counts."""

from django.db import migrations

import ibzplan.core.localised


class Migration(migrations.Migration):
    dependencies = [
        ("planning", "0014_narratives"),
    ]

    operations = [
        migrations.AddField(
            model_name="operationalobjective",
            name="means",
            field=ibzplan.core.localised.LocalisedField(
                blank=True, default=ibzplan.core.localised.LocalisedText
            ),
        ),
    ]

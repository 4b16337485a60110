"""Narrow the keys of API clients to what their role names, as those made since are.

A client was bound to a unit or a minister by its role, which nothing read; core 0011 brought keys
that are narrowed themselves, and left those that there were as wide as before. A client that also
has a role without a unit or minister, or a role of persons, reaches more than that: it is left
alone.
"""

from collections import defaultdict
from datetime import timedelta

from django.db import migrations
from django.utils import timezone

ACTION = "token_narrowed"


def narrow_client_keys(apps, schema_editor):
    alias = schema_editor.connection.alias
    assignments = apps.get_model("personnel", "RoleAssignment").objects.using(alias)
    by_client = defaultdict(list)
    for row in assignments.filter(user__is_client=True).select_related("unit", "minister"):
        by_client[row.user_id].append(row)
    keys = apps.get_model("core", "ApiToken").objects.using(alias)
    entries = apps.get_model("core", "HistoryEntry").objects.using(alias)
    for user_id, rows in by_client.items():
        if any(row.role != "api_client" or not (row.unit or row.minister) for row in rows):
            continue
        units = sorted({str(row.unit.uuid) for row in rows if row.unit})
        ministers = sorted({str(row.minister.uuid) for row in rows if row.minister})
        for key in keys.filter(user=user_id, revoked_at=None).select_related("user"):
            if key.unit_uuids or key.minister_uuids:
                continue
            key.unit_uuids, key.minister_uuids = units, ministers
            key.save(update_fields=["unit_uuids", "minister_uuids"])
            entries.create(
                target_type="core.apitoken",
                target_uuid=key.uuid,
                at=_next_instant(apps, alias),
                action=ACTION,
                changes={"ministers": [[], ministers], "units": [[], units]},
                is_demo=key.user.is_demo,
            )


def _next_instant(apps, alias):
    """Return the next instant of the record clock, as the services take it."""
    now = timezone.now()
    clocks = apps.get_model("core", "RecordClock").objects.using(alias)
    clock, is_new = clocks.get_or_create(pk=1, defaults={"last_instant": now})
    if not is_new:
        clock.last_instant = max(now, clock.last_instant + timedelta(microseconds=1))
        clock.save(update_fields=["last_instant"])
    return clock.last_instant


class Migration(migrations.Migration):
    dependencies = [
        ("personnel", "0004_staffing_entered_and_flows"),
        ("core", "0011_token_scopes"),
    ]

    operations = [migrations.RunPython(narrow_client_keys, migrations.RunPython.noop)]

"""Bring holders into the register, goals into dated links, and every objective to its desk."""

from django.db import migrations

DESKS = {"draft": "planner", "submitted": "committee"}


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    objectives = apps.get_model("planning", "OperationalObjective").objects.using(alias)
    for state in ("draft", "submitted", "approved", "closed"):
        objectives.filter(state=state).update(waits_for=DESKS.get(state, ""))
    _register_holders(apps, alias, objectives)
    _date_goals(apps, alias, objectives)


def _register_holders(apps, alias, objectives):
    """Each function that was typed for a unit becomes one of the register."""
    functions = apps.get_model("personnel", "ManagementFunction").objects.using(alias)
    typed = objectives.exclude(holder_text="").order_by("unit_id", "holder_text")
    pairs = typed.values_list("unit_id", "unit__code", "holder_text", "is_demo").distinct()
    known = {(row.unit_id, row.title.get("nl", "")): row for row in functions.all()}
    for unit_id, unit_code, name, is_demo in pairs:
        key = (unit_id, name)
        if key not in known:
            number = 1 + sum(unit == unit_id for unit, _name in known)
            known[key] = functions.create(
                code=f"{unit_code[:20]}-{number}",
                unit_id=unit_id,
                title={"nl": name},
                level="n-1",
                is_demo=is_demo,
            )
        objectives.filter(unit_id=unit_id, holder_text=name).update(holder=known[key])


def _date_goals(apps, alias, objectives):
    model = apps.get_model("planning", "ObjectiveGoal")
    through = apps.get_model("planning", "OperationalObjective").goals.through
    links = through.objects.using(alias).select_related("operationalobjective")
    model.objects.using(alias).bulk_create(
        [
            model(
                objective_id=link.operationalobjective_id,
                goal_id=link.goal_id,
                known_from=link.operationalobjective.created_at,
                is_demo=link.operationalobjective.is_demo,
            )
            for link in links
        ],
        batch_size=100,
    )


def take_back(apps, schema_editor):
    alias = schema_editor.connection.alias
    rows = apps.get_model("planning", "OperationalObjective").objects.using(alias)
    for row in rows.exclude(holder=None).select_related("holder"):
        rows.filter(pk=row.pk).update(holder_text=row.holder.title.get("nl", "")[:120], holder=None)
    through = apps.get_model("planning", "OperationalObjective").goals.through
    links = apps.get_model("planning", "ObjectiveGoal").objects.using(alias)
    through.objects.using(alias).bulk_create(
        [
            through(operationalobjective_id=row.objective_id, goal_id=row.goal_id)
            for row in links.filter(known_until=None)
        ],
        batch_size=100,
        ignore_conflicts=True,
    )
    links.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("planning", "0008_plan_cycle"),
    ]

    operations = [
        migrations.RunPython(fill, take_back),
    ]

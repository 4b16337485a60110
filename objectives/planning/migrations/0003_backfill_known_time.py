"""Say of what was there already since when it was known, and keep its definition as version 1."""

from datetime import date

from django.db import migrations
from django.db.models import Max, Min, Q

from ibzplan.core.append_only import maintenance_pass

# The first version of a definition speaks of every figure there is.
FIRST_DAY = date(2000, 1, 1)
OWN_COLUMNS = {
    "id", "uuid", "number", "valid_from", "is_series_break", "reason", "recorded_at",
    "recorded_by", "is_demo", "indicator",
}  # fmt: skip
IN_FORCE = ("approved", "closed")


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    indicators = apps.get_model("indicators", "Indicator").objects.using(alias)
    first_targets = dict(
        indicators.annotate(first=Min("targets__recorded_at")).values_list("pk", "first")
    )
    _aggregations(indicators)
    _definitions(apps, alias, first_targets)
    _spans(apps, alias, first_targets)
    _target_years(apps, alias)
    _years(apps, alias)


def _known_since(row, first_targets, indicator_id):
    """A demo row was made later than the past it tells of: its first target is older."""
    return min(row.created_at, first_targets.get(indicator_id) or row.created_at)


def _aggregations(indicators):
    """How the periods of a year come together followed from the kind of figure until now."""
    indicators.filter(is_ratio=True).update(period_aggregation="pooled")
    indicators.filter(is_ratio=False, accumulation="flow").update(period_aggregation="sum")


def _definitions(apps, alias, first_targets):
    model = apps.get_model("indicators", "IndicatorDefinition")
    columns = [f.name for f in model._meta.fields if f.name not in OWN_COLUMNS]
    done = model.objects.using(alias).values("indicator")
    rows = apps.get_model("indicators", "Indicator").objects.using(alias).exclude(pk__in=done)
    model.objects.using(alias).bulk_create(
        [
            model(
                indicator=row,
                number=1,
                valid_from=FIRST_DAY,
                recorded_at=_known_since(row, first_targets, row.pk),
                is_demo=row.is_demo,
                **{name: getattr(row, name) for name in columns},
            )
            for row in rows
        ],
        batch_size=100,
    )


def _spans(apps, alias, first_targets):
    for app, name in (("indicators", "Obligation"), ("planning", "ObjectiveIndicator")):
        model = apps.get_model(app, name)
        rows = list(model.objects.using(alias).filter(known_from=None))
        for row in rows:
            row.known_from = _known_since(row, first_targets, row.indicator_id)
        model.objects.using(alias).bulk_update(rows, ["known_from"], batch_size=200)


def _target_years(apps, alias):
    """A target belongs to the plan of the year it is due in, or the last one before that."""
    model = apps.get_model("indicators", "Target")
    links = apps.get_model("planning", "ObjectiveIndicator").objects.using(alias)
    years = {}
    for indicator, year in links.values_list("indicator", "objective__plan__year"):
        years.setdefault(indicator, set()).add(year)
    rows = list(model.objects.using(alias).filter(plan_year=None))
    for row in rows:
        known = years.get(row.indicator_id, {row.due_on.year})
        row.plan_year = max((y for y in known if y <= row.due_on.year), default=min(known))
    with maintenance_pass(alias):
        model.objects.using(alias).bulk_update(rows, ["plan_year"], batch_size=200)


def _years(apps, alias):
    indicators = apps.get_model("indicators", "Indicator").objects.using(alias)
    year = "objective_links__objective__plan__year"
    state = "objective_links__objective__state"
    rows = indicators.annotate(
        submitted=Max(year, filter=Q(**{f"{state}__in": (*IN_FORCE, "submitted")})),
        released=Max(year, filter=Q(**{f"{state}__in": IN_FORCE})),
    ).filter(Q(submitted__isnull=False) | Q(released__isnull=False))
    for row in rows:
        indicators.filter(pk=row.pk).update(
            submitted_year=row.submitted, released_year=row.released
        )


def forget(apps, schema_editor):
    """Keep only what holds now: before this change there was one row for each, and no past."""
    alias = schema_editor.connection.alias
    for app, name in (("indicators", "Obligation"), ("planning", "ObjectiveIndicator")):
        rows = apps.get_model(app, name).objects.using(alias)
        rows.exclude(known_until=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_clock_reaches_history"),
        ("indicators", "0003_definition_versions"),
        ("planning", "0002_links_in_time_and_overrides"),
    ]

    operations = [migrations.RunPython(fill, forget)]

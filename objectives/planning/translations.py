"""What waits for translation in operational plans: the unit's own people translate it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core import translations
from ibzplan.core.localised import fold
from ibzplan.core.models import Record
from ibzplan.core.translations import TextSource, Translated
from objectives.indicators.formatting import period_text
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    Amendment,
    FinalEvaluation,
    Narrative,
    OperationalObjective,
    Risk,
)
from objectives.strategy.models import Activity, Milestone
from personnel.access import Access
from personnel.choices import Role
from personnel.translations import translates_for

# What is closed or withdrawn is read, not worked on.
_OVER: Final = (PlanState.CLOSED, PlanState.WITHDRAWN)


def _own_objectives(access: Access) -> list[OperationalObjective]:
    """Return the objectives of plans that are not closed whose texts the user translates."""
    rows = OperationalObjective.objects.visible_to(access).exclude(state__in=_OVER)
    if not access.has(Role.CORPORATE):
        rows = rows.filter(unit__in=access.unit_ids)
    found = rows.select_related("unit", "plan").order_by("-plan__year", "code", "pk")
    return [row for row in found if translates_for(access, row.unit_id)]


def _page(objective: OperationalObjective) -> str:
    return reverse("planning:objective", args=[objective.uuid])


def _objectives(access: Access) -> Iterable[Translated]:
    for row in _own_objectives(access):
        yield Translated(row, f"{row.code} {row.title}", row.unit.code, _page(row))


def _objective_key(record: Record) -> Mapping[str, Any]:
    row: Any = record
    parts = (fold(row.code), row.title.search_key(), row.description.search_key())
    return {"search_key": " ".join(parts)}


def _by_uuid(access: Access) -> dict[UUID, OperationalObjective]:
    return {row.uuid: row for row in _own_objectives(access)}


def _activities(access: Access) -> Iterable[Translated]:
    owners = _by_uuid(access)
    rows = Activity.objects.current().filter(
        target_type=OperationalObjective.type_name(), target_uuid__in=list(owners)
    )
    for row in rows:
        owner = owners[row.target_uuid]
        yield Translated(row, f"{owner.code} {row.title}", owner.unit.code, _page(owner))


def _milestones(access: Access) -> Iterable[Translated]:
    owners = _by_uuid(access)
    rows = Milestone.objects.current().filter(
        activity__known_until=None,
        activity__target_type=OperationalObjective.type_name(),
        activity__target_uuid__in=list(owners),
    )
    for row in rows.select_related("activity"):
        owner = owners[row.activity.target_uuid]
        yield Translated(row, f"{owner.code} {row.title}", owner.unit.code, _page(owner))


def _risks(access: Access) -> Iterable[Translated]:
    owners = {row.pk: row for row in _own_objectives(access)}
    for row in Risk.objects.current().filter(objective__in=list(owners)):
        owner = owners[row.objective_id]
        yield Translated(row, f"{owner.code} {row.title}", owner.unit.code, _page(owner))


def _narratives(access: Access) -> Iterable[Translated]:
    owners = {row.pk: row for row in _own_objectives(access)}
    rows = Narrative.objects.current().filter(objective__in=list(owners))
    for row in rows.order_by("-period_start", "objective__code", "pk"):
        owner = owners[row.objective_id]
        told = f"{owner.code} {owner.title}, {period_text(row.period)}"
        yield Translated(row, told, owner.unit.code, f"{_page(owner)}#narratives")


def _evaluations(access: Access) -> Iterable[Translated]:
    seen = OperationalObjective.objects.visible_to(access)
    rows = FinalEvaluation.objects.filter(objective__in=seen.values("pk"))
    if not access.has(Role.CORPORATE):
        rows = rows.filter(objective__unit__in=access.unit_ids)
    related = rows.select_related("objective", "objective__unit")
    for row in related.order_by("-objective__plan__year", "objective__code", "pk"):
        owner = row.objective
        is_own = access.plans_for(owner.unit_id)
        if is_own or (row.state == "handed_in" and translates_for(access, owner.unit_id)):
            yield Translated(row, f"{owner.code} {owner.title}", owner.unit.code, _page(owner))


def _amendments(access: Access) -> Iterable[Translated]:
    rows = Amendment.objects.visible_to(access).select_related("plan", "unit")
    for row in rows.exclude(state__in=["rejected", "withdrawn"]):
        is_corporate = access.has(Role.CORPORATE)
        if is_corporate or (row.unit_id is not None and translates_for(access, row.unit_id)):
            unit = row.unit.code if row.unit else ""
            url = reverse("planning:amendment", args=[row.uuid])
            yield Translated(row, f"{row} {row.title}", unit, url)


def register_all() -> None:
    """Register objectives and what hangs below them."""
    named = {"title": _("Name")}
    described = {**named, "description": _("Description")}
    for source in (
        TextSource(
            kind="objectives",
            order=10,
            label=_("Operational objectives"),
            fields=described,
            rows=_objectives,
            derived=_objective_key,
            keeps_approved=True,
        ),
        TextSource(
            kind="activities",
            order=30,
            label=_("Activities"),
            fields=described,
            rows=_activities,
            keeps_approved=True,
        ),
        TextSource(
            kind="milestones",
            order=31,
            label=_("Milestones"),
            fields=named,
            rows=_milestones,
            keeps_approved=True,
        ),
        TextSource(
            kind="risks",
            order=32,
            label=_("Risks"),
            fields={**named, "measure": _("Measure")},
            rows=_risks,
            keeps_approved=True,
        ),
        TextSource(
            kind="narratives",
            order=33,
            label=_("Narratives"),
            fields={
                "done": _("What was done"),
                "planned": _("What comes next"),
                "obstacles": _("What is in the way"),
            },
            rows=_narratives,
            keeps_approved=True,
        ),
        TextSource(
            kind="amendments",
            order=40,
            label=_("Amendments"),
            fields={**named, "motivation": _("Motivation")},
            rows=_amendments,
            keeps_approved=True,
        ),
        TextSource(
            kind="evaluations",
            order=41,
            label=_("Final evaluations"),
            fields={"explanation": _("Explanation"), "lessons": _("Lessons")},
            rows=_evaluations,
            keeps_approved=True,
        ),
    ):
        translations.register(source)

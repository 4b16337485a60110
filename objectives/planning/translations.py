"""What waits for translation in operational plans: the unit's own people translate it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core import translations
from ibzplan.core.models import Record
from ibzplan.core.steady import steady
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
from objectives.planning.services.objective_sheets import search_key_of
from objectives.strategy.models import Activity, Milestone
from personnel.access import Access
from personnel.choices import Role
from personnel.translations import translates_for

# What is closed or withdrawn is read, not worked on.
_OVER: Final = (PlanState.CLOSED, PlanState.WITHDRAWN)


@steady
def _own_objectives(access: Access) -> tuple[OperationalObjective, ...]:
    """Return the objectives of plans that are not closed whose texts the user translates."""
    rows = OperationalObjective.objects.visible_to(access).exclude(state__in=_OVER)
    if not access.has(Role.CORPORATE):
        rows = rows.filter(unit__in=access.unit_ids)
    found = rows.select_related("unit", "plan").order_by("-plan__year", "code", "pk")
    return tuple(row for row in found if translates_for(access, row.unit_id))


def _page(objective: OperationalObjective) -> str:
    return reverse("planning:objective", args=[objective.uuid])


def _objectives(access: Access) -> Iterable[Translated]:
    for row in _own_objectives(access):
        yield Translated(row, f"{row.code} {row.title}", row.unit.code, _page(row))


def _objective_key(record: Record) -> Mapping[str, Any]:
    row: Any = record
    return {"search_key": search_key_of(row.code, row.title, row.description, row.means)}


def _by_uuid(access: Access) -> dict[UUID, OperationalObjective]:
    return {row.uuid: row for row in _own_objectives(access)}


@steady
def _current_activities(access: Access) -> tuple[Activity, ...]:
    uuids = [row.uuid for row in _own_objectives(access)]
    return tuple(
        Activity.objects.current().filter(
            target_type=OperationalObjective.type_name(), target_uuid__in=uuids
        )
    )


@steady
def _current_milestones(access: Access) -> tuple[Milestone, ...]:
    rows = Milestone.objects.current().filter(
        activity__known_until=None,
        activity__target_type=OperationalObjective.type_name(),
        activity__target_uuid__in=[row.uuid for row in _own_objectives(access)],
    )
    return tuple(rows.select_related("activity"))


@steady
def _current_risks(access: Access) -> tuple[Risk, ...]:
    keys = [row.pk for row in _own_objectives(access)]
    return tuple(Risk.objects.current().filter(objective__in=keys))


@steady
def _current_narratives(access: Access) -> tuple[Narrative, ...]:
    keys = [row.pk for row in _own_objectives(access)]
    rows = Narrative.objects.current().filter(objective__in=keys)
    return tuple(rows.order_by("-period_start", "objective__code", "pk"))


@steady
def _own_evaluations(access: Access) -> tuple[FinalEvaluation, ...]:
    seen = OperationalObjective.objects.visible_to(access)
    rows = FinalEvaluation.objects.filter(objective__in=seen.values("pk"))
    if not access.has(Role.CORPORATE):
        rows = rows.filter(objective__unit__in=access.unit_ids)
    related = rows.select_related("objective", "objective__unit")
    return tuple(related.order_by("-objective__plan__year", "objective__code", "pk"))


@steady
def _open_amendments(access: Access) -> tuple[Amendment, ...]:
    rows = Amendment.objects.visible_to(access).select_related("plan", "unit")
    return tuple(rows.exclude(state__in=["rejected", "withdrawn"]))


def _below(owner: OperationalObjective, row: Activity | Milestone | Risk) -> Translated:
    """Return what hangs below an objective, on whose page it is read."""
    return Translated(row, f"{owner.code} {row.title}", owner.unit.code, _page(owner))


def _activities(access: Access) -> Iterable[Translated]:
    owners = _by_uuid(access)
    for row in _current_activities(access):
        yield _below(owners[row.target_uuid], row)


def _milestones(access: Access) -> Iterable[Translated]:
    owners = _by_uuid(access)
    for row in _current_milestones(access):
        yield _below(owners[row.activity.target_uuid], row)


def _risks(access: Access) -> Iterable[Translated]:
    owners = {row.pk: row for row in _own_objectives(access)}
    for row in _current_risks(access):
        yield _below(owners[row.objective_id], row)


def _narratives(access: Access) -> Iterable[Translated]:
    owners = {row.pk: row for row in _own_objectives(access)}
    for row in _current_narratives(access):
        owner = owners[row.objective_id]
        told = f"{owner.code} {owner.title}, {period_text(row.period)}"
        yield Translated(row, told, owner.unit.code, f"{_page(owner)}#narratives")


def _evaluations(access: Access) -> Iterable[Translated]:
    for row in _own_evaluations(access):
        owner = row.objective
        is_own = access.plans_for(owner.unit_id)
        if is_own or (row.state == "handed_in" and translates_for(access, owner.unit_id)):
            yield Translated(row, f"{owner.code} {owner.title}", owner.unit.code, _page(owner))


def _amendments(access: Access) -> Iterable[Translated]:
    for row in _open_amendments(access):
        is_corporate = access.has(Role.CORPORATE)
        if is_corporate or (row.unit_id is not None and translates_for(access, row.unit_id)):
            unit = row.unit.code if row.unit else ""
            url = reverse("planning:amendment", args=[row.uuid])
            yield Translated(row, f"{row} {row.title}", unit, url)


_NAMED: Final = {"title": _("Name")}
_DESCRIBED: Final = {**_NAMED, "description": _("Description")}
_SOURCES: Final = (
    TextSource(
        kind="objectives",
        order=10,
        label=_("Operational objectives"),
        fields={**_DESCRIBED, "means": _("Means")},
        rows=_objectives,
        derived=_objective_key,
        keeps_approved=True,
    ),
    TextSource(
        kind="activities",
        order=30,
        label=_("Activities"),
        fields=_DESCRIBED,
        rows=_activities,
        keeps_approved=True,
    ),
    TextSource(
        kind="milestones",
        order=31,
        label=_("Milestones"),
        fields=_NAMED,
        rows=_milestones,
        keeps_approved=True,
    ),
    TextSource(
        kind="risks",
        order=32,
        label=_("Risks"),
        fields={**_NAMED, "measure": _("Measure")},
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
        fields={**_NAMED, "motivation": _("Motivation")},
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
)


def register_all() -> None:
    """Register objectives and what hangs below them."""
    for source in _SOURCES:
        translations.register(source)

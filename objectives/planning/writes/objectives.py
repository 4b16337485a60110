"""Writing operational objectives: drafts are made and changed, what is in force is amended."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final, TypedDict

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ibzplan.core.api.bodies import Limits, Named
from ibzplan.core.api.references import References
from ibzplan.core.api.writing import Made, Write, Writes
from ibzplan.core.filtersets import camel
from ibzplan.core.localised import LocalisedText
from objectives.planning.choices import Origin
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.offers import goals_offered
from objectives.planning.selectors.plan_years import plan_of_year
from objectives.planning.services import ObjectiveSheet, objective_create, objective_update
from objectives.planning.services.table import sheet_as_stored
from objectives.planning.writes.common import (
    STATE_CODES,
    LongText,
    Name,
    PlanYear,
    edited,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal, Werf
from personnel.models import ManagementFunction, OrganisationUnit
from personnel.selectors import planning_units

_TEXTS: Final = ("title", "description", "means")
_PLAIN: Final = {
    "startsOn": "starts_on",
    "endsOn": "ends_on",
    "origin": "origin",
    "originReference": "origin_reference",
}
_ORIGIN_MEANING: Final = "The place in the text of origin."


class _ObjectiveNeeds(TypedDict):
    year: PlanYear
    werf: Named
    unit: Named
    title: Name


class NewObjective(_ObjectiveNeeds, total=False):
    """A draft in the plan of `year`; without dates it runs the whole year.

    `holder` is the code or the id of a management function.
    """

    description: LongText
    means: LongText
    startsOn: date
    endsOn: date
    holder: Named
    subUnit: Named
    origin: Origin
    originReference: Annotated[str, Limits(_ORIGIN_MEANING, most_characters=300)]
    goals: Annotated[list[Named], Limits(most_items=100)]
    coOwners: Annotated[list[Named], Limits(most_items=100)]
    securityObjectives: Annotated[list[Named], Limits(most_items=100)]


class ObjectiveChange(TypedDict, total=False):
    """What changes in a draft; a list replaces the whole list."""

    title: Name
    description: LongText | None
    means: LongText | None
    startsOn: date
    endsOn: date
    holder: Named | None
    subUnit: Named | None
    origin: Origin | None
    originReference: Annotated[str, Limits(_ORIGIN_MEANING, most_characters=300)] | None
    goals: Annotated[list[Named], Limits(most_items=100)]
    coOwners: Annotated[list[Named], Limits(most_items=100)]
    securityObjectives: Annotated[list[Named], Limits(most_items=100)]


class ObjectiveWrites(Writes):
    """Operational objectives."""

    create_type = NewObjective
    update_type = ObjectiveChange
    example = {
        "year": 2026,
        "werf": "2.6",
        "unit": "ADCV",
        "title": {"nl": "Noodcentrales bezetten", "fr": "Doter les centrales d’urgence"},
        "endsOn": "2026-12-31",
    }
    change_example = {"endsOn": "2026-11-30", "means": {"nl": "Twaalf calltakers"}}
    conflicts = STATE_CODES | {"code_taken"}

    def create(self, write: Write, body: Mapping[str, Any]) -> Made:
        """Make a draft objective."""
        names, year = References(body), body["year"]
        plan = plan_of_year(year)
        if plan is None:
            names.missing("year", _("There is no operational plan of %(year)s.") % {"year": year})
        werf = names.one("werf", _werven(plan))
        unit = names.one("unit", planning_units())
        found = _found(names, plan)
        names.refuse()
        assert plan is not None and werf is not None and unit is not None  # noqa: S101 (refused)
        sheet = ObjectiveSheet(
            title=body["title"],
            description=body.get("description", LocalisedText()),
            means=body.get("means", LocalisedText()),
            starts_on=body.get("startsOn", date(year, 1, 1)),
            ends_on=body.get("endsOn", date(year, 12, 31)),
            origin=body.get("origin", ""),
            origin_reference=body.get("originReference", ""),
            holder=found["holder"],
            sub_unit=found["sub_unit"],
        )
        objective = objective_create(
            actor=write.actor,
            plan=plan,
            werf=werf,
            unit=unit,
            sheet=sheet,
            goals=found["goals"] or (),
            co_owners=found["co_owners"] or (),
            security_objectives=found["security_objectives"] or (),
        )
        return Made(objective.uuid)

    def update(self, write: Write, row: OperationalObjective, changes: Mapping[str, Any]) -> None:
        """Change a draft objective; one in force is amended instead (409)."""
        stored = OperationalObjective.objects.select_related(
            "plan", "unit", "sub_unit", "holder"
        ).get(pk=row.pk)
        names = References(changes)
        found = _found(names, stored.plan)
        names.refuse()
        before = sheet_as_stored(stored)
        values: dict[str, Any] = {
            name: edited(getattr(before, name), changes[name]) for name in _TEXTS if name in changes
        }
        values |= {
            name: "" if changes[member] is None else changes[member]
            for member, name in _PLAIN.items()
            if member in changes
        }
        for member, name in (("holder", "holder"), ("subUnit", "sub_unit")):
            if member in changes:
                values[name] = found[name]
        objective_update(
            actor=write.actor,
            objective=stored,
            sheet=replace(before, **values),
            expected_version=stored.version,
            goals=found["goals"],
            co_owners=found["co_owners"],
            security_objectives=found["security_objectives"],
        )

    def member_of(self, name: str, body: Mapping[str, Any]) -> str:
        """Return the member of the body that a field of the services is."""
        return {"title_nl": "title", "plan": "year"}.get(name, camel(name))


def _werven(plan: OperationalPlan | None) -> QuerySet[Werf]:
    """Return the werven of the strategic plan that an operational plan carries out."""
    return Werf.objects.filter(objective__plan=plan.plan_id) if plan else Werf.objects.all()


def _found(names: References, plan: OperationalPlan | None) -> dict[str, Any]:
    """Return what an objective refers to, by field of the services; not given is None."""
    return {
        "holder": names.one("holder", ManagementFunction.objects.all()),
        "sub_unit": names.one("subUnit", OrganisationUnit.objects.all()),
        "goals": names.many("goals", goals_offered(plan) if plan else Goal.objects.all()),
        "co_owners": names.many("coOwners", OrganisationUnit.objects.all()),
        "security_objectives": names.many("securityObjectives", SecurityObjective.objects.all()),
    }

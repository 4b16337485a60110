"""Writing targets: append-only, one date at a time, in a plan that is not in force yet."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from ibzplan.core.api.bodies import Named
from ibzplan.core.api.json_body import misfit
from ibzplan.core.api.problems import Issue
from ibzplan.core.api.references import References
from ibzplan.core.api.writing import Made, Write, Writes
from ibzplan.core.errors import DomainError
from ibzplan.core.filtersets import camel
from objectives.indicators.models import Indicator, Target
from objectives.indicators.services import must_set_targets
from objectives.planning.models import ObjectiveIndicator, OperationalObjective
from objectives.planning.services import (
    PlannedTargets,
    indicator_retarget,
    objective_to_retarget,
    planned_targets,
)
from objectives.planning.services.links import refuse_in_force
from objectives.planning.writes.common import (
    STATE_CODES,
    Level,
    PlanYear,
    Reason,
    reached,
    target_faults,
)
from personnel.access import access_of


class _Needs(TypedDict):
    indicator: Named
    dueOn: date


class NewTargetRow(_Needs, total=False):
    """What is to be reached on a day: the final target of its plan, or (`final` false) one before.

    It counts from the plan of `planYear` on, by default the latest plan that uses the indicator.
    What takes the place of a target names it in `replaces`, with a `reason`: both stay on record.
    With `lifted` an interim target goes, and nothing comes in its place.
    In a plan in force a target changes by an amendment only.
    """

    planYear: PlanYear
    value: Decimal
    level: Level
    final: bool
    lifted: bool
    replaces: UUID
    reason: Reason


class TargetWrites(Writes):
    """Targets."""

    create_type = NewTargetRow
    example = {"indicator": "2.6.1-a", "dueOn": "2026-06-30", "value": 90, "final": False}
    finds_same = True
    conflicts = STATE_CODES

    def create(self, write: Write, body: Mapping[str, Any]) -> Made:
        """Append a target; the rest of the path to the final target stays as it is."""
        names = References(body)
        visible = Indicator.objects.visible_to(access_of(write.actor))
        indicator = names.needed("indicator", visible.select_related("owner"))
        is_final = body.get("final", True)
        is_lifted = body.get("lifted", False)
        needed = not (is_final or is_lifted)
        names.issues += target_faults(indicator.target_kind, body, "", needed=needed)
        names.issues += _lifting_faults(body) if is_lifted else []
        names.refuse()
        must_set_targets(write.actor, indicator)
        objective = _objective_of(indicator, body.get("planYear"))
        year = objective.plan.year
        planned = planned_targets(indicator, year)
        before = planned.final if is_final else planned.by_date.get(body["dueOn"])
        if before is None and is_lifted:
            names.missing("dueOn", _("There is no interim target on that day."))
            names.refuse()
        if before is not None and not is_lifted and _says(before, body):
            return Made(before.uuid, is_new=False)
        _check_seen(before, body.get("replaces"))
        indicator_retarget(
            actor=write.actor,
            objective=objective,
            indicator=indicator,
            reason=body.get("reason", ""),
            **_path(planned, body, is_final=is_final),
        )
        rows = Target.objects.filter(indicator=indicator, due_on=body["dueOn"], plan_year=year)
        return Made(rows.order_by("-recorded_at", "-pk")[0].uuid)

    def member_of(self, name: str, body: Mapping[str, Any]) -> str:
        """Return the member of the body that a field of the services is."""
        if name == "target_due_on" or name.endswith("_due_on"):
            return "dueOn"
        if name == "target" or name.startswith("interim_"):
            return "level" if "level" in body else "value"
        return camel(name)


def _lifting_faults(body: Mapping[str, Any]) -> list[Issue]:
    """Return what contradicts that an interim target goes."""
    detail = _("A target that goes has no such part. Leave it out.")
    found = [misfit(name, body[name], detail) for name in ("value", "level") if name in body]
    if body.get("final", True):
        found.append(misfit("final", body.get("final"), _("Only an interim target can go.")))
    return found


def _objective_of(indicator: Indicator, year: int | None) -> OperationalObjective:
    """Return the objective whose targets may still change, as the page finds it.

    Raises DomainError: an approved one is judged by them, or no plan of that year uses it.
    """
    objective = objective_to_retarget(indicator, year)
    if objective is not None:
        return objective
    links = ObjectiveIndicator.objects.current().filter(indicator=indicator)
    if year is not None:
        links = links.filter(objective__plan__year__gte=year)
    for link in links.select_related("objective"):
        refuse_in_force(link.objective)
    raise DomainError(
        "not_linked", _("No objective of that plan year uses the indicator."), "plan_year"
    )


def _says(before: Target, body: Mapping[str, Any]) -> bool:
    """Tell whether the target that stands there says what the body says."""
    said = (before.due_on, before.value, before.level)
    return said == (body["dueOn"], body.get("value"), body.get("level"))


def _check_seen(before: Target | None, replaces: UUID | None) -> None:
    """Refuse to take the place of a target that the caller did not see."""
    if before is None or before.uuid == replaces:
        return
    raise DomainError(
        "targets_changed",
        _("There is a target already, %(id)s: name it as the one that this replaces.")
        % {"id": before.uuid},
        "replaces",
    )


def _path(planned: PlannedTargets, body: Mapping[str, Any], *, is_final: bool) -> dict[str, Any]:
    """Return the whole path after the change, as indicator_retarget takes it.

    Raises DomainError for an interim target where there is no final one yet.
    """
    rows = {row.due_on: reached(row.value, row.level) for row in planned.interim}
    if is_final:
        rows.pop(body["dueOn"], None)
        final = (body["dueOn"], body.get("value"), body.get("level"))
    elif planned.final is None:
        raise DomainError(
            "target_required", _("Set the final target first: this one leads to it."), "final"
        )
    else:
        rows.pop(body["dueOn"], None)
        if not body.get("lifted"):
            rows[body["dueOn"]] = reached(body.get("value"), body.get("level"))
        final = (planned.final.due_on, planned.final.value, planned.final.level)
    due_on, target, level = final
    return {
        "due_on": due_on,
        "target": target,
        "target_level": level,
        "interim": sorted(rows.items()),
    }

"""The forms of this app that keep what is typed in them; see ibzplan.core.drafts."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.forms import BaseForm

from ibzplan.core.drafts.registry import DraftKind, register
from objectives.indicators.models import Indicator
from objectives.indicators.periods import Period
from objectives.indicators.services import may_define, sheet_of
from objectives.planning.forms import DefineForm, ObjectiveForm
from objectives.planning.forms.activities import ActivityForm
from objectives.planning.forms.narratives import NarrativeForm
from objectives.planning.forms.risks import RiskForm
from objectives.planning.models import OperationalObjective, Risk
from objectives.planning.selectors.narratives import narrative_now, quarters_of
from objectives.planning.selectors.readings import indicator_is_visible
from objectives.planning.services.narratives import may_narrate
from objectives.strategy.models import Activity, Milestone
from personnel.access import access_of

if TYPE_CHECKING:
    from personnel.models import User

NEW_OBJECTIVE = "objective-new"
OBJECTIVE = "objective"
NEW_INDICATOR = "indicator-new"
INDICATOR = "indicator"
NEW_ACTIVITY = "activity-new"
ACTIVITY = "activity"
NEW_RISK = "risk-new"
RISK = "risk"


def _objective(target: UUID, user: "User") -> OperationalObjective | None:
    """Return the objective when the user may change it directly."""
    access = access_of(user)
    found: OperationalObjective | None = (
        OperationalObjective.objects.visible_to(access)
        .select_related("plan", "plan__plan", "unit", "sub_unit", "holder", "werf__objective")
        .filter(uuid=target)
        .first()
    )
    if found is None or not found.is_open or not access.plans_for(found.unit_id):
        return None
    return found


def _writes_objective(target: UUID, user: "User") -> bool:
    return _objective(target, user) is not None


def _stored_objective(target: UUID, user: "User") -> BaseForm | None:
    objective = _objective(target, user)
    if objective is None:
        return None
    return ObjectiveForm(
        plan=objective.plan,
        units=[objective.unit],
        objective=objective,
        initial=ObjectiveForm.initial_of(objective),
    )


def _makes_objective(target: UUID, user: "User") -> bool:
    """Tell whether the key is still free: once saved, an objective has a form of its own."""
    return _plans(user) and not OperationalObjective.objects.filter(uuid=target).exists()


def _makes_indicator(target: UUID, user: "User") -> bool:
    return _plans(user) and not Indicator.objects.filter(uuid=target).exists()


def _plans(user: "User") -> bool:
    access = access_of(user)
    return any(access.plans_for(unit_id) for unit_id in access.unit_ids) or access.is_superuser


def _indicator(target: UUID, user: "User") -> Indicator | None:
    """Return the indicator when the user may change its definition."""
    access = access_of(user)
    found: Indicator | None = (
        Indicator.objects.visible_to(access).select_related("owner").filter(uuid=target).first()
    )
    if found is None or not indicator_is_visible(found, access) or not may_define(user, found):
        return None
    return found


def _writes_indicator(target: UUID, user: "User") -> bool:
    return _indicator(target, user) is not None


def _stored_indicator(target: UUID, user: "User") -> BaseForm | None:
    indicator = _indicator(target, user)
    if indicator is None:
        return None
    newest = indicator.definitions.order_by("-recorded_at", "-pk")[0]
    return DefineForm(
        before=sheet_of(indicator),
        initial=DefineForm.initial_of(indicator, newest),
        break_on=newest.valid_from if newest.is_series_break else None,
    )


def _activity(target: UUID, user: "User") -> tuple[Activity, OperationalObjective] | None:
    """Return the activity with its objective when the user may change it."""
    found: Activity | None = (
        Activity.objects.current()
        .filter(uuid=target, target_type=OperationalObjective.type_name())
        .first()
    )
    objective = _objective(found.target_uuid, user) if found else None
    return (found, objective) if found and objective else None


def _writes_activity(target: UUID, user: "User") -> bool:
    return _activity(target, user) is not None


def _stored_activity(target: UUID, user: "User") -> BaseForm | None:
    found = _activity(target, user)
    if found is None:
        return None
    activity, objective = found
    return ActivityForm(
        objective=objective,
        activity=activity,
        milestones=list(Milestone.objects.current().filter(activity=activity)),
        initial=ActivityForm.initial_of(activity),
    )


def _risk(target: UUID, user: "User") -> Risk | None:
    """Return the risk when the user may change its objective."""
    found: Risk | None = (
        Risk.objects.current().select_related("objective").filter(uuid=target).first()
    )
    return found if found and _objective(found.objective.uuid, user) else None


def _writes_risk(target: UUID, user: "User") -> bool:
    return _risk(target, user) is not None


def _stored_risk(target: UUID, user: "User") -> BaseForm | None:
    risk = _risk(target, user)
    return RiskForm(risk=risk, initial=RiskForm.initial_of(risk)) if risk else None


def _makes_activity(target: UUID, user: "User") -> bool:
    return _plans(user) and not Activity.objects.filter(uuid=target).exists()


def _makes_risk(target: UUID, user: "User") -> bool:
    return _plans(user) and not Risk.objects.filter(uuid=target).exists()


def narrative_draft(period: Period) -> str:
    """Return the name of the form that tells of a quarter; its target is the objective."""
    return f"narrative-{period.short.lower()}"


def _narrated(target: UUID, user: "User") -> OperationalObjective | None:
    """Return the objective when the user tells how it goes."""
    access = access_of(user)
    found: OperationalObjective | None = (
        OperationalObjective.objects.visible_to(access)
        .select_related("plan", "unit")
        .filter(uuid=target)
        .first()
    )
    return found if found is not None and may_narrate(found, access) else None


def _writes_narrative(target: UUID, user: "User") -> bool:
    return _narrated(target, user) is not None


def _stored_narrative(number: int, target: UUID, user: "User") -> BaseForm | None:
    objective = _narrated(target, user)
    if objective is None:
        return None
    return NarrativeForm(before=narrative_now(objective, quarters_of(objective.plan.year)[number]))


def register_all() -> None:
    """Register the forms; called from ready()."""
    objective, indicator = OperationalObjective.type_name(), Indicator.type_name()
    register(DraftKind(NEW_OBJECTIVE, objective, _makes_objective))
    register(DraftKind(OBJECTIVE, objective, _writes_objective, _stored_objective))
    register(DraftKind(NEW_INDICATOR, indicator, _makes_indicator))
    register(DraftKind(INDICATOR, indicator, _writes_indicator, _stored_indicator))
    for number, quarter in enumerate(quarters_of(date.min.year)):
        register(
            DraftKind(
                narrative_draft(quarter),
                objective,
                _writes_narrative,
                partial(_stored_narrative, number),
            )
        )
    activity, risk = Activity.type_name(), Risk.type_name()
    register(DraftKind(NEW_ACTIVITY, activity, _makes_activity))
    register(DraftKind(ACTIVITY, activity, _writes_activity, _stored_activity))
    register(DraftKind(NEW_RISK, risk, _makes_risk))
    register(DraftKind(RISK, risk, _writes_risk, _stored_risk))

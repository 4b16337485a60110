"""Activities and risks in an amendment: what a change proposes of one of them, as JSON and back.

A change names the part as `activity:<uuid>` or `risk:<uuid>`; the old value None begins it, the new
value None ends it. So two changes of one amendment may speak of two activities of an objective.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.planning.choices import ChangeKind
from objectives.planning.models import OperationalObjective, Risk
from objectives.planning.selectors.parts import activities_now
from objectives.planning.services.activities import (
    ActivitySheet,
    MilestoneSheet,
    activity_end,
    activity_write,
)
from objectives.planning.services.amendment_values import edited
from objectives.planning.services.risks import RiskSheet, risk_end, risk_write
from objectives.strategy.models import Activity, Milestone
from personnel.models import User

_SEPARATOR: Final = ":"


def part_name(kind: str, uuid: UUID) -> str:
    """Return the name under which a change keeps what it proposes of a part."""
    return f"{kind}{_SEPARATOR}{uuid}"


def part_uuid(name: str) -> UUID:
    """Return the part that `part_name` named."""
    return UUID(name.partition(_SEPARATOR)[2])


def activity_value(sheet: ActivitySheet, milestones: Sequence[MilestoneSheet]) -> dict[str, Any]:
    """Return a typed activity in the words of a consolidated version; its milestones by date."""
    return {
        "kind": str(sheet.kind),
        "title": dict(sheet.title),
        "description": dict(sheet.description),
        "starts_on": _iso(sheet.starts_on),
        "ends_on": _iso(sheet.ends_on),
        "milestones": [
            {
                "uuid": str(step.uuid) if step.uuid else None,
                "title": dict(step.title),
                "due_on": step.due_on.isoformat(),
            }
            for step in sorted(milestones, key=lambda one: one.due_on)
        ],
    }


def risk_value(sheet: RiskSheet) -> dict[str, Any]:
    """Return a typed risk in the words of a consolidated version."""
    return {
        "title": dict(sheet.title),
        "likelihood": sheet.likelihood,
        "impact": sheet.impact,
        "response": str(sheet.response),
        "measure": dict(sheet.measure),
    }


def parts_now(kind: str, objective: OperationalObjective) -> dict[str, Any]:
    """Return the activities or the risks that an objective has now, as changes name them."""
    if kind == ChangeKind.RISK:
        risks = Risk.objects.current().filter(objective=objective)
        return {part_name(kind, row.uuid): risk_value(_risk_sheet(row)) for row in risks}
    activities = list(activities_now(objective))
    steps: dict[int, list[MilestoneSheet]] = {row.pk: [] for row in activities}
    for step in Milestone.objects.current().filter(activity__in=steps):
        steps[step.activity_id].append(
            MilestoneSheet(title=step.title, due_on=step.due_on, uuid=step.uuid)
        )
    return {
        part_name(kind, row.uuid): activity_value(_activity_sheet(row), steps[row.pk])
        for row in activities
    }


def part_apply(
    *,
    actor: User,
    objective: OperationalObjective,
    kind: str,
    name: str,
    value: Mapping[str, Any] | None,
    reason: str,
    at: datetime,
) -> None:
    """Begin, change or end a part of an objective in force. Raises DomainError."""
    write = _risk if kind == ChangeKind.RISK else _activity
    write(actor, objective, part_uuid(name), value, reason, at)


def _activity(
    actor: User,
    objective: OperationalObjective,
    uuid: UUID,
    value: Mapping[str, Any] | None,
    reason: str,
    at: datetime,
) -> None:
    before = Activity.objects.filter(uuid=uuid).first()
    if before is not None and before.target_uuid != objective.uuid:
        raise _elsewhere(objective)
    if value is None:
        if before is None:
            raise _nothing(objective)
        activity_end(actor=actor, objective=objective, activity=before, reason=reason, at=at)
        return
    rows = Milestone.objects.current().filter(activity=before) if before else ()
    steps = {str(row.uuid): row.title for row in rows}
    activity_write(
        actor=actor,
        objective=objective,
        activity=before,
        uuid=uuid,
        sheet=ActivitySheet(
            kind=value["kind"],
            title=edited(before.title if before else LocalisedText(), value["title"]),
            description=edited(
                before.description if before else LocalisedText(), value["description"]
            ),
            starts_on=_day(value["starts_on"]),
            ends_on=_day(value["ends_on"]),
        ),
        milestones=[
            MilestoneSheet(
                title=edited(steps.get(row["uuid"], LocalisedText()), row["title"]),
                due_on=date.fromisoformat(row["due_on"]),
                uuid=UUID(row["uuid"]) if row["uuid"] else None,
            )
            for row in value["milestones"]
        ],
        reason=reason,
        at=at,
    )


def _risk(
    actor: User,
    objective: OperationalObjective,
    uuid: UUID,
    value: Mapping[str, Any] | None,
    reason: str,
    at: datetime,
) -> None:
    before = Risk.objects.filter(uuid=uuid).select_related("objective").first()
    if before is not None and before.objective_id != objective.pk:
        raise _elsewhere(objective)
    if value is None:
        if before is None:
            raise _nothing(objective)
        risk_end(actor=actor, risk=before, reason=reason, at=at)
        return
    risk_write(
        actor=actor,
        objective=objective,
        risk=before,
        uuid=uuid,
        sheet=RiskSheet(
            title=edited(before.title if before else LocalisedText(), value["title"]),
            likelihood=value["likelihood"],
            impact=value["impact"],
            response=value["response"],
            measure=edited(before.measure if before else LocalisedText(), value["measure"]),
        ),
        reason=reason,
        at=at,
    )


def _activity_sheet(row: Activity) -> ActivitySheet:
    return ActivitySheet(
        kind=row.kind,
        title=row.title,
        description=row.description,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def _risk_sheet(row: Risk) -> RiskSheet:
    return RiskSheet(
        title=row.title,
        likelihood=row.likelihood,
        impact=row.impact,
        response=row.response,
        measure=row.measure,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _elsewhere(objective: OperationalObjective) -> DomainError:
    return DomainError(
        "part_elsewhere",
        _("This activity or risk is no part of %(code)s.") % {"code": objective.code},
    )


def _nothing(objective: OperationalObjective) -> DomainError:
    return DomainError(
        "part_gone",
        _("%(code)s has no such activity or risk any more.") % {"code": objective.code},
    )

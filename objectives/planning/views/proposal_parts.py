"""Which activity or risk of an objective in force a change speaks of, and the form for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from objectives.planning.choices import ChangeKind
from objectives.planning.forms.activities import ActivityForm
from objectives.planning.forms.amendment_parts import (
    ActivityChangeForm,
    PartEndForm,
    RiskChangeForm,
    proposed_activity,
    proposed_risk,
)
from objectives.planning.forms.proposals import ProposalForm
from objectives.planning.forms.risks import RiskForm
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective, Risk
from objectives.planning.selectors.parts import activities_now
from objectives.planning.services.amendment_parts import part_name, part_uuid, parts_now
from objectives.planning.views.amendments import amendment_breadcrumb


@dataclass(frozen=True, slots=True)
class AskedPart:
    """The activity or risk that a form speaks of, a new one too; `ends` when it leaves the plan."""

    uuid: UUID
    ends: bool = False


def part_asked(request: HttpRequest) -> AskedPart | None:
    """Return the part that the address names, or None; anything but a UUID is a 404."""
    text = request.GET.get("part", "")
    try:
        return AskedPart(UUID(text), "end" in request.GET) if text else None
    except ValueError as error:
        raise Http404 from error


def part_of(change: AmendmentChange) -> AskedPart:
    """Return the part that a change speaks of."""
    ((name, (_old, new)),) = change.values.items()
    return AskedPart(part_uuid(name), new is None)


def choose_part(
    request: HttpRequest, amendment: Amendment, objective: OperationalObjective, kind: str
) -> HttpResponse:
    """List the activities or the risks of an objective, each to change or to end, and a new one."""
    rows = (
        Risk.objects.current().filter(objective=objective)
        if kind == ChangeKind.RISK
        else activities_now(objective)
    )
    return render(
        request,
        "planning/proposal_part.html",
        {
            "kind": kind,
            "amendment": amendment,
            "objective": objective,
            "parts": list(rows.order_by("order", "pk")),
            "new": uuid4(),
            "demo_mark": amendment.is_demo,
            "breadcrumb": amendment_breadcrumb(amendment, last=str(ChangeKind(kind).label)),
        },
    )


def part_form(
    data: Any,
    *,
    kind: str,
    objective: OperationalObjective,
    part: AskedPart,
    new: Mapping[str, Any],
    initial: Mapping[str, Any],
) -> ProposalForm:
    """Return the form of a part: what the change proposes so far, else what the plan says now."""
    name = part_name(kind, part.uuid)
    now = parts_now(kind, objective)
    if part.ends:
        if name not in now:
            raise Http404
        return PartEndForm(
            data, objective=objective, part=part.uuid, kind=kind, initial=dict(initial)
        )
    value = new.get(name) or now.get(name)
    if kind == ChangeKind.RISK:
        return _risk_form(data, objective, part.uuid, value, initial)
    return _activity_form(data, objective, part.uuid, value, initial)


def _activity_form(
    data: Any,
    objective: OperationalObjective,
    part: UUID,
    value: Mapping[str, Any] | None,
    initial: Mapping[str, Any],
) -> ProposalForm:
    if value is None:
        return ActivityChangeForm(data, objective=objective, part=part, initial=dict(initial))
    activity, milestones = proposed_activity(value)
    return ActivityChangeForm(
        data,
        objective=objective,
        part=part,
        activity=activity,
        milestones=milestones,
        initial={**ActivityForm.initial_of(activity), **initial},
    )


def _risk_form(
    data: Any,
    objective: OperationalObjective,
    part: UUID,
    value: Mapping[str, Any] | None,
    initial: Mapping[str, Any],
) -> ProposalForm:
    if value is None:
        return RiskChangeForm(data, objective=objective, part=part, initial=dict(initial))
    risk = proposed_risk(value)
    start = {**RiskForm.initial_of(risk), **initial}
    return RiskChangeForm(data, objective=objective, part=part, risk=risk, initial=start)


def part_titles(
    kind: str, objective: OperationalObjective, part: AskedPart, new: Mapping[str, Any]
) -> tuple[str, Mapping[str, str] | None]:
    """Return what the form is about, and the name of the part where it has one."""
    name = part_name(kind, part.uuid)
    value = new.get(name) or parts_now(kind, objective).get(name)
    is_risk = kind == ChangeKind.RISK
    if value is None:
        return (_("New risk") if is_risk else _("New activity")), None
    if part.ends:
        said = _("End the risk") if is_risk else _("End the activity")
    else:
        said = _("Change the risk") if is_risk else _("Change the activity")
    return said, value["title"]

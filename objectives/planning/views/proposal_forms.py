"""The form of each kind of change, filled with what the change says so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest

from objectives.indicators.models import Indicator
from objectives.planning.choices import ChangeKind, PlanState
from objectives.planning.forms.proposals import (
    AdditionForm,
    ChangeForm,
    MergerForm,
    OwnerForm,
    ProposalForm,
    SplitForm,
    TargetChangeForm,
    WithdrawalForm,
)
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective
from objectives.planning.selectors.amendments import drafts_offered, indicators_of, new_values
from objectives.planning.services import planned_targets
from objectives.planning.services.amendment_values import proposed_sheet
from objectives.planning.views.proposal_parts import AskedPart, part_form
from personnel.access import Access

_TAIL: Final = ("motivation", "is_important", "change_version")


@dataclass(frozen=True, slots=True)
class ProposalAsked:
    """What a form speaks of: `change` when one is changed, `part` an activity or risk."""

    amendment: Amendment
    access: Access
    objective: OperationalObjective | None
    indicator: Indicator | None
    change: AmendmentChange | None = None
    part: AskedPart | None = None
    result: str = ""

    @property
    def spoken_of(self) -> OperationalObjective:
        """Return the objective; an address without one is a 404."""
        if self.objective is None:
            raise Http404
        return self.objective

    @property
    def new(self) -> dict[str, Any]:
        """Return what the change proposes so far."""
        return new_values(self.change) if self.change else {}

    @property
    def drafts(self) -> list[OperationalObjective]:
        """Return the drafts to choose from, with those that the change brings already."""
        own = list(self.change.results.all()) if self.change else []
        return [*own, *drafts_offered(self.amendment.plan, self.access)]

    @property
    def continuing(self) -> dict[UUID, Indicator]:
        """Return the indicators that may go on in a draft: those of the user's own unit."""
        objective = self.spoken_of
        if not self.access.plans_for(objective.unit_id):
            return {}
        rows = indicators_of(objective, self.access)
        return {row.uuid: row for row in rows if row.owner_id == objective.unit_id}


def objectives_of(amendment: Amendment) -> Any:
    """Return the objectives of the plan that an amendment is about, with what their forms show."""
    return OperationalObjective.objects.filter(plan=amendment.plan_id).select_related(
        "plan", "plan__plan", "werf", "werf__objective", "unit", "holder", "sub_unit"
    )


def proposal_form(request: HttpRequest, kind: str, asked: ProposalAsked) -> ProposalForm:
    """Return the form of a kind, with what the change says so far; why it changes comes last."""
    initial: dict[str, Any] = {}
    if asked.change is not None:
        initial = {
            "motivation": asked.change.motivation,
            "is_important": "yes" if asked.change.is_important else "no",
            "change_version": asked.change.version,
        }
    form = PROPOSAL_FORMS[kind](request.POST or None, asked, initial)
    form.order_fields([name for name in form.fields if name not in _TAIL])
    return form


def _change_form(data: Any, asked: ProposalAsked, initial: dict[str, Any]) -> ProposalForm:
    objective = asked.spoken_of
    start = ChangeForm.initial_of(objective)
    if asked.change is not None:
        start |= _proposed_initial(objective, asked.new)
    return ChangeForm(
        data,
        plan=objective.plan,
        units=[objective.unit],
        objective=objective,
        initial={**start, **initial},
    )


def _proposed_initial(objective: OperationalObjective, new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of an objective shows of the fields that a change proposes."""
    sheet, links = proposed_sheet(objective, new)
    start: dict[str, Any] = {
        "holder": sheet.holder.code if sheet.holder else None,
        "sub_unit": sheet.sub_unit.code if sheet.sub_unit else None,
        "starts_on": sheet.starts_on,
        "ends_on": sheet.ends_on,
        "origin": sheet.origin,
        "origin_reference": sheet.origin_reference,
    }
    for name in ("title", "description", "means"):
        for language in ("nl", "fr"):
            start[f"{name}_{language}"] = getattr(sheet, name).get(language, "")
    if links.goals is not None:
        start["goals"] = [row.uuid for row in links.goals]
    if links.security_objectives is not None:
        start["security_objectives"] = [row.uuid for row in links.security_objectives]
    if links.co_owners is not None:
        start["co_owners"] = [row.code for row in links.co_owners]
    return start


def _owner_form(data: Any, asked: ProposalAsked, initial: dict[str, Any]) -> ProposalForm:
    objective = asked.spoken_of
    return OwnerForm(
        data,
        objective=objective,
        indicators=indicators_of(objective, asked.access),
        initial={**asked.new, **initial},
    )


def _target_form(data: Any, asked: ProposalAsked, initial: dict[str, Any]) -> ProposalForm:
    objective, indicator = asked.spoken_of, asked.indicator
    if indicator is None:
        raise Http404
    start: dict[str, Any] = {}
    final = asked.new.get("final")
    if final:
        start = {
            "target": final["value"],
            "target_level": final["level"],
            "target_due_on": date.fromisoformat(final["due_on"]),
        }
    for row, step in enumerate(asked.new.get("interim", []), start=1):
        start[f"interim_{row}_due_on"] = date.fromisoformat(step["due_on"])
        start[f"interim_{row}_value"] = step["value"]
    return TargetChangeForm(
        data,
        objective=objective,
        indicator=indicator,
        targets=planned_targets(indicator, objective.plan.year),
        year=objective.plan.year,
        initial={**start, **initial},
    )


def _part_form(
    data: Any, asked: ProposalAsked, initial: dict[str, Any], *, kind: str
) -> ProposalForm:
    if asked.part is None:
        raise Http404
    return part_form(
        data,
        kind=kind,
        objective=asked.spoken_of,
        part=asked.part,
        new=asked.new,
        initial=initial,
    )


def _withdrawal_form(data: Any, asked: ProposalAsked, initial: dict[str, Any]) -> ProposalForm:
    return WithdrawalForm(data, objective=asked.spoken_of, initial=initial)


def _addition_form(data: Any, asked: ProposalAsked, initial: dict[str, Any]) -> ProposalForm:
    chosen = asked.change.results.first() if asked.change else None
    start = {"results": str(chosen.uuid) if chosen else asked.result}
    return AdditionForm(data, drafts=asked.drafts, initial={**start, **initial})


def _split_form(data: Any, asked: ProposalAsked, initial: dict[str, Any]) -> ProposalForm:
    chosen = asked.change.results.all() if asked.change else []
    start = {"results": [str(row.uuid) for row in chosen]}
    return SplitForm(
        data,
        objective=asked.spoken_of,
        drafts=asked.drafts,
        indicators=asked.continuing,
        initial={**start, **initial},
    )


def _merger_form(data: Any, asked: ProposalAsked, initial: dict[str, Any]) -> ProposalForm:
    objective = asked.spoken_of
    rows = objectives_of(asked.amendment).filter(state=PlanState.APPROVED).exclude(pk=objective.pk)
    if asked.amendment.unit_id is not None:
        rows = rows.filter(unit=asked.amendment.unit_id)
    start: dict[str, Any] = {}
    if asked.change is not None:
        result = asked.change.results.first()
        start = {
            "objectives": [str(row.uuid) for row in asked.change.objectives.all()],
            "results": str(result.uuid) if result else None,
        }
    return MergerForm(
        data,
        objective=objective,
        others=list(rows.order_by("code", "pk")),
        drafts=asked.drafts,
        indicators=asked.continuing,
        initial={**start, **initial},
    )


PROPOSAL_FORMS: Final[
    Mapping[str, Callable[[Any, ProposalAsked, dict[str, Any]], ProposalForm]]
] = {
    ChangeKind.CHANGE: _change_form,
    ChangeKind.OWNER: _owner_form,
    ChangeKind.TARGET: _target_form,
    ChangeKind.WITHDRAW: _withdrawal_form,
    ChangeKind.ADD: _addition_form,
    ChangeKind.SPLIT: _split_form,
    ChangeKind.MERGE: _merger_form,
    ChangeKind.ACTIVITY: partial(_part_form, kind=ChangeKind.ACTIVITY),
    ChangeKind.RISK: partial(_part_form, kind=ChangeKind.RISK),
}

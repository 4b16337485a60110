"""Final evaluations of objectives at the end of their plan year (design.md section 6)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.indicators.choices import Status
from objectives.planning.choices import EvaluationResult, EvaluationState, PlanState
from objectives.planning.models import FinalEvaluation, OperationalObjective, OperationalPlan
from objectives.planning.selectors.closing import contradicts, evaluation_opens_on
from objectives.planning.selectors.year_end import status_at_year_end
from objectives.planning.services.continuations import continue_in, goes_on_and_stops
from objectives.planning.services.copying import Copied, CopyChoice, objectives_copy
from objectives.planning.services.links import must_plan_for
from objectives.planning.services.open_requests import refuse_open_requests
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSheet:
    """What a unit states of an objective at the end of its year.

    It goes on in `successors`, or it does not, for the reason in `discontinued_because`.
    """

    result: str = ""
    explanation: LocalisedText = field(default_factory=LocalisedText)
    lessons: LocalisedText = field(default_factory=LocalisedText)
    discontinued_because: str = ""
    successors: tuple[OperationalObjective, ...] = ()

    def values(self) -> dict[str, Any]:
        """Return the columns of the evaluation."""
        return {
            "result": self.result,
            "explanation": self.explanation,
            "lessons": self.lessons,
            "discontinued_because": self.discontinued_because.strip(),
        }


def evaluation_of(objective: OperationalObjective) -> FinalEvaluation | None:
    """Return the stored evaluation of an objective, or None: one query."""
    found = FinalEvaluation.objects.filter(objective=objective).first()
    if found is not None:
        found.objective = objective
    return found


def may_evaluate(objective: OperationalObjective, access: Access) -> bool:
    """Tell whether this user writes the final evaluation of the objective today."""
    return (
        access.plans_for(objective.unit_id)
        and objective.state == PlanState.APPROVED
        and objective.plan.state == PlanState.APPROVED
        and timezone.localdate() >= evaluation_opens_on(objective.plan.year)
    )


def plan_must_be_open(plan: OperationalPlan) -> None:
    """Refuse what belongs to the end of a plan in force, before that time or after it."""
    if plan.state == PlanState.CLOSED:
        raise DomainError("plan_closed", _("The plan of %(year)s is closed.") % {"year": plan.year})
    if plan.state != PlanState.APPROVED:
        raise DomainError(
            "plan_not_in_force", _("The plan of %(year)s is not in force.") % {"year": plan.year}
        )
    opens_on = evaluation_opens_on(plan.year)
    if timezone.localdate() < opens_on:
        raise DomainError(
            "too_early",
            _("The plan of %(year)s is evaluated from %(date)s on.")
            % {"year": plan.year, "date": date_format(opens_on, "SHORT_DATE_FORMAT")},
        )


def _read_again(objective: OperationalObjective) -> None:
    """Read state and unit again under the clock's lock, and the plan with it."""
    objective.refresh_from_db(fields=["state", "unit"])
    objective.plan = OperationalPlan.objects.get(pk=objective.plan_id)
    plan_must_be_open(objective.plan)
    if objective.state != PlanState.APPROVED:
        raise DomainError(
            "not_in_force", _("Only an objective that is in force gets a final evaluation.")
        )


def _check_sheet(sheet: EvaluationSheet) -> None:
    if sheet.result and sheet.result not in EvaluationResult.values:
        raise DomainError("result_unknown", _("Choose one of the results."), "result")
    if sheet.discontinued_because.strip() and sheet.successors:
        raise goes_on_and_stops()


@transaction.atomic
def evaluation_save(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: EvaluationSheet,
    expected_version: int | None = None,
) -> FinalEvaluation:
    """Write the draft of an evaluation, whatever is still missing in it, and where it goes on.

    `expected_version` is that of the evaluation that the user saw, 0 when there was none.
    Raises NotAllowed, DomainError with the field, or EditConflict when someone saved meanwhile.
    """
    must_plan_for(actor, objective.unit)
    _check_sheet(sheet)
    at = next_instant()
    _read_again(objective)
    must_plan_for(actor, objective.unit)
    evaluation = evaluation_of(objective)
    if evaluation is None:
        evaluation = _begin(actor, objective, sheet, at)
    else:
        if expected_version == 0:
            raise EditConflict(
                _("Someone else changed this while you were working."),
                {name: getattr(evaluation, name) for name in sheet.values()},
            )
        _must_be_draft(evaluation)
        record_change(
            actor=actor,
            target=evaluation,
            values=sheet.values(),
            expected_version=expected_version,
            at=at,
        )
    continue_in(actor=actor, objective=objective, successors=sheet.successors, at=at)
    return evaluation


def _begin(
    actor: User, objective: OperationalObjective, sheet: EvaluationSheet, at: datetime
) -> FinalEvaluation:
    evaluation = FinalEvaluation.objects.create(
        objective=objective, is_demo=objective.is_demo, **sheet.values()
    )
    evaluation.created_at = at  # an insert sets the wall clock, which is past the instant by now
    evaluation.save(update_fields=["created_at"])
    history_record(
        actor=actor,
        target=evaluation,
        action="created",
        changes={name: (None, value) for name, value in sheet.values().items() if value},
        at=at,
    )
    return evaluation


def _must_be_draft(evaluation: FinalEvaluation) -> None:
    if evaluation.state == EvaluationState.HANDED_IN:
        raise DomainError(
            "handed_in",
            _("This evaluation is handed in. The corporate cell can open it again."),
        )


def _check_complete(evaluation: FinalEvaluation, status: str, *, goes_on: bool) -> None:
    """Refuse to hand in what lacks a text, at the field that lacks it."""
    if not evaluation.result:
        raise DomainError("result_required", _("Choose the result."), "result")
    _check_explained(evaluation, status)
    if not evaluation.lessons:
        raise DomainError(
            "lessons_required", _("Say what was learned, in Dutch or in French."), "lessons_nl"
        )
    if not goes_on and not evaluation.discontinued_because:
        raise DomainError(
            "continuation_required",
            _("Choose the objective of next year in which it goes on, or say why it does not."),
            "successors",
        )


def _check_explained(evaluation: FinalEvaluation, status: str) -> None:
    """Ask for an explanation of what was not achieved, and of what the figures contradict.

    What was achieved, by its figures too, explains itself.
    """
    if evaluation.explanation:
        return
    result = EvaluationResult(evaluation.result).label
    if contradicts(evaluation.result, status):
        raise DomainError(
            "contradiction",
            _("You say “%(result)s”, but the figures say “%(status)s”. Explain the difference.")
            % {"result": result, "status": Status(status).label},
            "explanation_nl",
        )
    if evaluation.result != EvaluationResult.ACHIEVED:
        raise DomainError(
            "explanation_required",
            _("Explain why the result is “%(result)s”, in Dutch or in French.")
            % {"result": result},
            "explanation_nl",
        )


@transaction.atomic
def objective_continue(*, actor: User, objective: OperationalObjective) -> Copied:
    """Make a draft of an objective in the plan of next year, and let it go on there.

    One that goes on there already is returned as it is. Raises NotAllowed, or DomainError while
    there is no such plan, or while its evaluation says why it stops.
    """
    must_plan_for(actor, objective.unit)
    next_instant()  # nobody else writes from here on
    _read_again(objective)
    evaluation = evaluation_of(objective)
    if evaluation is not None and evaluation.discontinued_because:
        raise goes_on_and_stops()
    plan = OperationalPlan.objects.select_related("plan").filter(year=objective.plan.year + 1)
    following = plan.first()
    if following is None:
        raise DomainError(
            "no_next_plan",
            _("There is no plan of %(year)s yet: the corporate cell opens it.")
            % {"year": objective.plan.year + 1},
        )
    (copied,) = objectives_copy(actor=actor, plan=following, choices=[CopyChoice(objective)])
    return copied


@transaction.atomic
def evaluation_hand_in(
    *, actor: User, evaluation: FinalEvaluation, expected_version: int | None = None
) -> None:
    """Hand in an evaluation, with the status of 31 December as the figures known now give it.

    Raises NotAllowed for anyone but the head, DomainError with the field when a text is missing
    or the result contradicts that status unexplained, EditConflict when it changed meanwhile.
    """
    objective = evaluation.objective
    if not access_of(actor).heads(objective.unit_id):
        raise NotAllowed(
            "head_only", _("Only the head of the directorate hands in its final evaluations.")
        )
    at = next_instant()
    _read_again(objective)
    evaluation.refresh_from_db()
    _must_be_draft(evaluation)
    status = status_at_year_end(objective, at)
    goes_on = objective.successor_links.current().exists()
    _check_complete(evaluation, status, goes_on=goes_on)
    refuse_open_requests(evaluation)
    record_change(
        actor=actor,
        target=evaluation,
        values={
            "state": EvaluationState.HANDED_IN,
            "computed_status": status,
            "handed_in_at": at,
            "handed_in_by": actor,
        },
        expected_version=expected_version,
        action="handed_in",
        at=at,
    )


@transaction.atomic
def evaluation_reopen(*, actor: User, evaluation: FinalEvaluation, reason: str) -> None:
    """Give an evaluation back to its unit; it has to be handed in again.

    Raises NotAllowed for anyone but the corporate cell, DomainError without a reason or once the
    plan is closed.
    """
    if not access_of(actor).has(Role.CORPORATE):
        raise NotAllowed(
            "corporate_only", _("Only the corporate cell opens a final evaluation again.")
        )
    if not reason.strip():
        raise DomainError("reason_required", _("Say why it is opened again."), "reason")
    at = next_instant()
    _read_again(evaluation.objective)
    evaluation.refresh_from_db()
    if evaluation.state != EvaluationState.HANDED_IN:
        raise DomainError("not_handed_in", _("This evaluation is not handed in."))
    record_change(
        actor=actor,
        target=evaluation,
        values={
            "state": EvaluationState.DRAFT,
            "computed_status": "",
            "handed_in_at": None,
            "handed_in_by": None,
        },
        action="reopened",
        reason=reason.strip(),
        at=at,
    )

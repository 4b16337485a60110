"""What users do to two years of plans, as small values that a property test can shrink.

Each operation is one call of a service by whoever may do it. What the rules refuse raises
DomainError and leaves nothing behind.
"""

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from ibzplan.core.errors import DomainError
from objectives.indicators.choices import CorrectionState
from objectives.indicators.models import Correction, Indicator, Measurement
from objectives.indicators.periods import Period, parse_period
from objectives.indicators.quality import Check
from objectives.indicators.services import (
    Figure,
    FigurePart,
    IndicatorSheet,
    correction_decide,
    correction_withdraw,
    figures_lock,
    indicator_define,
    measurement_return,
    measurement_validate,
    period_set_not_applicable,
    sheet_of,
    target_set,
)
from objectives.planning.choices import ChangeKind, EvaluationState, PlanState, Step
from objectives.planning.models import (
    FinalEvaluation,
    OperationalObjective,
    OperationalPlan,
    PlanVersion,
)
from objectives.planning.selectors.parts import activities_now
from objectives.planning.services import (
    ActivitySheet,
    MilestoneSheet,
    ObjectiveSheet,
    RiskSheet,
    activity_add,
    activity_update,
    activity_withdraw,
    figure_record,
    indicator_add,
    indicator_reuse,
    indicator_weigh,
    indicator_withdraw,
    milestone_report,
    objective_create,
    objective_move,
    objective_update,
    operational_plan_create,
    risk_add,
    risk_update,
    risk_withdraw,
)
from objectives.planning.services import status_override as override
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_submit,
)
from objectives.planning.services.evaluations import (
    EvaluationSheet,
    evaluation_hand_in,
    evaluation_of,
    evaluation_reopen,
    evaluation_save,
)
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Goal, Milestone
from personnel.models import User
from tests.factories import Ministry, function_of, text

# All begun, whatever day the test runs on.
PERIODS: Final = tuple(f"{year}-T{n}" for year in (2025, 2026) for n in (1, 2, 3))
FIRST_DAYS: Final = (None, date(2025, 4, 1), date(2025, 10, 1), date(2026, 1, 1), date(2026, 7, 1))
CONFIRMED: Final = tuple(check.value for check in Check)
REGIONS: Final = {
    "code": "region",
    "title": {"nl": "Gewest", "fr": "Région"},
    "adds_up": True,
    "members": [{"code": code, "title": {"nl": code, "fr": code}} for code in ("bru", "vl", "wal")],
}


@dataclass(frozen=True, slots=True)
class TwoYears:
    """An objective of 2025 that is in force, and one of 2026 that is still a draft.

    `running` is the series of 2025, which 2026 may go on with; `new` began in the draft.
    """

    ministry: Ministry
    plan: OperationalPlan
    approved_pk: int
    draft_pk: int
    running_pk: int
    new_pk: int

    def user(self, name: str) -> User:
        """Return a user by the name of the role."""
        return self.ministry.users[name]

    @property
    def approved(self) -> OperationalObjective:
        """Return the objective of 2025, read anew."""
        return OperationalObjective.objects.get(pk=self.approved_pk)

    @property
    def draft(self) -> OperationalObjective:
        """Return the objective of 2026, read anew."""
        return OperationalObjective.objects.get(pk=self.draft_pk)

    def series(self, *, new: bool) -> Indicator:
        """Return one of the two indicators, read anew."""
        return Indicator.objects.get(pk=self.new_pk if new else self.running_pk)


def _objective(ministry: Ministry, plan: OperationalPlan, title: str) -> OperationalObjective:
    return objective_create(
        actor=ministry.users["planner_adcv"],
        plan=plan,
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=_objective_sheet(title, plan.year),
    )


def _objective_sheet(title: str, year: int) -> ObjectiveSheet:
    return ObjectiveSheet(
        title=text(title),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        holder=function_of("ADCV"),
    )


def two_years(ministry: Ministry) -> TwoYears:
    """Make the records through the services."""
    planner = ministry.users["planner_adcv"]
    sheet = IndicatorSheet(
        title=text("Bezettingsgraad noodcentrales"),
        unit_of_measure=text("oproepen"),
        target_kind="increase",
        decimals=1,
        baseline=Decimal(40),
        baseline_date=date(2024, 12, 31),
        disaggregations=[REGIONS],
    )
    plan = operational_plan_create(
        actor=None, plan=ministry.plan, year=2025, state=PlanState.APPROVED
    )
    approved = _objective(ministry, plan, "Noodcentrales bezetten")
    running = indicator_add(actor=planner, objective=approved, sheet=sheet, target=Decimal(60))
    ministry.approve(approved)
    plan_version_freeze(actor=ministry.users["committee"], plan=plan)
    draft = _objective(ministry, ministry.year, "Noodcentrales verder bezetten")
    new = indicator_add(
        actor=planner,
        objective=draft,
        sheet=replace(
            sheet,
            title=text("Opleidingen"),
            accumulation="flow",
            disaggregations=[],
        ),
        target=Decimal(200),
    )
    return TwoYears(ministry, plan, approved.pk, draft.pk, running.pk, new.pk)


class Operation:
    """Something that one user does."""

    @abstractmethod
    def do(self, to: TwoYears) -> object:
        """Do it. Raises DomainError where the rules refuse; None means that nothing changed."""


def was_done(operation: Operation, to: TwoYears) -> bool:
    """Do it, or leave everything as it was when the rules refuse; tell whether it was done."""
    try:
        with transaction.atomic():
            return operation.do(to) is not None
    except DomainError:
        return False


def current_row(indicator: Indicator, period: Period) -> Measurement:
    """Return the figure that counts now. Raises DomainError when there is none."""
    rows = Measurement.objects.filter(
        indicator=indicator,
        period_start=period.start,
        resolution=period.resolution,
        breakdown_key="",
    )
    found: Measurement | None = rows.order_by("recorded_at").last()
    if found is None:
        raise DomainError("no_figure", "There is no figure yet.")
    return found


@dataclass(frozen=True, slots=True)
class Record(Operation):
    """Record a figure; for a period that has one this corrects it, or asks for that if locked."""

    period: str
    value: int
    new: bool = False
    in_parts: bool = False

    def do(self, to: TwoYears) -> object:
        """Record it, with a reason in case there is one already."""
        parts = {}
        if self.in_parts:
            parts = {
                f"region={code}": FigurePart(value=Decimal(part))
                for code, part in (("bru", 1), ("vl", self.value - 1), ("wal", 0))
            }
        return figure_record(
            actor=to.user("planner_adcv"),
            indicator=to.series(new=self.new),
            period=parse_period(self.period),
            figure=Figure(value=Decimal(self.value), breakdown=parts),
            reason="Nageteld",
            confirmed=CONFIRMED,
        )


@dataclass(frozen=True, slots=True)
class Validate(Operation):
    """Validate the figure that counts."""

    period: str
    new: bool = False

    def do(self, to: TwoYears) -> object:
        """Validate it as head."""
        row = current_row(to.series(new=self.new), parse_period(self.period))
        return measurement_validate(actor=to.user("head_adcv"), measurement=row)


@dataclass(frozen=True, slots=True)
class Return(Operation):
    """Send the figure that counts back."""

    period: str

    def do(self, to: TwoYears) -> object:
        """Return it as head."""
        row = current_row(to.series(new=False), parse_period(self.period))
        return measurement_return(actor=to.user("head_adcv"), measurement=row, reason="Klopt niet")


@dataclass(frozen=True, slots=True)
class Lock(Operation):
    """Lock the figure that counts."""

    period: str

    def do(self, to: TwoYears) -> object:
        """Lock it; the plan stands for the report that showed it."""
        row = current_row(to.series(new=False), parse_period(self.period))
        return (
            figures_lock(actor=to.user("corporate"), measurements=[row.uuid], cause=to.plan) or None
        )


def _waiting() -> Correction:
    found = Correction.objects.filter(state=CorrectionState.PENDING).order_by("pk").first()
    if found is None:
        raise DomainError("nothing_waits", "No correction waits.")
    return found


@dataclass(frozen=True, slots=True)
class Decide(Operation):
    """Decide on the correction that waits longest."""

    approve: bool
    as_head: bool = False

    def do(self, to: TwoYears) -> object:
        """Approve or refuse it as the second person."""
        correction_decide(
            actor=to.user("head_adcv" if self.as_head else "corporate"),
            correction=_waiting(),
            approve=self.approve,
            note="Bekeken",
        )
        return True


@dataclass(frozen=True, slots=True)
class TakeBack(Operation):
    """Take back the correction that waits longest."""

    def do(self, to: TwoYears) -> object:
        """Withdraw it."""
        correction_withdraw(actor=to.user("planner_adcv"), correction=_waiting())
        return True


@dataclass(frozen=True, slots=True)
class NotApplicable(Operation):
    """Say that a period does not apply; without a reason that it does."""

    period: str
    reason: str = ""
    new: bool = False

    def do(self, to: TwoYears) -> object:
        """Say so."""
        return period_set_not_applicable(
            actor=to.user("planner_adcv"),
            indicator=to.series(new=self.new),
            period=parse_period(self.period),
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class Define(Operation):
    """Write a new version of a definition that speaks of figures from a day on."""

    valid_from: date | None
    is_break: bool
    changes: tuple[tuple[str, Any], ...]
    new: bool = False

    def do(self, to: TwoYears) -> object:
        """Define it as head."""
        indicator = to.series(new=self.new)
        return indicator_define(
            actor=to.user("head_adcv"),
            indicator=indicator,
            sheet=replace(sheet_of(indicator), **dict(self.changes)),
            reason="Beter omschreven",
            valid_from=self.valid_from,
            is_series_break=self.is_break,
        )


@dataclass(frozen=True, slots=True)
class SetTarget(Operation):
    """Set a target, the final one or one on the way."""

    due_on: date
    value: int
    plan_year: int
    is_final: bool
    new: bool = False

    def do(self, to: TwoYears) -> object:
        """Set it."""
        return target_set(
            actor=to.user("planner_adcv"),
            indicator=to.series(new=self.new),
            due_on=self.due_on,
            value=Decimal(self.value),
            is_final=self.is_final,
            plan_year=self.plan_year,
            reason="Bijgesteld",
        )


@dataclass(frozen=True, slots=True)
class Override(Operation):
    """Judge beside the computed status; '' takes that back."""

    status: str
    holds_from: date

    def do(self, to: TwoYears) -> object:
        """Judge as head."""
        return override(
            actor=to.user("head_adcv"),
            objective=to.approved,
            status=self.status,
            reason="Eigen oordeel",
            holds_from=self.holds_from,
        )


@dataclass(frozen=True, slots=True)
class Weigh(Operation):
    """Give an indicator of the draft another weight."""

    weight: int
    is_key: bool

    def do(self, to: TwoYears) -> object:
        """Weigh the one that began there, when it is in it."""
        if not to.draft.indicator_links.current().filter(indicator=to.new_pk).exists():
            raise DomainError("not_linked", "It was withdrawn.")
        return (
            indicator_weigh(
                actor=to.user("planner_adcv"),
                objective=to.draft,
                indicator=to.series(new=True),
                weight=self.weight,
                is_key=self.is_key,
            )
            or None
        )


@dataclass(frozen=True, slots=True)
class Withdraw(Operation):
    """Take an indicator out of the draft."""

    new: bool

    def do(self, to: TwoYears) -> object:
        """Withdraw it."""
        indicator_withdraw(
            actor=to.user("planner_adcv"),
            objective=to.draft,
            indicator=to.series(new=self.new),
            reason="Toch niet",
        )
        return True


@dataclass(frozen=True, slots=True)
class Reuse(Operation):
    """Go on with a series in the draft, or put back what was withdrawn from it."""

    new: bool
    target: int
    weight: int = 1

    def do(self, to: TwoYears) -> object:
        """Link it."""
        return indicator_reuse(
            actor=to.user("planner_adcv"),
            objective=to.draft,
            indicator=to.series(new=self.new),
            target=Decimal(self.target),
            weight=self.weight,
        )


@dataclass(frozen=True, slots=True)
class Retitle(Operation):
    """Give the draft another title."""

    title: str

    def do(self, to: TwoYears) -> object:
        """Change it."""
        draft = to.draft
        return (
            objective_update(
                actor=to.user("planner_adcv"),
                objective=draft,
                sheet=_objective_sheet(self.title, 2026),
                expected_version=draft.version,
            )
            or None
        )


@dataclass(frozen=True, slots=True)
class Move(Operation):
    """Take a step with the draft."""

    step: Step

    def do(self, to: TwoYears) -> object:
        """Motivate and submit as head, pass on, approve or return as the committee."""
        if self.step == Step.SUBMIT:
            to.ministry.motivate(to.draft)
        name = {Step.SUBMIT: "head_adcv", Step.PASS_ON: "corporate"}.get(self.step, "committee")
        objective_move(actor=to.user(name), objective=to.draft, step=self.step, reason="Besproken")
        return True


@dataclass(frozen=True, slots=True)
class Share(Operation):
    """Let another unit share the draft, or not, and link it to a goal, or not."""

    is_shared: bool
    has_goal: bool

    def do(self, to: TwoYears) -> object:
        """Link it."""
        draft, ministry = to.draft, to.ministry
        goal, _made = Goal.objects.get_or_create(objective=ministry.werf.objective, code="2.a")
        return (
            objective_update(
                actor=to.user("planner_adcv"),
                objective=draft,
                sheet=_objective_sheet(str(draft.title), 2026),
                expected_version=draft.version,
                co_owners=[ministry.dvz] if self.is_shared else [],
                goals=[goal] if self.has_goal else [],
            )
            or None
        )


@dataclass(frozen=True, slots=True)
class Act(Operation):
    """Give the draft one activity with so many milestones, or change the one it has."""

    title: str
    milestones: int

    def do(self, to: TwoYears) -> object:
        """Write it; without milestones the activity is withdrawn."""
        planner = to.user("planner_adcv")
        activity = activities_now(to.draft).first()
        sheet = ActivitySheet(kind="action", title=text(self.title))
        days = [date(2026, month + 1, 1) for month in range(self.milestones)]
        steps = [MilestoneSheet(title=text(f"{self.title} {day}"), due_on=day) for day in days]
        if activity is None:
            return activity_add(actor=planner, objective=to.draft, sheet=sheet, milestones=steps)
        if not steps:
            activity_withdraw(actor=planner, activity=activity)
            return True
        return activity_update(actor=planner, activity=activity, sheet=sheet, milestones=steps)


@dataclass(frozen=True, slots=True)
class ReportMilestone(Operation):
    """Say when the first milestone of the draft was done, also once that is in force."""

    done_on: date | None

    def do(self, to: TwoYears) -> object:
        """Report it."""
        milestone = Milestone.objects.current().order_by("due_on", "pk").first()
        if milestone is None:
            raise DomainError("nothing_to_report", "There is no milestone.")
        return (
            milestone_report(actor=to.user("head_adcv"), milestone=milestone, done_on=self.done_on)
            or None
        )


@dataclass(frozen=True, slots=True)
class Fear(Operation):
    """Name a risk of the draft, or change the one it has; impact 0 withdraws it."""

    impact: int

    def do(self, to: TwoYears) -> object:
        """Write it."""
        planner, risk = to.user("planner_adcv"), to.draft.risks.current().first()
        if self.impact == 0:
            if risk is None:
                raise DomainError("no_risk", "There is no risk.")
            risk_withdraw(actor=planner, risk=risk)
            return True
        sheet = RiskSheet(title=text("Uitval"), likelihood=2, impact=self.impact, response="accept")
        if risk is None:
            return risk_add(actor=planner, objective=to.draft, sheet=sheet)
        return risk_update(actor=planner, risk=risk, sheet=sheet)


def _amend(to: TwoYears, proposal: Proposal) -> PlanVersion:
    """Bring one change of the plan of 2025 over all desks."""
    amendment = amendment_create(
        actor=to.user("planner_adcv"),
        plan=to.plan,
        unit=to.ministry.adcv,
        title=text("Bijsturing"),
    )
    change_add(actor=to.user("planner_adcv"), amendment=amendment, proposal=proposal)
    amendment_submit(actor=to.user("head_adcv"), amendment=amendment)
    return amendment_approve(actor=to.user("committee"), amendment=amendment)


@dataclass(frozen=True, slots=True)
class Amend(Operation):
    """Change the objective in force by an amendment that the committee approves."""

    ends_on: date

    def do(self, to: TwoYears) -> object:
        """Let it end on another day."""
        return _amend(
            to,
            Proposal(
                kind=ChangeKind.CHANGE,
                motivation="De aanbesteding loopt uit.",
                is_important=False,
                objectives=[to.approved],
                values={"ends_on": self.ends_on.isoformat()},
            ),
        )


@dataclass(frozen=True, slots=True)
class Promise(Operation):
    """Change the final target of the objective in force by an amendment."""

    value: int

    def do(self, to: TwoYears) -> object:
        """Promise another value for the end of 2025."""
        final = {"due_on": "2025-12-31", "value": str(self.value), "level": None}
        return _amend(
            to,
            Proposal(
                kind=ChangeKind.TARGET,
                motivation="Het budget is kleiner.",
                is_important=True,
                objectives=[to.approved],
                indicator=to.series(new=False),
                values={"final": final},
            ),
        )


@dataclass(frozen=True, slots=True)
class Abandon(Operation):
    """Take the objective in force out of the plan by an amendment."""

    def do(self, to: TwoYears) -> object:
        """Withdraw it."""
        return _amend(
            to,
            Proposal(
                kind=ChangeKind.WITHDRAW,
                motivation="De opdracht vervalt.",
                is_important=True,
                objectives=[to.approved],
            ),
        )


@dataclass(frozen=True, slots=True)
class Evaluate(Operation):
    """Write the final evaluation of the objective in force, as a draft of the unit."""

    result: str

    def do(self, to: TwoYears) -> object:
        """Write it."""
        return evaluation_save(
            actor=to.user("planner_adcv"),
            objective=to.approved,
            sheet=EvaluationSheet(
                result=self.result,
                explanation=text("Te weinig personeel"),
                lessons=text("Vroeger aanwerven"),
                discontinued_because="Afgerond.",
            ),
        )


def _evaluation(to: TwoYears, state: EvaluationState) -> FinalEvaluation:
    """Return the evaluation in a state. Raises DomainError when it is in another or not there."""
    found = evaluation_of(to.approved)
    if found is None or found.state != state:
        raise DomainError("no_evaluation", "There is none in this state.")
    return found


@dataclass(frozen=True, slots=True)
class HandIn(Operation):
    """Hand in the final evaluation, which freezes the status of the end of the year."""

    def do(self, to: TwoYears) -> object:
        """Hand it in as head."""
        draft = _evaluation(to, EvaluationState.DRAFT)
        evaluation_hand_in(actor=to.user("head_adcv"), evaluation=draft)
        return True


@dataclass(frozen=True, slots=True)
class Reopen(Operation):
    """Give the final evaluation back to its unit."""

    def do(self, to: TwoYears) -> object:
        """Open it again as the corporate cell."""
        given = _evaluation(to, EvaluationState.HANDED_IN)
        evaluation_reopen(actor=to.user("corporate"), evaluation=given, reason="Nagaan")
        return True

"""Plans and objectives of the demo: their life so far, their links, their heads' judgements."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from objectives.indicators.models import Indicator
from objectives.planning.choices import RETURNS, PlanState, Step
from objectives.planning.models import (
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    StatusOverride,
)
from objectives.planning.services import ObjectiveSheet
from objectives.planning.services.plans import BUDGET_VOTED, PLAN_SENT
from objectives.planning.services.workflow import MOVES, WITH_PLANNER
from personnel.choices import FunctionLevel, Role
from personnel.models import FunctionHolder, ManagementFunction
from reporting.demo.amending import earlier_said
from reporting.demo.consolidating import version_row
from reporting.demo.content import ObjectiveContent
from reporting.demo.figures import day_in
from reporting.demo.plan_calendar import PlanDays
from reporting.demo.remarks import RemarkWriter
from reporting.demo.workshop import Desk, Workshop

if TYPE_CHECKING:
    from personnel.models import User

# So long after it was linked the planner gives an indicator another weight, or takes it out again:
# before its objective is handed in.
_SECOND_THOUGHT_DAYS: Final = 2

# What planner and corporate cell take for their part of the way.
_TO_HEAD_DAYS: Final = 4
_WITH_HEAD: Final = timedelta(minutes=50)
_REVIEW_DAYS: Final = 3

# So many days after it was made a draft is handed in that goes back, and goes back.
_HANDED_IN_DAYS: Final = 2
_RETURNED_DAYS: Final = 4

# So long before the decision the corporate cell submits the plan; the committee ends its day by it.
_PLAN_SUBMITTED_DAYS: Final = 5
_END_OF_DAY: Final = timedelta(hours=5, minutes=5)

# Where each step leads.
_LEADS: Final[dict[str, tuple[str, str]]] = {
    **{step: desk for (_from, step), (desk, _may) in MOVES.items() if step not in RETURNS},
    Step.RETURN: WITH_PLANNER,
    PlanState.CLOSED: (PlanState.CLOSED, ""),
}

# The unit led by the president of the direction committee.
_PRESIDENT: Final = "VZ"


class ObjectiveWriter:
    """Makes plans, objectives and the links to their indicators; one serves the whole demo."""

    def __init__(self, workshop: Workshop) -> None:
        """Start numbering objectives within each plan and werf."""
        self.workshop = workshop
        self.rows = workshop.rows
        self.remarks = RemarkWriter(workshop)
        self._numbers: dict[tuple[int, str], int] = {}
        self._functions: dict[str, ManagementFunction] = {}

    def functions(self, since: date) -> None:
        """Make the management function of each unit, held by the account of its head."""
        at = self.workshop.chronology.noon(since)
        self._functions = {unit: self._function(unit, at) for unit in self.workshop.content.holders}

    def _function(self, unit: str, at: datetime) -> ManagementFunction:
        """Make the management function that leads a unit."""
        workshop = self.workshop
        function = ManagementFunction(
            uuid=workshop.identity.of("function", unit),
            code=f"{unit}-LEAD",
            unit=workshop.ground.units[unit],
            title=workshop.content.holders[unit],
            level=FunctionLevel.N if unit == _PRESIDENT else FunctionLevel.N1,
            order=len(self.rows.functions) + 1,
            is_demo=True,
            created_at=at,
        )
        head = workshop.user(Role.HEAD, unit)
        holder = FunctionHolder(
            uuid=workshop.identity.of("holder", unit),
            function=function,
            user=head,
            name=head.display_name,
            is_demo=True,
            created_at=at,
        )
        self.rows.functions.append(function)
        self.rows.function_holders.append(holder)
        return function

    def plan(self, days: PlanDays) -> OperationalPlan:
        """Make a plan with the history of its life so far."""
        workshop = self.workshop
        opened = workshop.chronology.moment(days.opened_on)
        plan = OperationalPlan(
            uuid=workshop.identity.of("plan", str(days.year)),
            plan=workshop.ground.plan,
            year=days.year,
            state=days.state,
            budget_voted_on=days.budget_voted_on,
            approved_on=days.approved_on,
            sent_on=days.sent_on,
            closed_on=days.closed_on,
            is_demo=True,
            created_at=opened,
        )
        self.rows.plans.append(plan)
        self._life(plan, days, opened)
        return plan

    def _life(self, plan: OperationalPlan, days: PlanDays, opened: datetime) -> None:
        """Write what became of the plan so far, with its first frozen version."""
        workshop = self.workshop
        corporate, committee = workshop.user(Role.CORPORATE), workshop.user(Role.COMMITTEE)
        workshop.note(plan, corporate, opened, "created", {"year": (None, days.year)})
        if days.budget_voted_on is not None:
            at = workshop.chronology.noon(days.budget_voted_on)
            vote = {"budget_voted_on": (None, days.budget_voted_on)}
            workshop.note(plan, corporate, at, BUDGET_VOTED, vote)
            plan.version += 1
        if days.approved_on is not None:
            self._approve(plan, days.approved_on)
        if days.sent_on is not None:
            at = workshop.chronology.noon(days.sent_on)
            sent = {"sent_on": (None, days.sent_on)}
            workshop.note(plan, corporate, at, PLAN_SENT, sent)
            plan.version += 1
        if days.closed_on is not None:
            at = workshop.chronology.moment(days.closed_on)
            closed = {
                "state": (PlanState.APPROVED, PlanState.CLOSED),
                "closed_on": (None, days.closed_on),
            }
            workshop.note(plan, committee, at, PlanState.CLOSED, closed)
            plan.version += 1

    def _approve(self, plan: OperationalPlan, day: date) -> None:
        """Let corporate cell and committee put the plan in force, after all of its objectives."""
        workshop = self.workshop
        corporate, committee = workshop.user(Role.CORPORATE), workshop.user(Role.COMMITTEE)
        submitted = workshop.chronology.noon(day - timedelta(days=_PLAN_SUBMITTED_DAYS))
        plan.submitted_on = timezone.localdate(submitted)
        change: dict[str, tuple[object, object]] = {
            "state": (PlanState.DRAFT, PlanState.SUBMITTED),
            "submitted_on": (None, plan.submitted_on),
        }
        workshop.note(plan, corporate, submitted, PlanState.SUBMITTED, change)
        approved: dict[str, tuple[object, object]] = {
            "state": (PlanState.SUBMITTED, PlanState.APPROVED),
            "approved_on": (None, day),
        }
        workshop.chronology.moment(day)  # keeps the lots of what comes after
        at = workshop.chronology.noon(day)
        version, frozen = version_row(workshop, plan, committee, dated_on=timezone.localdate(at))
        workshop.note(
            plan,
            committee,
            workshop.chronology.later(at, _END_OF_DAY),
            PlanState.APPROVED,
            approved,
            also=[(version, "recorded_at"), (frozen, "at")],
        )
        plan.version += 2

    def objective(
        self, plan: OperationalPlan, told: ObjectiveContent, days: PlanDays
    ) -> OperationalObjective:
        """Make an objective with its goals, NVP objectives and history."""
        workshop = self.workshop
        key = (plan.year, told.werf)
        self._numbers[key] = self._numbers.get(key, 0) + 1
        code = f"{told.werf}.{self._numbers[key]}"
        is_past = days.year < workshop.today.year
        title = told.title_before if is_past and told.title_before is not None else told.title
        earlier = earlier_said(workshop, days.year).get((told.title["nl"], ""))
        if earlier is not None and earlier.title_before is not None:
            title = earlier.title_before
        sheet = ObjectiveSheet(
            title=title,
            starts_on=date(days.year, 1, 1),
            ends_on=date(days.year, 12, 31),
            holder=self._functions.get(told.unit) if told.has_holder else None,
        )
        span = max((days.written_until - days.opened_on).days, 1)
        created = workshop.chronology.moment(
            days.opened_on + timedelta(days=workshop.rng.randrange(1, span + 1))
        )
        objective = OperationalObjective(
            uuid=workshop.identity.of("objective", str(days.year), code),
            plan=plan,
            werf=workshop.ground.werven[told.werf],
            unit=workshop.ground.units[told.unit],
            code=code,
            title=sheet.title,
            holder=sheet.holder,
            starts_on=sheet.starts_on,
            ends_on=sheet.ends_on,
            search_key=sheet.search_key(code),
            is_demo=True,
            created_at=created,
        )
        self.rows.objectives.append(objective)
        planner = workshop.user(Role.PLANNER, told.unit)
        change = {"code": (None, code), "title": (None, sheet.title)}
        workshop.note(objective, planner, created, "created", change)
        self._moves(objective, told, days, created)
        self._relations(objective, told)
        return objective

    def _moves(
        self,
        objective: OperationalObjective,
        told: ObjectiveContent,
        days: PlanDays,
        created: datetime,
    ) -> None:
        """Bring an objective as far as its plan: each step with its day and actor."""
        workshop = self.workshop
        head, committee = workshop.user(Role.HEAD, told.unit), workshop.user(Role.COMMITTEE)
        steps: list[tuple[str, User, datetime]] = []
        if days.submitted_on is not None and days.approved_on is not None:
            handed_in = days.submitted_on - timedelta(days=workshop.rng.randrange(8))
            steps.append((Step.SUBMIT, head, workshop.chronology.moment(handed_in)))
            approved = workshop.chronology.moment(days.approved_on)
            steps.append((Step.APPROVE, committee, approved))
        elif told.is_submitted:
            later = workshop.chronology.after(created, workshop.rng.randint(2, 12))
            steps.append((Step.SUBMIT, head, later))
        elif self._goes_back(told):
            corporate, first = workshop.user(Role.CORPORATE), timezone.localdate(created)
            handed_in = workshop.chronology.noon(first + timedelta(days=_HANDED_IN_DAYS))
            back = workshop.chronology.noon(first + timedelta(days=_RETURNED_DAYS))
            steps += [(Step.SUBMIT, head, handed_in), (Step.RETURN, corporate, back)]
        if days.closed_on is not None:
            closed = workshop.chronology.moment(days.closed_on)
            steps.append((PlanState.CLOSED, committee, closed))
        for step, actor, at in self._desk_to_desk(steps, told, days, created):
            state, waits_for = _LEADS[step]
            change = {
                "state": (objective.state, state),
                "waits_for": (objective.waits_for, waits_for),
            }
            changed = {name: pair for name, pair in change.items() if pair[0] != pair[1]}
            reason = self._return_reason(told) if step == Step.RETURN else ""
            workshop.note(objective, actor, at, step, changed, reason=reason)
            self._remark(objective, told, step, at)
            objective.state, objective.waits_for = state, waits_for
            objective.version += 1
            if step == Step.APPROVE:
                objective.approved_at = at

    def _remark(
        self, objective: OperationalObjective, told: ObjectiveContent, step: str, at: datetime
    ) -> None:
        """Write what the corporate cell says with a step: of next year's plan only."""
        if step == Step.RETURN:
            self.remarks.returned(objective, told, at)
        elif step == Step.SUBMIT and told.is_submitted:
            self.remarks.asked(objective, told, at)

    def _goes_back(self, told: ObjectiveContent) -> bool:
        return told.title["nl"] in self.workshop.content.cycle.returned

    def _return_reason(self, told: ObjectiveContent) -> str:
        return self.workshop.content.cycle.returned[told.title["nl"]].reason

    def _desk_to_desk(
        self,
        steps: "list[tuple[str, User, datetime]]",
        told: ObjectiveContent,
        days: PlanDays,
        created: datetime,
    ) -> "list[tuple[str, User, datetime]]":
        """Put what planner and corporate cell do between: days told off by number, not by chance.

        Of next year's plan some objectives lie on each desk.
        """
        workshop, turn = self.workshop, len(self.rows.objectives)
        planner, corporate = workshop.user(Role.PLANNER, told.unit), workshop.user(Role.CORPORATE)
        way: list[tuple[str, User, datetime]] = []
        if not steps and turn % 3 == 0:
            day = timezone.localdate(created) + timedelta(days=_TO_HEAD_DAYS)
            way.append((Step.HAND_OVER, planner, workshop.chronology.noon(day)))
        for step, actor, at in steps:
            if step == Step.SUBMIT:
                way.append((Step.HAND_OVER, planner, at - _WITH_HEAD))
            way.append((step, actor, at))
            goes_on = days.approved_on is not None or (turn % 2 == 0 and not self._goes_back(told))
            if step == Step.SUBMIT and goes_on:
                first = days.submitted_on or timezone.localdate(at)
                read = workshop.chronology.noon(first + timedelta(days=_REVIEW_DAYS + turn % 4))
                way.append((Step.PASS_ON, corporate, read))
        return [one for one in way if one[2] > created]

    def _relations(self, objective: OperationalObjective, told: ObjectiveContent) -> None:
        ground = self.workshop.ground
        self.rows.goal_links += [
            ObjectiveGoal(
                uuid=self.workshop.identity.of("goal", str(objective.uuid), code),
                objective=objective,
                goal=ground.goals[code],
                known_from=objective.created_at,
                is_demo=True,
                created_at=objective.created_at,
            )
            for code in told.goals
            if code in ground.goals
        ]
        self.rows.security_links += [
            ObjectiveSecurityLink(
                uuid=self.workshop.identity.of("nvp", str(objective.uuid), code),
                objective=objective,
                security_objective=ground.security_objectives[code],
                known_from=objective.created_at,
                is_demo=True,
                created_at=objective.created_at,
            )
            for code in told.security_objectives
            if code in ground.security_objectives
        ]

    def link(
        self,
        objective: OperationalObjective,
        indicator: Indicator,
        *,
        weight: int,
        is_key: bool,
        since: datetime,
        about: str = "",
    ) -> ObjectiveIndicator:
        """Let an objective use an indicator from a moment on; in its old place if it did before."""
        of_objective = [link for link in self.rows.links if link.objective is objective]
        earlier = [link.order for link in of_objective if link.indicator is indicator]
        places = {link.order for link in of_objective}
        names = [str(objective.uuid), indicator.code, about]
        row = ObjectiveIndicator(
            uuid=self.workshop.identity.of("link", *(name for name in names if name)),
            objective=objective,
            indicator=indicator,
            weight=weight,
            is_key=is_key,
            order=earlier[0] if earlier else len(places) + 1,
            known_from=since,
            is_demo=True,
        )
        self.rows.links.append(row)
        return row

    def weigh(self, link: ObjectiveIndicator, *, weight: int, desk: Desk) -> None:
        """Let the planner give an indicator another weight, while its objective is a draft."""
        old = [link.weight, link.is_key]
        again = self.link(
            link.objective,
            link.indicator,
            weight=weight,
            is_key=link.is_key,
            since=link.known_from,
            about="again",
        )
        link.objective.version += 1
        self.workshop.note(
            link.objective,
            desk.planner,
            self._second_thought(link),
            "indicator_weighed",
            {link.indicator.code: (old, [weight, link.is_key])},
            also=[(link, "known_until"), (again, "known_from")],
        )

    def withdraw(self, link: ObjectiveIndicator, *, reason: str, desk: Desk) -> None:
        """Let the planner take an indicator out of a draft; its figures are not due any more."""
        link.objective.version += 1
        due = [row for row in self.rows.obligations if row.indicator is link.indicator]
        self.workshop.note(
            link.objective,
            desk.planner,
            self._second_thought(link),
            "indicator_withdrawn",
            {"indicator": (link.indicator.code, None)},
            reason=reason,
            also=[(row, "known_until") for row in (link, *due)],
        )

    def _second_thought(self, link: ObjectiveIndicator) -> datetime:
        return self.workshop.chronology.after(link.known_from, _SECOND_THOUGHT_DAYS)

    def judge(self, objective: OperationalObjective, told: ObjectiveContent, desk: Desk) -> None:
        """Write what the head put beside the computed status, as far as those days have passed."""
        before = ""
        for one in self.workshop.content.tales.judgements.get(told.title["nl"], ()):
            day = day_in(objective.plan.year, one.on)
            if not self.workshop.chronology.has_passed(day):
                return
            row = StatusOverride(
                uuid=self.workshop.identity.of("override", str(objective.uuid), str(day)),
                objective=objective,
                status=one.status,
                holds_from=day,
                reason=one.reason,
                recorded_by=desk.head,
                is_demo=True,
            )
            self.rows.overrides.append(row)
            self.workshop.note(
                objective,
                desk.head,
                self.workshop.chronology.moment(day),
                "overridden" if one.status else "override_withdrawn",
                {"override": (before, one.status)},
                reason=one.reason,
                about=str(day),
                also=[(row, "recorded_at")],
            )
            before = one.status

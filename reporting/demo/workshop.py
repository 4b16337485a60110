"""What all writers of the demo share: its rows so far, its people, its clock and its chance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from budget.models import CreditAmount, CreditExecution
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Answer, Comment, HistoryEntry, Question, Record
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.indicators.models import (
    Correction,
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Obligation,
    Target,
)
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    CoOwner,
    FinalEvaluation,
    Narrative,
    ObjectiveGoal,
    ObjectiveIndicator,
    ObjectiveLineage,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    PlanVersion,
    Risk,
    SmartMotivation,
    StatusOverride,
)
from objectives.security.models import ResourceValue
from objectives.strategy.models import Activity, Milestone
from personnel.choices import Role
from personnel.models import (
    FunctionHolder,
    ManagementFunction,
    OrganisationUnit,
    StaffingFigure,
    StaffingFlow,
    User,
)
from reporting.demo.chronology import Chronology, Place
from reporting.demo.content import DemoContent
from reporting.demo.ground import Ground
from reporting.demo.identity import Identity
from reporting.demo.plan_calendar import Reported
from reporting.models import Deadline


@dataclass(slots=True)
class Rows:
    """What is to be written, in no particular order yet."""

    functions: list[ManagementFunction] = field(default_factory=list)
    function_holders: list[FunctionHolder] = field(default_factory=list)
    plans: list[OperationalPlan] = field(default_factory=list)
    objectives: list[OperationalObjective] = field(default_factory=list)
    goal_links: list[ObjectiveGoal] = field(default_factory=list)
    security_links: list[ObjectiveSecurityLink] = field(default_factory=list)
    lineage: list[ObjectiveLineage] = field(default_factory=list)
    co_owners: list[CoOwner] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    narratives: list[Narrative] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)
    changes: list[AmendmentChange] = field(default_factory=list)
    change_objectives: list[tuple[AmendmentChange, OperationalObjective]] = field(
        default_factory=list
    )
    versions: list[PlanVersion] = field(default_factory=list)
    evaluations: list[FinalEvaluation] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    overrides: list[StatusOverride] = field(default_factory=list)
    motivations: list[SmartMotivation] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    definitions: list[IndicatorDefinition] = field(default_factory=list)
    links: list[ObjectiveIndicator] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    events: list[MeasurementEvent] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    amounts: list[CreditAmount] = field(default_factory=list)
    executions: list[CreditExecution] = field(default_factory=list)
    staffing: list[StaffingFigure] = field(default_factory=list)
    flows: list[StaffingFlow] = field(default_factory=list)
    police: list[ResourceValue] = field(default_factory=list)
    credit_shares: list[CreditAllocation] = field(default_factory=list)
    staff_shares: list[StaffAllocation] = field(default_factory=list)
    history: list[HistoryEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who reports and validates for a unit."""

    unit: OrganisationUnit
    planner: User
    head: User


@dataclass(slots=True, kw_only=True)
class Workshop:
    """One demo while it is made; `users` are there once the accounts are.

    `reported` is the last quarter of the running year that was reported to the ministers.
    """

    content: DemoContent
    ground: Ground
    today: date
    rng: Random
    identity: Identity
    chronology: Chronology
    reported: Reported | None = None
    users: dict[str, User] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)

    def user(self, role: str, unit: str = "") -> User:
        """Return the account with that role, in that unit if it names one."""
        names = (a.username for a in self.content.accounts if (a.role, a.unit) == (role, unit))
        return self.users[next(names)]

    def desk(self, unit: str) -> Desk:
        """Return who works on the plan of a unit."""
        return Desk(
            unit=self.ground.units[unit],
            planner=self.user(Role.PLANNER, unit),
            head=self.user(Role.HEAD, unit),
        )

    def note(
        self,
        target: Record,
        actor: User,
        at: datetime,
        action: str,
        changes: Mapping[str, tuple[object, object]],
        *,
        reason: str = "",
        about: str = "",
        also: Sequence[Place] = (),
    ) -> None:
        """Keep a history entry of a moment in mind; `also` are places that share it."""
        entry = self.entry(target, actor, action, changes, reason=reason, about=about)
        self.chronology.date(at, (entry, "at"), *also)

    def entry(
        self,
        target: Record,
        actor: User,
        action: str,
        changes: Mapping[str, tuple[object, object]],
        *,
        reason: str = "",
        about: str = "",
    ) -> HistoryEntry:
        """Keep a history entry in mind that gets its moment with others, and return it.

        It has the shape of core.services.history_record; `about` tells entries of one action apart.
        """
        names = [str(target.uuid), action, about] if about else [str(target.uuid), action]
        entry = HistoryEntry(
            uuid=self.identity.of("history", *names),
            target_type=target.type_name(),
            target_uuid=target.uuid,
            actor=actor,
            action=action,
            changes={name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()},
            reason=reason,
            is_demo=True,
        )
        self.rows.history.append(entry)
        return entry


def _plain(value: object) -> object:
    return value.as_json() if isinstance(value, LocalisedText) else value

"""One dated thing of the calendar, and what of the calendar someone asks for."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from ibzplan.core.localised import LocalisedText
from objectives.indicators.periods import Period
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalPlan
from personnel.choices import Role
from personnel.models import OrganisationUnit
from reporting.choices import CalendarKind
from reporting.models import Deadline

# Objectives whose figures and milestones are commitments: a draft has none yet.
COMMITTED: Final = (PlanState.APPROVED, PlanState.CLOSED)
# Kinds of entered deadlines that each directorate meets for itself, unless they name one.
_OF_EACH_UNIT: Final = (CalendarKind.SUBMISSION, CalendarKind.EVALUATION)
_CORPORATE_KINDS: Final = (CalendarKind.REVIEW, CalendarKind.REPORT, CalendarKind.SENDING)
# Days that only say something: nobody has to act.
_TELLING_KINDS: Final = (CalendarKind.STEP, CalendarKind.YEAR_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarItem:
    """One dated thing; `key` stays the same as long as it is the same thing.

    `unit` None concerns every unit. `given` of `expected` counts figures. `open_unit_ids` are the
    units (database keys) that still have to act, of those that the reader may see. `changed_at` is
    when it last changed, as far as is kept. `text` is what was entered, '' for what is computed.
    """

    key: str
    kind: CalendarKind
    day: date
    plan: OperationalPlan
    unit: OrganisationUnit | None = None
    text: LocalisedText = field(default_factory=LocalisedText)
    article: LocalisedText = field(default_factory=LocalisedText)
    period: Period | None = None
    step: str = ""
    expected: int = 0
    given: int = 0
    is_done: bool = False
    done_on: date | None = None
    open_unit_ids: frozenset[int] = frozenset()
    changed_at: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    deadline: Deadline | None = None
    objective_uuid: UUID | None = None

    @property
    def missing(self) -> int:
        """Return how many figures are still to be given."""
        return self.expected - self.given

    @property
    def asks_someone(self) -> bool:
        """Tell whether someone has to act before the day is over; nobody in a closed plan."""
        is_closed = self.plan.state == PlanState.CLOSED
        return not (self.is_done or is_closed or self.kind in _TELLING_KINDS)

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return who has to act; planners and heads those of the units that are still open."""
        if self.kind in _TELLING_KINDS:
            return ()
        if self.kind == CalendarKind.COMMITTEE:
            return (Role.COMMITTEE,)
        if self.kind in _CORPORATE_KINDS or not self._is_of_units:
            return (Role.CORPORATE,)
        return (Role.PLANNER, Role.HEAD)

    @property
    def _is_of_units(self) -> bool:
        return self.unit is not None or self.kind in _OF_EACH_UNIT

    def is_late(self, today: date) -> bool:
        """Tell whether its day is over and someone still has to act."""
        return self.asks_someone and self.day < today

    def days_until(self, today: date) -> int:
        """Return how many days are left; below zero it is past."""
        return (self.day - today).days


@dataclass(frozen=True, slots=True)
class CalendarFilter:
    """What the address of the calendar asks for; empty means all."""

    unit: OrganisationUnit | None = None
    kind: str = ""

    def keeps(self, item: CalendarItem) -> bool:
        """Tell whether the item is asked for; what concerns every unit concerns each of them."""
        of_unit = self.unit is None or item.unit is None or item.unit.pk == self.unit.pk
        return of_unit and self.kind in ("", item.kind)

"""What a unit tells of an objective over a quarter: done, planned, in the way."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.periods import Period
from objectives.planning.choices import PlanState
from objectives.planning.models import Narrative, OperationalObjective
from objectives.planning.selectors.narratives import QUARTER, narrative_now
from objectives.planning.services.links import must_plan_for
from personnel.access import Access
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeSheet:
    """What is told, in one language or both."""

    done: LocalisedText = field(default_factory=LocalisedText)
    planned: LocalisedText = field(default_factory=LocalisedText)
    obstacles: LocalisedText = field(default_factory=LocalisedText)

    @classmethod
    def of(cls, narrative: Narrative) -> "NarrativeSheet":
        """Return what a narrative tells."""
        return cls(done=narrative.done, planned=narrative.planned, obstacles=narrative.obstacles)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is told."""
        return not (self.done or self.planned or self.obstacles)

    def as_stored(self) -> list[dict[str, object]]:
        """Return the texts with their states, to compare."""
        return [text.as_json() for text in (self.done, self.planned, self.obstacles)]


def is_narrated(objective: OperationalObjective) -> bool:
    """Tell whether its unit tells of it: in force, in a plan that is not closed."""
    is_closed = objective.plan.state == PlanState.CLOSED
    return objective.state == PlanState.APPROVED and not is_closed


def may_narrate(objective: OperationalObjective, access: Access) -> bool:
    """Tell whether this user writes what is told of the objective."""
    return access.plans_for(objective.unit_id) and is_narrated(objective)


def is_narrated_period(objective: OperationalObjective, period: Period, day: date) -> bool:
    """Tell whether it is a quarter of its plan year that has begun."""
    in_plan = period.resolution == QUARTER and period.start.year == objective.plan.year
    return in_plan and period.start <= day


@transaction.atomic
def narrative_write(
    *,
    actor: User,
    objective: OperationalObjective,
    period: Period,
    sheet: NarrativeSheet,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Narrative:
    """Tell of a quarter; what was told before ends and stays on record.

    `expected_version` is the version that the writer saw, 0 for none. Saying the same twice writes
    it once. Raises NotAllowed, DomainError with the field, or EditConflict with what someone else
    wrote meanwhile.
    """
    must_plan_for(actor, objective.unit)
    at = at or next_instant()
    objective.refresh_from_db(fields=["state"])
    _check(objective, period, sheet, timezone.localdate(at))
    before = narrative_now(objective, period)
    told = NarrativeSheet.of(before) if before else NarrativeSheet()
    if told.as_stored() == sheet.as_stored() and before is not None:
        return before  # the button was pressed twice
    if expected_version is not None and expected_version != (before.version if before else 0):
        raise EditConflict(
            _("Someone else changed this while you were working."),
            {"done": told.done, "planned": told.planned, "obstacles": told.obstacles},
        )
    row = _written(actor, objective, period, sheet, before, at)
    history_record(
        actor=actor,
        target=objective,
        action="narrative_changed" if before else "narrative_written",
        changes={
            "narrative": (str(period) if before else None, str(period)),
            "done": (told.done, sheet.done),
            "planned": (told.planned, sheet.planned),
            "obstacles": (told.obstacles, sheet.obstacles),
        },
        at=at,
    )
    return row


def _check(
    objective: OperationalObjective, period: Period, sheet: NarrativeSheet, today: date
) -> None:
    if not is_narrated(objective):
        raise DomainError(
            "not_in_force",
            _("%(code)s is not in force: only of an objective in force one tells how it goes.")
            % {"code": objective.code},
        )
    if not is_narrated_period(objective, period, today):
        raise DomainError(
            "period_not_narrated",
            _("%(period)s is no quarter of %(year)s that has begun. Choose one that has.")
            % {"period": period, "year": objective.plan.year},
        )
    if sheet.is_empty:
        raise DomainError(
            "narrative_required",
            _("Say what was done, what comes next or what is in the way."),
            "done_nl",
        )


def _written(
    actor: User,
    objective: OperationalObjective,
    period: Period,
    sheet: NarrativeSheet,
    before: Narrative | None,
    at: datetime,
) -> Narrative:
    """End the row of before, if any, and begin the one that holds from now on."""
    if before is not None:
        Narrative.objects.filter(pk=before.pk).update(known_until=at)
    row: Narrative = Narrative.objects.create(
        objective=objective,
        period_start=period.start,
        resolution=period.resolution,
        done=sheet.done,
        planned=sheet.planned,
        obstacles=sheet.obstacles,
        written_by=actor,
        version=before.version + 1 if before else 1,
        known_from=at,
        is_demo=objective.is_demo,
    )
    return row

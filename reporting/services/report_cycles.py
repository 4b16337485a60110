"""The reporting cycle of a plan: who sets it, and the reports that it asks for by itself."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import clock_hold, history_record, next_instant, record_change
from ibzplan.core.services.notifications import Message, notifications_make
from objectives.strategy.models import Plan
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import SupervisingMinister, User
from personnel.selectors import ministers_of_plan
from reporting.choices import REPORT_LANGUAGES, CycleFrequency
from reporting.cycle_ends import due_ends
from reporting.models import ProgressReport, ReportCycle
from reporting.selectors.people import acting_people
from reporting.selectors.report_cycles import moment_of_turn, stands_still
from reporting.selectors.reports import makes_reports
from reporting.services.report_asking import reports_request

logger = logging.getLogger(__name__)

LONGEST_LAG_DAYS: Final = 366
STANDSTILL_KIND: Final = "report_cycle_stands_still"


@dataclass(frozen=True, slots=True)
class CycleSheet:
    """What someone sets: how often, from when on, how many days after a period, which languages."""

    frequency: str
    starts_on: date
    lag_days: int
    languages: Sequence[str]


@transaction.atomic
def report_cycle_set(
    *,
    actor: User,
    strategic_plan: Plan,
    minister: SupervisingMinister | None,
    sheet: CycleSheet,
    expected_version: int | None = None,
) -> ReportCycle:
    """Set the cycle of a plan for a minister, or (without one) for all its recipients; return it.

    A cycle that was stopped goes on. Reports are asked for in the name of `actor` from now on.
    Raises NotAllowed for anyone but the corporate cell, DomainError with the field, EditConflict
    when another version than `expected_version` is there.
    """
    _check(actor, strategic_plan, minister, sheet)
    at = next_instant()
    values: dict[str, Any] = {
        "frequency": sheet.frequency,
        "starts_on": sheet.starts_on,
        "lag_days": sheet.lag_days,
        "languages": [one for one in REPORT_LANGUAGES if one in sheet.languages],
        "is_active": True,
        "set_by": actor,
    }
    cycle = ReportCycle.objects.filter(strategic_plan=strategic_plan, minister=minister).first()
    if cycle is not None:
        record_change(
            actor=actor,
            target=cycle,
            values=values,
            expected_version=expected_version,
            action="set",
            at=at,
        )
        return cycle
    cycle = ReportCycle.objects.create(
        strategic_plan=strategic_plan, minister=minister, is_demo=strategic_plan.is_demo, **values
    )
    changes = {name: (None, value) for name, value in values.items()}
    history_record(actor=actor, target=cycle, action="set", changes=changes, at=at)
    return cycle


@transaction.atomic
def report_cycle_stop(
    *, actor: User, cycle: ReportCycle, expected_version: int | None = None
) -> bool:
    """Let a cycle ask for no more reports; return whether it did.

    Raises NotAllowed for anyone but the corporate cell, EditConflict as report_cycle_set.
    """
    _check_actor(actor)
    return record_change(
        actor=actor,
        target=cycle,
        values={"is_active": False},
        expected_version=expected_version,
        action="stopped",
        at=next_instant(),
    )


def _check_actor(actor: User) -> None:
    if not makes_reports(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell sets the reporting cycle."))


def _check(
    actor: User, plan: Plan, minister: SupervisingMinister | None, sheet: CycleSheet
) -> None:
    _check_actor(actor)
    if minister is not None and plan.code not in minister.plan_codes:
        raise DomainError(
            "not_a_recipient",
            _("%(minister)s receives no reports on this plan.") % {"minister": minister.title},
            "minister",
        )
    if sheet.frequency not in CycleFrequency.values:
        raise DomainError(
            "unknown_frequency",
            _("“%(value)s” is no frequency: choose one of the list.") % {"value": sheet.frequency},
            "frequency",
        )
    if not 0 <= sheet.lag_days <= LONGEST_LAG_DAYS:
        raise DomainError(
            "lag_out_of_range",
            _("%(value)s days is not possible: give a number from 0 to %(most)s.")
            % {"value": sheet.lag_days, "most": LONGEST_LAG_DAYS},
            "lag_days",
        )
    unknown = [one for one in sheet.languages if one not in REPORT_LANGUAGES]
    if unknown or not sheet.languages:
        raise DomainError(
            "unknown_language",
            _("A report is made in Dutch or French: choose one of them, or both."),
            "languages",
        )
    if not plan.starts_on <= sheet.starts_on <= plan.ends_on:
        raise DomainError(
            "outside_plan",
            _("The cycle begins while the plan runs: from %(start)s to %(end)s.")
            % {"start": _day(plan.starts_on), "end": _day(plan.ends_on)},
            "starts_on",
        )


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def reports_make_due(*, today: date) -> int:
    """Ask for the reports that the cycles want by `today` and nobody asked for; return how many.

    A report of the same date and language counts, whoever asked for it and whatever became of it:
    a failed one says so and waits for a person. What cannot be asked for, such as a report on a
    plan year that is not approved yet, is logged and tried again on the next run. Of a cycle whose
    setter may not ask any more the corporate cell is told. All reports of one turn of a cycle, in
    both languages and for every minister, are as known at one moment.
    """
    cycles = ReportCycle.objects.filter(is_active=True).select_related(
        "strategic_plan", "minister", "set_by"
    )
    rows = list(cycles)
    own = {(row.strategic_plan_id, row.minister_id) for row in rows if row.minister_id}
    _tell_standstill([cycle for cycle in rows if stands_still(cycle)])
    asked = 0
    for cycle in rows:
        for minister in _ministers(cycle, own):
            for end in _ends(cycle, today):
                asked += _ask(cycle, minister, end)
    return asked


def _tell_standstill(cycles: Sequence[ReportCycle]) -> None:
    """Tell everyone of the corporate cell which cycles stand still, once until they are set."""
    if not cycles:
        return
    people = acting_people().of_all.get(Role.CORPORATE, ())
    notifications_make(
        messages=[
            Message(
                user=user,
                kind=STANDSTILL_KIND,
                key=f"{cycle.uuid}|stands still|{cycle.version}",
                target_type=cycle.type_name(),
                target_uuid=cycle.uuid,
                values={"plan": cycle.strategic_plan.code, "name": str(cycle.set_by)},
            )
            for cycle in cycles
            for user in people
        ]
    )


def _ministers(cycle: ReportCycle, own: set[tuple[int, int]]) -> list[SupervisingMinister]:
    """Return whom a cycle makes reports for: one of its own comes before that of all."""
    if cycle.minister is not None:
        return [cycle.minister]
    recipients = ministers_of_plan(cycle.strategic_plan.code)
    return [one for one in recipients if (cycle.strategic_plan_id, one.pk) not in own]


def _ends(cycle: ReportCycle, today: date) -> list[date]:
    ends = due_ends(
        int(cycle.frequency), starts_on=cycle.starts_on, lag_days=cycle.lag_days, today=today
    )
    return [end for end in ends if end <= cycle.strategic_plan.ends_on]


def _ask(cycle: ReportCycle, minister: SupervisingMinister, end: date) -> int:
    """Ask for one report in the languages in which there is none; return how many."""
    if not _left(cycle, minister, end):
        return 0
    try:
        with transaction.atomic():
            clock_hold()  # of two runs at once the second one sees what the first one asked
            left = _left(cycle, minister, end)
            if not left:
                return 0
            asked = reports_request(
                actor=cycle.set_by,
                strategic_plan=cycle.strategic_plan,
                minister=minister,
                reference_date=end,
                languages=left,
                known_at=moment_of_turn(cycle, minister, end),
                cycle=cycle,
            )
    except DomainError as error:
        named = (cycle.strategic_plan.code, minister.code, end)
        logger.warning("no report by the cycle of %s for %s on %s: %s", *named, error.message)
        return 0
    return len(asked)


def _left(cycle: ReportCycle, minister: SupervisingMinister, end: date) -> list[str]:
    """Return the languages of a cycle in which there is no report of a day."""
    there = set(
        ProgressReport.objects.filter(
            strategic_plan=cycle.strategic_plan, minister=minister, reference_date=end
        ).values_list("language", flat=True)
    )
    return [language for language in cycle.languages if language not in there]

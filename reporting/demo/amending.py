"""The amendments of the running year: one approved in June, one that waits.

What the first changes holds from its instant on: before, the plan says what it said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry, Record
from objectives.indicators.models import Indicator, Obligation, Target
from objectives.indicators.periods import Period
from objectives.planning.choices import AmendmentState, ChangeKind, PlanState
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.services.amendment_reasons import ACTION, reason_of
from objectives.planning.services.amendment_values import number_text
from objectives.planning.services.objective_sheets import ObjectiveSheet
from personnel.choices import Role
from personnel.models import User
from reporting.demo.consolidating import version_row
from reporting.demo.cycle import AmendmentContent, ChangeContent
from reporting.demo.figures import day_in
from reporting.demo.workshop import Workshop

if TYPE_CHECKING:
    from reporting.demo.chronology import Place

# So many days before it is decided an amendment is written and submitted.
_WRITTEN_DAYS: Final = 12
_SUBMITTED_DAYS: Final = 6
# The second amendment is of a time when the first is long decided.
_APART_DAYS: Final = 45


def earlier_said(workshop: Workshop, year: int) -> dict[tuple[str, str], ChangeContent]:
    """Return by title (of objective and indicator) what an amendment changed in that plan year."""
    if year != workshop.today.year:
        return {}
    return {
        (change.of, change.indicator): change
        for one in workshop.content.cycle.amendments
        if one.decided and workshop.chronology.has_passed(day_in(year, one.decided))
        for change in one.changes
    }


def last_day_of(workshop: Workshop, objective: OperationalObjective) -> date:
    """Return the day on which an amendment takes the objective out, else the last of its plan year.

    From then on nobody tells of it or reports its milestones.
    """
    year = objective.plan.year
    taken_out = [
        day_in(year, one.decided)
        for one in workshop.content.cycle.amendments
        if one.decided and year == workshop.today.year
        for change in one.changes
        if change.kind == ChangeKind.WITHDRAW and change.of == objective.title["nl"]
    ]
    return min(taken_out, default=objective.ends_on)


@dataclass(frozen=True, slots=True)
class _Written:
    """An amendment while it is made, with who works on it."""

    amendment: Amendment
    changes: list[tuple[AmendmentChange, ChangeContent, OperationalObjective]]
    author: User
    head: User


class AmendmentWriter:
    """Makes the amendments once the plan with its objectives and figures is made."""

    def __init__(
        self,
        workshop: Workshop,
        objectives: Mapping[str, OperationalObjective],
        indicators: Mapping[str, Indicator],
    ) -> None:
        """Take the objectives and indicators of the running year by their Dutch titles."""
        self.workshop = workshop
        self.rows = workshop.rows
        self._objectives = objectives
        self._indicators = indicators
        self._moments: list[tuple[HistoryEntry, str, Record]] = []

    def write(self, plan: OperationalPlan) -> None:
        """Write those whose day has passed."""
        workshop, year, first = self.workshop, plan.year, date.max
        for told in workshop.content.cycle.amendments:
            if told.decided is not None:
                decided = day_in(year, told.decided)
                if not workshop.chronology.has_passed(decided):
                    return
                submitted = decided - timedelta(days=_SUBMITTED_DAYS)
                self._decide(self._submit(plan, told, submitted), decided)
                first = decided + timedelta(days=_APART_DAYS)
            else:
                submitted = workshop.today - timedelta(days=told.submitted_days_ago)
                if submitted < first:
                    return
                self._submit(plan, told, submitted)

    def settled(self) -> None:
        """Tell the history the instants that it names, once they are final."""
        for entry, name, row in self._moments:
            entry.changes[name] = [None, getattr(row, name).isoformat()]

    def _submit(self, plan: OperationalPlan, told: AmendmentContent, day: date) -> _Written:
        """Write an amendment with its changes, and hand it in."""
        written = self._begin(plan, told, day - timedelta(days=_SUBMITTED_DAYS))
        amendment = written.amendment
        amendment.state = AmendmentState.SUBMITTED
        amendment.version += 1
        entry = self.workshop.entry(
            amendment,
            written.head,
            AmendmentState.SUBMITTED,
            {"state": (AmendmentState.DRAFT, AmendmentState.SUBMITTED)},
        )
        self._moments.append((entry, "submitted_at", amendment))
        at = self.workshop.chronology.noon(day)
        self.workshop.chronology.date(at, (entry, "at"), (amendment, "submitted_at"))
        return written

    def _begin(self, plan: OperationalPlan, told: AmendmentContent, day: date) -> _Written:
        workshop = self.workshop
        number = len(self.rows.amendments) + 1
        corporate = workshop.user(Role.CORPORATE)
        desk = workshop.desk(told.unit) if told.unit else None
        amendment = Amendment(
            uuid=workshop.identity.of("amendment", str(plan.year), str(number)),
            plan=plan,
            number=number,
            unit=desk.unit if desk else None,
            title=told.title,
            motivation=told.motivation,
            is_demo=True,
        )
        self.rows.amendments.append(amendment)
        author, head = (desk.planner, desk.head) if desk else (corporate, corporate)
        at = workshop.chronology.noon(day)
        change: dict[str, tuple[object, object]] = {"title": (None, told.title)}
        workshop.note(amendment, author, at, "created", change, also=[(amendment, "created_at")])
        written = _Written(amendment, [], author, head)
        for order, one in enumerate(told.changes, 1):
            self._propose(written, one, order, at + timedelta(minutes=10 * order))
        return written

    def _propose(self, written: _Written, told: ChangeContent, order: int, at: datetime) -> None:
        objective = self._objectives[told.of]
        indicator = self._indicators[told.indicator] if told.indicator else None
        amendment = written.amendment
        row = AmendmentChange(
            uuid=self.workshop.identity.of("change", str(amendment.uuid), str(order)),
            amendment=amendment,
            kind=told.kind,
            indicator=indicator,
            values=self._values(told, objective, indicator),
            base_versions={str(objective.uuid): objective.version},
            motivation=told.motivation,
            is_important=told.is_important,
            order=order,
            is_demo=True,
        )
        self.rows.changes.append(row)
        self.rows.change_objectives.append((row, objective))
        written.changes.append((row, told, objective))
        amendment.version += 1
        said = {"kind": told.kind, "objectives": [objective.code], "motivation": told.motivation}
        self.workshop.note(
            amendment,
            written.author,
            at,
            "change_added",
            {"change": (None, said)},
            about=str(order),
            also=[(row, "created_at")],
        )

    def _values(
        self, told: ChangeContent, objective: OperationalObjective, indicator: Indicator | None
    ) -> dict[str, list[Any]]:
        """Return [old, new] of what changes, in the words of a consolidated version."""
        if told.kind == ChangeKind.TARGET and indicator is not None:
            final = self._final(indicator, objective.plan.year)
            new = told.value if told.value is not None else self._aimed_at(told)
            return {"final": [_final(final, final.value), _final(final, new)]}
        if told.title_before is not None:
            return {"title": [dict(objective.title), dict(self._title(told))]}
        if told.description is not None:
            return {"description": [dict(objective.description), dict(told.description)]}
        return {}

    def _title(self, told: ChangeContent) -> LocalisedText:
        """Return what the other files call an objective: its name since the amendment."""
        found = [
            one.title for one in self.workshop.content.objectives if one.title["nl"] == told.of
        ]
        return found[0]

    def _aimed_at(self, told: ChangeContent) -> Decimal | None:
        """Return the target that the other files give: that since the amendment."""
        indicators = (
            one for parent in self.workshop.content.objectives for one in parent.indicators
        )
        return next(one.target for one in indicators if one.title["nl"] == told.indicator)

    def _final(self, indicator: Indicator, year: int) -> Target:
        rows = (row for row in self.rows.targets if row.indicator is indicator)
        return [row for row in rows if row.plan_year == year and row.is_final][-1]

    def _decide(self, written: _Written, day: date) -> None:
        """Let the committee approve it: everything changes at one instant."""
        workshop, amendment = self.workshop, written.amendment
        committee = workshop.user(Role.COMMITTEE)
        amendment.state, amendment.decided_by = AmendmentState.APPROVED, committee
        amendment.version += 1
        entry = workshop.entry(
            amendment,
            committee,
            AmendmentState.APPROVED,
            {
                "state": (AmendmentState.SUBMITTED, AmendmentState.APPROVED),
                "decided_by": (None, str(committee.uuid)),
            },
        )
        self._moments.append((entry, "decided_at", amendment))
        places: list[Place] = [(entry, "at"), (amendment, "decided_at")]
        for change, told, objective in written.changes:
            places += self._apply(committee, change, told, objective, day)
        version, frozen = version_row(
            workshop,
            amendment.plan,
            committee,
            dated_on=timezone.localdate(workshop.chronology.noon(day)),
            reason="; ".join(reason_of(change) for change, _told, _of in written.changes),
            amendment=amendment,
        )
        places += [(version, "recorded_at"), (frozen, "at")]
        workshop.chronology.date(workshop.chronology.noon(day), *places)

    def _apply(
        self,
        actor: User,
        change: AmendmentChange,
        told: ChangeContent,
        objective: OperationalObjective,
        day: date,
    ) -> "list[Place]":
        """Do what the change says; return the places of its moment."""
        objective.version += 1
        if told.kind == ChangeKind.TARGET and change.indicator is not None:
            return self._retarget(actor, change, objective, change.indicator)
        if told.kind == ChangeKind.WITHDRAW:
            return self._take_out(actor, change, objective, day)
        return [(self._rename(actor, change, told, objective), "at")]

    def _rename(
        self,
        actor: User,
        change: AmendmentChange,
        told: ChangeContent,
        objective: OperationalObjective,
    ) -> HistoryEntry:
        title, before = self._title(told), (objective.title, objective.search_key)
        sheet = ObjectiveSheet(
            title=title,
            means=objective.means,
            starts_on=objective.starts_on,
            ends_on=objective.ends_on,
        )
        objective.title, objective.search_key = title, sheet.search_key(objective.code)
        pairs: dict[str, tuple[object, object]] = {
            "title": (before[0], title),
            "search_key": (before[1], objective.search_key),
        }
        return self.workshop.entry(objective, actor, ACTION, pairs, reason=reason_of(change))

    def _retarget(
        self,
        actor: User,
        change: AmendmentChange,
        objective: OperationalObjective,
        indicator: Indicator,
    ) -> "list[Place]":
        before = self._final(indicator, objective.plan.year)
        new = change.values["final"][1]
        row = Target(
            uuid=self.workshop.identity.of("target", indicator.code, str(before.due_on), "amended"),
            indicator=indicator,
            due_on=before.due_on,
            plan_year=before.plan_year,
            value=Decimal(new["value"]),
            recorded_by=actor,
            reason=reason_of(change),
            is_demo=True,
        )
        self.rows.targets.append(row)
        day = before.due_on.isoformat()
        pair = ([[day, before.value]], [[day, row.value]])
        entry = self.workshop.entry(
            objective, actor, ACTION, {indicator.code: pair}, reason=reason_of(change)
        )
        return [(row, "recorded_at"), (entry, "at")]

    def _take_out(
        self, actor: User, change: AmendmentChange, objective: OperationalObjective, day: date
    ) -> "list[Place]":
        """Withdraw an objective; what nobody measured is asked for no longer."""
        reason = reason_of(change)
        objective.state, objective.waits_for = PlanState.WITHDRAWN, ""
        entry = self.workshop.entry(
            objective,
            actor,
            ACTION,
            {"state": (PlanState.APPROVED, PlanState.WITHDRAWN)},
            reason=reason,
        )
        self._moments.append((entry, "withdrawn_at", objective))
        places: list[Place] = [(entry, "at"), (objective, "withdrawn_at")]
        for link in self.rows.links:
            if link.objective is objective and link.known_until is None:
                places += self._lapse(actor, link.indicator, day, reason)
        return places

    def _lapse(self, actor: User, indicator: Indicator, day: date, reason: str) -> "list[Place]":
        """Let the figures of periods that end from that day on be due no longer."""
        measured = {
            row.period_start for row in self.rows.measurements if row.indicator is indicator
        }
        lapsed = [
            row
            for row in self.rows.obligations
            if row.indicator is indicator
            and row.known_until is None
            and row.period_end >= day
            and not row.not_applicable_reason
            and row.period_start not in measured
        ]
        places: list[Place] = []
        said: dict[str, tuple[object, object]] = {}
        for row in lapsed:
            period = Period(row.period_start, row.resolution)
            said[str(period)] = ("", reason)
            places += [(row, "known_until"), (self._lapsed(actor, row, reason), "known_from")]
        if lapsed:
            entry = self.workshop.entry(indicator, actor, "not_applicable", said, reason=reason)
            places.append((entry, "at"))
        return places

    def _lapsed(self, actor: User, row: Obligation, reason: str) -> Obligation:
        names = (row.indicator.code, str(Period(row.period_start, row.resolution)), "lapsed")
        again = Obligation(
            uuid=self.workshop.identity.of("obligation", *names),
            indicator=row.indicator,
            period_start=row.period_start,
            resolution=row.resolution,
            period_end=row.period_end,
            due_on=row.due_on,
            not_applicable_reason=reason,
            recorded_by=actor,
            is_demo=True,
        )
        self.rows.obligations.append(again)
        return again


def _final(row: Target, value: Decimal | None) -> dict[str, Any]:
    return {"due_on": row.due_on.isoformat(), "value": number_text(value), "level": row.level}

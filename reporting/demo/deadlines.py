"""The dates of the plan cycle in the demo: handing in, review, decision, reports, evaluation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ibzplan.core.localised import LocalisedText
from objectives.planning.models import OperationalPlan
from personnel.choices import Role
from reporting.choices import DeadlineKind
from reporting.demo.plan_calendar import PlanDays, report_days
from reporting.demo.workshop import Workshop
from reporting.models import Deadline

# The first plan was made in its own year; every other one hands in at the end of the year before.
_REVIEW_DAYS: Final = 7
_DECISION_DAYS: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    kind: str
    name: str
    due_on: date
    title: LocalisedText
    done_on: date | None = None


class DeadlineWriter:
    """Makes the dates of the plans of the demo."""

    def __init__(self, workshop: Workshop) -> None:
        """Write into the demo's rows."""
        self.workshop = workshop

    def write(self, plan: OperationalPlan, days: PlanDays) -> None:
        """Make the dates of one plan, with the history of the corporate cell entering them."""
        workshop = self.workshop
        corporate = workshop.user(Role.CORPORATE)
        entered = workshop.chronology.noon(days.opened_on)
        for day in _days(days):
            done_on = self._done_on(day)
            row = Deadline(
                uuid=workshop.identity.of("deadline", str(days.year), day.name),
                plan=plan,
                kind=day.kind,
                title=day.title,
                due_on=day.due_on,
                done_on=done_on,
                version=1 + (done_on is not None),
                is_demo=True,
            )
            workshop.rows.deadlines.append(row)
            change: dict[str, tuple[object, object]] = {
                "kind": (None, day.kind),
                "title": (None, day.title),
                "due_on": (None, day.due_on),
            }
            workshop.note(row, corporate, entered, "created", change, also=[(row, "created_at")])
            if done_on is not None:
                at = workshop.chronology.noon(done_on)
                workshop.note(row, corporate, at, "changed", {"done_on": (None, done_on)})

    def _done_on(self, day: _Day) -> date | None:
        """Return when someone said that it was done; a report is done the day before it is due."""
        if day.done_on is not None or day.kind != DeadlineKind.REPORT:
            return day.done_on
        is_past = self.workshop.chronology.has_passed(day.due_on)
        return day.due_on - timedelta(days=1) if is_past else None


def _days(days: PlanDays) -> Iterator[_Day]:
    """Yield the dates of a plan, by day."""
    year = days.year
    handing_in = days.submitted_on or date(year - 1, 12, 4)
    yield _Day(
        kind=DeadlineKind.SUBMISSION,
        name="submission",
        due_on=handing_in,
        title=LocalisedText(
            {
                "nl": f"Doelstellingen {year} indienen",
                "fr": f"Introduction des objectifs {year}",
            }
        ),
        done_on=days.submitted_on,
    )
    yield _Day(
        kind=DeadlineKind.REVIEW,
        name="review",
        due_on=handing_in + timedelta(days=_REVIEW_DAYS),
        title=LocalisedText(
            {
                "nl": f"Nazicht van het plan {year} door de cel corporate",
                "fr": f"Relecture du plan {year} par la cellule corporate",
            }
        ),
        done_on=days.approved_on and handing_in + timedelta(days=_REVIEW_DAYS - 1),
    )
    yield _Day(
        kind=DeadlineKind.COMMITTEE,
        name="committee",
        due_on=days.approved_on or handing_in + timedelta(days=_DECISION_DAYS),
        title=LocalisedText(
            {
                "nl": f"Beslissing van het directiecomité over het plan {year}",
                "fr": f"Décision du comité de direction sur le plan {year}",
            }
        ),
        done_on=days.approved_on,
    )
    for quarter, due_on in report_days(year):
        yield _Day(
            kind=DeadlineKind.REPORT,
            name=f"report-{quarter}",
            due_on=due_on,
            title=LocalisedText(
                {
                    "nl": f"Voortgangsrapport T{quarter} {year}",
                    "fr": f"Rapport d’avancement T{quarter} {year}",
                }
            ),
        )
    yield _Day(
        kind=DeadlineKind.EVALUATION,
        name="evaluation",
        due_on=date(year + 1, 2, 20),
        title=LocalisedText({"nl": f"Eindevaluatie {year}", "fr": f"Évaluation finale {year}"}),
        done_on=days.closed_on and date(year + 1, 2, 20),
    )

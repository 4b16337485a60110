"""The data quality page: what the figures of a plan year are worth, by directorate."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from statistics import median
from typing import Final

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import FEW, steady
from objectives.indicators import quality
from objectives.indicators.models import Indicator
from objectives.indicators.selectors.quality import (
    PeriodQuality,
    SeriesQuality,
    series_quality,
)
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.statuses import status_indicators
from personnel.access import Access
from personnel.choices import Role
from personnel.models import OrganisationUnit
from personnel.structure import units_that_plan

READERS_OF_ALL: Final = (Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)
READERS_OF_OWN: Final = (Role.PLANNER, Role.HEAD)

# What a figure is counted as when nothing is found, and when there is none.
CLEAN: Final = "clean"
ABSENT: Final = "absent"
_SEVERITY_ORDER: Final = tuple(quality.Severity)
_CHECK_ORDER: Final = tuple(quality.Check)


@dataclass(frozen=True, slots=True)
class FoundFinding:
    """One finding, and where: indicator (as defined then) and period."""

    indicator: Indicator
    period: PeriodQuality
    finding: quality.Finding

    @property
    def is_confirmed(self) -> bool:
        """Tell whether whoever recorded the figure that counts said that it is right."""
        row = self.period.row
        return row is not None and self.finding.check.value in row.confirmed_checks

    @property
    def asks_confirmation(self) -> bool:
        """Tell whether it is a warning: errors are corrected, notices only listed."""
        return self.finding.severity == quality.Severity.WARNING


@dataclass(frozen=True)
class Tally:
    """The figures of a directorate (`unit` None: of all shown) that were due or came in."""

    unit: OrganisationUnit | None
    periods: tuple[PeriodQuality, ...]

    @property
    def due(self) -> int:
        """Return how many figures were due, those that came in early included."""
        return len(self.periods)

    @cached_property
    def submitted(self) -> int:
        """Return how many of them there are."""
        return sum(one.row is not None for one in self.periods)

    @property
    def missing(self) -> int:
        """Return how many are not there."""
        return self.due - self.submitted

    @cached_property
    def days_late(self) -> tuple[int, ...]:
        """Return of each figure that came in late by how many days, the shortest delay first."""
        return tuple(sorted(one.days_late for one in self.periods if one.days_late))

    @property
    def late(self) -> int:
        """Return how many came in late."""
        return len(self.days_late)

    @property
    def on_time(self) -> int:
        """Return how many came in no later than they were due."""
        return self.submitted - self.late

    @property
    def median_days_late(self) -> Fraction | None:
        """Return the delay in the middle of those that were late; None when none was."""
        return median(map(Fraction, self.days_late)) if self.days_late else None

    @property
    def mean_days_late(self) -> Fraction | None:
        """Return the average delay of those that were late; None when none was."""
        return Fraction(sum(self.days_late), self.late) if self.days_late else None

    @cached_property
    def validated(self) -> int:
        """Return how many figures are validated."""
        return sum(one.is_validated for one in self.periods)

    @cached_property
    def findings(self) -> Mapping[quality.Severity, int]:
        """Return how many findings have which severity; all present."""
        counts = Counter(finding.severity for one in self.periods for finding in one.findings)
        return {severity: counts[severity] for severity in quality.Severity}

    @cached_property
    def classes(self) -> Mapping[str, int]:
        """Return how many figures are clean, remarkable by their worst finding, or absent.

        One whose definition contradicts itself cannot be judged, and has to be corrected.
        """
        counts = Counter(_class_of(one) for one in self.periods)
        return {
            name: counts[name] for name in (CLEAN, *map(str, reversed(_SEVERITY_ORDER)), ABSENT)
        }

    @property
    def clean(self) -> int:
        """Return how many figures came in without any finding."""
        return self.classes[CLEAN]

    @property
    def clean_share(self) -> Fraction | None:
        """Return the share without any finding of the figures due; None when none was."""
        return Fraction(self.clean, self.due) if self.due else None


def _class_of(period: PeriodQuality) -> str:
    if period.row is None:
        return ABSENT
    if not period.is_judged:
        return str(quality.Severity.ERROR)
    return str(period.worst) if period.worst else CLEAN


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Everything the page shows of a plan year, before it is filtered.

    `findings` begin with what weighs most. `contradictory` are the series whose definition
    contradicts itself.
    """

    total: Tally
    units: tuple[Tally, ...]
    findings: tuple[FoundFinding, ...]
    contradictory: tuple[SeriesQuality, ...]
    indicators: int

    @property
    def errors(self) -> int:
        """Return how many findings have to be corrected."""
        return self.total.findings[quality.Severity.ERROR]


def reads_quality(access: Access) -> bool:
    """Tell whether there is a data quality page for the user."""
    return access.has(*READERS_OF_ALL, *READERS_OF_OWN)


def data_quality(*, plan: OperationalPlan, clocks: Clocks, access: Access) -> DataQuality:
    """Return the quality of a plan year's figures, both by both clocks: seven queries at most.

    The indicators are those of approved objectives. Corporate cell, direction committee and auditor
    read all directorates, planners and heads their own.
    """
    units = units_that_plan()
    rows = _indicators(access, plan.pk, clocks.moment_kept)
    indicators = list(rows)
    if not access.has(*READERS_OF_ALL):
        units = [unit for unit in units if unit.pk in access.unit_ids]
        indicators = [row for row in rows if row.owner_id in access.unit_ids]
    found = series_quality(indicators, year=plan.year, clocks=clocks, access=access)
    return DataQuality(
        total=Tally(None, _periods(found)),
        units=_by_unit(units, found),
        findings=_findings(found),
        contradictory=tuple(one for one in found if one.problem),
        indicators=len(indicators),
    )


@steady(most=FEW)
def _indicators(access: Access, plan_id: int, known_at: datetime | None) -> tuple[Indicator, ...]:
    """Return the indicators that the plan's objectives in force used then, or use now."""
    moment = known_at or Clocks.now().known_at
    in_force = OperationalObjective.objects.visible_to(access).in_force_at(moment)
    rows = status_indicators(access, in_force.filter(plan=plan_id), moment)
    return tuple(rows.select_related("owner").order_by("code", "pk"))


def _periods(found: Iterable[SeriesQuality]) -> tuple[PeriodQuality, ...]:
    return tuple(period for one in found for period in one.periods)


def _by_unit(
    units: Sequence[OrganisationUnit], found: Iterable[SeriesQuality]
) -> tuple[Tally, ...]:
    """Return a tally per directorate, also of those without figures, in the order of the plan."""
    by_unit: dict[int, list[SeriesQuality]] = defaultdict(list)
    known = {unit.pk: unit for unit in units}
    for one in found:
        by_unit[one.indicator.owner_id].append(one)
        known.setdefault(one.indicator.owner_id, one.indicator.owner)
    return tuple(Tally(unit, _periods(by_unit[pk])) for pk, unit in known.items())


def _findings(found: Iterable[SeriesQuality]) -> tuple[FoundFinding, ...]:
    """Return all findings: by weight, the unconfirmed first, then by directorate and indicator."""
    rows = [
        FoundFinding(one.indicator, period, finding)
        for one in found
        for period in one.periods
        for finding in period.findings
    ]
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                _SEVERITY_ORDER.index(row.finding.severity),
                row.is_confirmed,
                row.indicator.owner.order,
                row.indicator.code,
                row.period.period.start,
                _CHECK_ORDER.index(row.finding.check),
            ),
        )
    )

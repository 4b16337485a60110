"""The part of a snapshot that tells what its figures are worth, by the data quality checks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from ibzplan.core.clocks import Clocks
from objectives.indicators import quality
from objectives.indicators.models import Measurement
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.quality import (
    PeriodQuality,
    SeriesQuality,
    quality_of_readings,
)
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.quality import Tally
from objectives.planning.selectors.readings import unique_readings
from personnel.access import Access
from personnel.models import OrganisationUnit
from reporting.snapshot.facts import FactBook
from reporting.snapshot.withheld import is_withheld, withheld_of

_SEVERITIES: Final = tuple(quality.Severity)
_CHECKS: Final = tuple(quality.Check)


def quality_part(
    book: FactBook, readings: Iterable[ObjectiveReading], clocks: Clocks, access: Access
) -> dict[str, Any]:
    """Return counts over all and by directorate, and the findings that weigh: one query.

    Counted are the figures that the summary counts, and in the same way: what came in and is
    withheld was submitted. `submitted` and `missing` make up `due`; `onTime`, `late` and `withheld`
    make up `submitted`. What is late or missing is only counted: late figures have a part of their
    own.
    """
    links = [link for row in readings for link in row.indicators]
    series = unique_readings(link.reading for link in links)
    # Of an indicator that serves several objectives, its place in the first of them.
    places = {link.link.indicator_id: link.short_code for link in reversed(links)}
    # Of other ministers' units what is validated, by who owned the indicator then.
    own = [one.indicator.pk for one in series if one.indicator.owner_id in access.minister_unit_ids]
    figures = Measurement.objects.all().with_validation(clocks.known_at)
    seen = figures.filter(Q(indicator__in=own) | Q(is_validated=True))
    found = quality_of_readings(series, seen, clocks)
    owed = [_Owed.of(*pair) for pair in zip(series, found, strict=True)]
    by_unit: dict[int, list[_Owed]] = defaultdict(list)
    units: dict[int, OrganisationUnit] = {}
    for one in owed:
        by_unit[one.owner.pk].append(one)
        units.setdefault(one.owner.pk, one.owner)
    ordered = sorted(units.values(), key=lambda unit: (unit.order, unit.code))
    return {
        "version": quality.QUALITY_VERSION,
        "counts": _counts(book, "all", owed),
        "units": [
            {"unit": unit.code, **_counts(book, unit.code, by_unit[unit.pk])} for unit in ordered
        ],
        "findings": _findings(found, places),
        "contradictory": sorted(one.indicator.code for one in found if one.problem),
    }


@dataclass(frozen=True, slots=True)
class _Owed:
    """The figures that were asked of an indicator and were due or came in; `withheld`: see there.

    `periods` are those that this reader is told of, without the withheld ones.
    """

    owner: OrganisationUnit
    periods: tuple[PeriodQuality, ...]
    withheld: int

    @classmethod
    def of(cls, reading: IndicatorReading, found: SeriesQuality) -> "_Owed":
        """Return what was asked; a figure of a period that nobody asks for is not counted."""
        slots = {(slot.period.start, slot.period.resolution): slot for slot in reading.due_slots}
        told = {key for key, slot in slots.items() if not is_withheld(slot)}
        return cls(
            found.indicator.owner,
            tuple(
                one for one in found.periods if (one.period.start, one.period.resolution) in told
            ),
            withheld_of(slots.values()),
        )


def _counts(book: FactBook, owner: str, rows: Iterable[_Owed]) -> dict[str, str]:
    owed = list(rows)
    tally = Tally(None, tuple(period for one in owed for period in one.periods))
    withheld = sum(one.withheld for one in owed)
    counts = {
        "due": tally.due + withheld,
        "submitted": tally.submitted + withheld,
        "withheld": withheld,
        "missing": tally.missing,
        "onTime": tally.on_time,
        "late": tally.late,
        "validated": tally.validated,
        "clean": tally.clean,
        **{f"{severity}s": tally.findings[severity] for severity in quality.Severity},
    }
    return {
        name: book.count(f"f:quality:{owner}:{name}", number) for name, number in counts.items()
    }


def _findings(found: Sequence[SeriesQuality], places: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return what has to be corrected or confirmed: by weight, then directorate and indicator."""
    rows = [
        (one.indicator, period, finding)
        for one in found
        for period in one.periods
        for finding in period.findings
        if finding.severity != quality.Severity.NOTICE
    ]
    rows.sort(
        key=lambda row: (
            _SEVERITIES.index(row[2].severity),
            _is_confirmed(row[1], row[2]),
            row[0].owner.order,
            row[0].code,
            row[1].period.start,
            _CHECKS.index(row[2].check),
        )
    )
    return [
        {
            "indicator": str(indicator.uuid),
            "code": indicator.code,
            "shortCode": places[indicator.pk],
            "title": indicator.title.as_json(),
            "unit": indicator.owner.code,
            "periodStart": period.period.start.isoformat(),
            "resolution": period.period.resolution,
            "check": finding.check.value,
            "severity": finding.severity.value,
            "confirmed": _is_confirmed(period, finding),
            "values": _values(finding.values),
        }
        for indicator, period, finding in rows
    ]


def _is_confirmed(period: PeriodQuality, finding: quality.Finding) -> bool:
    return period.row is not None and finding.check.value in period.row.confirmed_checks


def _values(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}

"""The figures of an indicator as its page shows them: the table, what replaced what, requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from ibzplan.core.subjects import Subject, subjects_of
from objectives.indicators.breakdowns import Dimension, breakdown_title, dimensions_of
from objectives.indicators.choices import CorrectionState, MeasurementEventKind, SlotState
from objectives.indicators.findings import stored_check_label
from objectives.indicators.formatting import (
    figure_text,
    period_text,
    ratio_text,
    slot_text,
)
from objectives.indicators.models import Correction, Indicator, Measurement, MeasurementEvent
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from objectives.indicators.selectors.corrections import sees_corrections
from objectives.indicators.services import Figure, may_decide, proposed_figure
from objectives.planning.forms import MeasurementForm
from objectives.planning.selectors.indicator_rows import Figures, Recorded
from personnel.access import Access, signed_in
from personnel.models import UnitTransfer
from personnel.transfers import transfers_of, unit_of_day

Locks = Mapping[Period, Sequence[Subject]]
"""By locked period the reports that show its figure."""

# The state of a figure as the table tells it.
VALIDATED, RETURNED, PROVISIONAL = "validated", "returned", "provisional"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a figure: its title, and the number as text."""

    title: str
    text: str


def figures_context(
    request: HttpRequest,
    rows: Recorded,
    figures: Figures,
    access: Access,
    clocks: Clocks,
    form: MeasurementForm | None,
) -> dict[str, Any]:
    """Return what record_form.html, figures_table.html and corrections.html need.

    The figures of earlier plan years fold away, unless one of them waits for the head.
    """
    reading, locks = rows.reading, _locks(request, rows)
    is_now, owner_id = not clocks.pinned_known, reading.indicator.owner_id
    sees_inside = sees_corrections(access, owner_id)
    plans = access.plans_for(owner_id)
    lines = _table(rows, figures, clocks.known_at, locks, sees_inside=sees_inside)
    earlier = [line for line in lines if line["slot"].period.end.year < reading.year]
    table = [line for line in lines if line["slot"].period.end.year >= reading.year]
    may_validate = is_now and access.heads(owner_id)
    offered = {str(value) for value, _label in form.fields["period"].choices} if form else set()  # type: ignore[attr-defined]
    return {
        "form": form,
        "locked_periods": _locked({day: row for day, row in locks.items() if str(day) in offered}),
        "table": table,
        "is_returned": any(line.get("state") == RETURNED for line in table),
        "earlier": earlier,
        "earlier_waits": may_validate and any(line.get("state") == PROVISIONAL for line in earlier),
        "may_validate": may_validate,
        "may_exempt": rows.may_record,
        "corrections": _superseded(reading, figures, clocks, locks),
        "requests": (
            _requests(request, reading.indicator, figures, locks, clocks, plans=plans)
            if sees_inside
            else []
        ),
    }


def _locks(request: HttpRequest, rows: Recorded) -> Locks:
    subjects = subjects_of((one for row in rows.locks.values() for one in row), request.user)
    gone = Subject(_("a report that is no longer there"))
    return {
        period: [subjects.get(cause, gone) for cause in row]
        for period, row in sorted(rows.locks.items())
    }


def _locked(locks: Locks) -> list[dict[str, Any]]:
    """Return the locked periods in a row that the same reports show, as one."""
    return [
        {"periods": [period_text(period) for period, _reports in group], "reports": reports}
        for reports, group in groupby(locks.items(), key=itemgetter(1))
    ]


def _table(
    rows: Recorded, figures: Figures, known_at: datetime, locks: Locks, *, sees_inside: bool
) -> list[dict[str, Any]]:
    """Return a line per slot, newest first."""
    reading, early, reviews = rows.reading, rows.current, figures.reviews
    indicator = reading.indicator
    transfers = transfers_of(indicator.type_name(), indicator.uuid, known_at)
    dimensions = dimensions_of(indicator.disaggregations)
    lines = []
    for slot in reversed(reading.slots):
        row = slot.measurement
        early_row = None if row else early.get(slot.period)
        line = {
            "slot": slot,
            "period": period_text(slot.period),
            "text": slot_text(indicator, slot),
            "ratio": ratio_text(row) if row else "",
            "row": row,
            # What the clocks leave out still, because its period has not ended.
            "early": text_now(indicator, early_row) if early_row else "",
            "early_row": early_row,
            "is_open": (
                slot.state in (SlotState.MISSING, SlotState.NOT_YET_DUE) and not slot.is_withheld
            ),
            "is_locked": slot.period in locks,
            "reports": locks.get(slot.period, ()),
        }
        if row is not None:
            person = figures.people[row.pk]
            line |= {
                "recorded_by": person.recorded_by,
                "approved_by": person.approved_by,
                "reported_by": _other_unit(transfers, row, indicator),
                "confirmed": [stored_check_label(name) for name in row.confirmed_checks],
                "parts": _parts(indicator, figures.parts[row.pk], dimensions),
                **_review(reviews.get(row.pk), sees_inside=sees_inside),
            }
        elif early_row is not None:
            line |= _review(reviews.get(early_row.pk), sees_inside=sees_inside)
        lines.append(line)
    return lines


def _other_unit(transfers: Sequence[UnitTransfer], row: Measurement, indicator: Indicator) -> str:
    """Return the code of the unit that reported a figure, '' when it is the one of now."""
    unit = unit_of_day(transfers, timezone.localdate(row.recorded_at), indicator.owner)
    return "" if unit.pk == indicator.owner_id else unit.code


def _review(event: MeasurementEvent | None, *, sees_inside: bool) -> dict[str, Any]:
    """Return the state of a figure; who returned it and why stays inside."""
    state = PROVISIONAL
    if event is not None and event.kind == MeasurementEventKind.VALIDATED:
        state = VALIDATED
    elif event is not None and sees_inside:
        state = RETURNED
    return {
        "state": state,
        "review": event if state != PROVISIONAL else None,
    }


def _parts(
    indicator: Indicator, rows: Mapping[str, Measurement], dimensions: Sequence[Dimension]
) -> list[Part]:
    """Return the parts in the order of the definition, then those that it no longer has."""
    defined = chain.from_iterable(dimension.keys() for dimension in dimensions)
    order = {key: number for number, key in enumerate(defined)}
    keys = sorted(rows, key=lambda key: (order.get(key, len(order)), key))
    return [
        Part(breakdown_title(key, dimensions), _part_text(indicator, rows[key])) for key in keys
    ]


def _part_text(indicator: Indicator, row: Measurement) -> str:
    text, ratio = text_now(indicator, row), ratio_text(row)
    return f"{text} ({ratio})" if ratio else text


def _superseded(
    reading: IndicatorReading, figures: Figures, clocks: Clocks, locks: Locks
) -> list[dict[str, Any]]:
    """Return every superseded figure beside the one that replaced it, newest first."""
    indicator, parts = reading.indicator, figures.parts
    dimensions = dimensions_of(indicator.disaggregations)
    return [
        {
            "period": period_text(row.period),
            "old": _part_text(indicator, old),
            "new": _part_text(indicator, row),
            "parts": _changed_parts(indicator, parts[old.pk], parts[row.pk], dimensions),
            "row": row,
            # A figure that took a second person was locked: its reports show the old one.
            "reports": locks.get(row.period, ()) if row.approved_by_id is not None else (),
            "before": _before(row, clocks, reading.year),
        }
        for old, row in reversed(figures.replaced)
    ]


def _before(row: Measurement, clocks: Clocks, year: int) -> str:
    """Return the query of the page as it was just before a figure was recorded."""
    moment = row.recorded_at - timedelta(microseconds=1)
    day = clocks.reference_date if clocks.pinned_reference else timezone.localdate(moment)
    return replace(clocks, reference_date=day, known_at=moment, pinned_known=True).query_with(year)


def _changed_parts(
    indicator: Indicator,
    before: Mapping[str, Measurement],
    after: Mapping[str, Measurement],
    dimensions: Sequence[Dimension],
) -> list[dict[str, str]]:
    """Return the parts that differ, those that came or went too, in the definition's order."""
    defined = list(chain.from_iterable(dimension.keys() for dimension in dimensions))
    keys = dict.fromkeys([*defined, *sorted(before), *sorted(after)])
    found = []
    for key in keys:
        old, new = (
            _part_text(indicator, rows[key]) if key in rows else "\N{EN DASH}"
            for rows in (before, after)
        )
        if old != new:
            found.append({"title": breakdown_title(key, dimensions), "old": old, "new": new})
    return found


def _requests(
    request: HttpRequest,
    indicator: Indicator,
    figures: Figures,
    locks: Locks,
    clocks: Clocks,
    *,
    plans: bool,
) -> list[dict[str, Any]]:
    """Return the corrections of locked figures: those that wait first, then the decided ones.

    An approved one is left out: the figure that it made stands among the corrections.
    """
    user, is_now = signed_in(request.user), not clocks.pinned_known
    readings = [
        one
        for one in figures.corrections
        if one.state != CorrectionState.APPROVED or one.correction.result_id is None
    ]
    found = []
    for reading in sorted(readings, key=lambda one: not one.is_pending):
        correction = reading.correction
        correction.measurement.indicator = indicator
        waits = is_now and reading.is_pending
        found.append(
            {
                **_proposal(
                    indicator, correction, figures.corrected.get(correction.measurement_id, {})
                ),
                "reading": reading,
                "state": reading.state.label,
                "is_decided": reading.state
                in (CorrectionState.APPROVED, CorrectionState.REFUSED, CorrectionState.WITHDRAWN),
                "reports": locks.get(correction.measurement.period, ()),
                "may_decide": waits and may_decide(user, correction),
                "may_withdraw": waits and plans,
            }
        )
    return found


def _proposal(
    indicator: Indicator, correction: Correction, before: Mapping[str, Measurement]
) -> dict[str, Any]:
    """Return a proposed figure beside the one it corrects; `before` are the parts of that one."""
    old, figure = correction.measurement, proposed_figure(correction)
    dimensions = dimensions_of(indicator.disaggregations)
    return {
        "correction": correction,
        "period": period_text(old.period),
        "old": _part_text(indicator, old),
        "new": _part_text(indicator, Measurement(indicator=indicator, **figure.columns(indicator))),
        "confirmed": [stored_check_label(name) for name in correction.confirmed_checks],
        "parts": _changed_parts(indicator, before, _proposed_parts(indicator, figure), dimensions),
    }


def _proposed_parts(indicator: Indicator, figure: Figure) -> dict[str, Measurement]:
    return {
        key: Measurement(
            indicator=indicator,
            value=None if indicator.is_ratio else part.value,
            numerator=part.numerator,
            denominator=part.denominator,
        )
        for key, part in figure.breakdown.items()
    }


def text_now(indicator: Indicator, row: Measurement) -> str:
    """Return a figure in the terms of the definition that holds, whatever is stored now."""
    row.indicator = indicator
    return figure_text(indicator, row)

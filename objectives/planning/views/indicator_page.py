"""What an indicator's page shows beside its figures: strip, definition, versions, due dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.clocks import Clocks
from ibzplan.core.steady import steady
from objectives.indicators.charts import chart_caption
from objectives.indicators.choices import SlotState, TargetKind
from objectives.indicators.definition_texts import SheetChange, sheet_changes, sheet_groups
from objectives.indicators.formatting import (
    actual_span,
    difference_text,
    figure_text,
    period_text,
    span_text,
    starts_at_zero,
    target_text,
    value_text,
)
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.selectors import IndicatorReading, SlotReading
from objectives.planning.models import ObjectiveIndicator
from objectives.planning.selectors.indicator_page import definitions_of
from objectives.planning.selectors.indicator_rows import Beside
from objectives.planning.selectors.targets import TargetLine
from objectives.planning.services import objective_to_retarget
from objectives.planning.views.why import Fact, Why, target_fact, why_indicator
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of the definition: what changed, and the address that shows it."""

    row: IndicatorDefinition
    changes: Sequence[SheetChange]
    url: str
    holds: bool


@dataclass(frozen=True, slots=True)
class DueLine:
    """A period whose figure is awaited, or is not, and why."""

    slot: SlotReading
    period: str
    state: str
    tone: str = ""


def page_context(
    reading: IndicatorReading,
    rows: Beside,
    *,
    links: Sequence[ObjectiveIndicator],
    versions: Sequence[IndicatorDefinition],
    access: Access,
    clocks: Clocks,
) -> dict[str, Any]:
    """Return the context of strip, definition, versions, due dates and why.

    One query at most, whether the targets can be changed; none when it is known (see steady).
    """
    recorders = rows.recorders
    indicator = reading.indicator
    is_own = access.plans_for(indicator.owner_id) and not clocks.pinned_known
    return {
        "may_retarget": is_own and _may_retarget(indicator.pk, reading.year),
        "replaced": target_lines(
            indicator, [line for line in rows.targets if line.successor is not None]
        ),
        "strip": strip_of(reading),
        "caption": chart_caption(reading),
        "places": places_of(reading, rows.places),
        "sheet": sheet_groups(reading.indicator),
        "targets": target_facts(reading, recorders),
        "origin": rows.origin,
        "series": series_of(links),
        "versions": version_lines(reading, versions, links),
        "due": due_lines(reading, clocks.reference_date),
        "reporters": rows.reporters,
        "why": why_of(reading, versions, recorders, clocks),
    }


@steady
def _may_retarget(pk: int, year: int) -> bool:
    return objective_to_retarget(Indicator(pk=pk), year) is not None


def strip_of(reading: IndicatorReading) -> dict[str, Any]:
    """Return baseline, now, expected, target, gap and forecast as texts.

    An en dash stands for what is not there; `has_forecast` tells whether there could be one.
    """
    indicator, data, status = reading.indicator, reading.data, reading.status
    latest, final = reading.latest, reading.final_target
    gap = (
        status.actual - data.target
        if data and data.target is not None and status.actual is not None
        else None
    )
    now = value_text(indicator, status.actual)
    if status.actual is None:
        now = figure_text(indicator, latest.measurement if latest else None)
    is_ordinal = indicator.target_kind == TargetKind.ORDINAL
    baseline = data.baseline if data else None
    return {
        "baseline": value_text(indicator, baseline.value if baseline else None),
        "baseline_date": baseline.on if baseline else None,
        "starts_at_zero": baseline is not None and starts_at_zero(indicator),
        "now": now,
        "now_period": _now_period(reading),
        "expected": value_text(indicator, status.expected),
        "expected_on": status.measured_to if status.expected is not None else None,
        "target": target_text(indicator, final),
        "target_on": final.due_on if final else None,
        "gap": "\N{EN DASH}" if is_ordinal else difference_text(indicator, gap),
        "forecast": value_text(indicator, reading.year_end_forecast),
        "forecast_on": reading.year_end,
        "has_forecast": indicator.target_kind in (TargetKind.INCREASE, TargetKind.DECREASE),
    }


def _now_period(reading: IndicatorReading) -> str:
    """Return the period of the actual value; for a flow the periods that it takes together."""
    span = actual_span(reading)
    if span is None:
        return ""
    text = span_text(*span)
    if span[0] == span[1]:
        return text
    if reading.indicator.is_ratio:
        return _("over %(periods)s") % {"periods": text}
    return _("%(periods)s together") % {"periods": text}


def target_facts(reading: IndicatorReading, recorders: Mapping[int, str]) -> list[Fact]:
    """Return every target that counts in this plan year, with who set it when."""
    return [target_fact(reading, target, recorders) for target in reading.targets]


def places_of(reading: IndicatorReading, codes: Sequence[str]) -> list[str]:
    """Return the codes by which the plan of the year knows it, where they are not its own."""
    return [code for code in codes if f"{reading.year}-{code}" != reading.indicator.code]


def target_lines(indicator: Indicator, record: Sequence[TargetLine]) -> list[dict[str, Any]]:
    """Return targets as texts, with who set each of them when, and what became of it."""
    return [
        {
            "label": _("Target") if line.row.is_final else _("Interim target"),
            "text": target_text(indicator, line.row),
            "line": line,
            "has_value": indicator.target_kind != TargetKind.MILESTONE,
        }
        for line in record
    ]


def series_of(links: Sequence[ObjectiveIndicator]) -> list[dict[str, Any]]:
    """Return by plan year, latest first, the objectives that use the series."""
    years: dict[int, list[ObjectiveIndicator]] = {}
    for link in links:
        years.setdefault(link.objective.plan.year, []).append(link)
    return [{"year": year, "links": rows} for year, rows in years.items()]


def version_that_holds(
    reading: IndicatorReading, versions: Sequence[IndicatorDefinition]
) -> IndicatorDefinition | None:
    """Return the version that the reading goes by; the first when there was never another."""
    return reading.definition or (versions[0] if versions else None)


def why_of(
    reading: IndicatorReading,
    versions: Sequence[IndicatorDefinition],
    recorders: Mapping[int, str],
    clocks: Clocks,
) -> Why:
    """Return why the indicator has its status."""
    holding = version_that_holds(reading, versions)
    return why_indicator(reading, clocks=clocks, version=holding, recorders=recorders)


def version_lines(
    reading: IndicatorReading,
    versions: Sequence[IndicatorDefinition],
    links: Sequence[ObjectiveIndicator],
) -> list[VersionLine]:
    """Return the versions newest first, each with what it changed in the one before."""
    indicator = reading.indicator
    copies = definitions_of(indicator, versions)
    holding = version_that_holds(reading, versions)
    lines = [
        VersionLine(
            row=row,
            changes=sheet_changes(copies[n - 1], copies[n]) if n else (),
            url=_version_url(indicator, row, links),
            holds=holding is not None and row.pk == holding.pk,
        )
        for n, row in enumerate(versions)
    ]
    return lines[::-1]


def _version_url(
    indicator: Indicator, version: IndicatorDefinition, links: Sequence[ObjectiveIndicator]
) -> str:
    """Return the address that shows a version: the moment it was recorded, a day it speaks of.

    '' for one that speaks of a time after every plan that used the indicator then.
    """
    recorded_on = timezone.localdate(version.recorded_at)
    used = {
        link.objective.plan.year for link in links if link.known_from <= version.recorded_at
    } or {recorded_on.year}
    years = sorted(year for year in used if date(year, 12, 31) >= version.valid_from)
    if not years:
        return ""
    year = next((year for year in years if year >= recorded_on.year), years[-1])
    day = max(version.valid_from, min(recorded_on, date(year, 12, 31)))
    clocks = Clocks(day, version.recorded_at, pinned_reference=True, pinned_known=True)
    path = reverse("planning:indicator", args=[indicator.uuid])
    return f"{path}{clocks.query_with(year)}#definition"


def due_lines(reading: IndicatorReading, reference: date) -> list[DueLine]:
    """Return the plan year's figures that are awaited, by due date: overdue ones come first.

    Then come the periods that do not apply, with the reason.
    """
    slots = [slot for slot in reading.slots if slot.period.end.year == reading.year]
    awaited = [s for s in slots if s.state in (SlotState.MISSING, SlotState.NOT_YET_DUE)]
    without = [s for s in slots if s.state == SlotState.NOT_APPLICABLE]
    return [
        *(
            _awaited(slot, reference)
            for slot in sorted(awaited, key=lambda slot: (slot.due_on, slot.period))
        ),
        *(
            DueLine(
                slot,
                period_text(slot.period),
                slot.not_applicable_reason or _("The milestone is done."),
            )
            for slot in without
        ),
    ]


def _awaited(slot: SlotReading, reference: date) -> DueLine:
    if slot.is_withheld:  # it came in: only this reader waits
        return DueLine(slot, period_text(slot.period), "")
    days = (slot.due_on - reference).days
    if days < 0:
        text = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
        return DueLine(slot, period_text(slot.period), text, "late")
    if days == 0:
        return DueLine(slot, period_text(slot.period), _("due today"), "soon")
    text = ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    return DueLine(slot, period_text(slot.period), text)

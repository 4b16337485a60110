"""Rows of one indicator: itself, its definitions, its targets and what is due."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from ibzplan.core.localised import LocalisedText, fold
from objectives.indicators.choices import Accumulation, Aggregation, TargetKind
from objectives.indicators.models import Indicator, IndicatorDefinition, Obligation, Target
from objectives.indicators.periods import Period, periods_between
from objectives.indicators.selectors.definitions import DEFINITION_COLUMNS
from objectives.indicators.services.definition_checks import FIRST_DAY
from personnel.models import User
from reporting.demo.content import IndicatorContent
from reporting.demo.figures import day_in
from reporting.demo.tales import Redefinition
from reporting.demo.workshop import Desk, Workshop

DAYS_UNTIL_DUE: Final = 15
_WITH_NUMBER: Final = (TargetKind.INCREASE, TargetKind.DECREASE)


class SeriesWriter:
    """Makes the rows of indicators, figures apart; one object serves the whole demo."""

    def __init__(self, workshop: Workshop) -> None:
        """Keep what every indicator needs."""
        self.workshop = workshop
        self.rows = workshop.rows

    def indicator(
        self,
        *,
        told: IndicatorContent,
        code: str,
        desk: Desk,
        baseline_on: date,
        created: datetime,
        is_submitted: bool,
        is_released: bool,
    ) -> Indicator:
        """Return a new indicator of the desk's unit, with the first version of its definition."""
        row = Indicator(
            uuid=self.workshop.identity.of("indicator", code),
            code=code,
            owner=desk.unit,
            is_confidential=told.is_confidential,
            is_submitted=is_submitted,
            is_released=is_released,
            is_demo=True,
            created_at=created,
            **self._counting(told, baseline_on),
            **self._saying(told, desk),
        )
        row.search_key = _search_key(row)
        if row.is_ratio:
            row.period_aggregation = Aggregation.POOLED
        elif row.accumulation == Accumulation.FLOW:
            row.period_aggregation = Aggregation.SUM
        self.rows.indicators.append(row)
        first = self._definition(row, by=desk.planner, valid_from=FIRST_DAY)
        self.workshop.chronology.date(created, (first, "recorded_at"))
        return row

    def _counting(self, told: IndicatorContent, baseline_on: date) -> dict[str, Any]:
        """Return the columns that say how it is counted and judged."""
        is_number = told.kind in (*_WITH_NUMBER, TargetKind.ORDINAL)
        low, high = told.sheet.possible
        return {
            "decimals": told.decimals,
            "target_kind": told.kind,
            "accumulation": told.accumulation,
            "trajectory": told.trajectory,
            "is_ratio": told.denominator is not None,
            "frequency": told.frequency,
            "days_until_due": DAYS_UNTIL_DUE,
            "levels": self.workshop.content.levels[told.levels] if told.levels else [],
            "range_low": told.low,
            "range_high": told.high,
            "possible_low": low,
            "possible_high": high,
            "tolerance": told.tolerance,
            "threshold_on_track": told.on_track_from,
            "threshold_at_risk": told.at_risk_from,
            "baseline": told.start if is_number else None,
            "baseline_date": baseline_on if is_number and told.start is not None else None,
        }

    def _saying(self, told: IndicatorContent, desk: Desk) -> dict[str, Any]:
        """Return the columns that say in words what it is, and whose functions answer for it."""
        content, unit = self.workshop.content, desk.unit.code
        breakdown = told.sheet.breakdown
        return {
            "title": told.title,
            "indicator_type": told.type,
            "unit_of_measure": content.units_of_measure[told.unit],
            "compiler": content.compilers[unit],
            "approver": content.holders[unit]["nl"],
            "disaggregations": [breakdown.dimension.as_json()] if breakdown else [],
            **told.sheet.texts,
        }

    def _definition(
        self,
        indicator: Indicator,
        *,
        by: User,
        valid_from: date,
        is_series_break: bool = False,
        reason: str = "",
    ) -> IndicatorDefinition:
        """Keep what the indicator says now as a version of its definition."""
        number = indicator.definition_number
        row = IndicatorDefinition(
            uuid=self.workshop.identity.of("definition", indicator.code, str(number)),
            indicator=indicator,
            number=number,
            valid_from=valid_from,
            is_series_break=is_series_break,
            reason=reason,
            recorded_by=by,
            is_demo=True,
            **{name: getattr(indicator, name) for name in DEFINITION_COLUMNS},
        )
        self.rows.definitions.append(row)
        return row

    def redefine(self, *, indicator: Indicator, told: Redefinition, year: int, desk: Desk) -> None:
        """Let the head give a released indicator another version, if that day has passed."""
        day = day_in(year, told.on)
        if not self.workshop.chronology.has_passed(day):
            return
        changes = self._change(indicator, told.texts)
        valid_from = FIRST_DAY
        if told.valid_from is not None:
            valid_from = day_in(year - told.years_back, told.valid_from)
        row = self._definition(
            indicator,
            by=desk.head,
            valid_from=valid_from,
            is_series_break=told.is_break,
            reason=told.reason,
        )
        self.workshop.note(
            indicator,
            desk.head,
            self.workshop.chronology.moment(day),
            "redefined",
            changes,
            reason=told.reason,
            also=[(row, "recorded_at")],
        )

    def _change(
        self, indicator: Indicator, texts: Mapping[str, LocalisedText]
    ) -> dict[str, tuple[object, object]]:
        """Set the texts and what follows from them; return what changed: (old, new) a column."""
        names = [*texts, "search_key", "definition_number"]
        before = {name: getattr(indicator, name) for name in names}
        for name, text in texts.items():
            setattr(indicator, name, text)
        indicator.search_key = _search_key(indicator)
        indicator.definition_number += 1
        indicator.version += 1
        after = {name: getattr(indicator, name) for name in names}
        return {name: (before[name], after[name]) for name in names if before[name] != after[name]}

    def targets(
        self,
        *,
        indicator: Indicator,
        told: IndicatorContent,
        year: int,
        value: Decimal | None,
        desk: Desk,
        set_at: datetime,
    ) -> None:
        """Set the year's interim targets and its final one."""
        is_level = told.kind == TargetKind.ORDINAL
        points = [(day_in(year, day), number, False) for day, number in told.interim]
        points.append((day_in(year, told.due), value or Decimal(0), True))
        for due_on, number, is_final in points:
            row = Target(
                uuid=self.workshop.identity.of("target", indicator.code, due_on.isoformat()),
                indicator=indicator,
                due_on=due_on,
                plan_year=year,
                value=number if told.kind in _WITH_NUMBER else None,
                level=int(number) if is_level else None,
                is_final=is_final,
                recorded_by=desk.planner,
                is_demo=True,
            )
            self.workshop.chronology.date(set_at + timedelta(minutes=5), (row, "recorded_at"))
            self.rows.targets.append(row)

    def draft(self, *, indicator: Indicator, year: int, since: datetime) -> list[Obligation]:
        """Give a draft's indicator its obligations; nothing is reported yet."""
        periods = periods_between(indicator.frequency, date(year, 1, 1), date(year, 12, 31))
        return [self.obligation(indicator, period, since=since) for period in periods]

    def obligation(
        self,
        indicator: Indicator,
        period: Period,
        *,
        since: datetime,
        reason: str = "",
        by: User | None = None,
    ) -> Obligation:
        """Let a figure be due from a moment on, or not, with the reason; `by` changed it since."""
        names = (indicator.code, str(period), "again") if by else (indicator.code, str(period))
        row = Obligation(
            uuid=self.workshop.identity.of("obligation", *names),
            indicator=indicator,
            period_start=period.start,
            resolution=period.resolution,
            period_end=period.end,
            due_on=period.due_on(indicator.days_until_due),
            not_applicable_reason=reason,
            known_from=since,
            recorded_by=by,
            is_demo=True,
        )
        self.rows.obligations.append(row)
        return row


def _search_key(row: Indicator) -> str:
    """Return the key under which it is found, as the service makes it."""
    return " ".join([fold(row.code), row.title.search_key(), row.definition.search_key()])

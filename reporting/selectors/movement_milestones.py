"""Why an objective moved: what became of its milestones, of indicators and of activities."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from objectives.indicators.selectors import IndicatorReading
from objectives.planning.selectors.milestones import Said
from reporting.selectors.movement_figures import missing
from reporting.selectors.movement_pairs import IndicatorPair, ReadingPair, day_text


def milestone_sentence(row: IndicatorPair) -> str:
    """Return what became of an indicator that is a milestone; '' when nothing is to be told."""
    moved = milestone_moved(row)
    if moved:
        return moved
    due = _due_on(row.after)
    late = missing(row)
    if late or due is None:
        return late
    return _not_done(row.name, due)


def milestone_moved(row: IndicatorPair) -> str:
    """Return that it was done or that its forecast is another day; '' when neither moved."""
    if not row.is_milestone:
        return ""
    return _moved(row.name, _due_on(row.after), _said(row.before), _said(row.after))


def activity_milestones(pair: ReadingPair) -> Iterator[str]:
    """Say what became of the milestones of activities: done, expected on another day, missed."""
    for row in pair.milestones:
        moved = _moved(str(row.title), row.due_on, row.said_before, row.said_after)
        if moved:
            yield moved
        elif row.was_missed:
            yield _not_done(str(row.title), row.due_on)


def _moved(name: str, due: date | None, before: Said, after: Said) -> str:
    values = {"indicator": name, "due": day_text(due) if due else "\N{EN DASH}"}
    if after.done_on is not None and after.done_on != before.done_on:
        values["day"] = day_text(after.done_on)
        return _("%(indicator)s: done on %(day)s, due on %(due)s") % values
    is_same = after.forecast_on == before.forecast_on
    if after.done_on is not None or after.forecast_on is None or is_same:
        return ""
    values["day"] = day_text(after.forecast_on)
    if before.forecast_on is None:
        return _("%(indicator)s: expected on %(day)s, due on %(due)s") % values
    values["was"] = day_text(before.forecast_on)
    return _("%(indicator)s: now expected on %(day)s, was %(was)s; due on %(due)s") % values


def _not_done(name: str, due: date) -> str:
    return _("%(indicator)s: not done, due on %(due)s") % {
        "indicator": name,
        "due": day_text(due),
    }


def _said(reading: IndicatorReading) -> Said:
    """Return when the milestone was done, and when it is expected, as the latest figure says."""
    row = reading.latest.measurement if reading.latest else None
    return Said(row.done_on, row.forecast_on) if row else Said()


def _due_on(reading: IndicatorReading) -> date | None:
    return reading.final_target.due_on if reading.final_target else None

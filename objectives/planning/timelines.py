"""The timeline of an objective: its activities and milestones over the plan year, as a drawing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core import marks
from objectives.planning.choices import MilestoneState
from objectives.planning.selectors.parts import ActivityParts, milestone_state
from objectives.strategy.models import Activity, Milestone

# A phone has a drawing of its own: the words in a drawing do not grow with the screen.
WIDE: Final = 880
NARROW: Final = 340

# The status whose shape and colour a milestone is shown with; the word says which one it is.
MILESTONE_STATUS: Final[Mapping[MilestoneState, str]] = {
    MilestoneState.DONE: "achieved",
    MilestoneState.DONE_LATE: "achieved",
    MilestoneState.DUE: "not_started",
    MilestoneState.FORECAST_LATER: "at_risk",
    MilestoneState.LATE: "off_track",
}

_DONE: Final = (MilestoneState.DONE, MilestoneState.DONE_LATE)


def timeline_chart(
    activities: Sequence[ActivityParts], *, year: int, day: date, width: int = WIDE
) -> str:
    """Return the SVG of a plan year as seen from a day; '' without activities."""
    if not activities:
        return ""
    return marks.timeline(
        [_stretch(one, day) for one in activities],
        timeline_sentence(activities, day),
        first=date(year, 1, 1).toordinal(),
        last=date(year, 12, 31).toordinal(),
        reference=marks.Tick(day.toordinal(), date_format(day, "j N")),
        ticks=[_month(date(year, month, 1)) for month in range(1, 13)],
        width=width,
    )


def timeline_sentence(activities: Sequence[ActivityParts], day: date) -> str:
    """Return in words what the drawing shows, for whoever cannot see it."""
    states = [milestone_state(one, day) for parts in activities for one in parts.milestones]
    head = ngettext("%(n)s activity", "%(n)s activities", len(activities)) % {"n": len(activities)}
    told = [head, *_counted(states)]
    return _("Timeline: %(parts)s.") % {"parts": ", ".join(told)}


def _counted(states: Sequence[MilestoneState]) -> Iterator[str]:
    """Give how many milestones stand how, of the states that there are."""
    for state in MilestoneState:
        n = states.count(state)
        if n:
            text = ngettext("%(n)s milestone %(state)s", "%(n)s milestones %(state)s", n)
            yield text % {"n": n, "state": str(state.label).lower()}


def _month(day: date) -> marks.Tick:
    return marks.Tick(day.toordinal(), date_format(day, "N"))


def _stretch(parts: ActivityParts, day: date) -> marks.Stretch:
    activity = parts.activity
    return marks.Stretch(
        start=activity.starts_on.toordinal() if activity.starts_on else None,
        end=activity.ends_on.toordinal() if activity.ends_on else None,
        label=str(activity.title),
        detail=_days(activity),
        stops=tuple(_stop(one, day) for one in parts.milestones),
    )


def _days(activity: Activity) -> str:
    ends = (activity.starts_on, activity.ends_on)
    return " – ".join(date_format(one, "SHORT_DATE_FORMAT") for one in ends if one)


def _stop(milestone: Milestone, day: date) -> marks.Stop:
    state = milestone_state(milestone, day)
    done = milestone.done_on if state in _DONE else None
    forecast = milestone.forecast_on if done is None else None
    moved = forecast if forecast != milestone.due_on else None
    return marks.Stop(
        at=(done or milestone.due_on).toordinal(),
        status=MILESTONE_STATUS[state],
        label=_stop_text(milestone, state, done, forecast),
        due=milestone.due_on.toordinal() if done and done != milestone.due_on else None,
        forecast=moved.toordinal() if moved else None,
    )


def _stop_text(
    milestone: Milestone, state: MilestoneState, done: date | None, forecast: date | None
) -> str:
    by = _("by %(day)s") % {"day": date_format(milestone.due_on, "SHORT_DATE_FORMAT")}
    told = [str(milestone.title), str(state.label).lower(), by]
    if done:
        told.append(_("done on %(day)s") % {"day": date_format(done, "SHORT_DATE_FORMAT")})
    elif forecast:
        day = date_format(forecast, "SHORT_DATE_FORMAT")
        told.append(_("expected on %(day)s") % {"day": day})
    return "; ".join(told)

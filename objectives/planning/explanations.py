"""The status engine's steps in words: why is this amber?"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.indicators import engine
from objectives.indicators.choices import Status
from objectives.indicators.formatting import number

# Placeholders are the keys of Step.values; see engine.StepCode for which step has which.
SENTENCES: Mapping[engine.StepCode, Promise] = {
    engine.StepCode.REFERENCE: _("Reference date %(reference_date)s: %(counted)s periods counted."),
    engine.StepCode.START: _("Start: %(value)s."),
    engine.StepCode.TARGET: _("Target: %(value)s by %(due_on)s."),
    engine.StepCode.ACTUAL: _("Actual: %(value)s on %(on)s."),
    engine.StepCode.GAP: _(
        "The period ending %(period_end)s has no figure: the sum stops before it."
    ),
    engine.StepCode.FALL: _(
        "The running total fell to %(value)s in the period ending %(period_end)s "
        "(it was %(previous)s)."
    ),
    engine.StepCode.EXPECTED: _("Expected on %(on)s: %(value)s."),
    engine.StepCode.STEP_CEILING: _("A ceiling: %(value)s holds throughout."),
    engine.StepCode.DISTANCE: _("Distance used as the yardstick: %(value)s."),
    engine.StepCode.ATTAINMENT: _("Attainment: %(value)s (1 is exactly as expected)."),
    engine.StepCode.THRESHOLDS: _(
        "On track from %(on_track_from)s, at risk from %(at_risk_from)s: %(status)s."
    ),
    engine.StepCode.TOLERANCE: _(
        "The deviation %(deviation)s lies within the tolerance %(tolerance)s: %(status)s."
    ),
    engine.StepCode.TARGET_MET: _("The target is met with %(value)s: %(status)s."),
    engine.StepCode.BAND: _(
        "Range %(low)s to %(high)s, tolerance %(tolerance)s, outside by %(outside_by)s: %(status)s."
    ),
    engine.StepCode.MILESTONE_DONE: _("Done on %(done_on)s, due on %(due_on)s: %(status)s."),
    engine.StepCode.MILESTONE_OPEN: _(
        "Not done; judged on %(judged_on)s against %(due_on)s, %(days_late)s days late: %(status)s."
    ),
    engine.StepCode.LEVEL: _("Level %(value)s, expected %(expected)s: %(status)s."),
    engine.StepCode.WITHOUT_FIGURE: _("No figure (grace of %(grace_days)s days): %(status)s."),
    engine.StepCode.STALE: _(
        "The figure of the period ending %(period_end)s was due on %(due_on)s and is missing."
    ),
    engine.StepCode.CAP: _("Not better than %(status)s, because of: %(reason)s."),
    engine.StepCode.ROLL_UP: _(
        "%(children)s parts together weigh %(due_weight)s; "
        "%(weight_without_figure)s of it has no figure: %(status)s."
    ),
    engine.StepCode.CHILD: _("%(position)s, weight %(weight)s: %(status)s."),
}

REASONS: Mapping[str, Promise] = {
    engine.Remark.CAPPED_STALE: _("the latest figure is missing"),
    engine.Remark.CAPPED_KEY_INDICATOR: _("a key indicator is off track"),
    engine.Remark.CAPPED_OFF_TRACK_OBJECTIVE: _("an objective is off track"),
}

REMARKS: Mapping[str, Promise] = {
    engine.Remark.TARGET_MET: _("Target met"),
    engine.Remark.FALL_OF_TO_DATE: _("A running total fell"),
    engine.Remark.CAPPED_STALE: _("Latest figure missing"),
    engine.Remark.MARKED_LATE: _("Late"),
    engine.Remark.WITHIN_TOLERANCE: _("Within the tolerance"),
    engine.Remark.STOPPED_AT_GAP: _("Counted up to a missing period"),
    engine.Remark.ZERO_DENOMINATOR: _("Denominator 0"),
    engine.Remark.NO_BASELINE: _("No baseline"),
    engine.Remark.NO_TARGET: _("No target"),
    engine.Remark.CAPPED_KEY_INDICATOR: _("A key indicator is off track"),
    engine.Remark.CAPPED_OFF_TRACK_OBJECTIVE: _("An objective is off track"),
    engine.Remark.MOSTLY_WITHOUT_FIGURE: _("More than half has no figure"),
    engine.Remark.NOTHING_TO_ROLL_UP: _("No indicators"),
    engine.Remark.NONE_DUE: _("Nothing due yet"),
}


class _Readable(dict[str, str]):
    """Values of a step; a placeholder that a step does not have reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "\N{EN DASH}"


def _readable(name: str, text: str, decimals: int, parts: Sequence[str]) -> str:
    if name in ("status", "before"):
        return str(Status(text).label).lower()
    if name == "reason":
        return str(REASONS.get(text, text))
    if name == "position":
        position = int(text)
        return parts[position] if position < len(parts) else str(position + 1)
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is not None:
        return date_format(day, "SHORT_DATE_FORMAT")
    try:
        value = Fraction(text)
    except ValueError:
        return text
    exact = next((n for n in range(decimals) if (value * 10**n).denominator == 1), decimals)
    return number(value, exact)


def explain(
    steps: tuple[engine.Step, ...], *, decimals: int = 3, parts: Sequence[str] = ()
) -> list[str]:
    """Return a sentence per step, in the active language; `decimals` at most per number.

    `parts` names the children of a roll-up, in their order.
    """
    return [
        str(SENTENCES[step.code])
        % _Readable({k: _readable(k, v, decimals, parts) for k, v in step.values.items()})
        for step in steps
    ]


def remarks(codes: tuple[engine.Remark, ...]) -> list[str]:
    """Return the remarks in words."""
    return [str(REMARKS[code]) for code in codes]

"""The status engine's steps in words: why is this amber?"""

from collections.abc import Mapping, Sequence
from datetime import date
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

# What a step says when it has the values for it; a step kept in an older report may not.
_START_FLOW = _("Start: %(value)s on %(on)s (an amount begins at zero).")
_START_TOTAL = _("Start: %(value)s on %(on)s (a running total without a baseline begins at zero).")
_START_BASELINE = _("Start: %(value)s on %(on)s (the baseline).")
_START_FIRST_TARGET = _("Start: %(value)s (without a baseline: the first target).")
_ACTUAL_SUM = _("Actual on %(on)s: %(value)s, the sum of %(periods)s periods.")
_ACTUAL_RATIO = _("Actual on %(on)s: numerator / denominator = %(quotient)s = %(value)s.")
_ACTUAL_POOLED = _(
    "Actual on %(on)s over %(periods)s periods: sum of the numerators / sum of the denominators "
    "= %(quotient)s = %(value)s."
)
_ACTUAL_POOLED_ONLY = _(
    "Actual on %(on)s over %(periods)s periods: %(value)s (sum of the numerators / sum of the "
    "denominators)."
)
_EXPECTED_BETWEEN = _(
    "Expected on %(on)s: %(value)s, on the line from %(from_value)s on %(from_on)s to "
    "%(to_value)s on %(to_on)s (%(days)s of its %(all_days)s days)."
)
_EXPECTED_STEP = _("Expected on %(on)s: %(value)s (in steps: the latest dated value counts).")
_CHILD_VALUE = _("%(position)s, weight %(weight)s: %(status)s, value %(value)s.")
_CHILD_CLIPPED = _(
    "%(position)s, weight %(weight)s: %(status)s, value %(value)s "
    "(attainment %(attainment)s, kept within the band of its status)."
)
_ROLL_UP_MEAN = _(
    "%(children)s parts; those that are due weigh %(due_weight)s, of which "
    "%(weight_without_figure)s has no figure. Weighted mean = %(sum)s / %(weighed)s = %(mean)s; "
    "on track from %(on_track_from)s, at risk from %(at_risk_from)s: %(status)s."
)
_ROLL_UP_ACHIEVED = _(
    "%(children)s parts together weigh %(due_weight)s. Weighted mean = %(sum)s / %(weighed)s = "
    "%(mean)s, and every part is achieved: %(status)s."
)
_STARTS: Mapping[str, Promise] = {
    "flow": _START_FLOW,
    "running_total": _START_TOTAL,
    "baseline": _START_BASELINE,
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
    return short_number(value, decimals)


def short_number(value: Fraction, decimals: int = 3) -> str:
    """Return a number without needless zeros, with `decimals` at most."""
    exact = next((n for n in range(decimals) if (value * 10**n).denominator == 1), decimals)
    return number(value, exact)


def explain(
    steps: tuple[engine.Step, ...],
    *,
    decimals: int = 3,
    parts: Sequence[str] = (),
    ratio_scale: int | None = None,
) -> list[str]:
    """Return a sentence per step, in the active language; `decimals` at most per number.

    `parts` names the children of a roll-up, in their order. `ratio_scale` is what the engine's
    numerators are multiplied by (100 for a percentage): without it no numerator is shown.
    """
    return [
        str(_sentence(step, shows_ratio=ratio_scale is not None))
        % _Readable(
            {k: _readable(k, v, decimals, parts) for k, v in step.values.items()}
            | _worked_out(step, decimals, ratio_scale)
        )
        for step in steps
    ]


def _sentence(step: engine.Step, *, shows_ratio: bool) -> Promise:
    """Return the fullest sentence that the values of a step allow."""
    plain, values = SENTENCES[step.code], step.values
    match step.code:
        case engine.StepCode.START if values.get("basis") == "first_target":
            return _START_FIRST_TARGET
        case engine.StepCode.START if "on" in values:
            return _STARTS.get(values.get("basis", ""), plain)
        case engine.StepCode.ACTUAL:
            return _actual_sentence(values, shows_ratio=shows_ratio)
        case engine.StepCode.EXPECTED if "from_on" in values:
            return _EXPECTED_BETWEEN
        case engine.StepCode.EXPECTED if values.get("shape") == engine.TrajectoryShape.STEP:
            return _EXPECTED_STEP
        case engine.StepCode.CHILD if "value" in values:
            is_clipped = values.get("attainment", values["value"]) != values["value"]
            return _CHILD_CLIPPED if is_clipped else _CHILD_VALUE
        case engine.StepCode.ROLL_UP if "mean" in values and "on_track_from" in values:
            is_achieved = values["status"] == engine.Status.ACHIEVED
            return _ROLL_UP_ACHIEVED if is_achieved else _ROLL_UP_MEAN
    return plain


def _actual_sentence(values: Mapping[str, str], *, shows_ratio: bool) -> Promise:
    is_ratio, is_many = "numerator" in values, values.get("periods", "1") != "1"
    if is_ratio and shows_ratio:
        return _ACTUAL_POOLED if is_many else _ACTUAL_RATIO
    if is_many:
        return _ACTUAL_POOLED_ONLY if is_ratio else _ACTUAL_SUM
    return SENTENCES[engine.StepCode.ACTUAL]


def _worked_out(step: engine.Step, decimals: int, ratio_scale: int | None) -> dict[str, str]:
    """Return what follows from the values of a step: a quotient, days, a weighted sum."""
    values = step.values
    if step.code == engine.StepCode.ACTUAL and "numerator" in values and ratio_scale is not None:
        above, below = Fraction(values["numerator"]), Fraction(values["denominator"])
        quotient = f"{_exactly(above / ratio_scale)} / {_exactly(below)}"
        times = f" × {ratio_scale}" if ratio_scale != 1 else ""
        return {"quotient": quotient + times}
    if step.code == engine.StepCode.EXPECTED and "from_on" in values:
        left, on, right = (date.fromisoformat(values[key]) for key in ("from_on", "on", "to_on"))
        return {"days": str((on - left).days), "all_days": str((right - left).days)}
    if step.code == engine.StepCode.ROLL_UP and "mean" in values:
        weighed = Fraction(values["due_weight"]) - Fraction(values["weight_without_figure"])
        total = Fraction(values["mean"]) * weighed
        return {"weighed": short_number(weighed), "sum": short_number(total, decimals)}
    return {}


def _exactly(value: Fraction) -> str:
    """Return a number as it was typed: figures have six decimals at most."""
    return short_number(value, 6)


def remarks(codes: tuple[engine.Remark, ...]) -> list[str]:
    """Return the remarks in words."""
    return [str(REMARKS[code]) for code in codes]

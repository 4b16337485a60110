"""The findings of the data quality checks in words: what was found, by which rule, what to do."""

import math
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from objectives.indicators.formatting import number, text_with_unit
from objectives.indicators.quality import FAR_FACTOR, OUTLIER_SCORE, Check, Finding, Severity
from objectives.indicators.quality.breakdowns import parse_key

# Figures are stored with at most so many decimals; what was typed is shown as it was typed.
STORED_DECIMALS: Final = 4
# Bounds that the unit's decimals cannot tell apart get at most so many decimals more.
FINER_DECIMALS: Final = 6

LABELS: Final[Mapping[Check, Promise]] = {
    Check.ZERO_DENOMINATOR: gettext_lazy("Denominator 0"),
    Check.NEGATIVE_DENOMINATOR: gettext_lazy("Negative denominator"),
    Check.OUT_OF_RANGE: gettext_lazy("Outside the possible range"),
    Check.BREAKDOWN_UNKNOWN: gettext_lazy("Unknown part of the breakdown"),
    Check.BREAKDOWN_MISMATCH: gettext_lazy("Breakdown does not add up"),
    Check.BREAKDOWN_INCOMPLETE: gettext_lazy("Breakdown incomplete"),
    Check.FALL_OF_TO_DATE: gettext_lazy("A running total fell"),
    Check.OUTLIER: gettext_lazy("Unusual figure"),
    Check.UNCHANGED: gettext_lazy("Unchanged figure"),
    Check.FORECAST_PASSED: gettext_lazy("Expected date passed"),
    Check.PERIOD_RUNNING: gettext_lazy("Period still running"),
    Check.LATE: gettext_lazy("Recorded late"),
    Check.MISSING: gettext_lazy("Missing"),
}

SEVERITY_LABELS: Final[Mapping[Severity, Promise]] = {
    Severity.ERROR: gettext_lazy("Has to be corrected"),
    Severity.WARNING: gettext_lazy("To be confirmed"),
    Severity.NOTICE: gettext_lazy("For information"),
}

# Placeholders are the keys of Finding.values; see quality.Check for which check has which.
SENTENCES: Final[Mapping[Check, Promise]] = {
    Check.ZERO_DENOMINATOR: gettext_lazy(
        "The denominator is 0 and the numerator %(numerator)s: no ratio follows from them. Correct "
        "the denominator; if there was nothing to count, have the period declared not applicable."
    ),
    Check.NEGATIVE_DENOMINATOR: gettext_lazy(
        "The denominator %(denominator)s lies below 0: no ratio follows from it. Check the sign."
    ),
    Check.OUT_OF_RANGE: gettext_lazy(
        "%(value)s is not possible: the definition allows %(low)s to %(high)s. Correct the figure; "
        "if the limits are wrong, have the definition changed."
    ),
    Check.BREAKDOWN_UNKNOWN: gettext_lazy(
        "The definition has no part “%(key)s”. Use the parts of the definition, or have this one "
        "added to it."
    ),
    Check.BREAKDOWN_INCOMPLETE: gettext_lazy(
        "By %(dimensions)s, %(given)s of %(expected)s parts have a figure; missing: %(missing)s. "
        "Complete the breakdown, or confirm that the rest is not known."
    ),
    Check.FALL_OF_TO_DATE: gettext_lazy(
        "A running total does not fall, yet %(value)s is less than the %(previous)s of the period "
        "ending %(previous_end)s. Correct this figure or the earlier one, or confirm the fall and "
        "explain it."
    ),
    Check.OUTLIER: gettext_lazy(
        "%(value)s is far from the %(count)s earlier figures: %(low)s to %(high)s would be usual, "
        "with %(median)s in the middle (modified z-score, limit %(limit)s). Check the figure; "
        "confirm it if it is right."
    ),
    Check.UNCHANGED: gettext_lazy(
        "The same figure, %(value)s, for %(periods)s periods in a row, since the period that "
        "starts on %(since)s. Check whether it was measured again; confirm it if it did not change."
    ),
    Check.FORECAST_PASSED: gettext_lazy(
        "The milestone was expected on %(forecast_on)s, no later than the end of the period "
        "(%(period_end)s), and is not done. Give the date it was done or another expected date, or "
        "confirm this one."
    ),
    Check.PERIOD_RUNNING: gettext_lazy(
        "The period runs until %(period_end)s, and the figure is of %(entered_on)s: what comes "
        "after that day is not in it. Record it after the period, or confirm that it will not "
        "change any more."
    ),
    Check.LATE: ngettext_lazy(
        "Recorded on %(recorded_on)s, %(days)s day after the due date %(due_on)s. Nothing to "
        "correct; agree on another due date if this happens every time.",
        "Recorded on %(recorded_on)s, %(days)s days after the due date %(due_on)s. Nothing to "
        "correct; agree on another due date if this happens every time.",
        "days",
    ),
    Check.MISSING: gettext_lazy(
        "The figure of the period ending %(period_end)s was due on %(due_on)s and is missing. Ask "
        "the unit for it, or have the period declared not applicable."
    ),
}

UNUSUAL_CHANGE: Final = gettext_lazy(
    "From %(previous)s to %(value)s is an unusual step, judged by the %(count)s steps before it: "
    "%(low)s to %(high)s would be usual, with %(median)s in the middle (modified z-score, limit "
    "%(limit)s). Check the figure; confirm it if it is right."
)
FAR_FROM_FEW: Final = gettext_lazy(
    "%(value)s is far from the %(count)s earlier figures, which lie between %(smallest)s and "
    "%(largest)s: with so few of them, %(low)s to %(high)s would be usual (a third of the smallest "
    "to %(factor)s times the largest). Check the figure; confirm it if it is right."
)
# By what an unusual figure was compared with.
UNUSUAL: Final[Mapping[str, Promise]] = {
    "figure": SENTENCES[Check.OUTLIER],
    "change": UNUSUAL_CHANGE,
    "few": FAR_FROM_FEW,
}
PART_OUT_OF_NOTHING: Final = gettext_lazy(
    "The denominator is 0 and the numerator %(numerator)s. Correct one of the two: 0 out of 0 says "
    "that there was nothing to count."
)
TOO_LOW: Final = gettext_lazy(
    "%(value)s is not possible: the definition allows no less than %(low)s. Correct the figure; if "
    "the limit is wrong, have the definition changed."
)
TOO_HIGH: Final = gettext_lazy(
    "%(value)s is not possible: the definition allows no more than %(high)s. Correct the figure; "
    "if the limit is wrong, have the definition changed."
)
# By what is added up.
MISMATCHES: Final[Mapping[str, Promise]] = {
    "value": gettext_lazy(
        "The parts by %(dimensions)s add up to %(sum)s; the whole is %(whole)s (difference: "
        "%(difference)s). Correct a part or the whole."
    ),
    "numerator": gettext_lazy(
        "The numerators of the parts by %(dimensions)s add up to %(sum)s; that of the whole is "
        "%(whole)s (difference: %(difference)s). Correct a part or the whole."
    ),
    "denominator": gettext_lazy(
        "The denominators of the parts by %(dimensions)s add up to %(sum)s; that of the whole is "
        "%(whole)s (difference: %(difference)s). Correct a part or the whole."
    ),
}
EXCESSES: Final[Mapping[str, Promise]] = {
    "value": gettext_lazy(
        "Not all parts by %(dimensions)s are filled in, and they already add up to %(sum)s; the "
        "whole is only %(whole)s. Correct a part or the whole."
    ),
    "numerator": gettext_lazy(
        "Not all parts by %(dimensions)s are filled in, and their numerators already add up to "
        "%(sum)s; that of the whole is only %(whole)s. Correct a part or the whole."
    ),
    "denominator": gettext_lazy(
        "Not all parts by %(dimensions)s are filled in, and their denominators already add up to "
        "%(sum)s; that of the whole is only %(whole)s. Correct a part or the whole."
    ),
}

MEASURED: Final = frozenset({"value", "previous", "median", "smallest", "largest"})
COUNTED: Final = frozenset({"numerator", "denominator"})
ADDED: Final = frozenset({"sum", "whole", "difference"})
DATES: Final = frozenset(
    {"previous_end", "since", "forecast_on", "period_end", "recorded_on", "entered_on", "due_on"}
)
BOUNDS: Final = ("low", "high")


class _Readable(dict[str, str | int]):
    """Values of a finding; a placeholder that a finding does not have reads as a dash."""

    def __missing__(self, key: str) -> str:
        return "\N{EN DASH}"


def check_label(check: Check) -> str:
    """Return the short name of a check, in the active language."""
    return str(LABELS[check])


def stored_check_label(name: str) -> str:
    """Return the short name of a check that a figure keeps; one of an earlier version as stored."""
    try:
        return check_label(Check(name))
    except ValueError:
        return name


def severity_label(severity: Severity) -> str:
    """Return what a finding asks for, in the active language."""
    return str(SEVERITY_LABELS[severity])


def finding_text(
    finding: Finding, *, decimals: int, unit: str = "", names: Mapping[str, str] | None = None
) -> str:
    """Return a finding as sentences that name the value, the rule and the remedy.

    `names` gives dimensions ("region") and members ("region=bru") in the active language; what it
    does not have is shown by its code.
    """
    known = names or {}
    sentence = str(_template(finding) % _readable(finding, decimals, unit, known))
    if finding.check is Check.BREAKDOWN_UNKNOWN or "key" not in finding.values:
        return sentence
    return _("%(part)s: %(sentence)s") % {
        "part": part_text(finding.values["key"], known),
        "sentence": sentence,
    }


def part_text(key: str, names: Mapping[str, str]) -> str:
    """Return 'Brussels, women' for a breakdown key; a key that cannot be read as it is."""
    path = parse_key(key)
    if path is None:
        return key
    return ", ".join(names.get(f"{code}={member}", member) for code, member in path)


def _template(finding: Finding) -> Promise:
    values = finding.values
    if finding.check is Check.BREAKDOWN_MISMATCH:
        return (MISMATCHES if values["complete"] == "yes" else EXCESSES)[values["of"]]
    if finding.check is Check.OUTLIER:
        return UNUSUAL[values["compared"]]
    if finding.check is Check.ZERO_DENOMINATOR and "key" in values:
        return PART_OUT_OF_NOTHING
    if finding.check is Check.OUT_OF_RANGE and "high" not in values:
        return TOO_LOW
    if finding.check is Check.OUT_OF_RANGE and "low" not in values:
        return TOO_HIGH
    return SENTENCES[finding.check]


def _readable(
    finding: Finding, decimals: int, unit: str, names: Mapping[str, str]
) -> Mapping[str, str | int]:
    values = _Readable({"limit": number(OUTLIER_SCORE, 1), "factor": FAR_FACTOR})
    bounds = _bounds(finding, decimals)
    for name, text in finding.values.items():
        if name in bounds:
            # Of "10 to 20 zones" the unit stands once.
            bare = name == "low" and "high" in bounds
            values[name] = bounds[name] if bare else text_with_unit(bounds[name], unit)
        elif name in MEASURED:
            values[name] = text_with_unit(_typed(Fraction(text), decimals), unit)
        elif name in COUNTED:
            values[name] = _typed(Fraction(text), 0)
        elif name in ADDED:
            values[name] = _added(finding, Fraction(text), decimals, unit)
        else:
            values[name] = _other(name, text, finding, names)
    return values


def _added(finding: Finding, value: Fraction, decimals: int, unit: str) -> str:
    """Return a sum over parts; numerators and denominators are not in the indicator's unit."""
    if finding.values["of"] != "value":
        return _typed(value, 0)
    return text_with_unit(_typed(value, decimals), unit)


def _other(name: str, text: str, finding: Finding, names: Mapping[str, str]) -> str | int:
    if name == "days":
        return int(text)
    if name == "dimensions":
        return ", ".join(names.get(code, code) for code in text.split(","))
    if name == "missing":
        return _missing_parts(text.split(","), finding, names)
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT") if name in DATES else text


def _missing_parts(keys: list[str], finding: Finding, names: Mapping[str, str]) -> str:
    """Return the parts that the finding names, and how many there are besides."""
    listed = " / ".join(part_text(key, names) for key in keys)
    more = int(finding.values["expected"]) - int(finding.values["given"]) - len(keys)
    if not more:
        return listed
    return ngettext("%(listed)s and %(n)s other", "%(listed)s and %(n)s others", more) % {
        "listed": listed,
        "n": more,
    }


def _typed(value: Fraction, decimals: int) -> str:
    """Return a number with the unit's decimals, or more when it was typed with more."""
    places = range(decimals, max(decimals, STORED_DECIMALS) + 1)
    return number(value, next((n for n in places if (value * 10**n).denominator == 1), decimals))


def _bounds(finding: Finding, decimals: int) -> Mapping[str, str]:
    """Return the limits of a range: those of a definition as they are written there.

    Those of a usual range are rounded inward, so that what they include is usual, with more
    decimals where they would cross by that.
    """
    exact = {name: Fraction(finding.values[name]) for name in BOUNDS if name in finding.values}
    if finding.check is Check.OUTLIER:
        for places in range(decimals, decimals + FINER_DECIMALS + 1):
            low = math.ceil(exact["low"] * 10**places)
            high = math.floor(exact["high"] * 10**places)
            if low <= high:
                unit = Fraction(1, 10**places)
                return {"low": number(low * unit, places), "high": number(high * unit, places)}
    return {name: _typed(value, decimals) for name, value in exact.items()}

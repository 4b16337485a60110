"""The data quality checks at entry: errors block, warnings ask for a confirmation."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from objectives.indicators import quality
from objectives.indicators.breakdowns import dimensions_of, part_names
from objectives.indicators.findings import finding_text
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import Period
from objectives.indicators.quality.breakdowns import known_parts
from objectives.indicators.selectors.definitions import KnownDefinition, definitions_known
from objectives.indicators.selectors.engine_inputs import fraction_of
from objectives.indicators.selectors.quality import (
    Slot,
    quality_figures,
    quality_part,
    series_rule,
    slot_of,
)
from objectives.indicators.services.definition_checks import check_decimals
from objectives.indicators.services.figures import Figure


class ConfirmationRequired(DomainError):
    """The figure is possible but remarkable: whoever records it must say that it is right.

    `findings` are the warnings that nobody confirmed yet, `texts` the same in words.
    """

    def __init__(self, findings: Sequence[quality.Finding], texts: Sequence[str]) -> None:
        """Keep both."""
        super().__init__(
            "confirmation_required",
            _("Look at this once more: %(findings)s") % {"findings": " ".join(texts)},
            "confirmed",
        )
        self.findings = tuple(findings)
        self.texts = tuple(texts)


def _field_of(finding: quality.Finding, *, is_ratio: bool) -> str:
    key = finding.values.get("key")
    if key is not None:
        return f"breakdown:{key}"
    if finding.check == quality.Check.BREAKDOWN_MISMATCH:
        return "breakdown"
    if finding.check in (quality.Check.ZERO_DENOMINATOR, quality.Check.NEGATIVE_DENOMINATOR):
        return "denominator"
    return "numerator" if is_ratio else "value"


def _candidate(
    period: Period,
    due_on: date,
    figure: Figure,
    before: quality.Figure | None,
    rule: quality.SeriesRule,
) -> quality.Figure:
    """Return the figure as it would be: parts that are not given stay as they were.

    What was recorded for parts that the definition no longer has is no business of whoever records
    now: no field could take it.
    """
    parts = dict(known_parts(rule, before)) if before else {}
    for key, part in figure.breakdown.items():
        parts.pop(key, None)
        if part:
            parts[key] = quality_part(part.value, part.numerator, part.denominator)
    return quality.Figure(
        period_start=period.start,
        period_end=period.end,
        due_on=due_on,
        value=fraction_of(figure.value),
        numerator=fraction_of(figure.numerator),
        denominator=fraction_of(figure.denominator),
        level=figure.level,
        done_on=figure.done_on,
        forecast_on=figure.forecast_on,
        entered_on=timezone.localdate(),
        parts=parts,
    )


def entry_findings(
    indicator: Indicator, period: Period, figure: Figure
) -> tuple[Indicator, list[quality.Finding]]:
    """Return the definition that holds for the period, and what the checks find: four queries."""
    now = Clocks.now()
    clocks = Clocks(period.end, now.known_at)
    known = definitions_known([indicator], year=period.end.year, clocks=clocks)[indicator.pk]
    obligations = {
        (row.period_start, row.resolution): row for row in indicator.obligations.current()
    }
    rows = list(Measurement.objects.filter(indicator=indicator).order_by("recorded_at", "pk"))
    slot = slot_of(period)
    due_on = obligations[slot].due_on if slot in obligations else period.end
    found, _judged = findings_among(
        known, quality_figures(rows, obligations), period, due_on, figure
    )
    return known.indicator, found


def findings_among(
    known: KnownDefinition,
    figures: Mapping[Slot, quality.Figure],
    period: Period,
    due_on: date,
    figure: Figure,
) -> tuple[list[quality.Finding], quality.Figure]:
    """Return what the checks find in a figure among those of its series, and it as it was judged.

    No query. `known` is the definition that holds for the period.
    """
    slot = slot_of(period)
    rule = series_rule(known.indicator, known.breaks)
    judged = _candidate(period, due_on, figure, figures.get(slot), rule)
    others = [other for place, other in figures.items() if place != slot]
    return list(quality.check_figure(rule, others, judged)), judged


def check_entry(
    indicator: Indicator, period: Period, figure: Figure, confirmed: Iterable[str]
) -> list[str]:
    """Refuse an impossible figure; return the warnings that were confirmed.

    Raises DomainError with the field for an error, ConfirmationRequired for warnings that
    `confirmed` (names of checks) does not hold.
    """
    definition, findings = entry_findings(indicator, period, figure)
    return confirm_findings(definition, figure, findings, confirmed)


def confirm_findings(
    definition: Indicator,
    figure: Figure,
    findings: Sequence[quality.Finding],
    confirmed: Iterable[str],
) -> list[str]:
    """Do what `check_entry` does, with what was found already: no query."""
    for key, part in figure.breakdown.items():
        check_decimals(f"breakdown:{key}", part.value, definition.decimals)
    say = partial(
        finding_text,
        decimals=definition.decimals,
        unit=str(definition.unit_of_measure),
        names=part_names(dimensions_of(definition.disaggregations)),
    )
    agreed = set(confirmed)
    for finding in findings:
        if finding.severity == quality.Severity.ERROR:
            raise DomainError(
                finding.check.value,
                say(finding),
                _field_of(finding, is_ratio=definition.is_ratio),
            )
    warnings = [one for one in findings if one.severity == quality.Severity.WARNING]
    open_warnings = [one for one in warnings if one.check.value not in agreed]
    if open_warnings:
        raise ConfirmationRequired(open_warnings, [say(one) for one in open_warnings])
    return [one.check.value for one in warnings]

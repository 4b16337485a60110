"""The SMART check of objectives that are not in force yet, with what their planners say to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Final, NamedTuple

from ibzplan.core.clocks import Clocks
from ibzplan.core.rewind import as_known, held_at
from ibzplan.core.steady import steady
from objectives.indicators import engine
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.models import Indicator, Target
from objectives.indicators.periods import MONTHS_OF
from objectives.indicators.selectors import IndicatorReading, SlotReading
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    OperationalObjective,
    OperationalPlan,
    SmartMotivation,
)
from objectives.planning.selectors.judgements import was_visible
from objectives.planning.selectors.readings import (
    ObjectiveReading,
    indicator_is_visible,
    readings_by_year,
)
from objectives.planning.selectors.recorded import recorded_links
from objectives.planning.smart import (
    Finding,
    Score,
    Severity,
    SmartIndicator,
    SmartObjective,
    check,
    score,
)
from objectives.planning.smart_texts import IndicatorWords, finding_words
from personnel.access import Access

# The check asks of a plan what is still being written; an approved objective is amended.
CHECKED: Final = (PlanState.DRAFT, PlanState.SUBMITTED)

# The check itself sees everything, so that it says the same whoever looks; what a reader is shown
# is cut afterwards.
EVERYTHING: Final = Access(is_superuser=True)

_YEAR_MONTHS: Final = 12

# The indicator has a place of its own in the key; the others say where a series stood that day.
_NOT_ANSWERED: Final = frozenset({"indicator", "last", "last_on", "months", "most"})
_TOKEN_DIGITS: Final = 16


class FindingKey(NamedTuple):
    """What a motivation answers. `indicator` is a code; `answers` the finding's words, figures."""

    rule: str
    language: str
    indicator: str
    answers: str

    @property
    def token(self) -> str:
        """Return a name for it in a form."""
        return sha256("\N{UNIT SEPARATOR}".join(self).encode()).hexdigest()[:_TOKEN_DIGITS]


@dataclass(frozen=True, slots=True)
class MotivatedFinding:
    """A finding, the title it speaks of, and the motivation that answers it, if any."""

    finding: Finding
    key: FindingKey
    title: str
    motivation: SmartMotivation | None = None

    @property
    def is_blocking(self) -> bool:
        """Tell whether it stops the submission."""
        return self.finding.severity is Severity.BLOCKING

    @property
    def is_open(self) -> bool:
        """Tell whether it asks for a word that nobody gave yet."""
        return not self.is_blocking and self.motivation is None


@dataclass(frozen=True, slots=True)
class SmartReading:
    """What the check says of an objective. `score` counts the findings `withheld` too.

    Withheld is what it says of confidential indicators that the reader may not see.
    """

    objective: OperationalObjective
    findings: tuple[MotivatedFinding, ...]
    score: Score
    indicators: Mapping[str, IndicatorWords]
    withheld: int = 0

    @property
    def blocking(self) -> tuple[MotivatedFinding, ...]:
        """Return what stops the submission."""
        return tuple(one for one in self.findings if one.is_blocking)

    @property
    def advisory(self) -> tuple[MotivatedFinding, ...]:
        """Return what asks for a motivation, given or not."""
        return tuple(one for one in self.findings if not one.is_blocking)

    @property
    def unmotivated(self) -> tuple[MotivatedFinding, ...]:
        """Return what waits for a motivation."""
        return tuple(one for one in self.findings if one.is_open)


def smart_readings(
    objectives: Sequence[OperationalObjective],
    *,
    clocks: Clocks,
    access: Access,
    read: Sequence[ObjectiveReading] = (),
) -> list[SmartReading]:
    """Return what the check says of each objective, in their order, motivations included.

    The objectives are given as they stood (see ibzplan.core.rewind), with plan and unit. Two
    queries, and at most four a plan year; none of these four when all that the objectives use is
    in `read`, which this reader's page read by the same clocks.
    """
    links: dict[int, list[Indicator]] = {}
    rows, _read_at = recorded_links(objectives, clocks.known_at)
    for link in rows:
        if held_at(link, clocks.known_at):
            links.setdefault(link.objective_id, []).append(link.indicator)
    readings = _read_already(objectives, links, read, access)
    if readings is None:
        readings = readings_by_year(objectives, links, clocks=clocks, access=EVERYTHING)
    words = _motivations(objectives, clocks)
    result = []
    for objective in objectives:
        used = [readings[(objective.plan.year, one.pk)] for one in links.get(objective.pk, ())]
        findings = check(smart_objective(objective, used))
        hidden = {
            one.indicator.code
            for one, own in zip(used, links.get(objective.pk, ()), strict=True)
            if not indicator_is_visible(own, access)
        }
        shown = [one for one in findings if one.values.get("indicator", "") not in hidden]
        result.append(
            SmartReading(
                objective,
                tuple(_motivated(one, objective, words.get(objective.pk, {})) for one in shown),
                score(findings),
                {
                    one.indicator.code: IndicatorWords(
                        str(one.indicator.title),
                        one.indicator.decimals,
                        str(one.indicator.unit_of_measure),
                    )
                    for one in used
                },
                withheld=len(findings) - len(shown),
            )
        )
    return result


def _read_already(
    objectives: Iterable[OperationalObjective],
    links: Mapping[int, Iterable[Indicator]],
    read: Iterable[ObjectiveReading],
    access: Access,
) -> dict[tuple[int, int], IndicatorReading] | None:
    """Return by plan year and indicator what the check needs, None when some of it was not read."""
    if access.validated_only_outside:  # for these a figure can be missing
        return None
    found = {
        (reading.objective.plan.year, link.link.indicator_id): link.reading
        for reading in read
        for link in reading.indicators
    }
    wanted = {(row.plan.year, one.pk) for row in objectives for one in links.get(row.pk, ())}
    return found if wanted <= found.keys() else None


def smart_of_plan(plan: OperationalPlan, *, clocks: Clocks, access: Access) -> list[SmartReading]:
    """Return what the check says of the objectives that waited then and that the user sees.

    By directorate, then by code; the number of queries does not grow with that of objectives.
    """
    rows = (
        OperationalObjective.objects.visible_to(access)
        .filter(plan=plan, created_at__lte=clocks.known_at)
        .select_related("plan", "unit", "holder", "werf")
        .order_by("unit__order", "unit_id", "werf__order", "code", "pk")
    )
    then = [
        row
        for row in as_known(list(rows), clocks.known_at)
        if row.state in CHECKED and was_visible(row, access, clocks.known_at)
    ]
    return smart_readings(then, clocks=clocks, access=access)


def smart_objective(
    objective: OperationalObjective, used: Iterable[IndicatorReading]
) -> SmartObjective:
    """Return what the check is given.

    Of means nothing is known until credits and staff are allocated to objectives, so that rule
    stays silent. A jump is motivated like any other finding, not beforehand.
    """
    return SmartObjective(
        titles=dict(objective.title),
        plan_year=objective.plan.year,
        unit=objective.unit.code,
        holder=str(objective.holder or ""),
        starts_on=objective.starts_on,
        ends_on=objective.ends_on,
        means=None,
        indicators=tuple(smart_indicator(reading) for reading in used),
    )


def smart_indicator(reading: IndicatorReading) -> SmartIndicator:
    """Return an indicator as the check takes it.

    The words of its scale are the unit of a level. A target of before the plan year is none,
    except of a milestone, which then lies outside that year.
    """
    indicator, target = reading.indicator, reading.final_target
    kind = engine.TargetKind(indicator.target_kind)
    if target is not None and target.due_on.year < reading.year:
        target = target if kind is engine.TargetKind.MILESTONE else None
    scale = "x" if indicator.target_kind == TargetKind.ORDINAL and indicator.levels else ""
    return SmartIndicator(
        code=indicator.code,
        kind=kind,
        months=MONTHS_OF[indicator.frequency],
        baseline=_fraction(indicator.baseline),
        target=_value(target),
        low=_fraction(indicator.range_low) if target else None,
        high=_fraction(indicator.range_high) if target else None,
        target_on=target.due_on if target else None,
        unit=str(indicator.unit_of_measure) or scale,
        source=str(indicator.source),
        has_interim=_has_interim(reading, target),
        history=series_history(reading),
    )


def series_history(reading: IndicatorReading) -> dict[date, Fraction]:
    """Return the earlier figures that the target can be compared with, by day.

    Of a flow the totals of the years of which every period has its figure; of a series with a
    break, what comes after the last one. Empty for a milestone and for a level.
    """
    since = reading.breaks[-1].on if reading.breaks else date.min
    slots = [
        slot for slot in reading.slots if slot.value is not None and slot.period.start >= since
    ]
    if reading.indicator.accumulation == Accumulation.FLOW:
        return _year_totals(slots, reading.indicator)
    return {slot.period.end: slot.value for slot in slots if slot.value is not None}


def _year_totals(slots: Iterable[SlotReading], indicator: Indicator) -> dict[date, Fraction]:
    by_year: dict[int, list[SlotReading]] = {}
    for slot in slots:
        by_year.setdefault(slot.period.end.year, []).append(slot)
    return {
        date(year, 12, 31): total
        for year, of_year in by_year.items()
        if sum(MONTHS_OF[slot.period.resolution] for slot in of_year) == _YEAR_MONTHS
        and (total := _total(of_year, indicator)) is not None
    }


def _total(slots: Iterable[SlotReading], indicator: Indicator) -> Fraction | None:
    """Return the sum of figures; of ratios the sum of numerators over that of denominators."""
    slots = list(slots)
    if not indicator.is_ratio:
        return sum((slot.value for slot in slots if slot.value is not None), Fraction(0))
    rows = [slot.measurement for slot in slots if slot.measurement is not None]
    above = sum((Fraction(row.numerator or 0) for row in rows), Fraction(0))
    below = sum((Fraction(row.denominator or 0) for row in rows), Fraction(0))
    return indicator.ratio_scale * above / below if below else None


def _has_interim(reading: IndicatorReading, final: Target | None) -> bool:
    return any(
        target.due_on.year == reading.year and final is not None and target.due_on < final.due_on
        for target in reading.targets
    )


def _value(target: Target | None) -> Fraction | None:
    if target is None:
        return None
    return _fraction(target.value) if target.level is None else Fraction(target.level)


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _motivations(
    objectives: Sequence[OperationalObjective], clocks: Clocks
) -> dict[int, dict[FindingKey, SmartMotivation]]:
    """Return by objective the motivation that counts for each finding: one query at most."""
    found: dict[int, dict[FindingKey, SmartMotivation]] = {}
    keys = {objective.pk for objective in objectives}
    for row in _motivations_of(*sorted({objective.plan_id for objective in objectives})):
        if row.objective_id not in keys or row.recorded_at > clocks.known_at:
            continue
        code = row.indicator.code if row.indicator else ""
        key = FindingKey(row.rule, row.language, code, row.answers)
        found.setdefault(row.objective_id, {})[key] = row
    return found


@steady
def _motivations_of(*plans: int) -> tuple[SmartMotivation, ...]:
    """Return everything that planners of some plan years answered, in the order of recording."""
    rows = SmartMotivation.objects.filter(objective__plan__in=plans)
    return tuple(rows.select_related("recorded_by", "indicator").order_by("recorded_at", "pk"))


def finding_key(finding: Finding, title: str) -> FindingKey:
    """Return what a motivation of the finding answers; `title` is the one it speaks of.

    Of a jump it answers the target: a figure that comes in afterwards asks for no other word.
    """
    code = finding.values.get("indicator", "")
    said = [
        f"{name}={text}"
        for name, text in sorted(finding.values.items())
        if name not in _NOT_ANSWERED
    ]
    quoted = finding_words(finding, title)
    return FindingKey(
        str(finding.rule), finding.language, code, "; ".join([quoted, *said] if quoted else said)
    )


def _motivated(
    finding: Finding,
    objective: OperationalObjective,
    words: Mapping[FindingKey, SmartMotivation],
) -> MotivatedFinding:
    title = objective.title.get(finding.language, "")
    key = finding_key(finding, title)
    row = words.get(key)
    return MotivatedFinding(finding, key, title, row if row is not None and row.reason else None)

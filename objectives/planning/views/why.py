"""Why this status? The inputs and the steps of a result, with an address that keeps showing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from objectives.indicators import engine
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.definition_texts import column_text
from objectives.indicators.formatting import (
    period_text,
    ratio_text,
    slot_text,
    starts_at_zero,
    target_text,
    value_text,
)
from objectives.indicators.models import IndicatorDefinition, Target
from objectives.indicators.selectors import IndicatorReading, SlotReading
from objectives.planning.explanations import explain, short_number
from objectives.planning.selectors import ObjectiveReading, WerfReading
from objectives.planning.views.lookup import result_query

# More inputs than this stay folded until the reader asks for them.
_MOST_UNFOLDED: Final = 8


@dataclass(frozen=True, slots=True)
class Fact:
    """One input that is no figure: what it is, what it says, and since when that is known."""

    label: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountedSlot:
    """A period that was looked at, with its figure or what there is instead."""

    period: str
    text: str
    state: str
    recorded: str
    ratio: str = ""


@dataclass(frozen=True, slots=True)
class CountedChild:
    """An indicator of an objective, or an objective of a werf, as the roll-up takes it."""

    code: str
    title: LocalisedText
    url: str
    weight: int
    is_key: bool
    status: str
    value: str = ""
    attainment: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """A result that can be followed: inputs, steps and rule version; `link` shows it again."""

    status: str
    steps: Sequence[str]
    rule_version: int
    link: str
    facts: Sequence[Fact] = field(default_factory=tuple)
    slots: Sequence[CountedSlot] = field(default_factory=tuple)
    children: Sequence[CountedChild] = field(default_factory=tuple)
    problem: str = ""
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def is_short(self) -> bool:
        """Tell whether the inputs are few enough to stand open."""
        return self.count <= _MOST_UNFOLDED

    @property
    def count(self) -> int:
        """Return the number of inputs."""
        return len(self.facts) + len(self.slots) + len(self.children)


def why_indicator(
    reading: IndicatorReading,
    *,
    clocks: Clocks,
    version: IndicatorDefinition | None,
    recorders: Mapping[int, str],
) -> Why:
    """Return why an indicator has its status.

    `version` is the definition that holds; `recorders` names accounts by key.
    """
    return Why(
        status=reading.status.status,
        steps=explain(reading.status.steps, ratio_scale=reading.indicator.ratio_scale),
        rule_version=reading.status.rule_version,
        link=_link(
            reverse("planning:indicator", args=[reading.indicator.uuid]),
            clocks,
            reading.year,
            reading.status.rule_version,
        ),
        facts=[
            *_definition_facts(version),
            *_rule_facts(reading),
            *(target_fact(reading, target, recorders) for target in _targets_used(reading)),
        ],
        slots=[_counted(reading, slot) for slot in reversed(_slots_counted(reading, clocks))],
        problem=reading.problem,
        notes=_notes(reading),
    )


def why_objective(reading: ObjectiveReading, *, clocks: Clocks) -> Why:
    """Return why an objective has its computed status."""
    objective, version = reading.objective, reading.status.rule_version
    year, values = objective.plan.year, _child_values(reading.status)
    return Why(
        status=reading.status.status,
        steps=explain(reading.status.steps, parts=[link.short_code for link in reading.indicators]),
        rule_version=version,
        link=_link(reverse("planning:objective", args=[objective.uuid]), clocks, year, version),
        children=[
            CountedChild(
                code=row.short_code,
                title=row.reading.indicator.title,
                url=_link(
                    reverse("planning:indicator", args=[row.reading.indicator.uuid]),
                    clocks,
                    year,
                    version,
                ),
                weight=row.link.weight,
                is_key=row.link.is_key,
                status=row.reading.status.status,
                **values[position],
            )
            for position, row in enumerate(reading.indicators)
        ],
    )


def why_werf(reading: WerfReading, *, year: int, clocks: Clocks) -> Why:
    """Return why a werf has its status in a plan year: its objectives weigh the same."""
    version, values = reading.status.rule_version, _child_values(reading.status)
    return Why(
        status=reading.status.status,
        steps=explain(
            reading.status.steps, parts=[row.objective.code for row in reading.objectives]
        ),
        rule_version=version,
        link=_link(reverse("planning:werf", args=[reading.werf.code]), clocks, year, version),
        children=[
            CountedChild(
                code=row.objective.code,
                title=row.objective.title,
                url=_link(
                    reverse("planning:objective", args=[row.objective.uuid]),
                    clocks,
                    year,
                    version,
                ),
                weight=1,
                is_key=False,
                status=row.status.status,
                **values[position],
            )
            for position, row in enumerate(reading.objectives)
        ],
    )


def _child_values(status: engine.RollupStatus) -> dict[int, dict[str, str]]:
    """Return by place the value of each part in the mean, and its attainment when that differs."""
    found: dict[int, dict[str, str]] = {}
    for step in status.steps:
        if step.code != engine.StepCode.CHILD:
            continue
        value, attainment = step.values.get("value"), step.values.get("attainment")
        is_clipped = attainment is not None and attainment != value
        found[int(step.values["position"])] = {
            "value": "\N{EN DASH}" if value is None else short_number(Fraction(value)),
            "attainment": short_number(Fraction(attainment)) if attainment and is_clipped else "",
        }
    return found


def _notes(reading: IndicatorReading) -> list[str]:
    """Say what the steps do not."""
    return [*_notes_on_withheld(reading), *_notes_on_baseline(reading)]


def _notes_on_withheld(reading: IndicatorReading) -> list[str]:
    """Say which figures count as missing for this reader only."""
    withheld = [period_text(slot.period) for slot in reading.slots if slot.is_withheld]
    if not withheld:
        return []
    return [
        _(
            "Recorded but not validated yet, so without weight in what you see: %(periods)s. The "
            "steps count such a period as missing."
        )
        % {"periods": ", ".join(withheld)}
    ]


def _notes_on_baseline(reading: IndicatorReading) -> list[str]:
    """Say that the two ends speak of different spans of time."""
    indicator, data, first_day = reading.indicator, reading.data, date(reading.year, 1, 1)
    if data is None or data.baseline is None or data.baseline.on >= first_day:
        return []
    if indicator.accumulation != Accumulation.FLOW or not indicator.is_ratio:
        return []
    if reading.status.expected is None:
        return []
    return [
        _(
            "The expected value runs on from the baseline of %(day)s; the actual value takes "
            "together the periods of %(year)s only."
        )
        % {"day": day_text(data.baseline.on), "year": reading.year}
    ]


def _link(path: str, clocks: Clocks, year: int, rule_version: int) -> str:
    return f"{path}{result_query(clocks, year=year, rule_version=rule_version)}#why"


def day_text(day: date) -> str:
    """Return a date as a line of text has it."""
    return date_format(day, "SHORT_DATE_FORMAT")


def moment_text(moment: datetime) -> str:
    """Return a moment in Brussels time as a line of text has it."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def _definition_facts(version: IndicatorDefinition | None) -> list[Fact]:
    if version is None:
        return []
    text = _("version %(number)s") % {"number": version.number}
    if version.number > 1:
        text = _("version %(number)s, valid from %(day)s") % {
            "number": version.number,
            "day": day_text(version.valid_from),
        }
    note = _("recorded %(moment)s") % {"moment": moment_text(version.recorded_at)}
    return [Fact(_("Definition"), text, note)]


def _rule_facts(reading: IndicatorReading) -> list[Fact]:
    indicator = reading.indicator
    facts = [Fact(_("What counts as better"), str(column_text(indicator, "target_kind")))]
    baseline = reading.data.baseline if reading.data else None
    is_amount = starts_at_zero(indicator)
    if baseline is not None:
        text = value_text(indicator, baseline.value)
        facts.append(
            Fact(
                _("Baseline"),
                _("%(value)s on %(day)s") % {"value": text, "day": day_text(baseline.on)},
                _("for comparison: an amount begins at zero") if is_amount else "",
            )
        )
    return facts


def _targets_used(reading: IndicatorReading) -> list[Target]:
    """Return the targets through which the trajectory runs, the final one last."""
    final = reading.final_target
    days = {point.on for point in reading.data.interim} if reading.data else set()
    interim = [target for target in reading.targets if target.due_on in days and target != final]
    return [*interim, *([final] if final else [])]


def target_fact(reading: IndicatorReading, target: Target, recorders: Mapping[int, str]) -> Fact:
    """Return a target with its date, and who set it when."""
    indicator = reading.indicator
    text = target_text(indicator, target)
    if indicator.target_kind != TargetKind.MILESTONE:
        text = _("%(value)s by %(day)s") % {"value": text, "day": day_text(target.due_on)}
    return Fact(
        _("Target") if target.is_final else _("Interim target"),
        text,
        _("set %(moment)s by %(name)s")
        % {
            "moment": moment_text(target.recorded_at),
            "name": recorders.get(target.recorded_by_id, "ibzplan"),
        },
    )


def _slots_counted(reading: IndicatorReading, clocks: Clocks) -> list[SlotReading]:
    """Return the periods that the engine was given and that had ended on the reference date."""
    ended = [slot for slot in reading.slots if slot.period.end <= clocks.reference_date]
    if reading.data is None:
        return ended
    given = {(slot.period_start, slot.period_end) for slot in reading.data.slots}
    return [slot for slot in ended if (slot.period.start, slot.period.end) in given]


def _counted(reading: IndicatorReading, slot: SlotReading) -> CountedSlot:
    row = slot.measurement
    if row is None:
        state = slot.not_applicable_reason or slot.label
        return CountedSlot(period_text(slot.period), "\N{EN DASH}", state, "")
    return CountedSlot(
        period_text(slot.period),
        slot_text(reading.indicator, slot),
        _("Validated") if getattr(row, "is_validated", False) else _("Provisional"),
        moment_text(row.recorded_at),
        ratio_text(row),
    )

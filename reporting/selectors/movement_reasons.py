"""Why an objective moved: sentences made from what two readings of it hold, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from objectives.indicators import engine
from objectives.indicators.choices import Status, TargetKind
from objectives.indicators.formatting import (
    actual_span,
    figure_text,
    period_text,
    target_text,
    value_text,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.choices import ChangeKind
from objectives.planning.models import AmendmentChange, Narrative
from objectives.planning.selectors import ObjectiveReading
from objectives.planning.selectors.readings import LinkReading
from reporting.selectors.restated import restated_between

# What a reason quotes of a text that someone wrote.
QUOTE_CHARS: Final = 240
# When no indicator changed status by itself, the ones that weighed most are named.
TELLING_INDICATORS: Final = 2
# Units often write the same beside several figures.
_MOST_QUOTES: Final = 2


@dataclass(frozen=True, slots=True)
class ReadingPair:
    """An objective at two moments, what was approved in between, and what its unit tells of it."""

    before: ObjectiveReading
    after: ObjectiveReading
    changes: tuple[AmendmentChange, ...] = ()
    narratives: tuple[Narrative, ...] = ()

    @property
    def shared(self) -> list[tuple[LinkReading, LinkReading]]:
        """Return the indicators that it used at both moments, in the order of the later one."""
        then = {link.link.indicator_id: link for link in self.before.indicators}
        return [
            (then[link.link.indicator_id], link)
            for link in self.after.indicators
            if link.link.indicator_id in then
        ]


@dataclass(frozen=True, slots=True)
class _IndicatorPair:
    """An indicator at two moments."""

    before: IndicatorReading
    after: IndicatorReading

    @property
    def name(self) -> str:
        return str(self.after.indicator.title)

    @property
    def changed_status(self) -> bool:
        return self.before.status.status != self.after.status.status

    @property
    def is_milestone(self) -> bool:
        return self.after.indicator.target_kind == TargetKind.MILESTONE


def is_adjusted(pair: ReadingPair) -> bool:
    """Tell whether the plan, its owner or its head's judgement is another one; the status is not.

    A change of the targets of an indicator that the reader does not see adjusts nothing for them.
    """
    return any(True for _sentence in _adjustments(pair)) or bool(_seen_changes(pair))


def reasons_between(pair: ReadingPair) -> tuple[str, ...]:
    """Return the sentences, the most telling first, each once."""
    rows = _indicator_pairs(pair)
    telling = _telling(pair, rows)
    figures = [_figure_sentence(row) for row in telling]
    adjusted = list(_adjustments(pair)) or [_amended_by(one) for one in _seen_changes(pair)]
    is_moved = pair.before.status.status != pair.after.status.status
    sentences = [
        *(figures if is_moved else ()),
        *adjusted,
        *(() if is_moved else figures),
        *(_milestone_moved(row) for row in rows if row not in telling),
        *(sentence for row in rows for sentence in _corrections(row)),
        *(_missing(row) for row in rows if row not in telling),
        *list(dict.fromkeys(_told(pair, telling)))[:_MOST_QUOTES],
    ]
    return tuple(dict.fromkeys(sentence for sentence in sentences if sentence))


def added_reasons(changes: Sequence[AmendmentChange]) -> tuple[str, ...]:
    """Return why an objective came into the plan."""
    return tuple(_amended_by(change) for change in changes) or (_("Approved since."),)


def removed_reasons(changes: Sequence[AmendmentChange]) -> tuple[str, ...]:
    """Return why an objective left the plan."""
    return tuple(_amended_by(change) for change in changes)


def day_text(day: date) -> str:
    """Return a day as the sentences write it."""
    return date_format(day, "SHORT_DATE_FORMAT")


def quoted(text: str) -> str:
    """Return the beginning of what someone wrote, on one line."""
    return Truncator(" ".join(text.split())).chars(QUOTE_CHARS)


def _indicator_pairs(pair: ReadingPair) -> list[_IndicatorPair]:
    """Return the indicators of both moments: the ones that weigh most first."""
    shared = sorted(pair.shared, key=lambda two: (not two[1].link.is_key, -two[1].link.weight))
    return [_IndicatorPair(old.reading, new.reading) for old, new in shared]


def _telling(pair: ReadingPair, rows: Sequence[_IndicatorPair]) -> list[_IndicatorPair]:
    """Return the indicators that changed status, those that went the objective's way first.

    None did: those whose attainment moved most, when the objective's own status moved.
    """
    changed = [row for row in rows if row.changed_status]
    if changed:
        return sorted(changed, key=lambda row: not _goes_along(pair, row))
    if pair.before.status.status == pair.after.status.status:
        return []
    moved = [row for row in rows if _attainment_moved(row)]
    return sorted(moved, key=_attainment_moved, reverse=True)[:TELLING_INDICATORS]


def _goes_along(pair: ReadingPair, row: _IndicatorPair) -> bool:
    whole = _direction(pair.before.status.status, pair.after.status.status)
    return _direction(row.before.status.status, row.after.status.status) == whole


def _direction(old: engine.Status, new: engine.Status) -> int:
    """Return 1 for better, -1 for worse, 0 where one of the two is no judgement."""
    ranks = engine.FIGURE_STATUSES
    if old not in ranks or new not in ranks or old == new:
        return 0
    return 1 if ranks.index(new) > ranks.index(old) else -1


def _attainment_moved(row: _IndicatorPair) -> Fraction:
    old, new = row.before.status.attainment, row.after.status.attainment
    if old is None and new is None:
        return Fraction(0)
    return abs((new or Fraction(0)) - (old or Fraction(0)))


# --- figures ---------------------------------------------------------------------------------


def _figure_sentence(row: _IndicatorPair) -> str:
    """Return what the indicator says now beside what it said then."""
    if row.is_milestone:
        return _milestone_sentence(row)
    new, old = row.after, row.before
    if new.latest is None:
        return _without_figure(row)
    if _is_stale_since(row) and new.latest.period == (old.latest.period if old.latest else None):
        return _missing(row)
    values = {
        "indicator": row.name,
        "now": _actual_text(new),
        "period": _span_text(new),
        "expected": _expected_text(new),
    }
    has_expected = new.status.expected is not None
    if old.latest is None:
        if has_expected:
            return (
                _("%(indicator)s %(now)s (%(period)s), the first figure; expected %(expected)s")
                % values
            )
        return _("%(indicator)s %(now)s (%(period)s), the first figure") % values
    values |= {"then": _actual_text(old), "then_period": _span_text(old)}
    if (values["now"], values["period"]) == (values["then"], values["then_period"]):
        if has_expected:
            return _("%(indicator)s still %(now)s (%(period)s), expected %(expected)s") % values
        return _("%(indicator)s still %(now)s (%(period)s)") % values
    if has_expected:
        return (
            _(
                "%(indicator)s %(now)s (%(period)s); was %(then)s (%(then_period)s), "
                "expected %(expected)s"
            )
            % values
        )
    return _("%(indicator)s %(now)s (%(period)s); was %(then)s (%(then_period)s)") % values


def _without_figure(row: _IndicatorPair) -> str:
    """Return what is said of an indicator that has no figure after."""
    missing = _missing(row, always=True)
    if missing:
        return missing
    if row.before.latest is not None:
        return _("%(indicator)s: no figure any more; was %(then)s (%(then_period)s)") % {
            "indicator": row.name,
            "then": _actual_text(row.before),
            "then_period": _span_text(row.before),
        }
    return _("%(indicator)s: no figure yet") % {"indicator": row.name}


def _missing(row: _IndicatorPair, *, always: bool = False) -> str:
    """Return that the latest figure is missing, when it was not then; '' otherwise."""
    if not always and not _is_stale_since(row):
        return ""
    late = [slot for slot in row.after.slots if slot.is_late]
    if not late:
        return ""
    return _("%(indicator)s: the figure of %(period)s is missing, due on %(day)s") % {
        "indicator": row.name,
        "period": _short(late[-1].period, row.after.year),
        "day": day_text(late[-1].due_on),
    }


def _is_stale_since(row: _IndicatorPair) -> bool:
    return row.after.status.stale and not row.before.status.stale


def _actual_text(reading: IndicatorReading) -> str:
    if reading.status.actual is not None:
        return value_text(reading.indicator, reading.status.actual)
    latest = reading.latest
    return figure_text(reading.indicator, latest.measurement if latest else None)


def _expected_text(reading: IndicatorReading) -> str:
    return value_text(reading.indicator, reading.status.expected)


def _span_text(reading: IndicatorReading) -> str:
    """Return 'T3' for a period of the plan year, 'T3 2025' for another, 'T1–T3' for a flow."""
    span = actual_span(reading)
    if span is None:
        return "\N{EN DASH}"
    first, last = (_short(period, reading.year) for period in span)
    return last if first == last else f"{first}\N{EN DASH}{last}"


def _short(period: Period, year: int) -> str:
    is_part = period.start.year == year and period.resolution != "Y"
    return period.short if is_part else period_text(period)


def _corrections(row: _IndicatorPair) -> Iterator[str]:
    """Say which figures of a period are other ones than they were, and why."""
    for one in restated_between(row.before, row.after):
        values = {
            "indicator": row.name,
            "period": _short(one.period, row.after.year),
            "was": one.was,
            "now": one.now,
        }
        if one.reason:
            values["reason"] = quoted(one.reason)
            yield (
                _("%(indicator)s, %(period)s corrected from %(was)s to %(now)s: “%(reason)s”")
                % values
            )
        else:
            yield _("%(indicator)s, %(period)s corrected from %(was)s to %(now)s") % values


# --- milestones ------------------------------------------------------------------------------


def _milestone_sentence(row: _IndicatorPair) -> str:
    moved = _milestone_moved(row)
    if moved:
        return moved
    due = _due_on(row.after)
    missing = _missing(row)
    if missing or due is None:
        return missing
    return _("%(indicator)s: not done, due on %(due)s") % {
        "indicator": row.name,
        "due": day_text(due),
    }


def _milestone_moved(row: _IndicatorPair) -> str:
    """Return that it was done or that its forecast is another day; '' when neither moved."""
    if not row.is_milestone:
        return ""
    (done, forecast), (was_done, was_forecast) = _said(row.after), _said(row.before)
    due = _due_on(row.after)
    values = {"indicator": row.name, "due": day_text(due) if due else "\N{EN DASH}"}
    if done is not None and done != was_done:
        values["day"] = day_text(done)
        return _("%(indicator)s: done on %(day)s, due on %(due)s") % values
    if done is not None or forecast is None or forecast == was_forecast:
        return ""
    values["day"] = day_text(forecast)
    if was_forecast is None:
        return _("%(indicator)s: expected on %(day)s, due on %(due)s") % values
    values["was"] = day_text(was_forecast)
    return _("%(indicator)s: now expected on %(day)s, was %(was)s; due on %(due)s") % values


def _said(reading: IndicatorReading) -> tuple[date | None, date | None]:
    """Return when the milestone was done, and when it is expected, as the latest figure says."""
    row = reading.latest.measurement if reading.latest else None
    return (row.done_on, row.forecast_on) if row else (None, None)


def _due_on(reading: IndicatorReading) -> date | None:
    return reading.final_target.due_on if reading.final_target else None


# --- what was adjusted -----------------------------------------------------------------------


def _adjustments(pair: ReadingPair) -> Iterator[str]:
    """Say what is another one than it was: target, owner, holder, weights, judgement."""
    for old, new in pair.shared:
        row = _IndicatorPair(old.reading, new.reading)
        yield from _target_changed(row)
        yield from _definition_changed(row)
        yield from _weight_changed(row.name, old, new)
    yield from _links_changed(pair)
    yield from _owner_changed(pair)
    yield from _judgement_changed(pair)


def _target_changed(row: _IndicatorPair) -> Iterator[str]:
    """Say which target it was; the reason that is kept with it names the amendment."""
    was, now = _target_of(row.before), _target_of(row.after)
    if was == now:
        return
    target = row.after.final_target
    values = {"indicator": row.name, "was": was, "now": now}
    if target is not None and target.reason:
        values["reason"] = quoted(target.reason)
        yield _("%(indicator)s: target %(now)s, was %(was)s: “%(reason)s”") % values
    else:
        yield _("%(indicator)s: target %(now)s, was %(was)s") % values


def _target_of(reading: IndicatorReading) -> str:
    """Return the final target with its day, in words; an en dash without one."""
    target = reading.final_target
    text = target_text(reading.indicator, target)
    if target is None or reading.indicator.target_kind == TargetKind.MILESTONE:
        return text
    return _("%(target)s by %(day)s") % {"target": text, "day": day_text(target.due_on)}


def _definition_changed(row: _IndicatorPair) -> Iterator[str]:
    new = row.after.definition
    if new is None or new == row.before.definition:
        return
    values = {"indicator": row.name, "number": new.number, "reason": quoted(new.reason)}
    if new.reason:
        yield _("%(indicator)s: version %(number)s of its definition: “%(reason)s”") % values
    else:
        yield _("%(indicator)s: version %(number)s of its definition") % values


def _weight_changed(name: str, old: LinkReading, new: LinkReading) -> Iterator[str]:
    if old.link.weight != new.link.weight:
        yield _("%(indicator)s: weight %(now)s, was %(was)s") % {
            "indicator": name,
            "now": new.link.weight,
            "was": old.link.weight,
        }
    if old.link.is_key != new.link.is_key:
        sentence = (
            _("%(indicator)s is a key indicator now")
            if new.link.is_key
            else _("%(indicator)s is no key indicator any more")
        )
        yield sentence % {"indicator": name}


def _links_changed(pair: ReadingPair) -> Iterator[str]:
    then = {link.link.indicator_id for link in pair.before.indicators}
    now = {link.link.indicator_id for link in pair.after.indicators}
    for link in pair.after.indicators:
        if link.link.indicator_id not in then:
            yield _("Indicator added: %(indicator)s") % {"indicator": link.reading.indicator.title}
    for link in pair.before.indicators:
        if link.link.indicator_id not in now:
            yield _("Indicator taken away: %(indicator)s") % {
                "indicator": link.reading.indicator.title
            }


def _owner_changed(pair: ReadingPair) -> Iterator[str]:
    old, new = pair.before.objective, pair.after.objective
    why = _motivation(pair, ChangeKind.OWNER)
    if old.unit_id != new.unit_id:
        values = {"now": new.unit.code, "was": old.unit.code, "reason": why}
        if why:
            yield _("Owner %(now)s, was %(was)s: “%(reason)s”") % values
        else:
            yield _("Owner %(now)s, was %(was)s") % values
    if old.holder_id != new.holder_id:
        values = {
            "now": str(new.holder) if new.holder else "\N{EN DASH}",
            "was": str(old.holder) if old.holder else "\N{EN DASH}",
            "reason": why,
        }
        if why and old.unit_id == new.unit_id:
            yield _("Holder %(now)s, was %(was)s: “%(reason)s”") % values
        else:
            yield _("Holder %(now)s, was %(was)s") % values


def _motivation(pair: ReadingPair, kind: ChangeKind) -> str:
    found = (change.motivation for change in reversed(pair.changes) if change.kind == kind)
    return quoted(next(found, ""))


def _judgement_changed(pair: ReadingPair) -> Iterator[str]:
    """Say what the head judges now, with the reason, or that the judgement was taken back."""
    old, new = pair.before.override, pair.after.override
    if (old.pk if old else None) == (new.pk if new else None):
        return
    if new is None:
        yield _("The head took the own judgement back")
        return
    values = {"status": str(Status(new.status).label).lower(), "reason": quoted(new.reason)}
    yield _("The head judges %(status)s: “%(reason)s”") % values


def _seen_changes(pair: ReadingPair) -> list[AmendmentChange]:
    """Return what was approved, without the targets of indicators that the reader does not see."""
    seen = {link.link.indicator_id for one in (pair.before, pair.after) for link in one.indicators}
    return [
        change
        for change in pair.changes
        if change.indicator_id is None or change.indicator_id in seen
    ]


def _amended_by(change: AmendmentChange) -> str:
    values = {
        "number": f"W{change.amendment.number}",
        "kind": str(ChangeKind(change.kind).label).lower(),
        "reason": quoted(change.motivation),
    }
    if change.motivation.strip():
        return _("Amendment %(number)s (%(kind)s): “%(reason)s”") % values
    return _("Amendment %(number)s (%(kind)s)") % values


# --- what the unit tells ---------------------------------------------------------------------


def _told(pair: ReadingPair, rows: Iterable[_IndicatorPair]) -> Iterator[str]:
    """Quote what the unit wrote since: with the figures, and in the narrative of the period."""
    unit = pair.after.objective.unit.code
    for row in rows:
        new, old = row.after.latest, row.before.latest
        if new is None or new.measurement is None:
            continue
        is_new = old is None or old.measurement is None or old.measurement.pk != new.measurement.pk
        text = str(new.measurement.narrative)
        if is_new and text:
            yield _told_by(unit, text)
    if pair.narratives:
        last = max(pair.narratives, key=lambda row: (row.period.end, row.known_from))
        text = str(last.obstacles) or str(last.done)
        if text:
            yield _told_by(unit, text)


def _told_by(unit: str, text: str) -> str:
    return _("%(unit)s explains: “%(text)s”") % {"unit": unit, "text": quoted(text)}

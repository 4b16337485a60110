"""Why an objective moved: what of the plan, its owner or its head's judgement is another one."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from objectives.indicators.choices import Status, TargetKind
from objectives.indicators.formatting import target_text
from objectives.indicators.selectors import IndicatorReading
from objectives.planning.choices import ChangeKind
from objectives.planning.models import AmendmentChange
from objectives.planning.selectors.readings import LinkReading
from reporting.selectors.movement_pairs import IndicatorPair, ReadingPair, day_text, quoted


def adjustments(pair: ReadingPair) -> Iterator[str]:
    """Say what is another one than it was: target, owner, holder, weights, judgement."""
    for old, new in pair.shared:
        row = IndicatorPair(old.reading, new.reading)
        yield from _target_changed(row)
        yield from _definition_changed(row)
        yield from _weight_changed(row.name, old, new)
    yield from _links_changed(pair)
    yield from _owner_changed(pair)
    yield from _judgement_changed(pair)


def _target_changed(row: IndicatorPair) -> Iterator[str]:
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


def _definition_changed(row: IndicatorPair) -> Iterator[str]:
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


def seen_changes(pair: ReadingPair) -> list[AmendmentChange]:
    """Return what was approved, without the targets of indicators that the reader does not see."""
    seen = {link.link.indicator_id for one in (pair.before, pair.after) for link in one.indicators}
    return [
        change
        for change in pair.changes
        if change.indicator_id is None or change.indicator_id in seen
    ]


def amended_by(change: AmendmentChange) -> str:
    """Return which amendment it was, of which kind, and why."""
    values = {
        "number": f"W{change.amendment.number}",
        "kind": str(ChangeKind(change.kind).label).lower(),
        "reason": quoted(change.motivation),
    }
    if change.motivation.strip():
        return _("Amendment %(number)s (%(kind)s): “%(reason)s”") % values
    return _("Amendment %(number)s (%(kind)s)") % values

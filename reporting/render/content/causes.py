"""Why something changed since an earlier report, in the words of the dashboard."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from objectives.indicators.choices import Status
from objectives.indicators.periods import Period
from objectives.planning.choices import ChangeKind
from reporting.render.blocks import Figure, Name, Run, Typed, Words
from reporting.render.content.difference_texts import DIFFERENCES
from reporting.render.sentences import sentence
from reporting.render.wording import (
    NONE,
    FactReader,
    as_typed,
    dated,
    day,
    plan_text,
    slot_state,
    typed,
)
from reporting.selectors.movement_figures import short_period
from reporting.selectors.movement_pairs import quoted

Part = Mapping[str, Any]


def cause_run(cause: Part, facts: FactReader, year: int) -> Run:
    """Return one cause (see reporting.snapshot.causes) as a sentence; `year` is the plan year."""
    template, parts = _SENTENCES.get(cause["kind"], _difference)(cause, facts, year)
    run = sentence(template, indicator=_about(cause), **parts)
    attached = cause["amendment"] is not None and cause["kind"] != "amendment"
    return (*run, Words(" ("), Name(f"W{cause['amendment']}"), Words(")")) if attached else run


Told = tuple[str, dict[str, Any]]


def cause_word(kind: str) -> str:
    """Return in a word or two what a cause speaks of."""
    words = {
        "indicator": _("Figure"),
        "figure": _("Figure"),
        "figure_gone": _("Figure"),
        "no_figure": _("Figure"),
        "missing": _("Missing figure"),
        "withheld": _("Not validated yet"),
        "milestone_done": _("Milestone"),
        "milestone_expected": _("Milestone"),
        "milestone_not_done": _("Milestone"),
        "correction": _("Restated figure"),
        "target": _("Target"),
        "definition": _("Definition"),
        "weight": _("Weight"),
        "key": _("Key indicator"),
        "no_key": _("Key indicator"),
        "indicator_added": _("Indicator added"),
        "indicator_removed": _("Indicator taken away"),
        "confidential": _("Confidential indicators"),
        "owner": _("Owner"),
        "holder": _("Responsible holder"),
        "judgement": _("Judgement of the head"),
        "no_judgement": _("Judgement of the head"),
        "amendment": _("Amendment"),
        "explained": _("Narrative"),
        "came": _("New in this report"),
        "left": _("Not in this report any more"),
    }
    return words.get(kind, _("Other change"))


def _about(cause: Part) -> Run:
    return (plan_text(cause["title"]),) if cause["title"] else ()


def _figure(cause: Part, facts: FactReader, year: int) -> Told:
    """Return what the indicator says now beside what it said then."""
    now = facts.figure(cause["now"])
    then = facts.figure(cause["was"])
    period, then_period = span_run(cause["periods"], year), span_run(cause["wasPeriods"], year)
    parts: dict[str, Any] = {
        "now": now,
        "period": period,
        "then": then,
        "then_period": then_period,
        "expected": facts.figure(cause["expected"]),
    }
    has_expected = cause["expected"] is not None
    if not cause["wasPeriods"]:
        if has_expected:
            return _(
                "%(indicator)s %(now)s (%(period)s), the first figure; expected %(expected)s"
            ), parts
        return _("%(indicator)s %(now)s (%(period)s), the first figure"), parts
    if (now.text, period.text) == (then.text, then_period.text):
        if has_expected:
            return _("%(indicator)s still %(now)s (%(period)s), expected %(expected)s"), parts
        return _("%(indicator)s still %(now)s (%(period)s)"), parts
    if has_expected:
        return _(
            "%(indicator)s %(now)s (%(period)s); was %(then)s (%(then_period)s), "
            "expected %(expected)s"
        ), parts
    return _("%(indicator)s %(now)s (%(period)s); was %(then)s (%(then_period)s)"), parts


def span_run(periods: Sequence[Part], year: int) -> Name:
    """Return 'T3' for a period of the plan year, 'T3 2025' for another, 'T1-T3' for a flow."""
    texts = [
        short_period(Period(date.fromisoformat(one["periodStart"]), one["resolution"]), year)
        for one in periods
    ]
    return Name(NONE.join(dict.fromkeys(texts)) or NONE)


def _figure_gone(cause: Part, facts: FactReader, year: int) -> Told:
    return _("%(indicator)s: no figure any more; was %(then)s (%(then_period)s)"), {
        "then": facts.figure(cause["was"]),
        "then_period": span_run(cause["wasPeriods"], year),
    }


def _no_figure(_cause: Part, _facts: FactReader, _year: int) -> Told:
    return _("%(indicator)s: no figure yet"), {}


def _missing(cause: Part, _facts: FactReader, year: int) -> Told:
    return _("%(indicator)s: the figure of %(period)s is missing, due on %(day)s"), {
        "period": span_run(cause["periods"], year),
        "day": dated(cause["dueOn"]),
    }


def _withheld(cause: Part, _facts: FactReader, year: int) -> Told:
    return _("%(indicator)s: the figure of %(period)s, due on %(day)s, is not validated yet"), {
        "period": span_run(cause["periods"], year),
        "day": dated(cause["dueOn"]),
    }


def _milestone(cause: Part, _facts: FactReader, _year: int) -> Told:
    parts: dict[str, Any] = {"due": dated(cause["dueOn"])}
    if cause["kind"] == "milestone_not_done":
        return _("%(indicator)s: not done, due on %(due)s"), parts
    if cause["kind"] == "milestone_done":
        parts["day"] = _day(cause["now"], cause["doneOn"])
        return _("%(indicator)s: done on %(day)s, due on %(due)s"), parts
    parts["day"] = _day(cause["now"], cause["forecastOn"])
    if cause["wasForecastOn"] is None:
        return _("%(indicator)s: expected on %(day)s, due on %(due)s"), parts
    parts["was"] = _day(cause["was"], cause["wasForecastOn"])
    return _("%(indicator)s: now expected on %(day)s, was %(was)s; due on %(due)s"), parts


def _day(fact: str | None, text: str) -> Figure | Name:
    """Return a day; of an indicator that is a milestone it is the figure itself."""
    return Figure(fact, day(text)) if fact else dated(text)


def _correction(cause: Part, facts: FactReader, year: int) -> Told:
    parts = {
        "period": span_run(cause["periods"], year),
        "was": facts.figure(cause["was"]),
        "now": now_run(cause, facts),
        "reason": _quote(cause),
    }
    if cause["text"]:
        template = _("%(indicator)s, %(period)s corrected from %(was)s to %(now)s: “%(reason)s”")
        return template, parts
    return _("%(indicator)s, %(period)s corrected from %(was)s to %(now)s"), parts


def now_run(row: Part, facts: FactReader) -> Run:
    """Return the figure that a restated one became, or the state that stands in its place."""
    if row["now"] is not None:
        return (facts.figure(row["now"]),)
    return (Words(slot_state(row["nowState"]).lower()),)


def _target(cause: Part, facts: FactReader, _year: int) -> Told:
    parts = {
        "now": _target_run(cause, facts, "now", "dueOn"),
        "was": _target_run(cause, facts, "was", "wasDueOn"),
        "reason": _quote(cause),
    }
    if cause["text"]:
        return _("%(indicator)s: target %(now)s, was %(was)s: “%(reason)s”"), parts
    return _("%(indicator)s: target %(now)s, was %(was)s"), parts


def _target_run(cause: Part, facts: FactReader, side: str, day: str) -> Run:
    """Return a target with its day."""
    ends = cause[f"{side}Range"]
    if len(ends) > 1:
        low, high = facts.figure(ends[0], with_unit=False), facts.figure(ends[1])
        run = sentence(_("%(low)s to %(high)s"), low=low, high=high)
    else:
        run = (facts.figure(cause[side] or next(iter(ends), None)),)
    if cause[day] is None:
        return run
    return sentence(_("%(target)s by %(day)s"), target=run, day=dated(cause[day]))


def _definition(cause: Part, _facts: FactReader, _year: int) -> Told:
    parts = {"number": Name(str(cause["to"])), "reason": _quote(cause)}
    if cause["text"]:
        return _("%(indicator)s: version %(number)s of its definition: “%(reason)s”"), parts
    return _("%(indicator)s: version %(number)s of its definition"), parts


def _weight(cause: Part, facts: FactReader, _year: int) -> Told:
    return _("%(indicator)s: weight %(now)s, was %(was)s"), _both(cause, facts)


def _both(cause: Part, facts: FactReader) -> dict[str, Any]:
    return {"now": facts.figure(cause["now"]), "was": facts.figure(cause["was"])}


def _links(cause: Part, _facts: FactReader, _year: int) -> Told:
    sentences = {
        "key": _("%(indicator)s is a key indicator now"),
        "no_key": _("%(indicator)s is no key indicator any more"),
        "indicator_added": _("Indicator added: %(indicator)s"),
        "indicator_removed": _("Indicator taken away: %(indicator)s"),
    }
    return sentences[cause["kind"]], {}


def _confidential(cause: Part, facts: FactReader, _year: int) -> Told:
    return _("Confidential indicators left out: %(now)s, was %(was)s"), _both(cause, facts)


def _owner(cause: Part, _facts: FactReader, _year: int) -> Told:
    parts = {"now": _side(cause["to"]), "was": _side(cause["from"]), "reason": _quote(cause)}
    is_unit = cause["kind"] == "owner"
    if cause["text"]:
        if is_unit:
            return _("Owner %(now)s, was %(was)s: “%(reason)s”"), parts
        return _("Holder %(now)s, was %(was)s: “%(reason)s”"), parts
    return (_("Owner %(now)s, was %(was)s") if is_unit else _("Holder %(now)s, was %(was)s")), parts


def _side(value: Any) -> Name:
    """Return one side of a change: a code, or a title in the language there is."""
    return plan_text(value) if isinstance(value, Mapping) else Name(value or NONE)


def _judgement(cause: Part, _facts: FactReader, _year: int) -> Told:
    if cause["kind"] == "no_judgement":
        return _("The head took the own judgement back"), {}
    return _("The head judges %(status)s: “%(reason)s”"), {
        "status": Words(str(Status(cause["to"]).label).lower()),
        "reason": _quote(cause),
    }


def _amendment(cause: Part, _facts: FactReader, _year: int) -> Told:
    parts = {
        "number": Name(f"W{cause['amendment']}"),
        "kind": Words(str(ChangeKind(cause["code"]).label).lower()),
        "reason": _quote(cause),
    }
    if cause["text"]:
        return _("Amendment %(number)s (%(kind)s): “%(reason)s”"), parts
    return _("Amendment %(number)s (%(kind)s)"), parts


def _explained(cause: Part, _facts: FactReader, year: int) -> Told:
    return _("%(unit)s explains %(period)s: “%(text)s”"), {
        "unit": Name(cause["code"]),
        "period": span_run(cause["periods"], year),
        "text": _quote(cause),
    }


def _came(_cause: Part, _facts: FactReader, _year: int) -> Told:
    return _("Approved since, or its unit answers to this minister since."), {}


def _left(_cause: Part, _facts: FactReader, _year: int) -> Told:
    return _("Its unit answers to another minister now, or it is no longer in force."), {}


def _difference(cause: Part, facts: FactReader, year: int) -> Told:
    template, parts = DIFFERENCES[cause["kind"]](cause)
    if "periods" in cause:
        parts["period"] = span_run(cause["periods"], year)
    if cause["now"] is not None:
        parts["now"] = facts.figure(cause["now"])
    return template, parts


def _quote(cause: Part) -> Typed:
    """Return the beginning of what someone wrote, on one line."""
    text = cause["text"]
    if isinstance(text, Mapping):
        found = typed(text)
        return Typed(quoted(found.text), lang=found.lang)
    said = as_typed(text or "")
    return Typed(quoted(said.text), lang=said.lang)


_SENTENCES: Final[Mapping[str, Callable[[Part, FactReader, int], Told]]] = {
    "indicator": _figure,
    "figure_gone": _figure_gone,
    "no_figure": _no_figure,
    "missing": _missing,
    "withheld": _withheld,
    "milestone_done": _milestone,
    "milestone_expected": _milestone,
    "milestone_not_done": _milestone,
    "correction": _correction,
    "target": _target,
    "definition": _definition,
    "weight": _weight,
    "key": _links,
    "no_key": _links,
    "indicator_added": _links,
    "indicator_removed": _links,
    "confidential": _confidential,
    "owner": _owner,
    "holder": _owner,
    "judgement": _judgement,
    "no_judgement": _judgement,
    "amendment": _amendment,
    "explained": _explained,
    "came": _came,
    "left": _left,
}

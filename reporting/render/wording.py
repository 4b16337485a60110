"""Facts and texts of a snapshot as a person reads them, in the active language.

Nothing here reads the database: a report of last year reads the same after every later change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ibzplan.core.localised import LocalisedText
from ibzplan.core.numbers import NO_BREAK_SPACE, format_quantity
from objectives.indicators import engine
from objectives.indicators.choices import Status
from objectives.indicators.formatting import period_text, text_with_unit
from objectives.indicators.periods import Period
from objectives.planning.explanations import explain, remarks
from reporting.render.blocks import Figure, Inline, Name, Run, StatusWord, Style, Typed, plain_text
from reporting.render.sentences import joined, sentence
from reporting.render.tongue import language_of
from reporting.snapshot.indicators import VALUE_STATES
from reporting.snapshot.withheld import CAPPED, STOPPED, WITHHELD

# The states of a period by what a snapshot calls them.
_SLOT_STATES: Final = {name: state for state, name in VALUE_STATES.items()}
_REMARKS: Final[Mapping[str, Promise]] = {
    CAPPED: _lazy("A figure is not validated yet"),
    STOPPED: _lazy("Counted up to a figure that is not validated yet"),
}
_CAPPED_WITHHELD: Final = _lazy("a figure is not validated yet")
# Steps about a figure that the reader sees once it is validated.
_STEPS: Final[Mapping[str, Promise]] = {
    engine.StepCode.STALE: _lazy(
        "The figure of the period ending %(period_end)s was due on %(due_on)s and is not validated "
        "yet."
    ),
    engine.StepCode.GAP: _lazy(
        "The figure of the period ending %(period_end)s is not validated yet: the sum stops before "
        "it."
    ),
}
_STEP_DAYS: Final = ("period_end", "due_on")
NONE = "\N{EN DASH}"
DOT = " \N{MIDDLE DOT} "
EM_SPACE = "\N{EM SPACE}"


def words(value: Mapping[str, Any] | None) -> dict[str, str]:
    """Return a localised text with the language it is in when that is not the report's."""
    active = (get_language() or "").split("-")[0]
    if value and (text := str(value.get(active) or "").strip()):  # nearly always
        return {"text": text, "lang": ""}
    text, language = LocalisedText.from_json(value).best()
    return {"text": text, "lang": "" if language == active else language}


def plain(value: Mapping[str, Any] | None) -> str:
    """Return a localised text alone."""
    return words(value)["text"]


def plan_text(value: Mapping[str, Any] | None, style: Style = "") -> Name:
    """Return a title or another text of the plan: what it counts is no figure of the report."""
    found = words(value)
    return Name(found["text"], lang=found["lang"], style=style)


def typed(value: Mapping[str, Any] | None, style: Style = "") -> Typed:
    """Return a localised text that someone typed for this report, such as a narrative."""
    found = words(value)
    return Typed(found["text"], lang=found["lang"], style=style)


def as_typed(text: str, style: Style = "") -> Typed:
    """Return what someone typed in one language, marked where that is another than the report's."""
    language = language_of(text)
    is_own = language == (get_language() or "").split("-")[0]
    return Typed(text, lang="" if is_own else language, style=style)


def coded(part: Mapping[str, Any], code: str = "code") -> Run:
    """Return the code of an objective or indicator, strong, with its title."""
    return joined(Name(part[code], style="strong"), plan_text(part["title"]))


def labelled_run(label: Inline | Run, value: Inline | Run) -> Run:
    """Return 'label: value'; French has a no-break space before the colon."""
    return sentence(_("%(label)s: %(value)s"), label=label, value=value)


def titled(part: Mapping[str, Any], code: str = "code") -> Run:
    """Return the code of a part of the plan with its title, for a heading."""
    return joined(Name(part[code]), plan_text(part["title"]))


def lines_of(*runs: Inline | Run) -> tuple[Run, ...]:
    """Return the lines of a cell; empty ones are left out."""
    lines = (run if isinstance(run, tuple) else (run,) for run in runs)
    return tuple(line for line in lines if plain_text(line))


def in_style(run: Run, style: Style) -> Run:
    """Return a run in a style, but for the parts that have one of their own."""
    return tuple(
        part if isinstance(part, StatusWord) or part.style else replace(part, style=style)
        for part in run
    )


def dated(text: str | None, style: Style = "") -> Name:
    """Return an ISO date for reading; a dash for none."""
    return Name(day(text), style=style)


def day(text: str | None, style: str = "SHORT_DATE_FORMAT") -> str:
    """Return an ISO date for reading; a dash for none."""
    return _day(text, style, get_language() or "") if text else NONE


# The same days and numbers stand in a report again and again.
@lru_cache(maxsize=4096)
def _day(text: str, style: str, _language: str) -> str:
    return date_format(date.fromisoformat(text), style)


@lru_cache(maxsize=16384)
def _number(display: str, decimals: int, _language: str) -> str:
    return format_quantity(Fraction(display), decimals)


@lru_cache(maxsize=1024)
def _period(start: str, resolution: str, _language: str) -> str:
    return period_text(Period(date.fromisoformat(start), resolution))


def moment(text: str) -> str:
    """Return an ISO instant as date and time in Brussels."""
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")


def period(part: Mapping[str, Any]) -> str:
    """Return 'T3 2026' for whatever has a period."""
    return _period(part["periodStart"], part["resolution"], get_language() or "")


def status_word(status: str) -> str:
    """Return the status in words."""
    return str(Status(status).label)


def status_of(status: str) -> StatusWord:
    """Return a status with its mark."""
    return StatusWord(status, status_word(status))


def judged(part: Mapping[str, Any]) -> Run:
    """Return the judgement of the head, beside the computed status; nothing without one."""
    judgement = part["judgement"]
    if judgement is None:
        return ()
    status = judgement["status"]
    return (StatusWord(status, status_word(status), is_judgement=True),)


def slot_state(name: str) -> str:
    """Return the state of a period in words; the name itself when it is of another schema."""
    if name == WITHHELD:
        return _("Not validated yet")
    return str(_SLOT_STATES[name].label) if name in _SLOT_STATES else name


def remark_words(codes: Sequence[str]) -> list[str]:
    """Return remarks in words."""
    return [
        str(_REMARKS[code]) if code in _REMARKS else remarks((engine.Remark(code),))[0]
        for code in codes
    ]


def remark_run(codes: Sequence[str]) -> Run:
    """Return remarks after each other, small; nothing for none."""
    said = DOT.join(remark_words(codes))
    return (Name(said, style="small"),) if said else ()


def _step(fact: Mapping[str, Any]) -> str:
    """Return the sentence of a step that explains a status."""
    code, values = engine.StepCode(fact["code"]), fact["values"]
    if WITHHELD in values:
        days = {name: day(text) for name, text in values.items() if name in _STEP_DAYS}
        return str(_STEPS[code]) % days
    if values.get("reason") == CAPPED:
        values = {**values, "reason": str(_CAPPED_WITHHELD)}
    return explain((engine.Step(code, values),))[0]


class FactReader:
    """The only way from a snapshot's figures to the text of a report."""

    def __init__(self, facts: Mapping[str, Mapping[str, Any]]) -> None:
        """Read from the facts of one snapshot."""
        self._facts = facts

    def number(self, key: str) -> int:
        """Return a count, for pictures and plural forms."""
        return int(self._facts[key]["value"])

    def value(self, key: str) -> Fraction:
        """Return the exact number, for pictures."""
        return Fraction(self._facts[key]["value"])

    def counts(self, keys: Mapping[str, str]) -> dict[str, int]:
        """Return a distribution in the order of the statuses, for the stacked bar."""
        return {status: self.number(keys[status]) for status in Status.values}

    def text(self, key: str | None, *, with_unit: bool = True, may_wrap: bool = False) -> str:
        """Return a figure for reading, whatever its kind; a dash for none.

        In a narrow column the unit may go to the next line.
        """
        if key is None:
            return NONE
        fact = self._facts[key]
        kind = fact["kind"]
        if kind == "date":
            return self._date(fact)
        if kind == "level":
            return plain(fact["name"]) or str(fact["display"])
        number = _number(fact["display"], fact.get("decimals", 0), get_language() or "")
        if kind == "share":
            return text_with_unit(number, "%")
        text = text_with_unit(number, plain(fact.get("unit")) if with_unit else "")
        return text.replace(f"{number}{NO_BREAK_SPACE}", f"{number} ", 1) if may_wrap else text

    def figure(
        self,
        key: str | None,
        *,
        with_unit: bool = True,
        may_wrap: bool = False,
        style: Style = "",
    ) -> Figure | Name:
        """Return a figure bound to its fact; a dash for none."""
        text = self.text(key, with_unit=with_unit, may_wrap=may_wrap)
        return Name(text, style=style) if key is None else Figure(key, text, style=style)

    def progress(self, part: Mapping[str, Any], style: Style = "") -> tuple[Inline, Inline]:
        """Return the realised and the expected share of an objective or werf."""
        shares = part["progress"] or {"actual": None, "expected": None}
        return (
            self.figure(shares["actual"], style=style),
            self.figure(shares["expected"], style=style),
        )

    def steps(self, keys: Sequence[str]) -> list[str]:
        """Return the sentences that say why a status is what it is."""
        return [_step(self._facts[key]) for key in keys]

    def why(self, keys: Sequence[str]) -> Run:
        """Return the same, each sentence bound to the step that it says."""
        said = zip(keys, self.steps(keys), strict=True)
        return joined(*(Figure(key, text) for key, text in said))

    def _date(self, fact: Mapping[str, Any]) -> str:
        shown = {"date": day(fact["display"])}
        if fact["role"] == "done":
            return _("done on %(date)s") % shown
        if fact["role"] == "expected":
            return _("expected on %(date)s") % shown
        return _("by %(date)s") % shown

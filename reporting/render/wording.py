"""Facts and texts of a snapshot as a person reads them, in the active language.

Nothing here reads the database: a report of last year reads the same after every later change.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.numbers import NO_BREAK_SPACE, format_quantity
from objectives.indicators import engine
from objectives.indicators.choices import Status
from objectives.indicators.formatting import period_text, text_with_unit
from objectives.indicators.periods import Period
from objectives.planning.explanations import explain, remarks

NONE = "\N{EN DASH}"


def words(value: Mapping[str, Any] | None) -> dict[str, str]:
    """Return a localised text with the language it is in when that is not the report's."""
    text, language = LocalisedText.from_json(value).best()
    same = language == (get_language() or "").split("-")[0]
    return {"text": text, "lang": "" if same else language}


def plain(value: Mapping[str, Any] | None) -> str:
    """Return a localised text alone."""
    return words(value)["text"]


def day(text: str | None, style: str = "SHORT_DATE_FORMAT") -> str:
    """Return an ISO date for reading; a dash for none."""
    return date_format(date.fromisoformat(text), style) if text else NONE


def moment(text: str) -> str:
    """Return an ISO instant as date and time in Brussels."""
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")


def period(part: Mapping[str, Any]) -> str:
    """Return 'T3 2026' for whatever has a period."""
    return period_text(Period(date.fromisoformat(part["periodStart"]), part["resolution"]))


def status_word(status: str) -> str:
    """Return the status in words."""
    return str(Status(status).label)


def remark_words(codes: Sequence[str]) -> list[str]:
    """Return remarks in words."""
    return remarks(tuple(engine.Remark(code) for code in codes))


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
        number = format_quantity(Fraction(fact["display"]), fact.get("decimals", 0))
        if kind == "share":
            return text_with_unit(number, "%")
        text = text_with_unit(number, plain(fact.get("unit")) if with_unit else "")
        return text.replace(f"{number}{NO_BREAK_SPACE}", f"{number} ", 1) if may_wrap else text

    def steps(self, keys: Sequence[str]) -> list[str]:
        """Return the sentences that say why a status is what it is."""
        rows = [self._facts[key] for key in keys]
        return explain(
            tuple(engine.Step(engine.StepCode(row["code"]), row["values"]) for row in rows)
        )

    def _date(self, fact: Mapping[str, Any]) -> str:
        shown = {"date": day(fact["display"])}
        if fact["role"] == "done":
            return _("done on %(date)s") % shown
        if fact["role"] == "expected":
            return _("expected on %(date)s") % shown
        return _("by %(date)s") % shown

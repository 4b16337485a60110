"""Reads fixtures/demo/stories.yaml: single events, each told of one title, of the running year.

`of` is the Dutch title of an indicator or (a judgement) of an objective of the running year. Days
are written "MM-DD" and fall in that year; what lies after today has not happened yet. `period` is
the place of a period in the year: 0 the first, -1 the last whose time for this has come. What is
`restated` is the figure of last year's last period.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import Status
from reporting.demo.entries import Day, day_read, text_read


@dataclass(frozen=True, slots=True, kw_only=True)
class Redefinition:
    """Another version of the definition: recorded on a day, with other texts.

    It holds from `valid_from`, `years_back` years earlier if it says so; without, as long as the
    version before it. With `factor` the figures of after that day lie apart from those before.
    """

    on: Day
    valid_from: Day | None
    years_back: int
    is_break: bool
    factor: Decimal | None
    reason: str
    texts: Mapping[str, LocalisedText]


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """The head sends a figure back; with `correction` it was `times` the right one."""

    period: int
    reason: str
    times: Decimal = Decimal(1)
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A figure put right on a day, with the reason: `times` what it will prove to be."""

    on: Day
    times: Decimal
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """A figure that came in as `first` times the right one and was corrected more than once."""

    first: Decimal
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedWrong:
    """A figure that a report showed as `times` the right one, corrected so many days after."""

    times: Decimal
    after_days: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A figure far from the others that the planner confirmed."""

    period: int
    times: Decimal
    narrative: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """The planner says, once the year runs, that a period is not measured."""

    period: int
    on: Day
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The head puts a status beside the computed one; '' takes it back."""

    on: Day
    status: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """What happens to one indicator; `first_weight` is its weight before the planner changed it."""

    redefined: Redefinition | None = None
    returned: Return | None = None
    outlier: Outlier | None = None
    exempted: Exemption | None = None
    restated: Restatement | None = None
    reported_wrong: ReportedWrong | None = None
    first_weight: int | None = None

    @property
    def is_of_last_year(self) -> bool:
        """Tell whether nothing happens in the running year."""
        return replace(self, restated=None) == Tale()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tales:
    """All events by the Dutch title of what they happen to."""

    indicators: Mapping[str, Tale] = field(default_factory=dict)
    judgements: Mapping[str, tuple[Judgement, ...]] = field(default_factory=dict)

    def of(self, title: LocalisedText) -> Tale:
        """Return what happens to the indicator of that title."""
        return self.indicators.get(title["nl"], Tale())

    def check(self, *, indicators: Iterable[str], objectives: Iterable[str]) -> None:
        """Raise ValueError when a tale is told of a title that is not there exactly once."""
        for told, there in ((self.indicators, [*indicators]), (self.judgements, [*objectives])):
            wrong = [title for title in told if there.count(title) != 1]
            if wrong:
                raise ValueError(f"not there exactly once: {', '.join(wrong)}")


def _redefinition(entry: Mapping[str, Any]) -> Redefinition:
    return Redefinition(
        on=day_read(entry["day"]),
        valid_from=day_read(entry["valid_from"]) if "valid_from" in entry else None,
        years_back=entry.get("years_back", 0),
        is_break=entry.get("breaks", False),
        factor=Decimal(str(entry["factor"])) if "factor" in entry else None,
        reason=entry["reason"],
        texts={name: text_read(text) for name, text in entry["texts"].items()},
    )


def _return(entry: Mapping[str, Any]) -> Return:
    return Return(
        period=entry["period"],
        reason=entry["reason"],
        times=Decimal(str(entry.get("times", 1))),
        correction=entry.get("correction", ""),
    )


def _outlier(entry: Mapping[str, Any]) -> Outlier:
    return Outlier(
        period=entry["period"],
        times=Decimal(str(entry["times"])),
        narrative=text_read(entry["narrative"]),
    )


def _exemption(entry: Mapping[str, Any]) -> Exemption:
    return Exemption(period=entry["period"], on=day_read(entry["day"]), reason=entry["reason"])


def _restatement(entry: Mapping[str, Any]) -> Restatement:
    return Restatement(
        first=Decimal(str(entry["first"])),
        corrections=tuple(
            Correction(
                on=day_read(one["day"]),
                times=Decimal(str(one.get("times", 1))),
                reason=one["reason"],
            )
            for one in entry["corrections"]
        ),
    )


def _reported_wrong(entry: Mapping[str, Any]) -> ReportedWrong:
    return ReportedWrong(
        times=Decimal(str(entry["times"])),
        after_days=entry["after_days"],
        reason=entry["reason"],
    )


def _judgement(entry: Mapping[str, Any]) -> Judgement:
    status = entry.get("status", "")
    return Judgement(
        on=day_read(entry["day"]),
        status=Status(status).value if status else "",
        reason=entry["reason"],
    )


# The sections of the file about indicators, what a tale calls them, and how an entry is read.
_SECTIONS: Final[tuple[tuple[str, str, Callable[[Mapping[str, Any]], Any]], ...]] = (
    ("redefined", "redefined", _redefinition),
    ("returned", "returned", _return),
    ("confirmed_outliers", "outlier", _outlier),
    ("not_applicable", "exempted", _exemption),
    ("restated", "restated", _restatement),
    ("corrected_after_report", "reported_wrong", _reported_wrong),
    ("weighed", "first_weight", itemgetter("first")),
)


def tales_read(data: Mapping[str, Any]) -> Tales:
    """Return the tales of the file's content. Raises KeyError or ValueError for a wrong one."""
    told: dict[str, dict[str, Any]] = {}
    for section, name, read in _SECTIONS:
        for entry in data[section]:
            told.setdefault(entry["of"], {})[name] = read(entry)
    return Tales(
        indicators={title: Tale(**found) for title, found in told.items()},
        judgements={
            entry["of"]: tuple(_judgement(one) for one in entry["judgements"])
            for entry in data["judged"]
        },
    )

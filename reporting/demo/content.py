"""Reads fixtures/demo: what the fictional objectives and indicators say, and how they fare.

An objective has a werf, a unit, a title in Dutch and French, its goals, NVP objectives (`nvp`)
and a `story`; with `before`, last year's plan holds it too, under that title. An indicator takes
the keys of `IndicatorContent`; one with a value `before` ran last year already, one with
`only: before` ran last year alone. Days are written "MM-DD" and fall in the plan's year.

In a draft `series` names an indicator of the running year, by its Dutch title, that goes on with a
target `to`; `withdrawn` says why the planner took an indicator out again; `motivated` lists what
the planner says to the SMART check: the `rule`, the Dutch title of the `indicator` it is about, if
any, and the `text`.

What the definition sheets say is in sheets.yaml and vocabulary.yaml (see reporting.demo.sheets),
what happens to single indicators and objectives in stories.yaml (see reporting.demo.tales), what
happens to objectives in the plan cycle in cycle.yaml (see reporting.demo.cycle), what cabinets and
directorates ask each other in questions.yaml (see reporting.demo.asking_content), what people say
about progress reports in reports.yaml (see reporting.demo.report_content), what is said of credits
and people in means.yaml (see reporting.demo.means_content).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import (
    Accumulation,
    Frequency,
    IndicatorType,
    TargetKind,
    Trajectory,
)
from reporting.demo.asking_content import QuestionContent, questions_read
from reporting.demo.cycle import CycleContent, cycle_read
from reporting.demo.entries import Day, day_read, number_read, text_read
from reporting.demo.means_content import MeansContent, means_read
from reporting.demo.report_content import ReportsContent, reports_read
from reporting.demo.sheets import Sheet, SheetBook, sheet_book
from reporting.demo.tales import Tales, tales_read

ON: Final = "on"
RISK: Final = "risk"
OFF: Final = "off"
ACHIEVED: Final = "achieved"
NOT_STARTED: Final = "not_started"
NO_DATA: Final = "no_data"
AHEAD: Final = "ahead"
LATE: Final = "late"
STORIES: Final = (ON, RISK, OFF, ACHIEVED, NOT_STARTED, NO_DATA, AHEAD, LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorContent:
    """An indicator. `start` is the baseline, `before` last year's target, `target` this year's.

    `denominator` is the usual one of a period; None means that it is not a ratio. `withdrawn` says
    why the planner took it out of its draft, if so.
    """

    title: LocalisedText
    unit: str
    kind: str
    type: str
    sheet: Sheet
    story: str
    accumulation: str
    trajectory: str
    frequency: str
    decimals: int
    start: Decimal | None
    before: Decimal | None
    target: Decimal | None
    denominator: int | None
    levels: str
    low: Decimal | None
    high: Decimal | None
    tolerance: Decimal | None
    on_track_from: Decimal | None
    at_risk_from: Decimal | None
    interim: tuple[tuple[Day, Decimal], ...]
    due: Day
    done: Day | None
    forecast: Day | None
    weight: int
    is_key: bool
    is_confidential: bool
    only_before: bool
    withdrawn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesContent:
    """A series of the running year, by its Dutch title, that a draft goes on with."""

    title: str
    target: Decimal
    weight: int
    is_key: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MotivationContent:
    """What a planner says to a rule of the SMART check; `indicator` is a Dutch title, or ''."""

    rule: str
    text: str
    indicator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveContent:
    """An operational objective; `title_before` is that of last year's, if there was one.

    `has_holder` False: nobody was named yet.
    """

    werf: str
    unit: str
    title: LocalisedText
    title_before: LocalisedText | None
    story: str
    goals: tuple[str, ...]
    security_objectives: tuple[str, ...]
    indicators: tuple[IndicatorContent, ...]
    is_submitted: bool
    series: tuple[SeriesContent, ...] = ()
    motivated: tuple[MotivationContent, ...] = ()
    has_holder: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountContent:
    """An account; `unit` and `minister` are codes, or ''."""

    username: str
    name: str
    role: str
    unit: str = ""
    minister: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoContent:
    """All texts of the demo."""

    objectives: tuple[ObjectiveContent, ...]
    drafts: tuple[ObjectiveContent, ...]
    accounts: tuple[AccountContent, ...]
    units_of_measure: Mapping[str, LocalisedText]
    levels: Mapping[str, list[dict[str, str]]]
    holders: Mapping[str, LocalisedText]
    compilers: Mapping[str, str]
    tales: Tales
    cycle: CycleContent
    questions: tuple[QuestionContent, ...]
    reports: ReportsContent
    means: MeansContent
    narratives: Mapping[str, list[LocalisedText]]
    correction_reasons: list[str]
    not_applicable_reasons: list[str]
    milestone_done_reason: str

    @property
    def unit_codes(self) -> list[str]:
        """Return the units that have objectives, each once."""
        return list(dict.fromkeys(one.unit for one in (*self.objectives, *self.drafts)))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _day(value: str | None) -> Day | None:
    return None if value is None else day_read(value)


def _story(entry: Mapping[str, Any], inherited: str) -> str:
    story = str(entry.get("story", inherited))
    if story not in STORIES:
        raise ValueError(f"no such story: {story}")
    return story


def _indicator(entry: Mapping[str, Any], story: str, book: SheetBook) -> IndicatorContent:
    title, accumulation = text_read(entry), entry.get("accumulation", Accumulation.LEVEL)
    return IndicatorContent(
        title=title,
        unit=entry["unit"],
        kind=TargetKind(entry.get("kind", TargetKind.INCREASE)),
        type=IndicatorType(entry.get("type", IndicatorType.OUTPUT)),
        sheet=book.sheet(
            title, unit=entry["unit"], accumulation=accumulation, is_ratio="ratio" in entry
        ),
        story=_story(entry, story),
        accumulation=Accumulation(accumulation),
        trajectory=Trajectory.STEP if entry.get("step") else Trajectory.LINEAR,
        frequency=Frequency(entry.get("frequency", Frequency.TERM)),
        decimals=entry.get("decimals", 0),
        start=number_read(entry.get("from")),
        before=number_read(entry.get("before")),
        target=number_read(entry.get("to")),
        denominator=entry.get("ratio"),
        levels=entry.get("levels", ""),
        low=number_read(entry.get("low")),
        high=number_read(entry.get("high")),
        tolerance=number_read(entry.get("tolerance")),
        on_track_from=number_read(entry.get("on_track")),
        at_risk_from=number_read(entry.get("at_risk")),
        interim=tuple(
            ((int(day[:2]), int(day[3:])), Decimal(str(value)))
            for day, value in entry.get("interim", {}).items()
        ),
        due=_day(entry.get("due")) or (12, 31),
        done=_day(entry.get("done")),
        forecast=_day(entry.get("forecast")),
        weight=entry.get("weight", 1),
        is_key=entry.get("key", False),
        is_confidential=entry.get("confidential", False),
        only_before=entry.get("only") == "before",
        withdrawn=entry.get("withdrawn", ""),
    )


def _series(entry: Mapping[str, Any]) -> SeriesContent:
    return SeriesContent(
        title=entry["series"],
        target=Decimal(str(entry["to"])),
        weight=entry.get("weight", 1),
        is_key=entry.get("key", False),
    )


def _objective(entry: Mapping[str, Any], book: SheetBook) -> ObjectiveContent:
    story = _story(entry, ON)
    return ObjectiveContent(
        werf=entry["werf"],
        unit=entry["unit"],
        title=text_read(entry["title"]),
        title_before=text_read(entry["before"]) if "before" in entry else None,
        story=story,
        goals=tuple(entry.get("goals", ())),
        security_objectives=tuple(entry.get("nvp", ())),
        indicators=tuple(
            _indicator(one, story, book) for one in entry["indicators"] if "series" not in one
        ),
        is_submitted=entry.get("submitted", False),
        series=tuple(_series(one) for one in entry["indicators"] if "series" in one),
        motivated=tuple(MotivationContent(**one) for one in entry.get("motivated", ())),
        has_holder=entry.get("holder", True),
    )


def _accounts(data: Mapping[str, Any], units: list[str]) -> tuple[AccountContent, ...]:
    of_units = [
        AccountContent(
            username=entry["username"].format(unit=unit.lower()),
            name=entry["name"].format(unit=unit),
            role=entry["role"],
            unit=unit,
        )
        for unit in units
        for entry in data["each_unit"]
    ]
    return (*of_units, *(AccountContent(**entry) for entry in data["accounts"]))


def _check_titles(content: DemoContent, book: SheetBook) -> None:
    """Raise ValueError when a file speaks of a title that is not there."""
    everything = [*content.objectives, *content.drafts]
    running = [one.title["nl"] for told in content.objectives for one in told.indicators]
    book.check(one.title["nl"] for told in everything for one in told.indicators)
    content.tales.check(
        indicators=running, objectives=(told.title["nl"] for told in content.objectives)
    )
    content.cycle.check(
        objectives=(told.title["nl"] for told in content.objectives),
        drafts=(told.title["nl"] for told in content.drafts),
        submitted=(told.title["nl"] for told in content.drafts if told.is_submitted),
        indicators=running,
    )
    asked = [one.of for one in content.questions]
    asked += [one.of for one in content.reports.draft.remarks]
    about = [one.indicator for one in content.questions if one.indicator]
    about.append(content.reports.correction.of)
    titles = [told.title["nl"] for told in content.objectives]
    if unknown := [*({*asked} - {*titles}), *({*about} - {*running})]:
        raise ValueError(f"asked about, and not there: {', '.join(unknown)}")
    wrong = [one.title for told in everything for one in told.series if one.title not in running]
    if wrong:
        raise ValueError(f"no such series: {', '.join(wrong)}")


def content_read(folder: Path) -> DemoContent:
    """Return the content of the folder. Raises KeyError or ValueError for a wrong file."""
    words = _read(folder / "vocabulary.yaml")
    book = sheet_book(words, _read(folder / "sheets.yaml")["entries"])
    objectives = tuple(
        _objective(entry, book)
        for path in sorted(folder.glob("objectives_*.yaml"))
        for entry in _read(path)["entries"]
    )
    drafts = tuple(_objective(entry, book) for entry in _read(folder / "drafts.yaml")["entries"])
    units = list(dict.fromkeys(one.unit for one in (*objectives, *drafts)))
    content = DemoContent(
        objectives=objectives,
        drafts=drafts,
        accounts=_accounts(_read(folder / "accounts.yaml"), units),
        units_of_measure={k: text_read(v) for k, v in words["units_of_measure"].items()},
        levels=words["levels"],
        holders={k: text_read(v) for k, v in words["holders"].items()},
        compilers=words["compilers"],
        tales=tales_read(_read(folder / "stories.yaml")),
        cycle=cycle_read(_read(folder / "cycle.yaml")),
        questions=questions_read(_read(folder / "questions.yaml")),
        reports=reports_read(_read(folder / "reports.yaml")),
        means=means_read(_read(folder / "means.yaml")),
        narratives={k: [text_read(v) for v in found] for k, found in words["narratives"].items()},
        correction_reasons=words["correction_reasons"],
        not_applicable_reasons=words["not_applicable_reasons"],
        milestone_done_reason=words["milestone_done_reason"],
    )
    _check_titles(content, book)
    return content

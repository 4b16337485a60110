"""Reads fixtures/demo/cycle.yaml: what happens to objectives in the plan cycle.

Objectives are named by their Dutch title. Activities, risks, origins and evaluations are texts in
stock, taken in turn; an activity without `from` and `to` runs the whole year. `continued` says
which running objective a draft carries on. The first of `amendments` was approved in June; what it
says of an objective `_before` is what the plan said until then, for the other files tell what holds
now. The second was submitted so many days before today. `returned` are drafts that the corporate
cell sent back, `asked` questions about submitted ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from ibzplan.core.localised import LocalisedText
from objectives.planning.choices import ChangeKind, EvaluationResult, Origin, RiskResponse
from objectives.strategy.choices import ActivityKind
from reporting.demo.entries import Day, day_read, number_read, text_read

_ANY_UNIT: Final = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginContent:
    """A political text; `reference` may name the year of the plan."""

    origin: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityContent:
    """An activity with its milestones: title and day."""

    kind: str
    title: LocalisedText
    description: LocalisedText
    starts: Day | None
    ends: Day | None
    milestones: tuple[tuple[LocalisedText, Day], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskContent:
    """A risk with what is done about it."""

    title: LocalisedText
    likelihood: int
    impact: int
    response: str
    measure: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeContent:
    """A proposed change of the objective `of`; what it does not speak of is None or ''."""

    kind: str
    of: str
    motivation: str
    is_important: bool
    indicator: str
    value: Decimal | None
    value_before: Decimal | None
    title_before: LocalisedText | None
    description: LocalisedText | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentContent:
    """An amendment, decided on a day or submitted so long ago; `unit` '' is the corporate cell."""

    title: LocalisedText
    motivation: LocalisedText
    unit: str
    decided: Day | None
    submitted_days_ago: int
    changes: tuple[ChangeContent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationContent:
    """What a unit says at the end of the year."""

    explanation: LocalisedText
    lessons: LocalisedText


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkContent:
    """A remark on a field, and the planner's answer if there is one."""

    field: str
    text: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnContent:
    """Why a draft went back, and what must change in it."""

    reason: str
    remarks: tuple[RemarkContent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleContent:
    """Everything that the file says."""

    origins: Mapping[str, tuple[OriginContent, ...]]
    co_owners: Mapping[str, str]
    sub_units: Mapping[str, str]
    activities: tuple[ActivityContent, ...]
    risks: tuple[RiskContent, ...]
    means: tuple[LocalisedText, ...]
    continued: Mapping[str, str]
    amendments: tuple[AmendmentContent, ...]
    evaluations: Mapping[str, tuple[EvaluationContent, ...]]
    returned: Mapping[str, ReturnContent]
    asked: Mapping[str, RemarkContent]

    def origins_of(self, unit: str) -> tuple[OriginContent, ...]:
        """Return the political texts that a unit carries out."""
        return self.origins.get(unit, self.origins[_ANY_UNIT])

    def check(
        self,
        *,
        objectives: Iterable[str],
        drafts: Iterable[str],
        submitted: Iterable[str],
        indicators: Iterable[str],
    ) -> None:
        """Raise ValueError when the file speaks of a title that is not there exactly once."""
        running, draft, handed_in = [*objectives], [*drafts], [*submitted]
        changes = [change for one in self.amendments for change in one.changes]
        named = [change.indicator for change in changes if change.indicator]
        told: tuple[tuple[Iterable[str], list[str]], ...] = (
            (self.sub_units, running),
            (self.continued.values(), running),
            (self.continued, draft),
            ((change.of for change in changes), running),
            (named, [*indicators]),
            (self.returned, [title for title in draft if title not in handed_in]),
            (self.asked, handed_in),
        )
        wrong = [title for titles, there in told for title in titles if there.count(title) != 1]
        if wrong:
            raise ValueError(f"not there exactly once: {', '.join(wrong)}")


def _text(entry: Mapping[str, Any], name: str) -> LocalisedText:
    return text_read(entry[name]) if name in entry else LocalisedText()


def _day(entry: Mapping[str, Any], name: str) -> Day | None:
    return day_read(entry[name]) if name in entry else None


def _activity(entry: Mapping[str, Any]) -> ActivityContent:
    return ActivityContent(
        kind=ActivityKind(entry["kind"]).value,
        title=text_read(entry["title"]),
        description=_text(entry, "description"),
        starts=_day(entry, "from"),
        ends=_day(entry, "to"),
        milestones=tuple((text_read(one), day_read(one["due"])) for one in entry["milestones"]),
    )


def _risk(entry: Mapping[str, Any]) -> RiskContent:
    return RiskContent(
        title=text_read(entry["title"]),
        likelihood=entry["likelihood"],
        impact=entry["impact"],
        response=RiskResponse(entry["response"]).value,
        measure=_text(entry, "measure"),
    )


def _change(entry: Mapping[str, Any]) -> ChangeContent:
    return ChangeContent(
        kind=ChangeKind(entry["kind"]).value,
        of=entry["of"],
        motivation=entry["motivation"],
        is_important=entry.get("important", False),
        indicator=entry.get("indicator", ""),
        value=number_read(entry.get("value")),
        value_before=number_read(entry.get("value_before")),
        title_before=text_read(entry["title_before"]) if "title_before" in entry else None,
        description=text_read(entry["description"]) if "description" in entry else None,
    )


def _amendment(entry: Mapping[str, Any]) -> AmendmentContent:
    return AmendmentContent(
        title=text_read(entry["title"]),
        motivation=text_read(entry["motivation"]),
        unit=entry.get("unit", ""),
        decided=_day(entry, "decided"),
        submitted_days_ago=entry.get("submitted_days_ago", 0),
        changes=tuple(_change(one) for one in entry["changes"]),
    )


def _evaluation(entry: Mapping[str, Any]) -> EvaluationContent:
    return EvaluationContent(
        explanation=text_read(entry["explanation"]), lessons=text_read(entry["lessons"])
    )


def _remark(entry: Mapping[str, Any]) -> RemarkContent:
    return RemarkContent(field=entry["field"], text=entry["text"], answer=entry.get("answer", ""))


def _origin(entry: Mapping[str, Any]) -> OriginContent:
    return OriginContent(origin=Origin(entry["origin"]).value, reference=entry["reference"])


def cycle_read(data: Mapping[str, Any]) -> CycleContent:
    """Return the file's content. Raises KeyError or ValueError for a wrong one."""
    return CycleContent(
        origins={unit: tuple(map(_origin, found)) for unit, found in data["origins"].items()},
        co_owners=data["co_owners"],
        sub_units=data["sub_units"],
        activities=tuple(map(_activity, data["activities"])),
        risks=tuple(map(_risk, data["risks"])),
        means=tuple(map(text_read, data["means"])),
        continued=data["continued"],
        amendments=tuple(map(_amendment, data["amendments"])),
        evaluations={
            EvaluationResult(result).value: tuple(map(_evaluation, found))
            for result, found in data["evaluations"].items()
        },
        returned={
            entry["of"]: ReturnContent(
                reason=entry["reason"], remarks=tuple(map(_remark, entry["remarks"]))
            )
            for entry in data["returned"]
        },
        asked={entry["of"]: _remark(entry) for entry in data["asked"]},
    )

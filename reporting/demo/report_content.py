"""Reads fixtures/demo/reports.yaml: what people say about the progress reports of the demo.

`issued` has, a minister and plan (`plan` is that of the National Security Plan, or the yearly plan
where it is left out), the answers of the directorates (`verdicts`), why the report did not wait
for others (`without_review`), and why texts that one of the languages lacks do not stop it
(`waiver`). `correction` is the second edition of one of them, because the figure of the indicator
`of` was corrected; `draft` is the report that the directorates are reading. A remark is at a
`place` of the objective `of`: its `narrative` of the last quarter told, or its `indicators`, of
these the latest figure of one that it names as `indicator`; the planner or the head of its unit
(`by`) writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.choices import CycleFrequency, ReportStage, ReviewVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleOfReports:
    """How often reports are made by themselves."""

    frequency: str
    lag_days: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedContent:
    """What was decided about the report to a minister before it was issued.

    `plan` is the code of the plan that is followed up as a whole, '' for the plan of the year.
    """

    minister: str
    stage: str
    verdicts: Mapping[str, str]
    waiver: str
    plan: str = ""
    without_review: str = ""
    of: str = ""
    reason: str = ""
    days_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRemark:
    """A remark of a directorate, with the answer of the corporate cell if there is one."""

    of: str
    place: str
    by: str
    text: str
    indicator: str = ""
    asks_change: bool = False
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContent:
    """A draft that the directorates read, asked for so many days ago."""

    minister: str
    asked_days_ago: int
    answer_within_days: int
    verdicts: Mapping[str, str]
    remarks: tuple[ReportRemark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsContent:
    """Everything that the file says."""

    cycle: CycleOfReports
    issued: tuple[IssuedContent, ...]
    correction: IssuedContent
    draft: DraftContent


def reports_read(data: Mapping[str, Any]) -> ReportsContent:
    """Return the file's content. Raises KeyError, TypeError or ValueError for a wrong one."""
    draft, cycle = data["draft"], data["cycle"]
    issued = sorted(
        (_issued(entry) for entry in data["issued"]), key=lambda one: (one.plan, one.minister)
    )
    return ReportsContent(
        cycle=CycleOfReports(
            frequency=CycleFrequency(cycle["frequency"]).value,
            lag_days=cycle["lag_days"],
            languages=tuple(cycle["languages"]),
        ),
        issued=tuple(issued),
        correction=_issued({"stage": ReportStage.APPROVED.value, **data["correction"]}),
        draft=DraftContent(
            **{
                **draft,
                "verdicts": _verdicts(draft),
                "remarks": tuple(ReportRemark(**one) for one in draft["remarks"]),
            }
        ),
    )


def _issued(entry: Mapping[str, Any]) -> IssuedContent:
    stage = ReportStage(entry["stage"]).value
    return IssuedContent(**{**entry, "stage": stage, "verdicts": _verdicts(entry)})


def _verdicts(entry: Mapping[str, Any]) -> dict[str, str]:
    return {unit: ReviewVerdict(one).value for unit, one in entry["verdicts"].items()}

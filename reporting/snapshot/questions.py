"""The part of a snapshot that tells what a minister's cabinet and the units asked each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Answer, Question
from ibzplan.core.questions.registry import Reference
from objectives.planning.selectors import ObjectiveReading
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.since import ReportBefore


@dataclass(frozen=True, slots=True)
class _Told:
    """How a report calls what a question is about."""

    kind: str
    code: str
    title: LocalisedText
    unit: str


def questions_part(
    question: ReportQuestion,
    readings: Iterable[ObjectiveReading],
    before: ReportBefore | None,
) -> list[dict[str, Any]]:
    """Return what was asked or answered since the report before, and what waits: 2 queries.

    Of that minister, about the objectives of the report and those indicators of theirs that are
    in it. A report on an earlier plan year told nothing of the objectives of this one, but of
    their indicators. What was withdrawn by then is left out. Texts stand in the language they were
    typed in; the office and the unit say who speaks, no name.
    """
    told, clocks = _told(readings), question.clocks
    rows = Question.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=clocks.known_at),
        minister_uuid=question.minister.uuid,
        target_uuid__in={uuid for _type, uuid in told},
        asked_at__lte=clocks.known_at,
    ).prefetch_related(
        Prefetch(
            "answers",
            Answer.objects.filter(answered_at__lte=clocks.known_at),
            to_attr="known_answers",
        )
    )
    parts = [
        _part(row, getattr(row, "known_answers", []), told[key], clocks)
        for row in rows.order_by("asked_at", "uuid")
        if (key := (row.target_type, row.target_uuid)) in told
        and _belongs(row, getattr(row, "known_answers", []), _since(told[key], before))
    ]
    return sorted(parts, key=lambda part: not part["open"])  # what waits first


def _told(readings: Iterable[ObjectiveReading]) -> Mapping[Reference, _Told]:
    found: dict[Reference, _Told] = {}
    for reading in readings:
        row = reading.objective
        found[row.type_name(), row.uuid] = _Told("objective", row.code, row.title, row.unit.code)
        for link in reading.indicators:
            one = link.reading.indicator
            key = (one.type_name(), one.uuid)
            found.setdefault(key, _Told("indicator", link.short_code, one.title, one.owner.code))
    return found


def _since(about: _Told, before: ReportBefore | None) -> datetime | None:
    """Return until when the report before told what was asked about it; None when it did not."""
    if before is None:
        return None
    return before.told_until if about.kind == "objective" else before.report.known_at


def _belongs(row: Question, answers: list[Answer], since: datetime | None) -> bool:
    if since is None or not answers or row.asked_at > since:
        return True
    return any(answer.answered_at > since for answer in answers)


def _part(row: Question, answers: list[Answer], about: _Told, clocks: Clocks) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "kind": row.kind,
        "target": about.kind,
        "code": about.code,
        "title": about.title.as_json(),
        "anchor": row.anchor,
        "unit": about.unit,
        "text": row.text,
        "askedOn": _day(row.asked_at),
        "dueOn": row.due_on.isoformat(),
        "open": not answers,
        "late": not answers and row.due_on < clocks.reference_date,
        "answers": [
            {"text": one.text, "verdict": one.verdict, "on": _day(one.answered_at)}
            for one in answers
        ],
    }


def _day(moment: datetime) -> str:
    return timezone.localdate(moment).isoformat()

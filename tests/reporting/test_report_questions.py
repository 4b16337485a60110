"""Questions, answers and decisions in a progress report: which, as known when, in which words."""

from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.models import Question
from ibzplan.core.selectors import last_instant
from ibzplan.core.services.questions import question_answer, question_ask, question_withdraw
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from personnel.models import SupervisingMinister
from reporting.choices import ReportStage, ReportState
from reporting.models import ProgressReport
from reporting.render import render_pdf
from reporting.snapshot import ReportQuestion, canonical_json, sha256_of, snapshot_build
from tests.factories import Ministry
from tests.reporting.report_reading import as_of_version, pdf_text

REFERENCE = date(2026, 9, 30)


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    found = ministry.objective()
    ministry.indicator(found)
    ministry.approve(found)
    return found


def build(
    ministry: Ministry,
    *,
    minister: SupervisingMinister | None = None,
    at: datetime | None = None,
    language: str = "nl",
    reference: date = REFERENCE,
) -> dict[str, Any]:
    known = at or last_instant()
    assert known
    return snapshot_build(
        ReportQuestion(
            ministry.plan, ministry.year, minister or ministry.vbz, reference, known, language
        )
    )


def asked(ministry: Ministry, target: Any, text: str, **more: Any) -> Question:
    return question_ask(
        actor=ministry.users["cabinet_vbz"],
        kind=QuestionKind.QUESTION,
        target=target,
        text=text,
        **more,
    )


def answered(ministry: Ministry, row: Question, text: str) -> None:
    question_answer(actor=ministry.users["head_adcv"], question=row, text=text)


def texts(snapshot: dict[str, Any]) -> list[str]:
    return [row["text"] for row in snapshot["questions"]]


def issue(ministry: Ministry, reference: date) -> None:
    """Let a report of an earlier reference date be issued now."""
    now = last_instant()
    assert now
    content = canonical_json(build(ministry, at=now, reference=reference))
    ProgressReport.objects.create(
        strategic_plan=ministry.plan,
        plan=ministry.year,
        minister=ministry.vbz,
        reference_date=reference,
        known_at=now,
        language="nl",
        state=ReportState.READY,
        stage=ReportStage.APPROVED,
        snapshot=content,
        snapshot_sha256=sha256_of(content),
        requested_by=ministry.users["corporate"],
        issued_at=now,
        issued_by=ministry.users["corporate"],
    )


def test_what_was_asked_and_answered_stands_in_the_report(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = asked(ministry, objective, "Waarom?", anchor="narrative:2026-T3")
    answered(ministry, row, "Daarom.")
    (part,) = build(ministry)["questions"]
    today = timezone.localdate().isoformat()
    assert (part["code"], part["unit"], part["anchor"]) == (
        objective.code,
        "ADCV",
        "narrative:2026-T3",
    )
    assert part["answers"] == [{"text": "Daarom.", "verdict": "", "on": today}]
    assert "head_adcv" not in str(part)


def test_the_report_stays_the_same_whatever_is_asked_later(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = asked(ministry, objective, "Waarom?")
    moment = last_instant()
    before = build(ministry, at=moment)
    answered(ministry, row, "Daarom.")
    gone = asked(ministry, objective, "En nu?")
    question_withdraw(actor=ministry.users["cabinet_vbz"], question=gone)
    assert build(ministry, at=moment) == before
    assert texts(build(ministry)) == ["Waarom?"]
    assert [row["open"] for row in before["questions"]] == [True]


def test_since_the_previous_report_or_still_waiting(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    done = asked(ministry, objective, "Klaar")
    answered(ministry, done, "Al gezegd.")
    asked(ministry, objective, "Wacht nog")
    later = asked(ministry, objective, "Later beantwoord")
    issue(ministry, date(2026, 6, 30))
    answered(ministry, later, "Nu wel.")
    new = asked(ministry, objective, "Nieuw")
    answered(ministry, new, "Zo.")
    assert texts(build(ministry)) == ["Wacht nog", "Later beantwoord", "Nieuw"]


def test_only_those_of_the_minister_and_nothing_confidential(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    asked(ministry, indicator, "Klopt dit?", anchor="figure:2026-T3")
    assert texts(build(ministry)) == ["Klopt dit?"]
    assert texts(build(ministry, minister=ministry.am)) == []
    Indicator.objects.update(is_confidential=True)
    assert texts(build(ministry)) == []


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_printed_report_tells_them(
    ministry: Ministry, objective: OperationalObjective, language: str
) -> None:
    row = question_ask(
        actor=ministry.users["head_adcv"],
        kind=QuestionKind.REQUEST,
        target=objective,
        text="De oplevering schuift op.",
        options=["Nieuwe datum", "Minder zones"],
    )
    question_answer(
        actor=ministry.users["cabinet_vbz"],
        question=row,
        text="Akkoord met optie 1.",
        verdict=Verdict.AGREED,
    )
    asked(ministry, objective, "Où en est-on ?")
    printed = pdf_text(render_pdf(build(ministry, language=language)))
    for said in ("De oplevering schuift op.", "1. Nieuwe datum", "Akkoord met optie 1."):
        assert said in printed
    assert "Où en est-on ?" in printed
    # A decision stands at the front alone, not with the questions once more.
    assert printed.count("De oplevering schuift op.") == 1


def test_a_snapshot_of_before_has_no_such_section(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    asked(ministry, objective, "Waarom?")
    new = build(ministry)
    assert "Waarom?" in pdf_text(render_pdf(new))
    assert "Waarom?" not in pdf_text(render_pdf(as_of_version(new, 4)))

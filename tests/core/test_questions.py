"""Questions and decisions: who asks, answers and reads, what is refused, what stood when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.choices import QuestionKind, Verdict
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import HistoryEntry, Notification, Question
from ibzplan.core.notifications.registry import told
from ibzplan.core.questions.due import usual_due
from ibzplan.core.questions.selectors import (
    open_requests,
    question_row,
    questions_on,
    questions_panel,
)
from ibzplan.core.services import record_change
from ibzplan.core.services.questions import question_answer, question_ask, question_withdraw
from objectives.indicators.models import Indicator
from objectives.indicators.services import indicator_define, sheet_of
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.queues import queue_count, queue_of
from personnel.access import access_of
from personnel.models import User
from personnel.services import role_assign
from reporting.services.question_reminders import question_reminders_make
from tests.factories import Ministry, text

EVERYONE = {"planner_adcv", "head_adcv", "corporate", "committee", "cabinet_vbz", "auditor"}
OPTIONS = ["Uitstellen tot 30 juni", "De streefwaarde verlagen"]


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    found = ministry.objective()
    ministry.indicator(found)
    ministry.approve(found)
    return found


def fresh(ministry: Ministry, name: str) -> User:
    """Return the account as a next request finds it: its rights are worked out anew."""
    return User.objects.get(pk=ministry.users[name].pk)


def ask(
    ministry: Ministry, target: Any, *, by: str = "cabinet_vbz", kind: str = "", **more: Any
) -> Question:
    is_cabinet = by.startswith("cabinet")
    kind = kind or (QuestionKind.QUESTION if is_cabinet else QuestionKind.REQUEST)
    if kind == QuestionKind.REQUEST:
        more.setdefault("options", OPTIONS)
    more.setdefault("text", "Waarom loopt dit achter?")
    return question_ask(actor=fresh(ministry, by), kind=kind, target=target, **more)


def refused(error: type[DomainError], call: Any) -> DomainError:
    with pytest.raises(error) as caught:
        call()
    return caught.value


def client_of(ministry: Ministry, name: str, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(ministry.users[name])
    client.cookies["django_language"] = language
    return client


def told_to(question: Question) -> set[str]:
    rows = Notification.objects.filter(target_uuid=question.uuid)
    return {row.user.username for row in rows.select_related("user")}


# Asking -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "askers"),
    [
        (QuestionKind.QUESTION, {"cabinet_vbz"}),
        (QuestionKind.DECISION, {"cabinet_vbz"}),
        (QuestionKind.REQUEST, {"head_adcv", "corporate"}),
    ],
)
def test_who_may_put_what(
    ministry: Ministry, objective: OperationalObjective, kind: str, askers: set[str]
) -> None:
    found = set()
    for name in ministry.users:
        try:
            ask(ministry, objective, by=name, kind=kind)
        except NotAllowed:
            continue
        found.add(name)
    assert found == askers


def test_it_goes_to_the_owner_with_a_date(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective)
    assert row.unit_uuid == ministry.adcv.uuid
    assert row.minister_uuid == ministry.vbz.uuid
    assert row.due_on == usual_due(timezone.localdate())
    assert told_to(row) == {"planner_adcv", "head_adcv"}
    assert [e.action for e in HistoryEntry.objects.filter(target_uuid=row.uuid)] == ["created"]


def test_ten_working_days_pass_over_weekends_and_holidays() -> None:
    assert usual_due(date(2026, 11, 2)) == date(2026, 11, 17)  # 11 November is a holiday
    assert usual_due(date(2026, 11, 23)) == date(2026, 12, 7)


def test_a_request_goes_to_the_cabinet_with_its_options(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective, by="head_adcv", text="Nieuwe datum?")
    assert row.text == "Nieuwe datum?\n\n1. Uitstellen tot 30 juni\n2. De streefwaarde verlagen"
    assert told_to(row) == {"cabinet_vbz"}


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"text": "  "}, "text_required", "text"),
        ({"text": "a" * 4001}, "text_too_long", "text"),
        ({"anchor": "colour"}, "unknown_place", "anchor"),
        ({"anchor": "narrative:2027-T1"}, "unknown_place", "anchor"),
        ({"due_on": date(2020, 1, 1)}, "due_in_past", "due_on"),
        ({"due_on": date(2999, 1, 1)}, "date_out_of_range", "due_on"),
    ],
)
def test_what_is_wrong_is_named_at_its_field(
    ministry: Ministry,
    objective: OperationalObjective,
    wrong: dict[str, Any],
    code: str,
    field: str,
) -> None:
    error = refused(DomainError, lambda: ask(ministry, objective, **wrong))
    assert (error.code, error.field) == (code, field)
    assert not Question.objects.exists()


def test_a_request_names_two_options(ministry: Ministry, objective: OperationalObjective) -> None:
    error = refused(
        DomainError, lambda: ask(ministry, objective, by="head_adcv", options=["Uitstel", " "])
    )
    assert (error.code, error.field) == ("options_required", "options")


def test_another_minister_is_no_choice(ministry: Ministry, objective: OperationalObjective) -> None:
    error = refused(
        DomainError, lambda: ask(ministry, objective, by="head_adcv", minister=ministry.am.uuid)
    )
    assert (error.code, error.field) == ("unknown_minister", "minister")


def test_of_what_both_ministers_share_one_is_chosen(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    ministry.adcv.kind = "staff_directorate"
    ministry.adcv.save()
    error = refused(DomainError, lambda: ask(ministry, objective, by="head_adcv"))
    assert (error.code, error.field) == ("minister_required", "minister")
    row = ask(ministry, objective, by="head_adcv", minister=ministry.am.uuid)
    assert told_to(row) == {"cabinet_am"}
    assert row_for(ministry, "cabinet_vbz", row) is None


def test_pressing_twice_asks_and_answers_once(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective)
    assert ask(ministry, objective) == row
    actor = fresh(ministry, "head_adcv")
    for _time in range(2):
        question_answer(actor=actor, question=row, text="Vertraging. ", seen=0)
    assert [one.text for one in row.answers.all()] == ["Vertraging."]
    assert HistoryEntry.objects.filter(target_uuid=row.uuid).count() == 2
    other = fresh(ministry, "planner_adcv")
    again = refused(
        DomainError,
        lambda: question_answer(actor=other, question=row, text="Vertraging.", seen=0),
    )
    assert again.code == "answered_meanwhile"
    assert ask(ministry, objective) != row  # it was answered: this is a new one


def test_what_went_to_another_directorate_meanwhile_is_asked_there(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    assert objective.unit == ministry.adcv  # as the form read it
    OperationalObjective.objects.update(unit=ministry.dvz)
    refused(NotAllowed, lambda: ask(ministry, objective))
    assert ask(ministry, objective, by="cabinet_am").unit_uuid == ministry.dvz.uuid


def test_nobody_asks_about_a_draft(ministry: Ministry) -> None:
    draft = ministry.objective()
    assert refused(NotAllowed, lambda: ask(ministry, draft)).code == "question_not_allowed"
    error = refused(DomainError, lambda: ask(ministry, draft, by="head_adcv"))
    assert error.code == "not_in_force"


def test_one_asks_about_a_figure_or_a_narrative(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    figure = ask(ministry, Indicator.objects.get(), anchor="figure:2026-T3")
    narrative = ask(ministry, objective, anchor="narrative:2026-T3")
    with translation.override("en"):
        places = [row_for(ministry, "auditor", row).place for row in (figure, narrative)]
    assert places == ["Figure of T3 2026", "Narrative T3 2026"]


# Reading ------------------------------------------------------------------------------------------


def row_for(ministry: Ministry, name: str, row: Question) -> Any:
    return question_row(access_of(fresh(ministry, name)), row.uuid, Clocks.now())


def readers(ministry: Ministry, row: Question) -> set[str]:
    return {name for name in ministry.users if row_for(ministry, name, row)}


def test_both_sides_and_who_reads_all_of_them(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    assert readers(ministry, ask(ministry, objective)) == EVERYONE
    assert readers(ministry, ask(ministry, objective, by="head_adcv")) == EVERYONE


def test_what_is_confidential_stays_with_unit_and_minister(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    row = ask(ministry, indicator)
    Indicator.objects.update(is_confidential=True)
    assert readers(ministry, row) == {"planner_adcv", "head_adcv", "cabinet_vbz", "auditor"}


def test_after_a_reorganisation_the_successor_answers(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective)
    OperationalObjective.objects.update(unit=ministry.dvz)
    shown = row_for(ministry, "planner_dvz", row)
    assert (shown.unit, shown.about.unit) == ("ADCV", "DVZ")
    old = fresh(ministry, "head_adcv")
    assert row_for(ministry, "head_adcv", row)
    refused(NotAllowed, lambda: question_answer(actor=old, question=row, text="Zo."))
    question_answer(actor=fresh(ministry, "head_dvz"), question=row, text="Overgenomen.")
    assert row_for(ministry, "cabinet_vbz", row).state == "answered"


def test_a_page_of_an_earlier_moment_shows_what_stood_then(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = Clocks.now()
    row = ask(ministry, objective)
    asked = Clocks.now()
    question_answer(actor=fresh(ministry, "planner_adcv"), question=row, text="Vertraging.")
    answered = Clocks.now()
    other = ask(ministry, objective, text="En nu?")
    question_withdraw(actor=fresh(ministry, "cabinet_vbz"), question=other)
    access = access_of(fresh(ministry, "auditor"))
    states = [
        [
            (one.question.text, one.state)
            for one in on(ministry, objective, replace(clocks, pinned_known=True))
        ]
        for clocks in (before, asked, answered, Clocks.now())
    ]
    first = "Waarom loopt dit achter?"
    assert states == [
        [],
        [(first, "open")],
        [(first, "answered")],
        [("En nu?", "withdrawn"), (first, "answered")],
    ]
    assert question_row(access, row.uuid, before) is None


def test_at_an_earlier_moment_it_names_its_record_as_it_was_called_then(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    rows = {target: ask(ministry, target) for target in (objective, indicator)}
    then = replace(Clocks.now(), pinned_known=True)
    called = {target: target.title for target in rows}
    record_change(
        actor=None, target=objective, values={"title": text("Anders"), "unit": ministry.dvz}
    )
    sheet = replace(sheet_of(indicator), title=text("Ook anders"))
    indicator_define(
        actor=fresh(ministry, "head_adcv"),
        indicator=indicator,
        sheet=sheet,
        reason="Zo heet het voortaan.",
    )
    access = access_of(fresh(ministry, "auditor"))
    for target, row in rows.items():
        before, now = (question_row(access, row.uuid, at) for at in (then, Clocks.now()))
        assert before is not None
        assert now is not None
        assert before.title == called[target]
        assert before.about.unit == "ADCV"
        assert before.target_url.endswith(then.query)
        assert str(now.title) in ("Anders", "Ook anders")
        assert "known" not in now.target_url
    client = client_of(ministry, "auditor")
    known = {"known": then.known_at.isoformat()}
    for q, found in (("anders", 0), (str(called[objective]), 1)):
        page = client.get(reverse("questions:list"), {"q": q, **known})
        assert len(page.context["rows"]) == found, q
    assert len(client.get(reverse("questions:list"), {"q": "anders"}).context["rows"]) == 2
    address = reverse("questions:list") + f"?{urlencode(known)}"
    assert _queries(client, address) <= 12


def on(ministry: Ministry, objective: OperationalObjective, clocks: Clocks) -> list[Any]:
    key = (objective.type_name(), objective.uuid)
    return questions_on(fresh(ministry, "auditor"), [key], clocks).get(key, [])


def test_the_dashboard_has_the_open_requests_of_its_minister(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    ask(ministry, objective)
    request = ask(ministry, objective, by="head_adcv", due_on=timezone.localdate())
    access = access_of(fresh(ministry, "corporate"))
    (row,) = open_requests(access, Clocks.now(), ministry.vbz)
    assert (row.question, row.code, row.unit) == (request, objective.code, "ADCV")
    assert row.target_url == reverse("planning:objective", args=[objective.uuid])
    assert open_requests(access, Clocks.now(), ministry.am) == []
    assert open_requests(access_of(fresh(ministry, "cabinet_am")), Clocks.now()) == []
    question_answer(
        actor=fresh(ministry, "cabinet_vbz"),
        question=request,
        text="Optie 1.",
        verdict=Verdict.AGREED,
    )
    assert open_requests(access, Clocks.now()) == []


# Answering ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "by", "who"),
    [
        (QuestionKind.QUESTION, "cabinet_vbz", {"planner_adcv", "head_adcv"}),
        (QuestionKind.DECISION, "cabinet_vbz", {"head_adcv"}),
        (QuestionKind.REQUEST, "head_adcv", {"cabinet_vbz"}),
    ],
)
def test_who_may_answer(
    ministry: Ministry, objective: OperationalObjective, kind: str, by: str, who: set[str]
) -> None:
    found = set()
    for name in ministry.users:
        row = ask(ministry, objective, by=by, kind=kind)
        verdict = Verdict.AGREED if kind == QuestionKind.REQUEST else ""
        try:
            question_answer(actor=fresh(ministry, name), question=row, text="Zo.", verdict=verdict)
        except NotAllowed:
            continue
        found.add(name)
    assert found == who


def test_an_answer_is_told_and_can_be_added_to(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective)
    Notification.objects.all().delete()
    planner = fresh(ministry, "planner_adcv")
    question_answer(actor=planner, question=row, text="Door de levering.")
    question_answer(actor=planner, question=row, text="Die kwam gisteren.", seen=1)
    assert told_to(row) == {"cabinet_vbz"}
    with translation.override("en"):
        titles = {told(one).title for one in Notification.objects.all()}
    assert titles == {
        f"Question about {objective.code} {objective.title}: answered",
        f"Question about {objective.code} {objective.title}: the answer was added to",
    }
    actions = HistoryEntry.objects.filter(target_uuid=row.uuid).order_by("at")
    assert [one.action for one in actions] == ["created", "answered", "supplemented"]


@pytest.mark.parametrize(
    ("verdict", "code"), [("", "verdict_required"), ("perhaps", "verdict_required")]
)
def test_a_request_takes_a_verdict(
    ministry: Ministry, objective: OperationalObjective, verdict: str, code: str
) -> None:
    row = ask(ministry, objective, by="head_adcv")
    cabinet = fresh(ministry, "cabinet_vbz")
    error = refused(
        DomainError,
        lambda: question_answer(actor=cabinet, question=row, text="Ja.", verdict=verdict),
    )
    assert (error.code, error.field) == (code, "verdict")


def test_what_was_deferred_is_decided_later_and_then_for_good(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective, by="head_adcv")
    cabinet = fresh(ministry, "cabinet_vbz")

    def decide(verdict: str) -> None:
        question_answer(actor=cabinet, question=row, text="Besluit.", verdict=verdict)

    decide(Verdict.DEFERRED)
    decide(Verdict.REFUSED)
    error = refused(DomainError, lambda: decide(Verdict.AGREED))
    assert (error.code, error.field) == ("verdict_not_asked", "verdict")
    assert row_for(ministry, "head_adcv", row).verdict == Verdict.REFUSED


def test_a_question_takes_no_verdict(ministry: Ministry, objective: OperationalObjective) -> None:
    row = ask(ministry, objective)
    head = fresh(ministry, "head_adcv")
    error = refused(
        DomainError,
        lambda: question_answer(actor=head, question=row, text="Ja.", verdict=Verdict.AGREED),
    )
    assert error.code == "verdict_not_asked"


def test_a_second_answer_does_not_pass_over_the_first(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective)
    question_answer(actor=fresh(ministry, "head_adcv"), question=row, text="Zo.", seen=0)
    planner = fresh(ministry, "planner_adcv")
    error = refused(
        DomainError,
        lambda: question_answer(actor=planner, question=row, text="Anders.", seen=0),
    )
    assert error.code == "answered_meanwhile"


@pytest.mark.parametrize("text", ["", "a" * 4001])
def test_an_answer_has_words(
    ministry: Ministry, objective: OperationalObjective, text: str
) -> None:
    row = ask(ministry, objective)
    head = fresh(ministry, "head_adcv")
    error = refused(DomainError, lambda: question_answer(actor=head, question=row, text=text))
    assert error.field == "text"


# Withdrawing --------------------------------------------------------------------------------------


def test_only_the_side_that_asks_takes_it_back(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective)
    for name in set(ministry.users) - {"cabinet_vbz"}:
        user = fresh(ministry, name)
        refused(NotAllowed, lambda user=user: question_withdraw(actor=user, question=row))
    cabinet = fresh(ministry, "cabinet_vbz")
    question_withdraw(actor=cabinet, question=row)
    assert refused(DomainError, lambda: question_withdraw(actor=cabinet, question=row)).code == (
        "withdrawn"
    )
    head = fresh(ministry, "head_adcv")
    error = refused(DomainError, lambda: question_answer(actor=head, question=row, text="Zo."))
    assert error.code == "withdrawn"
    row.refresh_from_db()
    assert (row.withdrawn_by, row.text) == (cabinet, "Waarom loopt dit achter?")
    with translation.override("en"):
        titles = [told(one).title for one in Notification.objects.filter(user=head)]
    assert any(title.endswith(": withdrawn") for title in titles)


def test_what_was_answered_stays(ministry: Ministry, objective: OperationalObjective) -> None:
    row = ask(ministry, objective)
    question_answer(actor=fresh(ministry, "head_adcv"), question=row, text="Zo.")
    cabinet = fresh(ministry, "cabinet_vbz")
    error = refused(DomainError, lambda: question_withdraw(actor=cabinet, question=row))
    assert error.code == "answered"


# What waits ---------------------------------------------------------------------------------------


def test_it_waits_for_who_answers(ministry: Ministry, objective: OperationalObjective) -> None:
    ask(ministry, objective)
    ask(ministry, objective, kind=QuestionKind.DECISION)
    ask(ministry, objective, by="corporate")
    found = {}
    for name in ministry.users:
        groups = queue_of(fresh(ministry, name))
        found[name] = sum(len(one.rows) for one in groups if one.source.name == "questions")
    assert {name: n for name, n in found.items() if n} == {
        "planner_adcv": 1,
        "head_adcv": 2,
        "cabinet_vbz": 1,
    }


def test_an_answered_one_waits_no_more(ministry: Ministry, objective: OperationalObjective) -> None:
    row = ask(ministry, objective, by="head_adcv")
    cabinet = fresh(ministry, "cabinet_vbz")
    assert queue_count(cabinet) == 1
    question_answer(actor=cabinet, question=row, text="Neen.", verdict=Verdict.REFUSED)
    assert queue_count(cabinet) == 0


# Pages --------------------------------------------------------------------------------------------


def test_from_the_page_of_an_objective_to_the_answer(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    cabinet = client_of(ministry, "cabinet_vbz")
    panel = questions_panel(fresh(ministry, "cabinet_vbz"), objective, Clocks.now())
    assert panel
    address = panel.asks[0][1]
    assert cabinet.get(address).status_code == 200
    typed = {
        "kind": "question",
        "anchor": "narrative:2026-T3",
        "text": "Wat verklaart de daling?",
        "due_on": (timezone.localdate() + timedelta(days=3)).isoformat(),
    }
    page = cabinet.post(address, typed, follow=True).content.decode()
    assert "Wat verklaart de daling?" in page
    assert "Narrative T3 2026" in page
    row = Question.objects.get()
    planner = client_of(ministry, "planner_adcv")
    own = reverse("questions:detail", args=[row.uuid])
    page = planner.post(own, {"text": "Een staking.", "seen": 0}, follow=True).content.decode()
    assert "Een staking." in page
    assert "Answered" in page


def test_what_was_typed_comes_back(ministry: Ministry, objective: OperationalObjective) -> None:
    row = ask(ministry, objective)
    own = reverse("questions:detail", args=[row.uuid])
    question_answer(actor=fresh(ministry, "head_adcv"), question=row, text="Al beantwoord.")
    answer = client_of(ministry, "planner_adcv").post(own, {"text": "Te laat.", "seen": 0})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Al beantwoord." in page
    assert "Te laat.</textarea>" in page
    assert 'name="seen" value="1"' in page


def test_a_day_that_is_over_is_named_with_the_remedy(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    panel = questions_panel(fresh(ministry, "cabinet_vbz"), objective, Clocks.now())
    assert panel
    answer = client_of(ministry, "cabinet_vbz").post(
        panel.asks[0][1], {"kind": "question", "text": "Wat nu?", "due_on": "2020-01-01"}
    )
    assert answer.status_code == 422
    assert "is over. Give today or a later day." in answer.content.decode()
    assert "Wat nu?</textarea>" in answer.content.decode()


def test_withdrawing_on_its_page(ministry: Ministry, objective: OperationalObjective) -> None:
    row = ask(ministry, objective)
    address = reverse("questions:withdraw", args=[row.uuid])
    assert client_of(ministry, "head_adcv").post(address).status_code == 403
    assert client_of(ministry, "cabinet_am").post(address).status_code == 404
    page = client_of(ministry, "cabinet_vbz").post(address, follow=True).content.decode()
    assert "Withdrawn by" in page


def test_who_was_answering_what_is_withdrawn_keeps_the_text(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    row = ask(ministry, objective)
    question_withdraw(actor=fresh(ministry, "cabinet_vbz"), question=row)
    address = reverse("questions:detail", args=[row.uuid])
    typed = {"text": "Dit typte ik al.", "seen": "0"}
    answer = client_of(ministry, "head_adcv").post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The question was withdrawn" in page
    assert "Dit typte ik al." in page
    assert "Send the answer" not in page
    assert client_of(ministry, "cabinet_vbz").post(address, typed).status_code == 403


def test_a_narrative_is_of_a_quarter(ministry: Ministry, objective: OperationalObjective) -> None:
    address = reverse("questions:new")
    asked = {"type": objective.type_name(), "target": str(objective.uuid), "kind": "question"}
    page = client_of(ministry, "cabinet_vbz").get(address, asked).content.decode()
    assert 'value="narrative:2026-T4"' in page
    assert 'value="narrative:2026-S1"' not in page
    assert 'value="narrative:2026"' not in page


def test_a_day_that_is_none_is_named(ministry: Ministry, objective: OperationalObjective) -> None:
    asked = {"type": objective.type_name(), "target": str(objective.uuid), "kind": "question"}
    address = f"{reverse('questions:new')}?{urlencode(asked)}"
    typed = {"kind": "question", "text": "Waarom?", "due_on": "31/02/2026"}
    answer = client_of(ministry, "cabinet_vbz").post(address, typed)
    assert answer.status_code == 422
    assert "“31/02/2026” is not a date. Write for instance 31/12/2026." in answer.content.decode()


def test_the_indicator_page_shows_question_and_answer_beside_it(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    row = ask(ministry, indicator, anchor="figure:2026-T3", text="Klopt dit cijfer?")
    before = Clocks.now()
    question_answer(actor=fresh(ministry, "planner_adcv"), question=row, text="Ja, nageteld.")
    address = reverse("planning:indicator", args=[indicator.uuid])
    page = client_of(ministry, "cabinet_vbz").get(address).content.decode()
    assert "Klopt dit cijfer?" in page
    assert "Ja, nageteld." in page
    assert "Klopt dit cijfer?" not in (
        client_of(ministry, "cabinet_am").get(address).content.decode()
    )
    then = client_of(ministry, "cabinet_vbz").get(address, {"known": before.known_at.isoformat()})
    assert "Klopt dit cijfer?" in then.content.decode()
    assert "Ja, nageteld." not in then.content.decode()


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("", ["Laat", "Later", "Beantwoord"]),
        ("?state=open", ["Laat", "Later"]),
        ("?state=answered", ["Beantwoord"]),
        ("?kind=request", ["Later"]),
        ("?unit=DVZ", []),
        ("?minister=VBZ&state=open", ["Laat", "Later"]),
        ("?q=BEANTWOORD", ["Beantwoord"]),
        ("?q=zo.+masterplan", ["Beantwoord"]),  # in its answer and the name of what it is about
        ("?q=masterplan+adcv", ["Laat", "Later", "Beantwoord"]),
        ("?q=masterplan+nergens", []),
        ("?state=nonsense", ["Laat", "Later", "Beantwoord"]),
    ],
)
def test_the_list_late_first(
    ministry: Ministry, objective: OperationalObjective, query: str, texts: list[str]
) -> None:
    done = ask(ministry, objective, text="Beantwoord")
    question_answer(actor=fresh(ministry, "head_adcv"), question=done, text="Zo.")
    ask(ministry, objective, by="head_adcv", text="Later")
    late = ask(ministry, objective, text="Laat")
    Question.objects.filter(pk=late.pk).update(due_on=date(2020, 1, 1))
    answer = client_of(ministry, "auditor").get(reverse("questions:list") + query)
    assert [row.question.text.split("\n")[0] for row in answer.context["rows"]] == texts
    if "Laat" in texts:
        assert answer.context["rows"][0].is_late


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_pages_in_both_languages(
    ministry: Ministry, objective: OperationalObjective, language: str
) -> None:
    row = ask(ministry, objective)
    client = client_of(ministry, "head_adcv", language)
    for address in (
        reverse("questions:list"),
        reverse("questions:detail", args=[row.uuid]),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()


def test_the_list_as_a_file(ministry: Ministry, objective: OperationalObjective) -> None:
    ask(ministry, objective, text="=1+1")
    answer = client_of(ministry, "corporate").get(reverse("questions:list"), {"export": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Kind,Code,Name,About,Directorate,Minister,Text")
    assert f"Question,{objective.code}," in lines[1]
    assert "'=1+1" in lines[1]


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_as_many_queries_with_three_times_the_rows(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    names = {
        "list": "corporate",
        "found": "corporate",
        "queue": "head_adcv",
        "indicator": "cabinet_vbz",
    }
    addresses = {
        "list": reverse("questions:list"),
        "found": reverse("questions:list") + "?q=vraag",
        "queue": reverse("planning:queue"),
        "indicator": reverse("planning:indicator", args=[indicator.uuid]),
    }

    def counted() -> dict[str, int]:
        return {
            page: _queries(client_of(ministry, names[page]), address)
            for page, address in addresses.items()
        }

    def more() -> None:
        for target in (objective, indicator):
            row = ask(ministry, target)
            question_answer(actor=fresh(ministry, "head_adcv"), question=row, text="Zo.")
            ask(ministry, target)

    more()
    few = counted()
    more()
    more()
    assert counted() == few
    # session, user, clock, messages, queue; total, open ones, rows, answers, 2 kinds of record
    assert few["list"] <= 12
    assert few["found"] <= 12


def test_who_has_no_part_in_it_has_no_list(ministry: Ministry) -> None:
    role_assign(actor=None, user=ministry.users["outsider"], role="steering_group")
    assert client_of(ministry, "outsider").get(reverse("questions:list")).status_code == 403


# Reminders ----------------------------------------------------------------------------------------


def test_who_answers_is_reminded_before_on_and_after_the_day(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    due = timezone.localdate() + timedelta(days=20)
    ask(ministry, objective, due_on=due)
    ask(ministry, objective, by="head_adcv", due_on=due)
    Notification.objects.all().delete()
    told_by_day = {n: reminded(due + timedelta(days=n)) for n in range(-10, 12)}
    unit = ["head_adcv", "planner_adcv"]
    assert {n: names for n, names in told_by_day.items() if names} == {
        -7: ["cabinet_vbz", *unit],
        -1: ["cabinet_vbz", *unit],
        0: ["cabinet_vbz", *unit],
        3: ["cabinet_vbz", *unit],
        7: ["head_adcv"],
    }
    escalated = Notification.objects.filter(is_escalation=True)
    with translation.override("en"):
        assert "more than a week without an answer" in told(escalated.get()).title


def reminded(today: date) -> list[str]:
    before = set(Notification.objects.values_list("pk", flat=True))
    question_reminders_make(today=today)
    rows = Notification.objects.exclude(pk__in=before).select_related("user")
    return sorted(row.user.username for row in rows)


def test_what_was_answered_or_withdrawn_is_not_reminded(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    due = timezone.localdate()
    done, gone = (ask(ministry, objective, text=said, due_on=due) for said in ("Hoe?", "Wat?"))
    question_answer(actor=fresh(ministry, "head_adcv"), question=done, text="Zo.")
    question_withdraw(actor=fresh(ministry, "cabinet_vbz"), question=gone)
    assert reminded(due) == []

"""Remarks on records: who reads and writes them, threads, fields, what stays on record."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.core.comments.threads import comments_panel, threads_of
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Comment, HistoryEntry
from ibzplan.core.selectors import last_instant
from ibzplan.core.services.comments import (
    comment_add,
    comment_answer,
    comment_settle,
)
from ibzplan.core.services.texts import MAX_TEXT_CHARACTERS
from objectives.planning.models import OperationalObjective
from tests.factories import Ministry

INSIDE = {"planner_adcv", "head_adcv", "corporate", "committee", "auditor"}


@pytest.fixture
def submitted(ministry: Ministry) -> OperationalObjective:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.motivate(objective)
    ministry.submit(objective)
    return objective


def say(
    ministry: Ministry, objective: OperationalObjective, text: str, **kwargs: object
) -> Comment:
    by = str(kwargs.pop("by", "corporate"))
    return comment_add(actor=ministry.users[by], target=objective, text=text, **kwargs)  # type: ignore[arg-type]


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def readers(ministry: Ministry, objective: OperationalObjective) -> set[str]:
    return {name for name, user in ministry.users.items() if comments_panel(objective, user)}


def writers(ministry: Ministry, objective: OperationalObjective) -> set[str]:
    found = set()
    for name, user in ministry.users.items():
        try:
            comment_add(actor=user, target=objective, text="Een woord")
        except NotAllowed:
            continue
        found.add(name)
    return found


def test_a_draft_is_remarked_on_by_its_own_unit(ministry: Ministry) -> None:
    objective = ministry.objective()
    assert readers(ministry, objective) == {"planner_adcv", "head_adcv", "auditor"}
    assert writers(ministry, objective) == {"planner_adcv", "head_adcv"}


def test_what_is_submitted_also_by_who_reviews_and_decides(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    assert readers(ministry, submitted) == INSIDE
    assert writers(ministry, submitted) == INSIDE - {"auditor"}


def test_no_cabinet_reads_them_after_the_approval(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    ministry.approve(objective)
    say(ministry, objective, "Intern: nog eens bekijken")
    assert readers(ministry, objective) == INSIDE
    address = reverse("planning:objective", args=[objective.uuid])
    for name in ("cabinet_vbz", "cabinet_am", "planner_dvz"):
        assert "Intern: nog eens" not in client_of(ministry, name).get(address).content.decode()
    assert "Intern: nog eens" in client_of(ministry, "planner_adcv").get(address).content.decode()


def test_threads_stand_by_field_in_the_order_of_the_form(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    say(ministry, submitted, "Einde te vroeg", field="ends_on")
    say(ministry, submitted, "Titel te vaag", field="title")
    newest = say(ministry, submitted, "Nog vager", field="title")
    say(ministry, submitted, "Mooi")
    comment_answer(
        actor=ministry.users["planner_adcv"], comment=newest, target=submitted, text="Aangepast"
    )
    panel = comments_panel(submitted, ministry.users["planner_adcv"])
    assert panel
    assert [group.field for group in panel.groups] == ["", "title", "ends_on"]
    of_title = panel.groups[1].threads
    assert [one.comment.text for one in of_title] == ["Nog vager", "Titel te vaag"]
    assert [one.text for one in of_title[0].answers] == ["Aangepast"]


def test_an_answer_to_an_answer_stays_in_the_thread(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    first = say(ministry, submitted, "Waarom?", field="title")
    planner = ministry.users["planner_adcv"]
    answer = comment_answer(actor=planner, comment=first, target=submitted, text="Daarom")
    again = comment_answer(
        actor=ministry.users["corporate"], comment=answer, target=submitted, text="Goed"
    )
    assert again.parent == first
    assert again.field == "title"


def test_a_thread_is_settled_and_opened_again_each_on_record(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    asked = say(ministry, submitted, "Korter", asks_change=True)
    planner = ministry.users["planner_adcv"]
    before = last_instant()
    assert comment_settle(actor=planner, comment=asked, target=submitted)
    assert not comment_settle(actor=planner, comment=asked, target=submitted)
    panel = comments_panel(submitted, planner)
    assert panel
    assert panel.open_requests == 0
    earlier = comments_panel(submitted, planner, before)
    assert earlier
    assert earlier.open_requests == 1
    assert not earlier.may_write
    assert comment_settle(actor=planner, comment=asked, target=submitted, settled=False)
    actions = HistoryEntry.objects.filter(target_uuid=asked.uuid).order_by("at")
    assert [one.action for one in actions] == ["created", "settled", "reopened"]


def test_a_settlement_that_was_taken_back_still_stood_at_its_moment(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    asked = say(ministry, submitted, "Korter", asks_change=True)
    planner, head = ministry.users["planner_adcv"], ministry.users["head_adcv"]
    comment_settle(actor=planner, comment=asked, target=submitted)
    moment = last_instant()
    comment_settle(actor=planner, comment=asked, target=submitted, settled=False)
    comment_settle(actor=head, comment=asked, target=submitted)
    (then,) = threads_of(submitted, moment)
    (now,) = threads_of(submitted)
    assert (then.is_settled, then.comment.settled_by) == (True, planner)
    assert (now.is_settled, now.comment.settled_by) == (True, head)


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        ("   ", "", "text_required"),
        ("x" * (MAX_TEXT_CHARACTERS + 3), "", "text_too_long"),
        ("Goed", "salaris", "unknown_field"),
    ],
)
def test_bad_remarks_are_refused(
    ministry: Ministry, submitted: OperationalObjective, text: str, field: str, code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        say(ministry, submitted, text, field=field)
    assert refused.value.code == code
    assert not Comment.objects.exists()


def test_what_was_typed_comes_back_when_it_is_refused(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    address = reverse("comments:new", args=[submitted.type_name(), submitted.uuid])
    text = "Veel te lang. " * 400
    answer = client_of(ministry, "corporate").post(address, {"text": text, "field": "title"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["text"]
    assert "Veel te lang. Veel te lang." in answer.content.decode()


def test_remarks_are_written_answered_and_settled_on_the_page(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    page = reverse("planning:objective", args=[submitted.uuid])
    new = reverse("comments:new", args=[submitted.type_name(), submitted.uuid])
    corporate, planner = client_of(ministry, "corporate"), client_of(ministry, "planner_adcv")
    sent = corporate.post(new, {"text": "Noem het getal", "field": "title", "asks_change": "on"})
    row = Comment.objects.get()
    assert sent.headers["Location"] == f"{page}#comment-{row.uuid}"
    with translation.override("en"):
        shown = planner.get(page, headers={"accept-language": "en"}).content.decode()
    assert "Noem het getal" in shown
    planner.post(reverse("comments:answer", args=[row.uuid]), {"text": "Staat er nu"})
    planner.post(reverse("comments:settle", args=[row.uuid]), {"settled": "yes"})
    row.refresh_from_db()
    assert row.settled_by == ministry.users["planner_adcv"]
    assert row.answers.get().text == "Staat er nu"


def test_nobody_from_outside_reaches_a_thread(
    ministry: Ministry, submitted: OperationalObjective
) -> None:
    row = say(ministry, submitted, "Vraag")
    new = reverse("comments:new", args=[submitted.type_name(), submitted.uuid])
    for name, status in (("cabinet_vbz", 404), ("planner_dvz", 404), ("auditor", 403)):
        client = client_of(ministry, name)
        assert client.post(new, {"text": "Ja"}).status_code == status
        answer = reverse("comments:answer", args=[row.uuid])
        assert client.post(answer, {"text": "Ja"}).status_code == status
        assert client.post(reverse("comments:settle", args=[row.uuid])).status_code == status
    assert Comment.objects.count() == 1


def test_as_many_queries_for_many_remarks(
    ministry: Ministry, submitted: OperationalObjective, django_assert_num_queries: object
) -> None:
    planner = ministry.users["planner_adcv"]
    for n in range(12):
        first = say(ministry, submitted, f"Opmerking {n}", field="title")
        comment_answer(actor=planner, comment=first, target=submitted, text="Antwoord")
    # the remarks; whether the reader may see the objective, the objective itself tells
    with django_assert_num_queries(1):  # type: ignore[operator]
        comments_panel(submitted, planner)

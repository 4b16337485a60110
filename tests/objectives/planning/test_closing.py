"""The end of a plan year: final evaluations, and closing the plan."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.selectors import history_of
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    Amendment,
    FinalEvaluation,
    ObjectiveLineage,
    OperationalObjective,
    OperationalPlan,
)
from objectives.planning.selectors import closing as rules
from objectives.planning.selectors import objective_readings
from objectives.planning.selectors.closing import evaluation_readings
from objectives.planning.services import (
    ObjectiveSheet,
    evaluations,
    figure_record,
    objective_create,
)
from objectives.planning.services.closing import plan_close
from objectives.planning.services.evaluations import (
    EvaluationSheet,
    evaluation_hand_in,
    evaluation_reopen,
    evaluation_save,
    objective_continue,
)
from personnel.access import access_of
from tests.factories import Ministry, function_of, text


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What the pages say is read in English here."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def late_in_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of 2026 can be evaluated, whatever the clock of the machine says."""
    for module in (rules, evaluations):
        monkeypatch.setattr(module, "evaluation_opens_on", lambda _year: date(2020, 1, 1))


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An approved objective far behind its target."""
    row = ministry.objective()
    indicator = ministry.indicator(row)
    ministry.approve(row)
    for period, value in (("2026-T1", "80"), ("2026-T2", "80"), ("2026-T3", "80")):
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(value)),
        )
    return row


def words(**values: Any) -> EvaluationSheet:
    """Return a complete evaluation, but for what is given."""
    complete: dict[str, Any] = {
        "result": "not_achieved",
        "explanation": text("Te weinig personeel"),
        "lessons": text("Vroeger aanwerven"),
        "discontinued_because": "Afgerond.",
    }
    return EvaluationSheet(**{**complete, **values})


def save(
    ministry: Ministry, objective: OperationalObjective, *, by: str = "planner_adcv", **values: Any
) -> FinalEvaluation:
    return evaluation_save(actor=ministry.users[by], objective=objective, sheet=words(**values))


def hand_in(ministry: Ministry, objective: OperationalObjective, **values: Any) -> FinalEvaluation:
    evaluation = save(ministry, objective, **values)
    evaluation_hand_in(actor=ministry.users["head_adcv"], evaluation=evaluation)
    return evaluation


def next_year(ministry: Ministry, by: str = "planner_adcv") -> OperationalObjective:
    """Return a draft of the same unit in the plan of 2027."""
    plan, _made = OperationalPlan.objects.get_or_create(plan=ministry.plan, year=2027)
    unit = ministry.dvz if by.endswith("dvz") else ministry.adcv
    return objective_create(
        actor=ministry.users[by],
        plan=plan,
        werf=ministry.werf,
        unit=unit,
        sheet=ObjectiveSheet(
            title=text("Masterplan NCU voortzetten"),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            holder=function_of(unit.code),
        ),
    )


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    client.cookies["django_language"] = "en"
    return client


def page(ministry: Ministry, address: str, name: str) -> str:
    return client_of(ministry, name).get(address).content.decode()


def test_a_draft_is_written_by_the_unit_and_handed_in_by_its_head(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    with pytest.raises(NotAllowed):
        save(ministry, objective, by="planner_dvz")
    evaluation = save(ministry, objective, result="")
    with pytest.raises(NotAllowed):
        evaluation_hand_in(actor=ministry.users["planner_adcv"], evaluation=evaluation)
    evaluation = hand_in(ministry, objective)
    assert evaluation.handed_in_by == ministry.users["head_adcv"]
    assert evaluation.computed_status == "off_track"
    assert [row.action for row in history_of(evaluation)] == ["handed_in", "changed", "created"]
    with pytest.raises(DomainError) as refused:
        save(ministry, objective)
    assert refused.value.code == "handed_in"


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"result": ""}, "result"),
        ({"explanation": LocalisedText()}, "explanation_nl"),
        ({"lessons": LocalisedText()}, "lessons_nl"),
        ({"discontinued_because": " "}, "successors"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    ministry: Ministry, objective: OperationalObjective, missing: dict[str, Any], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        hand_in(ministry, objective, **missing)
    assert refused.value.field == field
    assert FinalEvaluation.objects.get().state == "draft"


def test_a_result_that_the_figures_contradict_has_to_be_explained(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    with pytest.raises(DomainError) as refused:
        hand_in(ministry, objective, result="achieved", explanation=LocalisedText())
    assert refused.value.code == "contradiction"
    assert "Achieved" in refused.value.message and "Off track" in refused.value.message
    hand_in(ministry, objective, result="achieved")
    address = reverse("planning:objective", args=[objective.uuid])
    assert "The result says something else" in page(ministry, address, "auditor")


def test_it_is_too_early_before_november(
    ministry: Ministry, objective: OperationalObjective, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluations, "evaluation_opens_on", lambda _year: date(2190, 11, 1))
    with pytest.raises(DomainError) as refused:
        save(ministry, objective)
    assert refused.value.code == "too_early"
    with pytest.raises(DomainError):
        plan_close(actor=ministry.users["committee"], plan=ministry.year)
    assert rules.EVALUATION_OPENS == (11, 1)


def test_it_goes_on_in_an_objective_of_its_own_unit_next_year_only(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    mine, theirs = next_year(ministry), next_year(ministry, "planner_dvz")
    with pytest.raises(DomainError) as refused:
        save(ministry, objective, discontinued_because="", successors=(theirs,))
    assert refused.value.field == "successors"
    with pytest.raises(DomainError) as refused:
        save(ministry, objective, successors=(mine,))  # with a reason to stop
    assert refused.value.field == "discontinued_because"
    hand_in(ministry, objective, discontinued_because="", successors=(mine,))
    link = ObjectiveLineage.objects.get()
    assert (link.predecessor, link.successor, link.kind) == (objective, mine, "continued")


def test_taking_the_continuation_away_ends_the_link_and_keeps_it_readable(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    mine = next_year(ministry)
    save(ministry, objective, discontinued_because="", successors=(mine,))
    before = Clocks.now().known_at
    save(ministry, objective)
    assert not ObjectiveLineage.objects.current().exists()
    assert ObjectiveLineage.objects.known_at(before).count() == 1


def test_two_who_write_at_once_see_both_versions(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    save(ministry, objective)
    with pytest.raises(EditConflict):
        evaluation_save(
            actor=ministry.users["head_adcv"],
            objective=objective,
            sheet=words(result="partly"),
            expected_version=0,
        )
    answer = client_of(ministry, "head_adcv").post(
        reverse("planning:evaluation", args=[objective.uuid]),
        {"result": "partly", "explanation_nl": "Mijn tekst", "version": "0"},
    )
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Two versions" in said and "Te weinig personeel" in said and "Mijn tekst" in said
    assert 'name="version" value="1"' in said
    assert FinalEvaluation.objects.get().result == "not_achieved"


def test_the_form_shows_the_figures_and_keeps_the_draft_when_it_cannot_be_handed_in(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    address = reverse("planning:evaluation", args=[objective.uuid])
    said = page(ministry, address, "head_adcv")
    assert "80" in said and "Off track" in said and "0 of 1 target reached" in said
    answer = client_of(ministry, "head_adcv").post(
        address, {"result": "partly", "lessons_nl": "Les", "action": "hand_in", "version": "0"}
    )
    assert answer.status_code == 422
    assert "Explain why the result is" in answer.content.decode()
    stored = FinalEvaluation.objects.get()
    assert (stored.state, stored.lessons["nl"]) == ("draft", "Les")
    answer = client_of(ministry, "head_adcv").post(
        address,
        {
            "result": "partly",
            "lessons_nl": "Les",
            "explanation_fr": "Trop peu de personnel",
            "discontinued_because": "Afgerond",
            "action": "hand_in",
            "version": "1",
        },
    )
    assert answer.status_code == 302
    assert FinalEvaluation.objects.get().state == "handed_in"


def test_a_draft_stays_with_the_unit_and_a_page_of_earlier_shows_what_was_known(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    save(ministry, objective)
    address = reverse("planning:objective", args=[objective.uuid])
    assert "Te weinig personeel" in page(ministry, address, "planner_adcv")
    assert "Te weinig personeel" not in page(ministry, address, "cabinet_vbz")
    drafted = Clocks.now()
    hand_in(ministry, objective)
    assert "Te weinig personeel" in page(ministry, address, "cabinet_vbz")
    pinned = Clocks(
        drafted.reference_date, drafted.known_at, pinned_reference=True, pinned_known=True
    )
    access = access_of(ministry.users["auditor"])
    reading = objective_readings([objective], clocks=pinned, access=access)
    (then,) = evaluation_readings(reading, clocks=pinned, access=access)
    assert then.evaluation is not None
    assert (then.evaluation.state, then.evaluation.computed_status) == ("draft", "")


def test_the_frozen_status_stays_what_it_was(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    evaluation = hand_in(ministry, objective)
    figure_record(
        actor=ministry.users["planner_adcv"],
        indicator=objective.indicator_links.get().indicator,
        period=parse_period("2026-T3"),
        figure=Figure(value=Decimal(95)),
        reason="Herteld",
    )
    evaluation.refresh_from_db()
    assert evaluation.computed_status == "off_track"


def test_the_status_over_a_confidential_indicator_is_shown_to_those_who_see_it(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    hand_in(ministry, objective)
    objective.indicator_links.get().indicator.__class__.objects.update(is_confidential=True)
    address = reverse("planning:objective", args=[objective.uuid])
    assert "Computed status on 31 December" in page(ministry, address, "head_adcv")
    assert "Computed status on 31 December" not in page(ministry, address, "cabinet_am")


def test_the_corporate_cell_opens_it_again_with_a_reason(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    evaluation = hand_in(ministry, objective)
    with pytest.raises(NotAllowed):
        evaluation_reopen(actor=ministry.users["head_adcv"], evaluation=evaluation, reason="x")
    with pytest.raises(DomainError):
        evaluation_reopen(actor=ministry.users["corporate"], evaluation=evaluation, reason=" ")
    address = reverse("planning:evaluation_reopen", args=[objective.uuid])
    client_of(ministry, "corporate").post(address, {"reason": "Cijfer ontbreekt"})
    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.computed_status) == ("draft", "")
    assert history_of(evaluation)[0].reason == "Cijfer ontbreekt"
    hand_in(ministry, objective)


def test_nothing_closes_with_an_open_evaluation(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    save(ministry, objective)
    Amendment.objects.create(plan=ministry.year, number=1, unit=ministry.adcv)
    with pytest.raises(DomainError) as refused:
        plan_close(actor=ministry.users["committee"], plan=ministry.year)
    assert f"{objective.code} (ADCV)" in refused.value.message
    assert "OP 2026 W1" in refused.value.message
    objective.refresh_from_db()
    ministry.year.refresh_from_db()
    assert (objective.state, ministry.year.state) == (PlanState.APPROVED, PlanState.APPROVED)


def test_the_committee_closes_the_plan_and_its_figures_with_it(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    draft = ministry.objective(title="Iets anders uitvoeren")
    hand_in(ministry, objective)
    with pytest.raises(NotAllowed):
        plan_close(actor=ministry.users["corporate"], plan=ministry.year)
    list_ = reverse("planning:evaluations", args=[2026])
    assert "Close the plan of 2026" in page(ministry, list_, "committee")
    assert "Close the plan of 2026" not in page(ministry, list_, "corporate")
    address = reverse("planning:plan_close", args=[2026])
    answer = client_of(ministry, "committee").post(address, {"version": "1"}, follow=True)
    assert "with 1 objective" in answer.content.decode()
    for row in (objective, draft, ministry.year):
        row.refresh_from_db()
    assert (objective.state, objective.waits_for) == (PlanState.CLOSED, "")
    assert draft.state == PlanState.DRAFT
    assert ministry.year.state == PlanState.CLOSED
    assert ministry.year.closed_on == timezone.localdate()
    assert history_of(objective)[0].at == history_of(ministry.year)[0].at
    with pytest.raises(DomainError) as refused:
        figure_record(
            actor=ministry.users["planner_adcv"],
            indicator=objective.indicator_links.get().indicator,
            period=parse_period("2026-T3"),
            figure=Figure(value=Decimal(95)),
            reason="te laat",
        )
    assert refused.value.code == "plan_closed"


def test_a_withdrawn_objective_needs_no_evaluation(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    OperationalObjective.objects.filter(pk=objective.pk).update(
        state=PlanState.WITHDRAWN, withdrawn_at=timezone.now()
    )
    assert plan_close(actor=ministry.users["committee"], plan=ministry.year) == 0
    objective.refresh_from_db()
    assert objective.state == PlanState.WITHDRAWN


def test_the_list_takes_the_same_number_of_queries_with_more_rows(
    ministry: Ministry, objective: OperationalObjective, django_assert_num_queries: Any
) -> None:
    hand_in(ministry, objective)
    address = reverse("planning:evaluations", args=[2026])
    client = client_of(ministry, "corporate")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    queries = len(few)
    for number in range(2):
        more = ministry.objective(title=f"Plan {number} uitvoeren")
        ministry.indicator(more)
        ministry.approve(more)
        hand_in(ministry, more)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)


def test_a_unit_without_objectives_is_told_what_comes(ministry: Ministry) -> None:
    said = page(ministry, reverse("planning:evaluations", args=[2026]), "planner_dvz")
    assert "No objective of this plan year is in force" in said


def test_what_was_achieved_by_its_figures_too_needs_no_explanation(
    ministry: Ministry, objective: OperationalObjective, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluations, "status_at_year_end", lambda *_args: "achieved")
    evaluation = hand_in(ministry, objective, result="achieved", explanation=LocalisedText())
    assert (evaluation.state, evaluation.computed_status) == ("handed_in", "achieved")


def test_a_draft_for_next_year_is_made_from_the_evaluation(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    with pytest.raises(DomainError) as refused:
        objective_continue(actor=ministry.users["planner_adcv"], objective=objective)
    assert refused.value.code == "no_next_plan"
    OperationalPlan.objects.create(plan=ministry.plan, year=2027)
    address = reverse("planning:evaluation", args=[objective.uuid])
    assert "Make a draft of it for 2027" in page(ministry, address, "planner_adcv")
    answer = client_of(ministry, "planner_adcv").post(
        address,
        {"result": "partly", "lessons_nl": "Les", "action": "continue", "version": "0"},
        follow=True,
    )
    new = OperationalObjective.objects.get(plan__year=2027)
    said = answer.content.decode()
    assert f"goes on in {new.code}, a draft in the plan of 2027" in said
    assert "Make a draft of it for 2027" not in said
    assert (new.title, new.state) == (objective.title, "draft")
    link = ObjectiveLineage.objects.get()
    assert (link.predecessor, link.successor, link.kind) == (objective, new, "continued")
    assert FinalEvaluation.objects.get().lessons["nl"] == "Les"
    copied = objective_continue(actor=ministry.users["planner_adcv"], objective=objective)
    assert (copied.objective, copied.is_new) == (new, False)


def test_what_stops_is_not_continued(ministry: Ministry, objective: OperationalObjective) -> None:
    OperationalPlan.objects.create(plan=ministry.plan, year=2027)
    save(ministry, objective)  # with a reason to stop
    with pytest.raises(DomainError) as refused:
        objective_continue(actor=ministry.users["planner_adcv"], objective=objective)
    assert refused.value.field == "discontinued_because"
    with pytest.raises(NotAllowed):
        objective_continue(actor=ministry.users["planner_dvz"], objective=objective)
    assert not ObjectiveLineage.objects.exists()

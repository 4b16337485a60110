"""Followers are told what changed, once a day, and never more than they may see."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from ibzplan.core.choices import QuestionKind
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Follow, Notification, Record
from ibzplan.core.notifications.registry import told
from ibzplan.core.services import next_instant
from ibzplan.core.services.follows import follow
from ibzplan.core.services.notifications import (
    digests_send,
    notification_preference_set,
    notifications_make,
)
from ibzplan.core.services.questions import question_answer, question_ask
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record, measurement_validate
from objectives.planning.models import OperationalObjective
from objectives.planning.services import (
    milestone_report,
    objective_close,
)
from objectives.planning.services.amendment_changes import Proposal, change_add
from objectives.planning.services.amendment_parts import part_name
from objectives.planning.services.amendments import (
    amendment_approve,
    amendment_create,
    amendment_submit,
)
from objectives.planning.services.narratives import NarrativeSheet, narrative_write
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Activity, Milestone
from reporting.selectors.followed import followed_since
from reporting.services import follows
from reporting.services.follows import followers_tell
from tests.factories import Ministry, text

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """Return an objective in force with one indicator."""
    row = ministry.objective()
    ministry.indicator(row)
    ministry.approve(row)
    return row


def follows_it(ministry: Ministry, name: str, target: Record) -> None:
    follow(actor=ministry.users[name], type_name=target.type_name(), uuid=target.uuid)


def give_figure(
    ministry: Ministry, value: int, period: str = "2026-T1", **more: Any
) -> Measurement:
    return measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=Indicator.objects.get(),
        period=parse_period(period),
        figure=Figure(value=Decimal(value)),
        **more,
    )


def said_to(ministry: Ministry, name: str, language: str = "en") -> list[str]:
    rows = Notification.objects.filter(user=ministry.users[name], kind=follows.KIND)
    with translation.override(language):
        items = [told(row) for row in rows.order_by("pk")]
    return [f"{item.title}; {item.detail}" for item in items]


def test_a_new_figure_is_told_with_the_status_it_brought(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    follows_it(ministry, "cabinet_vbz", objective)
    give_figure(ministry, 80)
    assert followers_tell(today=TOMORROW) == 1
    (said,) = said_to(ministry, "cabinet_vbz")
    assert objective.code in said
    assert "from no data to off track" in said
    assert f"{objective.code}-a Bezettingsgraad noodcentrales, T1 2026: 80.0 %, provisional" in (
        said.replace("\N{NO-BREAK SPACE}", " ")
    )
    row = Notification.objects.get(kind=follows.KIND)
    assert told(row).url == f"/doelstellingen/{objective.uuid}/"


def test_what_is_told_reads_in_the_language_of_the_reader(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    follows_it(ministry, "cabinet_vbz", objective)
    give_figure(ministry, 80)
    followers_tell(today=TOMORROW)
    (dutch,) = said_to(ministry, "cabinet_vbz", "nl")
    (french,) = said_to(ministry, "cabinet_vbz", "fr")
    assert "80,0" in dutch
    assert "Exécuter Masterplan NCU uitvoeren" in french
    assert "Exécuter" not in dutch


def test_running_twice_tells_once_and_the_next_day_only_what_is_new(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    follows_it(ministry, "cabinet_vbz", objective)
    give_figure(ministry, 80)
    assert [followers_tell(today=TOMORROW), followers_tell(today=TOMORROW)] == [1, 0]
    assert followers_tell(today=TOMORROW + timedelta(days=1)) == 0
    give_figure(ministry, 81, reason="Verkeerd overgenomen.")
    assert followers_tell(today=TOMORROW + timedelta(days=2)) == 1
    assert "81.0" in said_to(ministry, "cabinet_vbz")[-1]
    assert "instead of 80.0" in said_to(ministry, "cabinet_vbz")[-1]


def test_a_run_that_dies_loses_nothing_and_repeats_nothing(
    ministry: Ministry, objective: OperationalObjective, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cabinet_vbz", "auditor"):
        follows_it(ministry, name, objective)
    give_figure(ministry, 80)
    make, calls = notifications_make, []

    def dies_at_the_second(**arguments: Any) -> int:
        calls.append(arguments)
        made = make(**arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(follows, "notifications_make", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        followers_tell(today=TOMORROW)
    assert Notification.objects.filter(kind=follows.KIND).count() == 1
    monkeypatch.setattr(follows, "notifications_make", make)
    assert followers_tell(today=TOMORROW) == 1
    assert [len(said_to(ministry, name)) for name in ("cabinet_vbz", "auditor")] == [1, 1]


def test_another_run_meanwhile_is_left_alone(
    ministry: Ministry, objective: OperationalObjective, monkeypatch: pytest.MonkeyPatch
) -> None:
    follows_it(ministry, "auditor", objective)
    give_figure(ministry, 80)
    read = followed_since

    def other_run_first(*arguments: Any, **more: Any) -> Any:
        found = read(*arguments, **more)
        monkeypatch.setattr(follows, "followed_since", read)
        assert followers_tell(today=TOMORROW) == 1
        return found

    monkeypatch.setattr(follows, "followed_since", other_run_first)
    assert followers_tell(today=TOMORROW) == 0
    assert len(said_to(ministry, "auditor")) == 1


def test_a_cabinet_never_learns_of_a_draft(ministry: Ministry) -> None:
    draft = ministry.objective()
    ministry.indicator(draft)
    for name in ("cabinet_vbz", "planner_adcv"):
        follows_it(ministry, name, ministry.werf)
    follows_it(ministry, "planner_adcv", draft)
    Follow.objects.create(  # a right it had once
        user=ministry.users["cabinet_vbz"],
        target_type=draft.type_name(),
        target_uuid=draft.uuid,
        created_at=timezone.now(),
        told_until=timezone.now(),
    )
    ministry.motivate(draft)
    ministry.submit(draft)
    assert followers_tell(today=TOMORROW) == 0
    second = ministry.objective(title="Een tweede")
    ministry.indicator(second)
    ministry.approve(second)
    assert followers_tell(today=TOMORROW + timedelta(days=1)) == 2
    for name in ("cabinet_vbz", "planner_adcv"):
        (said,) = said_to(ministry, name)
        assert said.startswith("2.6 Veilige en efficiënte hulpketen")
        assert "in force, part of the plan" in said
        assert draft.code not in said


def test_another_ministers_cabinet_is_told_of_validated_figures_only(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    for name in ("cabinet_vbz", "cabinet_am"):
        follows_it(ministry, name, objective)
        follows_it(ministry, name, Indicator.objects.get())
        follows_it(ministry, name, ministry.werf)
    figure = give_figure(ministry, 80)
    followers_tell(today=TOMORROW)
    assert len(said_to(ministry, "cabinet_vbz")) == 3
    assert not [said for said in said_to(ministry, "cabinet_am") if "80" in said]
    assert not said_to(ministry, "cabinet_am")
    measurement_validate(actor=ministry.users["head_adcv"], measurement=figure)
    followers_tell(today=TOMORROW + timedelta(days=1))
    assert len(said_to(ministry, "cabinet_am")) == 3
    assert all("80.0" in said for said in said_to(ministry, "cabinet_am"))


def test_a_confidential_indicator_stays_with_its_unit_and_minister(ministry: Ministry) -> None:
    row = ministry.objective()
    ministry.indicator(row, is_confidential=True)
    ministry.approve(row)
    for name in ("cabinet_vbz", "cabinet_am", "committee"):
        follows_it(ministry, name, row)
    give_figure(ministry, 80)
    followers_tell(today=TOMORROW)
    assert len(said_to(ministry, "cabinet_vbz")) == 1
    assert not said_to(ministry, "cabinet_am")
    assert not said_to(ministry, "committee")


def test_a_narrative_and_an_answer_are_told_to_who_reads_them(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    for name in ("cabinet_vbz", "cabinet_am"):
        follows_it(ministry, name, objective)
    narrative_write(
        actor=ministry.users["head_adcv"],
        objective=objective,
        period=parse_period("2026-T1"),
        sheet=NarrativeSheet(done=LocalisedText({"nl": "Opgeleverd.", "fr": "Livré."})),
    )
    question = question_ask(
        actor=ministry.users["cabinet_vbz"],
        kind=QuestionKind.QUESTION,
        target=objective,
        text="Waarom zo laat?",
    )
    question_answer(actor=ministry.users["head_adcv"], question=question, text="De levering.")
    followers_tell(today=TOMORROW)
    (said,) = said_to(ministry, "cabinet_vbz")
    assert "narrative of T1 2026 written" in said
    assert "an answer to “Waarom zo laat?”" in said
    (other,) = said_to(ministry, "cabinet_am")
    assert "narrative of T1 2026 written" in other
    assert "Waarom zo laat?" not in other


def test_the_digest_has_it_once_and_a_muted_reader_keeps_the_page(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    for name in ("cabinet_vbz", "auditor"):
        user = ministry.users[name]
        user.email = f"{name}@example.org"
        user.save(update_fields=["email"])
        follows_it(ministry, name, objective)
    notification_preference_set(actor=ministry.users["auditor"], is_muted=True, language="")
    notification_preference_set(actor=ministry.users["cabinet_vbz"], is_muted=False, language="fr")
    give_figure(ministry, 80)
    followers_tell(today=TOMORROW)
    assert [digests_send(today=TOMORROW), digests_send(today=TOMORROW)] == [1, 0]
    (sent,) = mail.outbox
    assert sent.to == ["cabinet_vbz@example.org"]
    assert f"/doelstellingen/{objective.uuid}/" in sent.body
    assert "Exécuter Masterplan NCU uitvoeren" in sent.body
    assert len(said_to(ministry, "auditor")) == 1


def test_who_cannot_sign_in_is_not_told(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    follows_it(ministry, "auditor", objective)
    ministry.users["auditor"].is_active = False
    ministry.users["auditor"].save()
    give_figure(ministry, 80)
    assert followers_tell(today=TOMORROW) == 0


def test_what_began_today_is_told_tomorrow(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    follows_it(ministry, "auditor", objective)
    give_figure(ministry, 80)
    assert followers_tell(today=TODAY) == 0
    assert followers_tell(today=TOMORROW) == 1


def test_many_follows_cost_no_more_queries_than_few(ministry: Ministry) -> None:
    def made(number: int) -> list[OperationalObjective]:
        rows = []
        for _n in range(number):
            row = ministry.objective()
            ministry.indicator(row)
            ministry.approve(row)
            rows.append(row)
        return rows

    def queries(rows: list[OperationalObjective], today: date) -> int:
        for row in rows:
            follows_it(ministry, "auditor", row)
        for indicator in Indicator.objects.all():
            measurement_record(
                actor=ministry.users["planner_adcv"],
                indicator=indicator,
                period=parse_period("2026-T1"),
                figure=Figure(value=Decimal(80 + today.day % 7)),
                reason="Herzien.",
            )
        with CaptureQueriesContext(connection) as captured:
            assert followers_tell(today=today) == Follow.objects.count()
        return len(captured)

    few = queries(made(2), TOMORROW)
    assert queries(made(4), TOMORROW + timedelta(days=1)) <= few


def with_a_milestone(ministry: Ministry) -> OperationalObjective:
    """Return an objective in force with an activity that has one milestone, in a plan in force."""
    row = ministry.objective()
    ministry.indicator(row)
    ministry.project(row, "Kazerne bouwen", {"Gunning": date(2026, 6, 30)})
    row.refresh_from_db()
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    row.refresh_from_db()
    return row


def amend(
    ministry: Ministry,
    objective: OperationalObjective,
    kind: str,
    values: dict[str, Any],
    indicator: Indicator | None = None,
) -> None:
    """Carry an amendment of one change through."""
    planner = ministry.users["planner_adcv"]
    amendment = amendment_create(
        actor=planner, plan=ministry.year, unit=ministry.adcv, title=text("Bijsturing")
    )
    proposal = Proposal(
        kind=kind,
        motivation="De gunning loopt uit.",
        is_important=False,
        objectives=[objective],
        indicator=indicator,
        values=values,
    )
    change_add(actor=planner, amendment=amendment, proposal=proposal)
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    amendment_approve(actor=ministry.users["committee"], amendment=amendment)


def activity_with(*milestones: dict[str, Any]) -> dict[str, Any]:
    activity = Activity.objects.get()
    return {
        part_name("activity", activity.uuid): {
            "kind": "project",
            "title": {"nl": "Kazerne bouwen"},
            "description": {},
            "starts_on": None,
            "ends_on": None,
            "milestones": list(milestones),
        }
    }


def told_tomorrow(ministry: Ministry, objective: OperationalObjective) -> str:
    """Return what the cabinet, which follows it, is told."""
    assert followers_tell(today=TOMORROW) == 1
    (said,) = said_to(ministry, "cabinet_vbz")
    assert said.startswith(objective.code)
    return said


def test_an_amendment_is_told_with_the_milestones_it_brought_and_took(ministry: Ministry) -> None:
    objective = with_a_milestone(ministry)
    follows_it(ministry, "cabinet_vbz", objective)
    opening = {"uuid": None, "title": {"nl": "Werf open"}, "due_on": "2026-11-30"}
    amend(ministry, objective, "activity", activity_with(opening))
    said = told_tomorrow(ministry, objective)
    assert "amendment W1 of 2026 approved, “Bijsturing”" in said
    assert "milestone “Werf open” added" in said
    assert "milestone “Gunning” withdrawn" in said


def test_an_activity_that_ends_takes_its_milestones_along(ministry: Ministry) -> None:
    objective = with_a_milestone(ministry)
    follows_it(ministry, "cabinet_vbz", objective)
    name = part_name("activity", Activity.objects.get().uuid)
    amend(ministry, objective, "activity", {name: None})
    assert "milestone “Gunning” withdrawn" in told_tomorrow(ministry, objective)


def test_a_milestone_is_told_as_it_stands_last(ministry: Ministry) -> None:
    objective = with_a_milestone(ministry)
    follows_it(ministry, "cabinet_vbz", objective)
    step = Milestone.objects.get()
    moved = {"uuid": str(step.uuid), "title": dict(step.title), "due_on": "2026-10-31"}
    amend(ministry, objective, "activity", activity_with(moved))
    step.refresh_from_db()
    milestone_report(
        actor=ministry.users["planner_adcv"],
        milestone=step,
        done_on=None,
        forecast_on=date(2026, 12, 15),
    )
    said = told_tomorrow(ministry, objective)
    assert said.count("milestone “Gunning” expected on") == said.count("Gunning") == 1


def test_what_a_draft_said_of_its_milestones_is_not_told(ministry: Ministry) -> None:
    follows_it(ministry, "cabinet_vbz", ministry.werf)
    with_a_milestone(ministry)
    assert followers_tell(today=TOMORROW) == 1
    (said,) = said_to(ministry, "cabinet_vbz")
    assert "in force, part of the plan" in said
    assert "milestone" not in said


def test_a_closed_objective_is_told(ministry: Ministry, objective: OperationalObjective) -> None:
    follows_it(ministry, "cabinet_vbz", objective)
    objective_close(actor=None, objective=objective, at=next_instant())
    assert "closed" in told_tomorrow(ministry, objective)


def test_an_objective_taken_out_is_told_with_the_reason(ministry: Ministry) -> None:
    objective = with_a_milestone(ministry)
    follows_it(ministry, "cabinet_vbz", objective)
    amend(ministry, objective, "withdraw", {})
    said = told_tomorrow(ministry, objective)
    assert "taken out of the plan" in said
    assert "Gunning" not in said


def test_another_target_of_a_confidential_indicator_is_told_to_who_sees_it(
    ministry: Ministry,
) -> None:
    objective = with_a_milestone(ministry)
    Indicator.objects.update(is_confidential=True)
    for name in ("cabinet_vbz", "cabinet_am", "committee"):
        follows_it(ministry, name, objective)
    final = {"due_on": "2026-12-31", "value": "93", "level": None}
    amend(ministry, objective, "target", {"final": final}, Indicator.objects.get())
    followers_tell(today=TOMORROW)
    assert "Bijsturing" in str(said_to(ministry, "cabinet_vbz"))
    assert not said_to(ministry, "cabinet_am")
    assert not said_to(ministry, "committee")

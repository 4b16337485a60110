"""The plan cycle in the demo: what a visitor finds on each desk, in versions and evaluations."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from tempfile import TemporaryDirectory

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import Comment, HistoryEntry
from ibzplan.core.rewind import as_known
from objectives.indicators.models import Obligation, Target
from objectives.planning.choices import (
    AmendmentState,
    EvaluationResult,
    EvaluationState,
    LineageKind,
    PlanState,
    WaitsFor,
)
from objectives.planning.models import (
    Amendment,
    CoOwner,
    FinalEvaluation,
    ObjectiveLineage,
    OperationalObjective,
    OperationalPlan,
    PlanVersion,
    Risk,
)
from objectives.planning.selectors import objective_readings
from objectives.planning.selectors.amendments import conflicts_of
from objectives.planning.selectors.closing import contradicts
from objectives.planning.selectors.versions import version_check
from objectives.strategy.models import Activity, Milestone
from personnel.access import Access
from personnel.models import User

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
MIDNIGHT = datetime(2026, 11, 21, 23, tzinfo=UTC)
TICK = timedelta(microseconds=1)
AUDITOR = Access(is_superuser=True)


def demo_on(today: date, *options: str) -> None:
    """Load the real plans and make the demo of seed 1 around a day."""
    with TemporaryDirectory() as folder, override_settings(DATA_DIR=folder, MEDIA_ROOT=folder):
        call_command("load_plans", stdout=StringIO(), skip_checks=True)
        call_command(
            "demo_data",
            "--seed",
            "1",
            "--today",
            today.isoformat(),
            *options,
            stdout=StringIO(),
            stderr=StringIO(),
            skip_checks=True,
        )


def signed_in(username: str) -> Client:
    """Return a browser of a demo account."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


class TestCycle(TestCase):
    """The three plans around 22 November 2026."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the demo once for all of these."""
        demo_on(TODAY)

    def test_versions_are_frozen_at_their_approval_and_sound(self) -> None:
        """Version 1 of both years, version 2 of the amendment; the records give them again."""
        versions = list(PlanVersion.objects.order_by("plan__year", "number"))
        assert [(row.plan.year, row.number) for row in versions] == [
            (2025, 1),
            (2026, 1),
            (2026, 2),
        ]
        for row in versions:
            assert version_check(row).is_sound
            assert row.dated_on == timezone.localdate(row.recorded_at)
        for row in versions[:2]:
            approved = HistoryEntry.objects.get(target_uuid=row.plan.uuid, action="approved")
            assert (approved.at, row.dated_on) == (row.recorded_at, row.plan.approved_on)
            objectives = OperationalObjective.objects.filter(plan=row.plan)
            assert not objectives.filter(approved_at__gte=row.recorded_at).exists()
            assert row.content.count('"uuid"') > objectives.count()

    def test_the_versions_differ_in_three_objectives(self) -> None:
        """A target, a name, and one that is gone: what the amendment says."""
        page = signed_in("auditor").get(reverse("planning:plan_versions", args=[2026]))
        assert page.status_code == 200
        first, second = PlanVersion.objects.filter(plan__year=2026).order_by("number")
        page = signed_in("auditor").get(
            reverse("planning:plan_comparison", args=[2026]),
            {"van": first.number, "tot": second.number},
        )
        assert page.status_code == 200
        (amendment,) = Amendment.objects.filter(state=AmendmentState.APPROVED)
        assert second.amendment == amendment
        changes = amendment.changes.order_by("order")
        assert [change.kind for change in changes] == ["target", "change", "withdraw"]
        assert [change.is_important for change in changes] == [False, False, True]
        assert all(change.motivation for change in changes)
        text = page.content.decode()
        for change in changes:
            assert change.objectives.get().code in text

    def test_the_page_before_the_amendment_shows_the_old_text(self) -> None:
        """Name, target and what is due are those of then, until the instant of the decision."""
        version = PlanVersion.objects.get(number=2)
        at = version.recorded_at
        assert version.amendment is not None
        target, name, withdrawn = version.amendment.changes.order_by("order")
        objective = name.objectives.get()
        (before,) = as_known([objective], at - TICK)
        assert name.values["title"] == [dict(before.title), dict(objective.title)]
        page = signed_in("auditor").get(
            reverse("planning:objective", args=[objective.uuid]), {"known": "2026-06-01"}
        )
        assert before.title["nl"] in page.content.decode()
        assert objective.title["nl"] not in page.content.decode()
        rows = Target.objects.filter(indicator=target.indicator, plan_year=2026).order_by("pk")
        assert [row.value for row in rows] == [24, 34]
        assert rows[1].recorded_at == at
        gone = withdrawn.objectives.get()
        assert (gone.state, gone.withdrawn_at) == (PlanState.WITHDRAWN, at)
        (stood,) = as_known([gone], at - TICK)
        assert (stood.state, stood.withdrawn_at) == (PlanState.APPROVED, None)
        lapsed = Obligation.objects.filter(known_from=at)
        assert lapsed.count() >= 3
        assert all(row.period_end >= date(2026, 6, 16) for row in lapsed)
        assert all(row.not_applicable_reason.startswith("W1: ") for row in lapsed)

    def test_one_amendment_waits_and_can_be_approved(self) -> None:
        """It is submitted, on the corporate cell's desk, and meets no conflict."""
        (amendment,) = Amendment.objects.filter(state=AmendmentState.SUBMITTED)
        assert amendment.number == 2
        assert amendment.submitted_at is not None
        assert timezone.localdate(amendment.submitted_at) <= TODAY - timedelta(days=7)
        assert conflicts_of(list(amendment.changes.prefetch_related("objectives"))) == []

    def test_every_desk_has_something(self) -> None:
        """Planner, head, corporate cell and committee each find work in their queue."""
        waiting = Counter(
            OperationalObjective.objects.filter(plan__year=2027).values_list("waits_for", flat=True)
        )
        assert set(waiting) == set(WaitsFor.values)
        for username in ("planner-dvz", "head-adib", "cel-corporate", "directiecomite"):
            page = signed_in(username).get(reverse("planning:queue"))
            assert page.status_code == 200
            assert page.context["total"] > 0, username

    def test_returned_drafts_carry_remarks_at_their_fields(self) -> None:
        """Two drafts went back with a reason; one remark was answered."""
        returned = HistoryEntry.objects.filter(action="returned")
        assert returned.count() == 2
        for entry in returned:
            objective = OperationalObjective.objects.get(uuid=entry.target_uuid)
            assert (objective.state, objective.waits_for) == (PlanState.DRAFT, WaitsFor.PLANNER)
            assert entry.reason
            asked = Comment.objects.filter(target_uuid=objective.uuid, asks_change=True)
            assert asked.count() == 2
            assert all(row.field and row.created_at >= entry.at for row in asked)
        plans = OperationalObjective.type_name()
        answers = Comment.objects.exclude(parent=None).filter(target_type=plans)
        assert answers.count() == 2
        assert all(row.parent and row.author != row.parent.author for row in answers)
        draft = OperationalObjective.objects.get(title__nl="Terugkeerprocedures digitaal opvolgen")
        page = signed_in("planner-dvz").get(reverse("planning:objective", args=[draft.uuid]))
        assert "Voeg de stappen van de uitrol toe" in page.content.decode()

    def test_the_closed_year_is_evaluated_as_its_figures_say(self) -> None:
        """Every objective: handed in by its head before the closing, in both languages."""
        plan = OperationalPlan.objects.get(year=2025)
        objectives = OperationalObjective.objects.filter(plan=plan)
        rows = FinalEvaluation.objects.filter(objective__plan=plan)
        assert rows.count() == objectives.count()
        assert len({row.explanation["nl"] for row in rows}) >= 5
        for row in rows.select_related("objective", "objective__plan", "objective__unit"):
            assert row.state == EvaluationState.HANDED_IN
            assert row.result in EvaluationResult.values
            assert not contradicts(row.result, row.computed_status)
            assert set(row.explanation) == set(row.lessons) == {"nl", "fr"}
            assert row.handed_in_at is not None
            assert timezone.localdate(row.handed_in_at) < date(2026, 3, 10)
            clocks = Clocks(date(2025, 12, 31), row.handed_in_at)
            (reading,) = objective_readings([row.objective], clocks=clocks, access=AUDITOR)
            assert reading.status.status.value == row.computed_status
            (before,) = as_known([row], row.handed_in_at - TICK)
            assert (before.state, before.computed_status) == (EvaluationState.DRAFT, "")

    def test_the_running_year_has_evaluations_begun(self) -> None:
        """A few drafts since 1 November; the page of the year shows what is open."""
        rows = FinalEvaluation.objects.filter(objective__plan__year=2026)
        assert 3 <= rows.count() <= 12
        assert {row.state for row in rows} == {EvaluationState.DRAFT}
        assert all(row.created_at >= datetime(2026, 11, 1, tzinfo=UTC) for row in rows)
        page = signed_in("auditor").get(reverse("planning:evaluations", args=[2026]))
        assert page.status_code == 200
        assert rows[0].objective.code in page.content.decode()

    def test_objectives_say_what_is_behind_them(self) -> None:
        """Activities and means for half, risks for a third, in each unit; co-owners, origins."""
        running = OperationalObjective.objects.filter(plan__year=2026)
        units = Counter(running.values_list("unit__code", flat=True))
        active = set(Activity.objects.values_list("target_uuid", flat=True))
        risky = set(Risk.objects.values_list("objective__uuid", flat=True))
        for code, number in units.items():
            uuids = set(running.filter(unit__code=code).values_list("uuid", flat=True))
            assert number / 2 <= len(uuids & active) <= number / 2 + 1, code
            assert number / 3 <= len(uuids & risky) <= number / 3 + 1, code
            told = [row for row in running.filter(unit__code=code) if row.means]
            assert number / 2 <= len(told) <= number / 2 + 1, code
            assert all(set(row.means) == {"nl", "fr"} for row in told)
        assert CoOwner.objects.filter(objective__plan__year=2026).count() >= 8
        assert set(running.values_list("origin", flat=True)) == {
            "",
            "coalition_agreement",
            "policy_statement",
            "policy_note",
        }
        assert running.filter(sub_unit__parent__code="VZ").count() == 3
        for row in CoOwner.objects.select_related("objective"):
            assert row.unit_id != row.objective.unit_id

    def test_milestones_are_done_late_and_expected(self) -> None:
        """Each of them fits in its activity, and what is reported was reported by then."""
        running = Milestone.objects.filter(due_on__year=2026)
        assert running.filter(done_on__isnull=False).count() >= 20
        assert any(row.done_on and row.done_on > row.due_on for row in running)
        assert any(row.forecast_on and row.forecast_on > row.due_on for row in running)
        assert running.filter(done_on=None, due_on__lt=TODAY).exists()
        assert running.filter(done_on=None, due_on__gt=TODAY).exists()
        assert not Milestone.objects.filter(due_on__year=2025, done_on=None).exists()
        assert not Milestone.objects.filter(done_on__gte=TODAY).exists()
        for row in Milestone.objects.select_related("activity"):
            activity = row.activity
            assert activity.starts_on is None or activity.starts_on <= row.due_on
            assert activity.ends_on is None or activity.ends_on >= row.due_on
            assert row.known_from == activity.known_from

    def test_objectives_carry_on_from_year_to_year(self) -> None:
        """Last year's go on in this year's, this year's in drafts of the next; in the same unit."""
        links = ObjectiveLineage.objects.select_related(
            "predecessor", "predecessor__plan", "successor", "successor__plan"
        )
        years = Counter(link.predecessor.plan.year for link in links)
        closed = OperationalObjective.objects.filter(plan__year=2025).count()
        assert years == {2025: closed, 2026: 12}
        for link in links:
            assert link.kind == LineageKind.CONTINUED
            assert link.successor.plan.year == link.predecessor.plan.year + 1
            assert link.successor.unit_id == link.predecessor.unit_id

    def test_nothing_lies_in_the_future(self) -> None:
        """Every row of the cycle was known before the day of the demo."""
        for model in (Activity, Milestone, Risk, CoOwner, ObjectiveLineage):
            rows = model._default_manager.all()
            assert rows.exists()
            assert not rows.filter(known_from__gte=MIDNIGHT).exists()
            assert all(row.created_at == row.known_from for row in rows)
        for comment in Comment.objects.all():
            assert comment.created_at < MIDNIGHT
        assert not PlanVersion.objects.filter(recorded_at__gte=MIDNIGHT).exists()

    def test_removal_leaves_nothing(self) -> None:
        """No row of the cycle stays behind."""
        with TemporaryDirectory() as folder, override_settings(DATA_DIR=folder, MEDIA_ROOT=folder):
            call_command("demo_data", "--remove", stdout=StringIO(), skip_checks=True)
        for model in apps.get_models():
            if any(field.name == "is_demo" for field in model._meta.fields):
                assert not model._base_manager.filter(is_demo=True).exists(), model


def test_in_january_nothing_was_amended_yet() -> None:
    """The plan says what it was approved with; last year is not evaluated."""
    demo_on(date(2026, 1, 12), "--without-reports")
    assert not Amendment.objects.exists()
    assert not FinalEvaluation.objects.exists()
    assert not OperationalObjective.objects.filter(state=PlanState.WITHDRAWN).exists()
    assert all(version_check(row).is_sound for row in PlanVersion.objects.all())
    assert PlanVersion.objects.count() == 2

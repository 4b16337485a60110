"""The demo: reproducible, of every kind and status, and gone without a trace."""

import json
import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import is_password_usable
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import TestCase, override_settings
from django.utils import timezone

from budget.choices import BudgetVersion, CreditTable
from budget.models import CreditAmount, CreditExecution, CreditLine
from budget.selectors import credit_book
from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import ApiToken, HistoryEntry, Job, RecordClock, TableVersion
from ibzplan.core.services import record_change, token_create
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.indicators import engine
from objectives.indicators.choices import Accumulation, SlotState, Status, TargetKind, Trajectory
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Obligation,
    Target,
)
from objectives.indicators.periods import Period
from objectives.indicators.selectors import SlotReading
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState, Step
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
    OperationalPlan,
    StatusOverride,
)
from objectives.planning.selectors import ObjectiveReading, objective_readings
from objectives.planning.services import ObjectiveSheet, objective_create
from objectives.security.models import ResourceValue
from objectives.strategy.models import Plan, Werf
from personnel.access import Access, access_of
from personnel.choices import Role, StaffKind, StaffMeasure
from personnel.models import (
    OrganisationUnit,
    RoleAssignment,
    StaffingFigure,
    StaffingFlow,
    SupervisingMinister,
    User,
)
from personnel.staffing import staffing_read
from personnel.staffing.flows import FlowState, flow_lines
from reporting.demo.content import content_read
from reporting.models import ProgressReport, ReportFile
from tests.factories import kept_for_many

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 14)
CLOCKS = Clocks(TODAY, datetime(2026, 10, 14, 12, tzinfo=UTC))
AUDITOR = Access(is_superuser=True)
FIXTURES = Path(__file__).parents[2] / "fixtures"
SECONDS_ALLOWED = 5.0
# Of each table.
Rows = dict[str, list[dict[str, Any]]]
# What differs between two equal demos: database keys, and the hash of the password.
NOT_COMPARED = {"id", "password"}


@pytest.fixture(autouse=True)
def own_data_dir(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Keep the logins and files of each test apart."""
    settings.DATA_DIR = tmp_path
    yield tmp_path


@pytest.fixture(scope="class")
def real_plans(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load both real plans once for a class."""
    with kept_for_many(django_db_blocker):
        call_command("load_plans", stdout=StringIO(), skip_checks=True)
        yield


def demo(*arguments: str) -> str:
    """Run the command and return what it prints."""
    output = StringIO()
    call_command("demo_data", *arguments, stdout=output, stderr=StringIO(), skip_checks=True)
    return output.getvalue()


def database() -> Rows:
    """Return every row of every table, in key order.

    The clock of recorded facts and the tokens of the tables run on whatever happens: they are no
    content of a plan.
    """
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
        if model not in (RecordClock, TableVersion)
    }


def marked_models() -> list[Any]:
    """Return the models that carry a demo mark."""
    return [m for m in apps.get_models() if any(f.name == "is_demo" for f in m._meta.fields)]


def demo_rows() -> dict[str, list[str]]:
    """Return all demo rows as text, with public identifiers in place of database keys."""
    uuids: dict[tuple[str, int], str] = {}
    for model in apps.get_models():
        if any(field.name == "uuid" for field in model._meta.fields):
            for pk, uuid in model._base_manager.values_list("pk", "uuid"):
                uuids[(model._meta.label, pk)] = str(uuid)
    found = {}
    for model in marked_models():
        rows = []
        for row in model._base_manager.filter(is_demo=True):
            values = {}
            for field in model._meta.fields:
                value = getattr(row, field.attname)
                if field.is_relation and value is not None:
                    value = uuids[(field.related_model._meta.label, value)]
                if field.name not in NOT_COMPARED:
                    values[field.name] = str(value)
            rows.append(json.dumps(values, sort_keys=True))
        found[model._meta.label] = sorted(rows)
    return found


def readings(year: int) -> list[ObjectiveReading]:
    """Return the readings of a plan year as an auditor sees them on the day of the demo."""
    objectives = OperationalObjective.objects.filter(plan__year=year).select_related(
        "plan", "werf__objective"
    )
    return objective_readings(list(objectives), clocks=CLOCKS, access=AUDITOR)


def story_status(story: str) -> str:
    """Return the status that an objective's story must lead to."""
    return {"on": "on_track", "risk": "at_risk", "off": "off_track"}.get(story, story)


class TestContents(TestCase):
    """What there is around 14 October 2026; made once for all of these."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Load the real plans and make the demo, with its logins out of the way."""
        with TemporaryDirectory() as folder, override_settings(DATA_DIR=folder, MEDIA_ROOT=folder):
            call_command("load_plans", stdout=StringIO(), skip_checks=True)
            demo("--seed", "1", "--today", "2026-10-14")

    def test_three_plans_in_their_states(self) -> None:
        """Last year closed, this year running, next year in draft."""
        states = dict(OperationalPlan.objects.values_list("year", "state"))
        assert states == {
            2025: PlanState.CLOSED,
            2026: PlanState.APPROVED,
            2027: PlanState.DRAFT,
        }
        counts = Counter(OperationalObjective.objects.values_list("plan__year", "state"))
        assert 18 <= counts[(2025, PlanState.CLOSED)] <= 24
        assert 60 <= counts[(2026, PlanState.APPROVED)] <= 72
        assert counts[(2027, PlanState.DRAFT)] >= 12
        assert counts[(2027, PlanState.SUBMITTED)] >= 5
        assert sum(counts.values()) == OperationalObjective.objects.count()
        for plan in OperationalPlan.objects.filter(approved_on__isnull=False):
            assert HistoryEntry.objects.get(target_uuid=plan.uuid, action="approved").is_demo

    def test_every_werf_has_objectives_and_most_have_goals(self) -> None:
        """All 23 werven are worked on."""
        running = OperationalObjective.objects.filter(plan__year=2026)
        assert running.values("werf").distinct().count() == 23
        assert (
            running.filter(goal_links__known_until=None, goal_links__isnull=False)
            .distinct()
            .count()
            > 50
        )
        assert 8 <= ObjectiveSecurityLink.objects.values("objective").distinct().count() <= 16

    def test_every_kind_of_indicator(self) -> None:
        """About 200 indicators in the running year, with every way to measure among them."""
        used = Indicator.objects.filter(objective_links__objective__plan__year=2026)
        assert 190 <= used.count() <= 215
        for field, choices in (
            ("target_kind", TargetKind),
            ("accumulation", Accumulation),
            ("trajectory", Trajectory),
        ):
            assert set(used.values_list(field, flat=True)) == set(choices.values)
        assert set(used.values_list("frequency", flat=True)) == {"M", "T", "S", "Y"}
        assert used.filter(is_ratio=True).count() >= 8
        assert 3 <= used.filter(is_confidential=True).count() <= 12
        assert used.filter(tolerance__isnull=False, target_kind=TargetKind.INCREASE).exists()
        assert used.filter(threshold_on_track__isnull=False).exists()
        links = ObjectiveIndicator.objects.filter(objective__plan__year=2026)
        assert links.filter(is_key=True).count() >= 10
        assert links.filter(weight__gt=1).count() >= 10
        assert all(row.title.get("nl") and row.title.get("fr") for row in used)

    def test_series_run_on_from_last_year(self) -> None:
        """The same indicator serves both years, with a target in each."""
        both = Indicator.objects.filter(objective_links__objective__plan__year=2025).filter(
            objective_links__objective__plan__year=2026
        )
        assert both.count() >= 30
        for indicator in both:
            years = {row.due_on.year for row in indicator.targets.filter(is_final=True)}
            assert years == {2025, 2026}

    def test_every_status_and_the_story(self) -> None:
        """The selectors give each objective the status that its story asks for."""
        found = readings(2026)
        statuses = Counter(reading.status.status.value for reading in found)
        assert set(statuses) == set(Status.values)
        good = statuses[Status.ON_TRACK] + statuses[Status.ACHIEVED]
        assert 0.6 <= good / len(found) <= 0.72
        assert 0.15 <= statuses[Status.AT_RISK] / len(found) <= 0.25
        off = [r.objective.werf.code for r in found if r.status.status == engine.Status.OFF_TRACK]
        assert 2 <= len(off) <= 6
        assert len([code for code in off if code in {"1.6", "2.7", "2.8"}]) > len(off) / 2
        links = [link.reading for reading in found for link in reading.indicators]
        assert {link.status.status.value for link in links} == set(Status.values)
        assert [link.problem for link in links if link.problem] == []
        numbers: Counter[str] = Counter()
        told = {}
        for one in content_read(FIXTURES / "demo").objectives:
            numbers[one.werf] += 1
            told[f"{one.werf}.{numbers[one.werf]}"] = story_status(one.story)
        assert {r.objective.code: r.status.status.value for r in found} == told

    def test_milestones_done_late_and_forecast(self) -> None:
        """Milestones of all three sorts."""
        links = [link.reading for reading in readings(2026) for link in reading.indicators]
        milestones = [x for x in links if x.indicator.target_kind == TargetKind.MILESTONE]
        assert any(x.status.late for x in milestones)
        done = [x for x in milestones if x.status.status == engine.Status.ACHIEVED]
        assert any(not x.status.late for x in done)
        assert any(x.latest and x.latest.measurement.forecast_on for x in milestones)  # type: ignore[union-attr]

    def test_closed_year_is_complete_and_validated(self) -> None:
        """No figure of the closed year is missing or provisional."""
        links = [link.reading for reading in readings(2025) for link in reading.indicators]
        slots = [slot for link in links for slot in link.due_slots]
        assert {slot.state for slot in slots} == {SlotState.MEASURED}
        assert all(_is_validated(slot) for slot in slots)

    def test_running_year_has_gaps_corrections_and_provisional_figures(self) -> None:
        """Some figures are late, some never came, some were corrected or do not apply."""
        links = [link.reading for reading in readings(2026) for link in reading.indicators]
        slots = [slot for link in links for slot in link.slots if slot.period.end.year == 2026]
        states = Counter(slot.state for slot in slots)
        assert 10 <= states[SlotState.MISSING] < states[SlotState.MEASURED] / 10
        assert states[SlotState.NOT_YET_DUE] > 0
        assert Obligation.objects.exclude(not_applicable_reason="").count() >= 4
        corrected = Measurement.objects.totals().exclude(reason="")
        assert 8 <= corrected.count() <= 20
        for row in corrected:
            first = Measurement.objects.totals().get(
                indicator=row.indicator, period_start=row.period_start, reason=""
            )
            assert first.recorded_at < row.recorded_at
            assert first.value != row.value
        last = [s for s in slots if s.measurement and s.period.end == date(2026, 9, 30)]
        provisional = [slot for slot in last if not _is_validated(slot)]
        assert len(last) > 80
        assert len(provisional) > len(last) / 2

    def test_the_past_is_plausible(self) -> None:
        """Every fact has its own moment, after what it speaks of and before today.

        The parts of a figure share that of the whole.
        """
        moments = [
            *Target.objects.values_list("recorded_at", flat=True),
            *Measurement.objects.totals().values_list("recorded_at", flat=True),
            *MeasurementEvent.objects.values_list("recorded_at", flat=True),
            *IndicatorDefinition.objects.values_list("recorded_at", flat=True),
            *StatusOverride.objects.values_list("recorded_at", flat=True),
        ]
        assert len(set(moments)) == len(moments)
        assert max(timezone.localdate(moment) for moment in moments) < TODAY
        for row in Measurement.objects.all():
            assert timezone.localdate(row.recorded_at) > row.period_end
        for event in MeasurementEvent.objects.select_related("measurement"):
            assert event.recorded_at > event.measurement.recorded_at
        history = HistoryEntry.objects.filter(is_demo=True)
        assert all(timezone.localdate(entry.at) < TODAY for entry in history)
        for model in (Target, Measurement, MeasurementEvent, IndicatorDefinition, StatusOverride):
            in_order = list(model.objects.order_by("pk").values_list("recorded_at", flat=True))
            assert in_order == sorted(in_order)

    def test_the_running_year_has_a_budget_beside_the_printed_one(self) -> None:
        """Entered for the own lines, adjusted for three; what was used up to the last quarter."""
        entered = CreditAmount.objects.filter(is_demo=True)
        counts = Counter(entered.values_list("year", "budget", "table"))
        assert counts.keys() == {
            (2026, BudgetVersion.INITIAL, CreditTable.ENTERED),
            (2026, BudgetVersion.ADJUSTED, CreditTable.ENTERED),
        }
        assert counts[2026, BudgetVersion.INITIAL, CreditTable.ENTERED] >= 30
        assert counts[2026, BudgetVersion.ADJUSTED, CreditTable.ENTERED] == 3
        book = credit_book(Clocks.now())
        line = CreditLine.objects.get(code="PERS-E1")
        node = book.node(line, 2026, BudgetVersion.INITIAL)
        assert node.figure == node.below  # what was entered for a line is what stands below it
        used = CreditExecution.objects.filter(line__code="OP-IT").order_by("on", "recorded_at")
        days = list(dict.fromkeys(used.values_list("on", flat=True)))
        assert (days[0], days[-1], len(days)) == (date(2025, 3, 31), date(2026, 9, 30), 7)
        assert used.exclude(reason="").count() == 1
        for year in (2025, 2026):
            counting = used.latest_at(timezone.now()).filter(year=year)
            committed = list(counting.values_list("committed_cents", flat=True))
            assert committed == sorted(committed)  # since 1 January
        for row in CreditExecution.objects.all():
            assert row.on < timezone.localdate(row.recorded_at) < TODAY

    def test_the_people_of_two_days_and_who_came_and_went(self) -> None:
        """Counted at the end of last year, planned for this one; of one unit it does not add up."""
        assert set(StaffingFigure.objects.filter(is_demo=True).values_list("kind", "on")) == {
            (StaffKind.ACTUAL, date(2025, 12, 31)),
            (StaffKind.PLAN, date(2026, 12, 31)),
        }
        read = staffing_read(Clocks.now())
        for measure in StaffMeasure:
            found = flow_lines(read, measure, StaffKind.ACTUAL, 2025)
            ends = [row for row in found if not read.children.get(row.line.pk)]
            off = [row.line.code for row in ends if row.check.state == FlowState.OFF]
            assert off == ["ADIB"]
            assert len(ends) > 10
            assert {row.check.state for row in ends} == {FlowState.OFF, FlowState.ADDS_UP}
        assert ResourceValue.objects.values("figure").distinct().count() == 2

    def test_shares_of_lines_whole_in_part_and_not_at_all(self) -> None:
        """Given while the objectives were drafts; the other lines are still to be allocated."""
        shares = CreditAllocation.objects.select_related("line", "objective")
        whole: dict[str, list[Any]] = {}
        for row in shares:
            whole.setdefault(row.line.code, []).append(row.share)
        assert {code: len(found) for code, found in whole.items()} == {"VAR-NCCN": 3, "PERS-E2": 2}
        assert sum(whole["VAR-NCCN"]) == 1
        assert 0 < sum(whole["PERS-E2"]) < 1
        people = StaffAllocation.objects.select_related("line", "objective")
        assert {row.line.code for row in people} == {"NCCN"}
        given = [(row.objective, row.created_at) for row in shares]
        given += [(row.objective, row.created_at) for row in people]
        for objective, at in given:
            submitted = HistoryEntry.objects.get(target_uuid=objective.uuid, action=Step.SUBMIT)
            assert objective.created_at < at < submitted.at


@pytest.mark.usefixtures("real_plans")
class TestCreation:
    """How the command makes it."""

    def test_within_the_time_allowed(self) -> None:
        """One command, a few seconds of all its threads: a clock tells how busy others are."""
        started = process_time()
        demo("--seed", "1")
        assert process_time() - started < SECONDS_ALLOWED

    def test_every_row_is_marked(self) -> None:
        """What the command adds to marked tables is marked, and nothing real is touched."""
        before = database()
        demo()
        after = database()
        for label, rows in after.items():
            known = {row[_key(label)] for row in before[label]}
            assert [row for row in rows if row[_key(label)] in known] == before[label]
            new = [row for row in rows if row[_key(label)] not in known]
            assert all(row.get("is_demo", True) for row in new), label

    def test_reproducible(self, django_capture_on_commit_callbacks: Any) -> None:
        """The same seed gives the same rows, another seed gives others."""
        demo("--seed", "7")
        first = demo_rows()
        with django_capture_on_commit_callbacks(execute=True):
            demo("--remove")
        demo("--seed", "7")
        assert demo_rows() == first
        demo("--remove")
        demo("--seed", "8")
        assert demo_rows() != first

    @pytest.mark.parametrize("today", ["2026-01-12", "2028-12-31"])
    def test_around_another_day(self, today: str) -> None:
        """The plans move along with the day, and nothing is recorded after it."""
        demo("--seed", "3", "--today", today)
        day = date.fromisoformat(today)
        years = set(OperationalPlan.objects.values_list("year", flat=True))
        assert years == {day.year - 1, day.year, day.year + 1}
        recorded = [
            *Measurement.objects.values_list("recorded_at", flat=True),
            *Target.objects.values_list("recorded_at", flat=True),
            *IndicatorDefinition.objects.values_list("recorded_at", flat=True),
            *MeasurementEvent.objects.values_list("recorded_at", flat=True),
            *StatusOverride.objects.values_list("recorded_at", flat=True),
            *Obligation.objects.values_list("known_from", flat=True),
            *ObjectiveIndicator.objects.values_list("known_from", flat=True),
            *HistoryEntry.objects.filter(is_demo=True).values_list("at", flat=True),
            *CreditExecution.objects.values_list("recorded_at", flat=True),
            *ResourceValue.objects.values_list("recorded_at", flat=True),
        ]
        assert max(timezone.localdate(moment) for moment in recorded) < day
        entered = CreditAmount.objects.filter(is_demo=True, year=day.year)
        assert len(entered) >= 30
        assert max(timezone.localdate(row.created_at) for row in entered) < day
        counted = StaffingFigure.objects.filter(is_demo=True, kind=StaffKind.ACTUAL)
        assert counted.latest("on").on == date(day.year - 1, 12, 31)
        assert StaffingFlow.objects.filter(starts_on=date(day.year - 1, 1, 1)).exists()
        assert CreditExecution.objects.latest("on").on <= day


def _is_validated(slot: SlotReading) -> bool:
    """Tell whether the slot's figure was validated."""
    return bool(getattr(slot.measurement, "is_validated", False))


def _key(label: str) -> str:
    """Return the column of a table's primary key."""
    return str(apps.get_model(label)._meta.pk.attname)


@pytest.mark.usefixtures("real_plans")
class TestAccounts:
    """Who can sign in."""

    def test_roles_and_scopes(self) -> None:
        """A planner and a head for each directorate with werven, and one account a role."""
        demo("--password", "een-goed-wachtwoord", "--without-reports")
        for code in ("ADCV", "ADIB", "ADVP", "NCCN", "DVZ", "ADDIO", "PO", "BB", "VZ"):
            unit = OrganisationUnit.objects.get(code=code)
            planner = User.objects.get(username=f"planner-{code.lower()}")
            assert str(planner) == f"Planner {code}"
            assert access_of(planner).plans_for(unit.pk)
            assert not access_of(planner).heads(unit.pk)
            head = User.objects.get(username=f"head-{code.lower()}")
            assert str(head) == f"Hoofd {code}"
            assert access_of(head).heads(unit.pk)
        cabinet = User.objects.get(username="kabinet-am")
        assert str(cabinet) == "Kabinet Asiel en Migratie"
        minister = SupervisingMinister.objects.get(code="AM")
        assert access_of(cabinet).minister_ids == {minister.pk}
        others = {
            "kabinet-vbz": Role.CABINET,
            "kabinet-jus": Role.CABINET,
            "cel-corporate": Role.CORPORATE,
            "directiecomite": Role.COMMITTEE,
            "stuurgroep-gpi": Role.STEERING_GROUP,
            "auditor": Role.AUDITOR,
            "benb": Role.RESOURCES,
        }
        for username, role in others.items():
            assert access_of(User.objects.get(username=username)).roles == {role}
        assert all(user.check_password("een-goed-wachtwoord") for user in _demo_users()[:2])

    def test_logins_are_printed_and_kept_private(self, own_data_dir: Path) -> None:
        """The one random password stands in the output and in a file for its owner alone."""
        printed = demo("--without-reports")
        path = own_data_dir / "demo-logins.txt"
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        password = path.read_text(encoding="utf-8").splitlines()[0].rpartition(" ")[2]
        assert password in printed
        assert "kabinet-vbz" in path.read_text(encoding="utf-8")
        assert _demo_users()[0].check_password(password)

    def test_a_real_account_is_never_taken_over(self) -> None:
        """A demo username that a person has stops the command."""
        User.objects.create_user(username="auditor", password="x")
        with pytest.raises(CommandError, match="auditor"):
            demo()
        assert not OperationalPlan.objects.exists()


def _demo_users() -> list[User]:
    return list(User.objects.filter(is_demo=True).order_by("pk"))


def test_says_that_the_plans_are_missing() -> None:
    """Without the real plans there is nothing to hang the demo on."""
    with pytest.raises(CommandError, match="load_plans"):
        demo()
    assert not User.objects.exists()


@pytest.mark.usefixtures("real_plans")
class TestPreconditions:
    """What the command needs."""

    def test_names_what_is_missing(self) -> None:
        """A missing werf is named."""
        Werf.objects.filter(code="2.6").delete()
        with pytest.raises(CommandError, match=r"2\.6"):
            demo()

    def test_refuses_a_day_outside_the_plan(self) -> None:
        """There is no plan year before the first one."""
        with pytest.raises(CommandError, match="2026 to 2028"):
            demo("--today", "2025-06-01")

    def test_refuses_to_stand_in_for_a_real_plan(self) -> None:
        """A real operational plan of one of the years stays alone."""
        OperationalPlan.objects.create(plan=Plan.objects.get(code="SP2025"), year=2026)
        with pytest.raises(CommandError, match="2026"):
            demo()

    def test_twice_changes_nothing(self) -> None:
        """The second run says so and ends well, also with another seed."""
        demo("--seed", "1", "--without-reports")
        before = database()
        assert "already" in demo("--seed", "2")
        assert database() == before


@pytest.fixture(scope="class")
def kept_demo(
    real_plans: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Rows, Path]]:
    """Make the demo once for a class; return what there was before, and where its logins are."""
    folder = tmp_path_factory.mktemp("demo")
    with kept_for_many(django_db_blocker):
        before = database()
        with override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "files"):
            demo()
        yield before, folder


@pytest.fixture
def before(kept_demo: tuple[Rows, Path], own_data_dir: Path) -> Rows:
    """The demo is there, with its logins; return what the database held before."""
    rows, folder = kept_demo
    shutil.copytree(folder, own_data_dir, dirs_exist_ok=True)
    return rows


@pytest.mark.usefixtures("before")
class TestRemoval:
    """Taking the demo away."""

    def test_leaves_everything_else_as_it_was(
        self, before: Rows, own_data_dir: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        """Every table is the same as before the demo came."""
        assert database() != before
        assert (own_data_dir / "demo-logins.txt").exists()
        with django_capture_on_commit_callbacks(execute=True):
            demo("--remove")
        assert database() == before
        assert not (own_data_dir / "demo-logins.txt").exists()
        assert "no demo" in demo("--remove")

    def test_takes_along_what_users_added_to_it(
        self, before: Rows, django_capture_on_commit_callbacks: Any
    ) -> None:
        """Objectives, figures, reports with their files, jobs and tokens go too."""
        planner = User.objects.get(username="planner-adcv")
        plan = OperationalPlan.objects.get(year=2026)
        objective_create(
            actor=planner,
            plan=plan,
            werf=Werf.objects.get(code="2.6"),
            unit=OrganisationUnit.objects.get(code="ADCV"),
            sheet=ObjectiveSheet(
                title=LocalisedText({"nl": "Eigen doelstelling"}),
                starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31),
            ),
        )
        indicator = _plain_indicator()
        # The last one that is over: a report locks the figures of those before.
        period = indicator.obligations.filter(period_end__lt=TODAY).latest("period_start")
        measurement_record(
            actor=planner,
            indicator=indicator,
            period=Period(period.period_start, period.resolution),
            figure=Figure(value=indicator.baseline),
            reason="Nieuw cijfer",
            confirmed=("fall_of_to_date", "outlier", "unchanged"),
        )
        token_create(user=planner, name="proef")
        stored = _report_with_file(plan, User.objects.get(username="cel-corporate"))
        assert stored.exists()
        with django_capture_on_commit_callbacks(execute=True):
            demo("--remove")
        assert database() == before
        assert not stored.exists()
        assert not ApiToken.objects.exists()
        assert not Job.objects.exists()

    def test_keeps_edits_of_real_entries_and_their_author(self) -> None:
        """History that names a demo account stays; the account is switched off."""
        corporate = User.objects.get(username="cel-corporate")
        werf = Werf.objects.get(code="1.1")
        record_change(
            actor=corporate,
            target=werf,
            values={"title": LocalisedText({"nl": "Aangepast"})},
            reason="Verduidelijkt",
        )
        token_create(user=corporate, name="proef")
        demo("--remove")
        werf.refresh_from_db()
        assert werf.title["nl"] == "Aangepast"
        assert HistoryEntry.objects.get(target_uuid=werf.uuid, action="changed").actor == corporate
        corporate.refresh_from_db()
        assert not corporate.is_active
        assert not is_password_usable(corporate.password)
        assert not RoleAssignment.objects.filter(user=corporate).exists()
        assert not ApiToken.objects.exists()
        assert list(User.objects.all()) == [corporate]
        for model in marked_models():
            if model is not User:
                assert not model._base_manager.filter(is_demo=True).exists()

    def test_an_account_kept_serves_again(self) -> None:
        """After a removal that kept an account the demo can be made anew."""
        corporate = User.objects.get(username="cel-corporate")
        werf = Werf.objects.get(code="1.1")
        record_change(actor=corporate, target=werf, values={"order": 99})
        demo("--remove")
        demo("--password", "nog-een-wachtwoord", "--without-reports")
        corporate.refresh_from_db()
        assert corporate.is_active
        assert corporate.check_password("nog-een-wachtwoord")
        assert access_of(corporate).roles == {Role.CORPORATE}


def _plain_indicator() -> Indicator:
    """Return a plain indicator of ADCV in the running year."""
    found: Indicator = Indicator.objects.filter(
        owner__code="ADCV",
        is_ratio=False,
        target_kind=TargetKind.INCREASE,
        objective_links__objective__plan__year=2026,
    ).earliest("code")
    return found


def _report_with_file(plan: OperationalPlan, user: User) -> Path:
    """Make a report with a job and a file; return the file's place."""
    report = ProgressReport.objects.create(
        strategic_plan=plan.plan,
        plan=plan,
        minister=SupervisingMinister.objects.get(code="VBZ"),
        reference_date=date(2026, 9, 30),
        known_at=timezone.now(),
        language="nl",
        requested_by=user,
    )
    Job.objects.create(
        task_name="reporting.report_make",
        target_type=report.type_name(),
        target_uuid=report.uuid,
        requested_by=user,
        queued_at=timezone.now(),
    )
    row = ReportFile(report=report, format="pdf", size_bytes=4, sha256="0" * 64)
    row.file.save("proef.pdf", ContentFile(b"%PDF"))
    return Path(row.file.path)

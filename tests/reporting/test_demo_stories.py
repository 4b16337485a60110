"""What the demo shows of definitions, breakdowns, reviews, judgements and drafts: each is there."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from tempfile import TemporaryDirectory

import pytest
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known
from objectives.indicators import quality
from objectives.indicators.breakdowns import dimensions_of
from objectives.indicators.choices import (
    IndicatorType,
    MeasurementEventKind,
    SlotState,
    TargetKind,
)
from objectives.indicators.models import (
    Indicator,
    IndicatorDefinition,
    Measurement,
    MeasurementEvent,
    Obligation,
    Target,
)
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.selectors.definitions import definitions_known
from objectives.indicators.selectors.quality import quality_figures, series_rule
from objectives.indicators.services.definition_checks import check_sheet
from objectives.indicators.services.definitions import sheet_of
from objectives.planning.choices import PlanState
from objectives.planning.models import (
    ObjectiveIndicator,
    OperationalObjective,
    SmartMotivation,
    StatusOverride,
)
from objectives.planning.selectors import ObjectiveReading, objective_readings
from objectives.planning.selectors.smart import smart_readings
from personnel.access import Access
from personnel.models import User
from reporting.demo.parts import parts_of
from reporting.demo.sheets import Breakdown

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 14)
NOW = datetime(2026, 10, 14, 12, tzinfo=UTC)
AUDITOR = Access(is_superuser=True)
TICK = timedelta(microseconds=1)


def demo_on(today: str, *options: str) -> None:
    """Load the real plans and make the demo of seed 1 around a day."""
    with TemporaryDirectory() as folder, override_settings(DATA_DIR=folder, MEDIA_ROOT=folder):
        call_command("load_plans", stdout=StringIO(), skip_checks=True)
        call_command(
            *("demo_data", "--seed", "1", "--today", today, *options),
            stdout=StringIO(),
            skip_checks=True,
        )


def reading_of(indicator: Indicator, *, known_at: datetime, year: int = 2026) -> IndicatorReading:
    """Return how the indicator stood on the day of the demo, as known at a moment."""
    found = indicator_readings(
        [indicator], year=year, clocks=Clocks(TODAY, known_at), access=AUDITOR
    )
    return found[indicator.pk]


def objective_of(objective: OperationalObjective, *, known_at: datetime) -> ObjectiveReading:
    """Return how the objective stood on the day of the demo, as known at a moment."""
    (found,) = objective_readings([objective], clocks=Clocks(TODAY, known_at), access=AUDITOR)
    return found


def titled(title: str) -> Indicator:
    """Return the one indicator whose first definition has this Dutch title."""
    first = IndicatorDefinition.objects.filter(number=1, title__nl=title)
    return Indicator.objects.get(pk__in=first.values("indicator"))


class TestStories(TestCase):
    """The running year around 14 October 2026."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the demo once for all of these."""
        demo_on(TODAY.isoformat())

    def test_every_sheet_says_what_is_measured(self) -> None:
        """Definition, type, makers and limits: every sheet would pass the form's own checks."""
        indicators = list(Indicator.objects.all())
        for row in indicators:
            check_sheet(sheet_of(row))
            for text in (row.definition, row.source):
                assert set(text) == {"nl", "fr"}, row.code
            assert row.definition["nl"] != row.title["nl"]
            assert row.compiler
            assert row.approver
            assert "{" not in str(row.definition)
            if row.is_ratio:
                assert row.numerator_definition["nl"] != row.denominator_definition["nl"]
                assert set(row.denominator_definition) == {"nl", "fr"}
            if row.target_kind in (TargetKind.MILESTONE, TargetKind.ORDINAL):
                assert (row.possible_low, row.possible_high) == (None, None)
            else:
                assert row.possible_low == 0
        types = [row.indicator_type for row in indicators]
        assert set(types) == set(IndicatorType.values)
        assert types.count(IndicatorType.OUTPUT) > len(types) / 2
        own = [row for row in indicators if row.rationale or row.exclusions or row.inclusions]
        assert len(own) >= 25
        highest = {
            (str(row.unit_of_measure), row.possible_high)
            for row in indicators
            if str(row.unit_of_measure) in ("score op 10", "aandeel (0 tot 1)")
        }
        assert highest == {("score op 10", Decimal(10)), ("aandeel (0 tot 1)", Decimal(1))}

    def test_key_indicators_say_why_and_what_not_to_read_in_them(self) -> None:
        """Rationale, risk of misuse, limits, and what counts."""
        keys = Indicator.objects.filter(objective_links__is_key=True).distinct()
        assert keys.count() >= 15
        for row in keys:
            for text in (row.rationale, row.misuse_risk, row.limitations):
                assert set(text) == {"nl", "fr"}, row.code
            assert row.inclusions or row.exclusions

    def test_no_figure_would_be_refused(self) -> None:
        """The quality checks find nothing that blocks, and the outlier that was confirmed."""
        outliers = []
        clocks = Clocks(TODAY, NOW)
        indicators = list(Indicator.objects.all())
        known = definitions_known(indicators, year=2026, clocks=clocks)
        for row in indicators:
            figures = list(
                quality_figures(list(row.measurements.order_by("recorded_at", "pk")), {}).values()
            )
            rule = series_rule(known[row.pk].indicator, known[row.pk].breaks)
            found = quality.check_series(rule, figures, due=(), reference_date=TODAY)
            errors = [one for one in found if one[1].severity == quality.Severity.ERROR]
            assert errors == [], row.code
            outliers += [(row, day) for day, one in found if one.check == quality.Check.OUTLIER]
        confirmed = Measurement.objects.exclude(confirmed_checks=[]).get()
        assert confirmed.confirmed_checks == ["outlier"]
        assert (confirmed.indicator, confirmed.period_start) in outliers
        assert set(confirmed.narrative) == {"nl", "fr"}

    def test_breakdowns_add_up_in_every_row(self) -> None:
        """Three indicators are split up; the parts of a correction are corrected with it."""
        split = [row for row in Indicator.objects.all() if row.disaggregations]
        assert len(split) == 3
        assert {row["code"] for one in split for row in one.disaggregations} == {
            "region",
            "discipline",
        }
        for row in split:
            (dimension,) = dimensions_of(row.disaggregations)
            wholes = list(row.measurements.totals())
            assert len(wholes) >= 3
            for whole in wholes:
                parts = row.measurements.exclude(breakdown_key="").filter(
                    period_start=whole.period_start, recorded_at=whole.recorded_at
                )
                assert sorted(part.breakdown_key for part in parts) == sorted(dimension.keys())
                assert sum(part.value for part in parts if part.value is not None) == whole.value
                assert {part.reason for part in parts} == {whole.reason}
                assert {part.uuid for part in parts}.isdisjoint({whole.uuid})
            total = len(wholes) * (1 + len(dimension.members))
            assert row.measurements.count() == total
        assert Measurement.objects.exclude(breakdown_key="").exclude(reason="").exists()

    def test_three_indicators_were_redefined(self) -> None:
        """One in its wording, one with a series break, one backdated: as the service records it."""
        second = {row.indicator: row for row in IndicatorDefinition.objects.filter(number=2)}
        assert len(second) == 3
        assert IndicatorDefinition.objects.filter(number__gt=2).count() == 0
        for indicator, row in second.items():
            assert (indicator.definition_number, indicator.version) == (2, 2)
            entry = HistoryEntry.objects.get(target_uuid=indicator.uuid, action="redefined")
            assert (entry.at, entry.reason, entry.actor) == (
                row.recorded_at,
                row.reason,
                row.recorded_by,
            )
            assert entry.changes["definition_number"] == [1, 2]
            (before,) = as_known([indicator], row.recorded_at - TICK)
            first = indicator.definitions.get(number=1)
            assert (before.title, before.definition) == (first.title, first.definition)
            assert before.definition != indicator.definition == row.definition
            earlier = reading_of(indicator, known_at=row.recorded_at - TICK)
            assert earlier.indicator.definition == first.definition
            assert reading_of(indicator, known_at=NOW).indicator.definition == row.definition
        assert sorted(row.valid_from for row in second.values()) == [
            date(2000, 1, 1),
            date(2025, 1, 1),
            date(2026, 7, 1),
        ]

    def test_a_wording_changes_the_name_and_no_figure(self) -> None:
        """The earlier name stays readable."""
        row = titled("Documenten elektronisch ondertekend")
        version = row.definitions.get(number=2)
        assert row.title["nl"] == "Elektronisch ondertekende documenten"
        assert "elektronisch ondertekende" in row.search_key
        assert not version.is_series_break
        before = reading_of(row, known_at=version.recorded_at - TICK)
        after = reading_of(row, known_at=version.recorded_at)
        assert before.indicator.title["nl"] == "Documenten elektronisch ondertekend"
        assert before.status == after.status

    def test_a_series_break_sets_the_figures_apart(self) -> None:
        """Every figure after 1 July lies below every one of before; the reading names the break."""
        row = titled("Gemiddelde wachttijd van een oproep")
        values = dict(
            row.measurements.totals().order_by("recorded_at").values_list("period_start", "value")
        )
        before = [value for day, value in values.items() if day < date(2026, 7, 1)]
        after = [value for day, value in values.items() if day >= date(2026, 7, 1)]
        assert len(before) >= 15
        assert len(after) >= 2
        assert max(after) < min(before) - Decimal("0.3")
        now = reading_of(row, known_at=NOW)
        assert [one.on for one in now.breaks] == [date(2026, 7, 1)]
        assert reading_of(row, known_at=NOW, year=2025).indicator.method != now.indicator.method

    def test_a_backdated_definition_speaks_of_last_year_too(self) -> None:
        """Known since March 2026, it holds for the figures of 2025."""
        version = IndicatorDefinition.objects.get(number=2, valid_from=date(2025, 1, 1))
        assert timezone.localdate(version.recorded_at) == date(2026, 3, 24)
        row = version.indicator
        last_year = Clocks(date(2025, 12, 31), version.recorded_at)
        earlier = Clocks(date(2025, 12, 31), version.recorded_at - TICK)
        texts = [
            definitions_known([row], year=2025, clocks=clocks)[row.pk].indicator.definition
            for clocks in (earlier, last_year)
        ]
        assert texts == [row.definitions.get(number=1).definition, version.definition]

    def test_two_heads_judged_and_one_took_it_back(self) -> None:
        """The judgement differs from the computed status, which stands beside it unchanged."""
        rows = list(StatusOverride.objects.order_by("recorded_at"))
        assert [row.status for row in rows] == ["on_track", "", "at_risk"]
        assert len({row.objective_id for row in rows}) == 2
        for row in rows:
            assert row.reason
            assert str(row.recorded_by) == f"Hoofd {row.objective.unit.code}"
            action = "overridden" if row.status else "override_withdrawn"
            entry = HistoryEntry.objects.get(
                target_uuid=row.objective.uuid, action=action, at=row.recorded_at
            )
            assert entry.changes["override"][1] == row.status
        judged = objective_of(rows[2].objective, known_at=NOW)
        assert judged.override == rows[2]
        assert judged.status.status.value == "off_track"
        before = objective_of(rows[2].objective, known_at=rows[2].recorded_at - TICK)
        assert before.override is None
        back = rows[0].objective
        assert objective_of(back, known_at=NOW).override is None
        assert objective_of(back, known_at=rows[1].recorded_at - TICK).override == rows[0]

    def test_two_figures_were_returned_and_one_corrected(self) -> None:
        """A returned figure keeps counting until its correction; the view of then differs."""
        returned = list(MeasurementEvent.objects.filter(kind=MeasurementEventKind.RETURNED))
        assert len(returned) == 2
        corrections = []
        for event in returned:
            row = event.measurement
            assert event.reason
            assert row.events.count() == 1
            later = row.indicator.measurements.totals().filter(
                period_start=row.period_start, recorded_at__gt=event.recorded_at
            )
            corrections += [(row, one) for one in later]
        ((wrong, right),) = corrections
        assert right.reason
        assert right.events.filter(kind=MeasurementEventKind.VALIDATED).exists()
        values = []
        for moment in (right.recorded_at - TICK, right.recorded_at):
            slots = reading_of(wrong.indicator, known_at=moment).slots
            values += [
                s.measurement.value
                for s in slots
                if s.measurement and s.period.end == wrong.period_end
            ]
        assert values == [wrong.value, right.value]
        assert wrong.value != right.value

    def test_last_year_s_fourth_period_gives_three_answers(self) -> None:
        """Its figure was corrected twice, with a reason; each was validated before the next."""
        row = titled("Ingevulde knelpuntfuncties")
        figures = list(
            row.measurements.totals()
            .filter(period_start=date(2025, 10, 1))
            .order_by("recorded_at", "pk")
        )
        assert len(figures) == 3
        assert len({figure.value for figure in figures}) == 3
        days = [timezone.localdate(figure.recorded_at) for figure in figures]
        assert days[0] < days[1] < days[2]
        assert days[1:] == [date(2026, 2, 16), date(2026, 3, 2)]
        assert [bool(figure.reason) for figure in figures] == [False, True, True]
        for figure, later in zip(figures, [*figures[1:], None], strict=True):
            event = figure.events.get()
            assert event.kind == MeasurementEventKind.VALIDATED
            assert event.recorded_at > figure.recorded_at
            assert later is None or event.recorded_at < later.recorded_at
        known, standings = [], []
        for day in (date(2026, 2, 15), date(2026, 2, 25), date(2026, 10, 13)):
            moment = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
            reading = indicator_readings(
                [row], year=2025, clocks=Clocks(date(2025, 12, 31), moment), access=AUDITOR
            )[row.pk]
            slot = reading.slots[-1]
            assert slot.measurement is not None
            known.append(slot.measurement.value)
            standings.append(reading.status.actual)
        assert known == [figure.value for figure in figures]
        assert len(set(standings)) == 3

    def test_its_page_shows_three_answers(self) -> None:
        """The same address with three dates of `known`: each time another figure."""
        row = titled("Ingevulde knelpuntfuncties")
        figures = row.measurements.totals().filter(period_start=date(2025, 10, 1))
        values = [str(int(figure.value or 0)) for figure in figures.order_by("recorded_at", "pk")]
        client = Client()
        client.force_login(User.objects.get(username="cel-corporate"))
        address = reverse("planning:indicator", args=[row.uuid])
        shown = []
        for day in ("2026-02-15", "2026-02-25", "2026-10-13"):
            page = client.get(address, {"year": 2025, "reference": "2025-12-31", "known": day})
            assert page.status_code == 200
            line = next(one for one in page.context["table"] if "T4" in one["period"])
            shown.append(line["text"].split()[0])
        assert shown == values

    def test_a_period_was_declared_not_applicable_later(self) -> None:
        """The planner said so in March; before, the figure was awaited."""
        by_hand = Obligation.objects.exclude(not_applicable_reason__startswith="W1: ")
        row = by_hand.exclude(recorded_by=None).get()
        old = Obligation.objects.get(
            indicator=row.indicator, period_start=row.period_start, known_until=row.known_from
        )
        assert (old.not_applicable_reason, row.known_until) == ("", None)
        assert row.not_applicable_reason
        entry = HistoryEntry.objects.get(target_uuid=row.indicator.uuid, action="not_applicable")
        assert (entry.at, entry.reason) == (row.known_from, row.not_applicable_reason)
        assert not row.indicator.measurements.filter(period_start=row.period_start).exists()
        states = [
            reading_of(row.indicator, known_at=moment).slots[0].state
            for moment in (row.known_from - TICK, row.known_from)
        ]
        assert states == [SlotState.MISSING, SlotState.NOT_APPLICABLE]

    def test_a_weight_changed_while_the_objective_was_a_draft(self) -> None:
        """Another weight, from an instant before the head handed the objective in."""
        old = ObjectiveIndicator.objects.get(known_until__isnull=False, objective__plan__year=2026)
        new = ObjectiveIndicator.objects.current().get(
            objective=old.objective, indicator=old.indicator
        )
        assert (old.known_until, old.order) == (new.known_from, new.order)
        assert (old.weight, new.weight) == (1, 2)
        history = HistoryEntry.objects.filter(target_uuid=old.objective.uuid)
        weighed = history.get(action="indicator_weighed")
        assert weighed.at == new.known_from
        assert weighed.at < history.get(action=PlanState.SUBMITTED).at
        weights = [
            next(
                link.link.weight
                for link in objective_of(old.objective, known_at=moment).indicators
                if link.link.indicator_id == old.indicator_id
            )
            for moment in (new.known_from - TICK, new.known_from)
        ]
        assert weights == [1, 2]

    def test_an_indicator_was_withdrawn_from_a_draft(self) -> None:
        """It stays readable as known before; nothing of it is due, nobody else sees it."""
        link = ObjectiveIndicator.objects.get(known_until__isnull=False, objective__plan__year=2027)
        assert link.objective.state == PlanState.DRAFT
        assert link.known_until is not None
        assert not link.indicator.obligations.current().exists()
        assert not link.indicator.is_submitted
        entry = HistoryEntry.objects.get(
            target_uuid=link.objective.uuid, action="indicator_withdrawn"
        )
        assert entry.reason
        counts = [
            len(objective_of(link.objective, known_at=moment).indicators)
            for moment in (link.known_until - TICK, link.known_until)
        ]
        assert counts[0] == counts[1] + 1

    def test_drafts_show_the_smart_check_and_what_was_submitted_answers_it(self) -> None:
        """Several rules are found, one stops a submission; every submitted finding is motivated."""
        rows = OperationalObjective.objects.filter(plan__year=2027).select_related("plan", "unit")
        clocks = Clocks(NOW.date(), NOW)
        readings = smart_readings(list(rows), clocks=clocks, access=Access(is_superuser=True))
        drafts = [one for one in readings if one.objective.state == PlanState.DRAFT]
        rules = {found.finding.rule for one in drafts for found in one.findings}
        assert {"vague_words", "no_action_verb", "two_objectives", "no_holder"} <= rules
        assert any(one.motivation for reading in drafts for one in reading.findings)
        submitted = [one for one in readings if one.objective.state == PlanState.SUBMITTED]
        assert not any(one.blocking or one.unmotivated for one in submitted)
        assert any(one.findings for one in submitted)
        for row in SmartMotivation.objects.all():
            entry = HistoryEntry.objects.get(
                target_uuid=row.objective.uuid,
                at=row.recorded_at,
                action=f"motivated:{row.rule}",
            )
            assert entry.reason == row.reason

    def test_drafts_go_on_with_running_series(self) -> None:
        """Two series of the unit get a target for next year; others see only what is handed in."""
        links = ObjectiveIndicator.objects.current().filter(
            objective__plan__year=2027,
            indicator__objective_links__objective__plan__year=2026,
        )
        assert {link.objective.state for link in links} == {PlanState.DRAFT, PlanState.SUBMITTED}
        assert links.count() == 2
        for link in links:
            row = link.indicator
            assert row.owner == link.objective.unit
            assert row.code.startswith("2026-")
            years = dict(Target.objects.filter(indicator=row).values_list("plan_year", "value"))
            assert years[2027] > years[2026]
            assert row.obligations.filter(period_end__year=2027).count() >= 1
            assert row.released_year == 2026
            is_submitted = link.objective.state == PlanState.SUBMITTED
            assert row.submitted_year == (2027 if is_submitted else 2026)
            assert HistoryEntry.objects.get(
                target_uuid=link.objective.uuid, action="indicator_reused"
            ).changes == {"indicator": [None, row.code]}

    def test_each_year_took_its_series_in_when_it_was_written(self) -> None:
        """A series that began in 2025 is known to serve 2026 since autumn 2025, not before."""
        links = ObjectiveIndicator.objects.filter(
            objective__plan__year=2026, indicator__code__startswith="2025-"
        )
        assert links.count() >= 30
        for link in links.select_related("objective", "indicator"):
            assert link.known_from > link.objective.created_at
            assert link.known_from > link.indicator.created_at + timedelta(days=180)
            due = link.indicator.obligations.filter(period_end__year=2026)
            assert {row.known_from for row in due if row.recorded_by_id is None} == {
                link.known_from
            }
        assert not ObjectiveIndicator.objects.known_at(datetime(2025, 9, 1, tzinfo=UTC)).filter(
            objective__plan__year=2026
        )


def test_in_january_the_stories_are_yet_to_come() -> None:
    """What lies after today has not happened; what the planners did in autumn has."""
    demo_on("2026-01-12", "--without-reports")
    assert not IndicatorDefinition.objects.filter(number=2).exists()
    assert not StatusOverride.objects.exists()
    assert not MeasurementEvent.objects.filter(kind=MeasurementEventKind.RETURNED).exists()
    assert not Obligation.objects.exclude(recorded_by=None).exists()
    assert not Measurement.objects.exclude(confirmed_checks=[]).exists()
    ended = ObjectiveIndicator.objects.filter(known_until__isnull=False)
    assert sorted(link.objective.plan.year for link in ended) == [2026, 2027]


@pytest.mark.parametrize(("today", "versions"), [("2026-02-17", 2), ("2026-03-03", 3)])
def test_a_restatement_comes_when_its_day_does(today: str, versions: int) -> None:
    """Nothing is recorded on the day of the demo or after it; a correction waits for its review."""
    demo_on(today, "--without-reports")
    row = titled("Ingevulde knelpuntfuncties")
    figures = row.measurements.totals().filter(period_start=date(2025, 10, 1))
    assert figures.count() == versions
    midnight = timezone.make_aware(datetime.fromisoformat(today))
    assert all(figure.recorded_at < midnight for figure in figures)
    assert not figures.order_by("-recorded_at")[0].events.exists()


@pytest.mark.parametrize("whole", [0, 1, 7, 33, 100, 260])
def test_parts_add_up_at_any_size(whole: int) -> None:
    """Also when the whole is smaller than the number of parts; none lies below zero."""
    (dimension,) = dimensions_of(
        [
            {
                "code": "region",
                "title": {"nl": "Gewest"},
                "adds_up": True,
                "members": [
                    {"code": code, "title": {"nl": code}} for code in ("bru", "vla", "wal")
                ],
            }
        ]
    )
    breakdown = Breakdown(dimension=dimension, percents={"bru": 14, "vla": 54, "wal": 32})
    parts = parts_of(Decimal(whole), breakdown, decimals=0)
    assert list(parts) == dimension.keys()
    assert sum(parts.values()) == whole
    assert min(parts.values()) >= 0

"""Staffing as entered beside what the plan prints: what counts, what adds up, what is refused."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection, migrations
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.selectors import history_of
from personnel.models import StaffingFigure, StaffingFlow, StaffingLine, User
from personnel.services.staffing import StaffingSheet, staffing_set, staffing_withdraw
from personnel.services.staffing_flows import FlowSheet, flow_set, flow_withdraw
from personnel.staffing import (
    FlowState,
    StaffingPage,
    figures_on,
    flow_checks,
    flow_lines,
    line_series,
    staffing_page,
    staffing_read,
)
from tests.factories import Ministry
from tests.staffing_lines import DAY, YEAR_END, enter, lines_of, make_officer


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def officer(db: None) -> User:
    return make_officer()


@pytest.fixture
def lines(ministry: Ministry) -> dict[str, StaffingLine]:
    return lines_of(ministry)


def page(measure: str = "fte", **asked: date) -> StaffingPage:
    return staffing_page(staffing_read(Clocks.now()), measure, on=asked.get("on"))


def totals(shown: StaffingPage) -> dict[str, tuple[int | None, str]]:
    return {row.line.code: (row.present.amount, row.present.basis.value) for row in shown.rows}


def flow(
    officer: User, line: StaffingLine, inflow: str, outflow: str, **given: str
) -> StaffingFlow:
    sheet = FlowSheet(
        measure="fte",
        statute="all",
        kind=given.get("kind", "actual"),
        starts_on=date.fromisoformat(given.get("starts_on", "2025-01-01")),
        resolution=given.get("resolution", "Y"),
        inflow=Decimal(inflow),
        outflow=Decimal(outflow),
    )
    return flow_set(actor=officer, line=line, sheet=sheet)


def test_the_tree_shows_the_printed_day_against_the_plan(lines: dict[str, StaffingLine]) -> None:
    shown = page()
    assert (shown.on, shown.plan_on) == (DAY, YEAR_END)
    assert [(row.line.code, row.depth) for row in shown.rows] == [
        ("TOT", 0),
        ("ENV1", 1),
        ("ADCV", 2),
        ("ENV2", 1),
        ("DVZ", 2),
    ]
    # The printed total of the statutory staff is a tenth more than its two envelopes.
    whole = shown.rows[0]
    statutory, _planned = whole.parts[1]
    assert (statutory.amount, statutory.below, statutory.differs) == (3_100_100, 3_100_000, True)
    assert (whole.present.amount, whole.present.below) == (3_419_400, 3_419_300)
    assert whole.difference == 3_379_300 - 3_419_400
    envelopes = [(one.line.code, one.cell.amount, one.share) for one in shown.envelopes]
    assert envelopes == [
        ("ENV1", 1_201_400, Fraction(1_201_400, 3_419_400)),
        ("ENV2", 2_217_900, Fraction(2_217_900, 3_419_400)),
    ]
    # Persons were never counted here: no figure, and not zero.
    assert {row.present.amount for row in page("headcount").rows} == {None}


def test_an_entered_figure_stands_over_the_printed_one_and_moves_the_totals(
    officer: User, lines: dict[str, StaffingLine]
) -> None:
    before = timezone.now()
    assert enter(officer, lines["DVZ"], DAY, "Late contracten", statutory="1950")
    shown = page()
    dvz = shown.rows[4]
    statutory, _planned = dvz.parts[1]
    assert (statutory.amount, statutory.basis.value) == (1_950_000, "entered")
    assert statutory.replaces is not None
    assert statutory.replaces.printed == "1951,7"
    assert totals(shown) == {
        "TOT": (3_417_600, "sum"),
        "ENV1": (1_201_400, "sum"),
        "ADCV": (1_201_400, "sum"),
        "ENV2": (2_216_200, "sum"),
        "DVZ": (2_216_200, "sum"),
    }
    printed = StaffingFigure.objects.get(printed="1951,7", line__code="DVZ")
    assert printed.amount == 1_951_700
    # Reports read the same figure, and an earlier moment the earlier one.
    read = [
        row.amount
        for row in figures_on(StaffingFigure.objects.all(), DAY)
        if row.line_id == dvz.line.pk
    ]
    assert 1_950_000 in read
    assert 1_951_700 not in read
    then = Clocks(timezone.localdate(), before, pinned_known=True)
    assert staffing_page(staffing_read(then), "fte").rows[4].present.amount == 2_217_900


def test_a_withdrawn_figure_gives_way_to_the_printed_one_and_stays_in_the_past(
    officer: User, lines: dict[str, StaffingLine]
) -> None:
    enter(officer, lines["DVZ"], DAY, "Telfout", statutory="1950")
    figure = StaffingFigure.objects.get(origin="entered")
    between = timezone.now()
    with pytest.raises(DomainError, match="why"):
        staffing_withdraw(actor=officer, figure=figure, reason=" ")
    staffing_withdraw(actor=officer, figure=figure, reason="Toch juist", expected_version=1)
    assert page().rows[4].present.amount == 2_217_900
    then = Clocks(timezone.localdate(), between, pinned_known=True)
    assert staffing_page(staffing_read(then), "fte").rows[4].present.amount == 2_216_200
    assert [entry.reason for entry in history_of(figure)] == ["Toch juist", "Telfout"]
    # Entered anew it is another row; to withdraw the first one again is too late.
    enter(officer, lines["DVZ"], DAY, "Nieuwe telling", statutory="1949.5")
    assert page().rows[4].parts[1][0].amount == 1_949_500
    with pytest.raises(EditConflict):
        staffing_withdraw(actor=officer, figure=figure, reason="Nog eens")
    with pytest.raises(DomainError, match="prints stays"):
        staffing_withdraw(
            actor=officer, figure=StaffingFigure.objects.filter(origin="printed")[0], reason="x"
        )


def test_a_new_day_says_which_lines_are_missing(
    officer: User, lines: dict[str, StaffingLine]
) -> None:
    assert enter(
        officer, lines["DVZ"], YEAR_END, mandate="1", statutory="1900", contractual="250.5"
    )
    assert page().on == DAY  # the last day of which every line is entered
    shown = page(on=YEAR_END)
    whole = shown.rows[0]
    assert totals(shown)["TOT"] == (2_151_500, "sum")
    assert (whole.is_partial, whole.difference, whole.share) == (True, None, None)
    assert shown.rows[4].difference == 26_400
    assert totals(shown)["ADCV"] == (None, "none")
    assert [line.code for line in shown.missing] == ["ADCV"]
    days = line_series(staffing_read(Clocks.now()), lines["DVZ"], "fte")
    assert [(day.on, day.kind, day.total.amount) for day in days] == [
        (DAY, "actual", 2_217_900),
        (YEAR_END, "actual", 2_151_500),
        (YEAR_END, "plan", 2_177_900),
    ]


@pytest.mark.parametrize(
    ("sheet", "field", "said"),
    [
        ({"amounts": {"statutory": Decimal("-1")}}, "statutory", "below zero"),
        ({"amounts": {"statutory": Decimal("1.2345")}}, "statutory", "thousandths"),
        (
            {"measure": "headcount", "amounts": {"mandate": Decimal("1.5")}},
            "mandate",
            "counted whole",
        ),
        ({"amounts": {"mandate": Decimal(2_000_000)}}, "mandate", "million"),
        ({"on": date(2199, 12, 31)}, "on", "still to come"),
        ({"kind": "plan", "on": date(2027, 6, 30)}, "on", "last day of its year"),
        ({"amounts": {"statutory": Decimal(10), "all": Decimal(9)}}, "all", "add up to"),
        ({"amounts": {"statutory": Decimal(10)}}, "reason", "why"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(
    officer: User,
    lines: dict[str, StaffingLine],
    sheet: dict[str, object],
    field: str,
    said: str,
) -> None:
    values = {"measure": "fte", "kind": "actual", "on": DAY, "amounts": {}, **sheet}
    with pytest.raises(DomainError, match=said) as caught:
        staffing_set(actor=officer, line=lines["DVZ"], sheet=StaffingSheet(**values))  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not StaffingFigure.objects.filter(origin="entered").exists()


def test_three_statutes_take_the_place_of_a_total_entered_alone(
    officer: User, lines: dict[str, StaffingLine]
) -> None:
    day = date(2025, 6, 30)
    enter(officer, lines["DVZ"], day, all="2200")
    assert totals(page(on=day))["DVZ"] == (2_200_000, "entered")
    enter(
        officer,
        lines["DVZ"],
        day,
        "Verdeling bekend",
        mandate="1",
        statutory="1940",
        contractual="260",
    )
    shown = page(on=day).rows[4]
    assert (shown.present.amount, shown.present.basis.value) == (2_201_000, "sum")


def test_who_saves_second_sees_what_the_first_one_saved(
    officer: User, lines: dict[str, StaffingLine]
) -> None:
    enter(officer, lines["DVZ"], DAY, "Eerste", statutory="1950")
    sheet = StaffingSheet(
        measure="fte", kind="actual", on=DAY, amounts={"statutory": Decimal(1940)}
    )
    with pytest.raises(EditConflict) as caught:
        staffing_set(
            actor=officer,
            line=lines["DVZ"],
            sheet=sheet,
            reason="Tweede",
            expected_versions={"statutory": 0},
        )
    assert caught.value.theirs == {"statutory": 1_950_000}
    assert staffing_set(
        actor=officer,
        line=lines["DVZ"],
        sheet=sheet,
        reason="Tweede",
        expected_versions={"statutory": 1},
    )


def test_only_officers_and_the_corporate_cell_enter_staffing(
    ministry: Ministry, lines: dict[str, StaffingLine]
) -> None:
    for name in ("planner_dvz", "head_dvz", "committee", "cabinet_am", "auditor", "outsider"):
        with pytest.raises(NotAllowed):
            enter(ministry.users[name], lines["DVZ"], date(2025, 6, 30), mandate="1")
        with pytest.raises(NotAllowed):
            flow(ministry.users[name], lines["DVZ"], "1", "1")
    assert enter(ministry.users["corporate"], lines["DVZ"], date(2025, 6, 30), mandate="1")


def test_a_years_flow_is_held_against_the_figures_of_two_days(
    officer: User, lines: dict[str, StaffingLine]
) -> None:
    dvz = lines["DVZ"]
    flow(officer, dvz, "100", "166.4")

    def check() -> tuple[FlowState, int | None]:
        (found,) = flow_checks(staffing_read(Clocks.now()), dvz, "fte", "actual", 2025)
        return found.state, found.unexplained

    def department() -> tuple[FlowState, int]:
        whole, envelope, _line = flow_lines(staffing_read(Clocks.now()), "fte", "actual", 2025)
        assert (envelope.line.code, envelope.check.state) == ("ENV2", FlowState.OFF)
        return whole.check.state, whole.check.flow.missing

    assert check() == (FlowState.NO_FIGURES, None)
    enter(officer, dvz, YEAR_END, mandate="1", statutory="1900", contractual="250.5")
    assert check() == (FlowState.ADDS_UP, 0)
    flow_again = FlowSheet(
        measure="fte",
        statute="all",
        kind="actual",
        starts_on=date(2025, 1, 1),
        resolution="Y",
        inflow=Decimal(110),
        outflow=Decimal("166.4"),
    )
    with pytest.raises(DomainError, match="why"):
        flow_set(actor=officer, line=dvz, sheet=flow_again)
    with pytest.raises(EditConflict):
        flow_set(actor=officer, line=dvz, sheet=flow_again, reason="x", expected_version=0)
    flow_set(actor=officer, line=dvz, sheet=flow_again, reason="Tien vergeten", expected_version=1)
    assert check() == (FlowState.OFF, -10_000)
    # The whole department misses figures, then the flow of the other envelope, and says so.
    assert department() == (FlowState.NO_FIGURES, 1)
    enter(officer, lines["ADCV"], YEAR_END, mandate="1", statutory="1150", contractual="50")
    assert department() == (FlowState.PARTIAL, 1)
    flow_withdraw(actor=officer, flow=StaffingFlow.objects.get(), reason="Verkeerde lijn")
    assert not flow_checks(staffing_read(Clocks.now()), dvz, "fte", "actual", 2025)


def test_a_year_adds_up_from_its_parts_without_counting_twice(
    officer: User, lines: dict[str, StaffingLine]
) -> None:
    dvz = lines["DVZ"]
    flow(officer, dvz, "40", "50", resolution="S")
    flow(officer, dvz, "30", "20", resolution="T", starts_on="2025-07-01")

    def found() -> tuple[int, int, int, bool]:
        (check,) = flow_checks(staffing_read(Clocks.now()), dvz, "fte", "actual", 2025)
        return check.flow.inflow, check.flow.outflow, check.flow.months, check.flow.disputed

    assert found() == (70_000, 70_000, 9, False)
    flow(officer, dvz, "10", "10", resolution="T", starts_on="2025-10-01")
    assert found() == (80_000, 80_000, 12, False)
    flow(officer, dvz, "81", "80")
    assert found() == (81_000, 80_000, 12, True)


def test_a_flow_needs_a_period_that_is_over(officer: User, lines: dict[str, StaffingLine]) -> None:
    year = timezone.localdate().year
    with pytest.raises(DomainError, match="planned") as caught:
        flow(officer, lines["DVZ"], "1", "1", starts_on=f"{year}-01-01")
    assert caught.value.field == "part"
    planned = flow(officer, lines["DVZ"], "1", "1", starts_on=f"{year}-01-01", kind="plan")
    assert planned.inflow == 1_000
    with pytest.raises(DomainError, match="calendar"):
        flow(officer, lines["DVZ"], "1", "1", starts_on="2025-02-01", resolution="T")


def test_figures_from_before_are_told_apart_by_what_is_printed(
    lines: dict[str, StaffingLine],
) -> None:
    """Migration 0004 names the origin of the figures that were there."""
    StaffingFigure.objects.update(origin="entered")
    StaffingFigure.objects.create(
        line=lines["DVZ"], measure="headcount", statute="all", kind="plan", on=YEAR_END, amount=5
    )
    loader = MigrationExecutor(connection).loader
    migration = ("personnel", "0004_staffing_entered_and_flows")
    fill = next(
        one
        for one in loader.get_migration(*migration).operations
        if isinstance(one, migrations.RunPython)
    )
    state = loader.project_state([migration])
    fill.database_forwards("personnel", connection.schema_editor(), state, state)
    assert set(StaffingFigure.objects.exclude(printed="").values_list("origin", flat=True)) == {
        "printed"
    }
    assert StaffingFigure.objects.get(printed="").origin == "entered"

"""The plan as an Excel workbook: exported, changed by a script, imported, exported again."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import HistoryEntry
from objectives.indicators.choices import Frequency, TargetKind
from objectives.indicators.models import Indicator, Target
from objectives.planning.choices import WorkbookState
from objectives.planning.models import OperationalObjective, Risk, WorkbookImport
from objectives.planning.services import ObjectiveSheet, objective_update
from objectives.planning.services.workbooks import workbook_apply
from objectives.strategy.models import Activity, Milestone
from personnel.models import User
from tests.factories import Ministry, function_of, text
from tests.objectives.planning.workbook_files import (
    Opened,
    Planned,
    apply,
    differences,
    export,
    hand_in,
    make_planned,
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Words are asserted in English unless a test says otherwise."""
    with translation.override("en"):
        yield


@pytest.fixture
def planned(ministry: Ministry) -> Planned:
    return make_planned(ministry)


def problems(row: WorkbookImport) -> list[dict[str, Any]]:
    """Return what keeps a workbook from being applied."""
    return [problem for problem in row.problems if not problem["is_remark"]]


FORTY: dict[str, list[tuple[str, Any]]] = {
    # What a script types in every row of a sheet; {n} is the number of the row.
    "objectives": [
        ("title_nl", "Noodcentrale {n} verbouwen"),
        ("description_fr", "=SOMME(1;{n})"),
        ("ends_on", date(2026, 11, 30)),
    ],
    "activities": [("title_fr", "Projet {n}"), ("kind", "Action")],
    "milestones": [("due_on", date(2026, 9, 15))],
    "risks": [("likelihood", 5)],
    "indicators": [("baseline", 88.3), ("weight", 7)],
    "targets": [("value", 93.1)],
}


def _change_forty(content: bytes) -> tuple[bytes, dict[tuple[str, str, str], Any]]:
    """Type in forty cells; a target that changes needs its reason beside it."""
    opened, typed = Opened(content), {}
    for sheet, cells in FORTY.items():
        for place, row in enumerate(opened.rows(sheet), start=1):
            for key, value in cells:
                said = value.format(n=place) if isinstance(value, str) else value
                opened.put(sheet, row, key, said)
                if isinstance(said, str):
                    opened.cell(sheet, row, key).data_type = "s"
                typed[sheet, str(row), key] = said
            if sheet == "targets":
                opened.put(sheet, row, "reason", "Nieuwe raming van de dienst")
    return opened.saved(), typed


def test_forty_changed_cells_are_the_forty_differences_of_the_next_export(
    planned: Planned,
) -> None:
    """Identity, version, the first sheet's time and the spoken reasons are no data: all else is."""
    first = export(planned.ministry, planned.planner)
    changed, typed = _change_forty(first)
    assert len(typed) == 40

    row = hand_in(planned.ministry, planned.planner, changed)
    assert problems(row) == []
    assert len(row.changes) == 40
    assert OperationalObjective.objects.filter(search_key__contains="verbouwen").count() == 0
    assert apply(row).state == WorkbookState.APPLIED

    found = differences(first, export(planned.ministry, planned.planner))
    assert {place: after for place, (_before, after) in found.items()} == typed


def test_an_unchanged_workbook_changes_nothing(planned: Planned) -> None:
    row = hand_in(planned.ministry, planned.planner, export(planned.ministry, planned.planner))
    assert (row.problems, row.changes) == ([], [])
    with pytest.raises(DomainError, match="changes nothing"):
        workbook_apply(actor=planned.planner, row=row)


def test_a_change_is_listed_from_old_to_new_with_its_place(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("targets", 3, "value", 93.1)
    opened.put("targets", 3, "reason", "Beter geraamd")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert row.changes == [
        {
            "sheet": "Targets",
            "row": 3,
            "column": "G",
            "header": "Target",
            "old": "95.1",
            "new": "93.1",
            "is_new_row": False,
        }
    ]
    apply(row)
    newest = Target.objects.filter(indicator=planned.indicators[0]).latest("recorded_at")
    assert (newest.value, newest.reason) == (Decimal("93.1"), "Beter geraamd")


def test_a_new_row_with_its_name_in_french_alone_is_enough(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.add("activities", objective="9.9.9", code="nieuw", kind="Project", title_fr="Former")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert [one["code"] for one in problems(row)] == ["reference_unknown"]


def test_every_problem_is_listed_with_sheet_row_and_column(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("objectives", 3, "ends_on", "31 decembre")
    opened.put("objectives", 4, "starts_on", date(2027, 1, 1))
    opened.put("objectives", 5, "holder", "NIEMAND")
    opened.put("objectives", 6, "title_nl", None)
    opened.put("risks", 3, "impact", 9)
    opened.put("risks", 4, "response", "Bidden")
    opened.put("indicators", 3, "baseline", "veel")
    opened.put("indicators", 4, "weight", 1.5)
    opened.put("targets", 3, "value", 12)
    opened.put("targets", 4, "value", 99)
    opened.add("activities", objective="9.9.9", code="nieuw", kind="Project", title_nl="Iets")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert sorted(
        (one["code"], one["sheet"], one["row"], one["column"]) for one in problems(row)
    ) == [
        ("date_outside_year", "Objectives", 4, "Q"),
        ("not_a_date", "Objectives", 3, "R"),
        ("not_a_number", "Indicators", 3, "M"),
        ("not_in_list", "Objectives", 5, "K"),
        ("not_whole", "Indicators", 4, "X"),
        ("out_of_range", "Risks", 3, "G"),
        ("reason_required", "Targets", 4, "H"),
        ("reference_unknown", "Activities", 7, "C"),
        ("required", "Objectives", 6, "F"),
        ("target_below_baseline", "Targets", 3, "G"),
        ("unknown_choice", "Risks", 4, "H"),
    ]
    assert [one["found"] for one in problems(row) if one["code"] == "not_a_date"] == ["31 decembre"]
    with pytest.raises(DomainError, match="Mend the problems"):
        workbook_apply(actor=planned.planner, row=row)


def test_new_rows_refer_to_a_new_objective_by_the_name_they_gave_it(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.add(
        "objectives",
        code="nieuw-1",
        unit="ADCV",
        werf="2.6",
        title_nl="Zes zones uitrusten",
        holder="ADCV-DG",
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 12, 31),
    )
    opened.add("activities", objective="nieuw-1", code="act-1", kind="Project", title_nl="Aankoop")
    opened.add("milestones", activity="act-1", title_nl="Gegund", due_on=date(2026, 5, 1))
    opened.add(
        "risks",
        objective="nieuw-1",
        title_nl="Late levering",
        likelihood=2,
        impact=4,
        response="Accept",
    )
    opened.add(
        "indicators",
        objective="nieuw-1",
        code="ind-1",
        title_nl="Uitgeruste zones",
        unit_of_measure_nl="zones",
        target_kind="Higher is better",
        frequency="Quarterly",
        baseline=0,
        baseline_date=date(2025, 12, 31),
    )
    for place, day, value in (("Final target", 31, 6), ("Interim target", 15, 4)):
        opened.add(
            "targets",
            objective="nieuw-1",
            indicator="ind-1",
            place=place,
            due_on=date(2026, 12, day),
            value=value,
        )
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert problems(row) == []
    apply(row)
    made = OperationalObjective.objects.get(code="2.6.6")
    assert made.title["nl"] == "Zes zones uitrusten"
    activity = Activity.objects.get(target_uuid=made.uuid)
    assert Milestone.objects.get(activity=activity).title["nl"] == "Gegund"
    assert Risk.objects.get(objective=made).response == "accept"
    indicator = made.indicator_links.get().indicator
    assert [int(row.value or 0) for row in indicator.targets.order_by("due_on")] == [4, 6]


def test_cells_that_two_people_changed_are_shown_with_both_values(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    objective = planned.objectives[0]
    head = planned.ministry.users["head_adcv"]
    objective.refresh_from_db()
    objective_update(
        actor=head,
        objective=objective,
        sheet=ObjectiveSheet(
            title=text("Van het hoofd"),
            starts_on=date(2026, 3, 1),
            ends_on=objective.ends_on,
            holder=function_of("ADCV"),
        ),
        expected_version=objective.version,
    )
    opened.put("objectives", 3, "title_nl", "Van de planner")
    opened.put("objectives", 3, "ends_on", date(2026, 11, 1))
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    (problem,) = problems(row)
    assert (problem["code"], problem["row"], problem["column"]) == ("changed_meanwhile", 3, "F")
    for said in ("head_adcv", "Van het hoofd", "Van de planner"):
        assert said in problem["message"]

    opened.put("objectives", 3, "title_nl", "Noodcentrale 1 bouwen")
    apply(hand_in(planned.ministry, planned.planner, opened.saved()))
    objective.refresh_from_db()
    assert objective.title["nl"] == "Van het hoofd"
    assert (objective.starts_on, objective.ends_on) == (date(2026, 3, 1), date(2026, 11, 1))


def test_what_changed_between_check_and_applying_is_checked_again(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("objectives", 3, "title_nl", "Van de planner")
    opened.put("objectives", 4, "title_nl", "Ook van de planner")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    objective = planned.objectives[0]
    objective.refresh_from_db()
    objective_update(
        actor=planned.ministry.users["head_adcv"],
        objective=objective,
        sheet=ObjectiveSheet(
            title=text("Van het hoofd"),
            starts_on=objective.starts_on,
            ends_on=objective.ends_on,
            holder=function_of("ADCV"),
        ),
        expected_version=objective.version,
    )
    apply(row)
    assert row.state == WorkbookState.CHECKED
    assert [one["code"] for one in problems(row)] == ["changed_meanwhile"]
    planned.objectives[1].refresh_from_db()
    assert planned.objectives[1].title["nl"] == "Noodcentrale 2 bouwen"


def test_a_planner_cannot_change_another_units_row(planned: Planned) -> None:
    auditor = planned.ministry.users["auditor"]
    opened = Opened(export(planned.ministry, auditor))
    row = next(
        number
        for number in opened.rows("objectives")
        if opened.cell("objectives", number, "unit").value == "DVZ"
    )
    assert opened.cell("objectives", row, "title_nl").protection.locked
    opened.put("objectives", row, "title_nl", "Gekaapt")
    opened.add(
        "objectives",
        code="nieuw-1",
        unit="DVZ",
        werf="2.6",
        title_nl="Ook gekaapt",
        holder="DVZ-DG",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    found = problems(hand_in(planned.ministry, planned.planner, opened.saved()))
    assert sorted(one["code"] for one in found) == ["not_in_list", "row_gone"]
    with pytest.raises(NotAllowed):
        hand_in(planned.ministry, auditor, opened.saved())


def test_an_approved_objective_is_closed_in_the_file_and_on_the_way_back(planned: Planned) -> None:
    planned.ministry.approve(planned.objectives[0])
    opened = Opened(export(planned.ministry, planned.planner))
    assert opened.cell("objectives", 3, "title_nl").protection.locked
    assert not opened.cell("objectives", 4, "title_nl").protection.locked
    opened.put("objectives", 3, "title_nl", "Toch anders")
    opened.put("objectives", 4, "code", "2.6.99")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert [(one["code"], one["row"], one["column"]) for one in problems(row)] == [
        ("locked", 3, "F"),
        ("locked", 4, "C"),
    ]
    assert "amendment" in problems(row)[0]["message"]


def test_a_dutch_workbook_is_imported_under_a_french_interface(planned: Planned) -> None:
    with translation.override("nl"):
        opened = Opened(export(planned.ministry, planned.planner))
        monthly = str(Frequency.MONTHLY.label)
        header = opened.cell("indicators", 2, "frequency").value
    with translation.override("fr"):
        french = Opened(export(planned.ministry, planned.planner))
        mensuel = str(Frequency.MONTHLY.label)
    assert (mensuel, french.cell("indicators", 2, "frequency").value) != (monthly, header)
    opened.put("indicators", 3, "frequency", monthly)
    opened.put("indicators", 4, "frequency", mensuel)
    row = hand_in(planned.ministry, planned.planner, opened.saved(), language="fr")
    assert problems(row) == []
    assert [(one["header"], one["new"]) for one in row.changes] == [(header, mensuel)] * 2
    apply(row)
    assert Indicator.objects.filter(frequency=Frequency.MONTHLY).count() == 2


def test_text_that_looks_like_a_formula_stays_text(planned: Planned) -> None:
    risky = ["=1+1", "+32 2 500", "-10 %", "@home", '=HYPERLINK("x")']
    objective = planned.objectives[0]
    for number, words in enumerate(risky):
        objective.refresh_from_db()
        objective_update(
            actor=planned.planner,
            objective=objective,
            sheet=ObjectiveSheet(
                title=text(words, words),
                starts_on=objective.starts_on,
                ends_on=objective.ends_on,
                holder=function_of("ADCV"),
            ),
            expected_version=objective.version,
        )
        opened = Opened(export(planned.ministry, planned.planner))
        cell = opened.cell("objectives", 3, "title_nl")
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", words, True), number
    row = hand_in(planned.ministry, planned.planner, export(planned.ministry, planned.planner))
    assert row.changes == []


def test_a_formula_counts_by_its_result_with_a_remark(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("objectives", 3, "title_nl", "=1+1")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    remarks = [one for one in row.problems if one["is_remark"]]
    assert [(one["code"], one["row"], one["column"]) for one in remarks] == [("formula", 3, "F")]
    assert "required" in [one["code"] for one in problems(row)]  # nobody worked it out yet


def test_rows_left_out_are_named_and_left_alone(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.sheets["risks"].delete_rows(3)
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert [(one["code"], one["sheet"], one["found"]) for one in row.problems] == [
        ("row_missing", "Risks", "1")
    ]
    assert Risk.objects.current().count() == 4


def test_a_copied_row_and_a_missing_column_or_sheet_are_told(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    page = opened.sheets["objectives"]
    for column in range(1, page.max_column + 1):
        page.cell(9, column).value = page.cell(3, column).value
    opened.sheets["risks"].delete_cols(opened.column("risks", "impact"))
    del opened.book[opened.sheets["milestones"].title]
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert sorted(one["code"] for one in problems(row)) == [
        "column_missing",
        "row_twice",
        "sheet_missing",
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"geen werkboek", "not_a_workbook"), (b"PK\x03\x04kapot", "not_a_workbook")],
)
def test_a_file_that_is_no_workbook_is_told(planned: Planned, content: bytes, code: str) -> None:
    row = hand_in(planned.ministry, planned.planner, content)
    assert [one["code"] for one in row.problems] == [code]


def test_changes_leave_history_in_the_name_of_who_handed_in(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("objectives", 3, "title_nl", "Anders")
    row = apply(hand_in(planned.ministry, planned.planner, opened.saved()))
    entry = HistoryEntry.objects.filter(target_uuid=planned.objectives[0].uuid).first()
    assert entry is not None
    assert entry.actor == planned.planner
    assert entry.changes["title"][1]["nl"] == "Anders"
    actions = HistoryEntry.objects.filter(target_uuid=row.uuid).values_list("action", flat=True)
    assert set(actions) == {"handed_in", "checked", "apply_asked", "applied"}


def test_a_baseline_and_a_target_that_fit_only_together_are_both_taken(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("indicators", 3, "baseline", 96)
    opened.put("targets", 3, "value", 99)
    opened.put("targets", 3, "reason", "Nieuwe nulmeting")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert problems(row) == []
    apply(row)
    indicator = Indicator.objects.get(pk=planned.indicators[0].pk)
    assert indicator.baseline == Decimal(96)


def test_only_who_handed_it_in_applies_it(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("objectives", 3, "title_nl", "Anders")
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    head = User.objects.get(username="head_adcv")
    with pytest.raises(NotAllowed):
        workbook_apply(actor=head, row=row)


def test_range_and_levels_are_made_in_the_workbook_and_changed_there(planned: Planned) -> None:
    code = planned.objectives[0].code
    opened = Opened(export(planned.ministry, planned.planner))
    kinds = {kind.value: str(kind.label) for kind in TargetKind}
    common = {"objective": code, "unit_of_measure_nl": "graad", "frequency": "Quarterly"}
    opened.add(
        "indicators",
        **common,
        code="band",
        title_nl="Wachttijd",
        target_kind=kinds["range"],
        range_low=10,
        range_high=20,
        tolerance=2,
        baseline=15,
        baseline_date=date(2025, 12, 31),
    )
    opened.add(
        "indicators",
        **common,
        code="graad",
        title_nl="Maturiteit",
        target_kind=kinds["ordinal"],
        levels_nl="laag; midden; hoog",
        levels_fr="bas; moyen; élevé",
        threshold_on_track=0.95,
    )
    for name, value in (("band", None), ("graad", 2)):
        opened.add(
            "targets",
            objective=code,
            indicator=name,
            place="Final target",
            due_on=date(2026, 12, 31),
            value=value,
        )
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert problems(row) == []
    apply(row)
    band = Indicator.objects.get(target_kind="range")
    assert [band.range_low, band.range_high, band.tolerance] == [10, 20, 2]
    levels = Indicator.objects.get(target_kind="ordinal")
    assert [level["fr"] for level in levels.levels] == ["bas", "moyen", "élevé"]
    assert levels.threshold_on_track == Decimal("0.95")
    assert Target.objects.get(indicator=levels).level == 2

    before = export(planned.ministry, planned.planner)
    again = Opened(before)
    places = {again.cell("indicators", n, "code").value: n for n in again.rows("indicators")}
    again.put("indicators", places[band.code], "range_high", 25)
    again.put("indicators", places[levels.code], "levels_nl", "laag; gemiddeld; hoog")
    apply(hand_in(planned.ministry, planned.planner, again.saved()))
    changed = differences(before, export(planned.ministry, planned.planner))
    assert {(key, new) for (_sheet, _row, key), (_old, new) in changed.items()} == {
        ("range_high", 25),
        ("levels_nl", "laag; gemiddeld; hoog"),
    }


def test_levels_and_bands_that_make_no_sense_are_told_at_their_cell(planned: Planned) -> None:
    opened = Opened(export(planned.ministry, planned.planner))
    kinds = {kind.value: str(kind.label) for kind in TargetKind}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("range", {"range_low": 30, "range_high": 20, "tolerance": 1}),
        ("ordinal", {"levels_nl": "laag"}),
        ("ordinal", {"levels_nl": "laag; hoog", "levels_fr": "bas; moyen; élevé"}),
    ]
    for n, (kind, cells) in enumerate(wrong):
        opened.add(
            "indicators",
            objective=planned.objectives[0].code,
            code=f"new-{n}",
            title_nl=f"Nieuw {n}",
            unit_of_measure_nl="graad",
            frequency="Quarterly",
            target_kind=kinds[kind],
            **cells,
        )
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert [(one["code"], one["header"]) for one in problems(row)] == [
        ("range_upside_down", "Lower bound"),
        ("levels_required", "Levels in Dutch, lowest first (a; b; c)"),
        ("levels_differ", "Levels in French, lowest first (a; b; c)"),
    ]


def test_what_became_of_milestones_is_told_once_the_objective_is_in_force(
    planned: Planned,
) -> None:
    planned.ministry.approve(planned.objectives[0])
    opened = Opened(export(planned.ministry, planned.planner))
    assert not opened.cell("milestones", 3, "done_on").protection.locked
    assert opened.cell("milestones", 3, "due_on").protection.locked
    assert opened.cell("milestones", 4, "done_on").protection.locked
    opened.put("milestones", 3, "done_on", date(2026, 3, 1))
    good = opened.saved()
    opened.put("milestones", 3, "due_on", date(2026, 9, 1))
    opened.put("milestones", 4, "forecast_on", date(2026, 9, 1))
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert [(one["code"], one["row"], one["header"]) for one in problems(row)] == [
        ("locked", 3, "Due on"),
        ("locked", 4, "Expected on"),
    ]
    row = apply(hand_in(planned.ministry, planned.planner, good))
    milestone = Milestone.objects.get(title__nl="Mijlpaal 1")
    assert milestone.done_on == date(2026, 3, 1)
    entry = HistoryEntry.objects.filter(target_uuid=milestone.uuid).first()
    assert entry is not None
    assert (entry.action, entry.actor) == ("reported", planned.planner)


def test_a_milestone_done_in_the_future_is_told_at_its_cell(planned: Planned) -> None:
    planned.ministry.approve(planned.objectives[0])
    opened = Opened(export(planned.ministry, planned.planner))
    opened.put("milestones", 3, "done_on", date(2090, 3, 1))
    row = hand_in(planned.ministry, planned.planner, opened.saved())
    assert [(one["code"], one["row"], one["header"]) for one in problems(row)] == [
        ("done_in_future", 3, "Done on")
    ]

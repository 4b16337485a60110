"""Other targets for an indicator whose objective is a draft: rules, record and page."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.indicators.models import Indicator, Target
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.services import IndicatorSheet
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services import (
    ObjectiveSheet,
    indicator_add,
    indicator_retarget,
    indicator_reuse,
    last_target,
    objective_create,
)
from personnel.access import access_of
from tests.factories import Ministry, function_of, text

YEAR_END, MIDYEAR, AUTUMN = date(2026, 12, 31), date(2026, 6, 30), date(2026, 9, 30)


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    return ministry.objective()


@pytest.fixture
def indicator(ministry: Ministry, objective: OperationalObjective) -> Indicator:
    """88 % at the start, 95 % to reach by the end of 2026; a draft."""
    return ministry.indicator(objective)


def retarget(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective, **values: Any
) -> bool:
    given: dict[str, Any] = {
        "due_on": YEAR_END,
        "target": Decimal(95),
        "reason": "Haalbaar gemaakt",
        **values,
    }
    actor = ministry.users[given.pop("by", "planner_adcv")]
    return indicator_retarget(actor=actor, objective=objective, indicator=indicator, **given)


def reading(ministry: Ministry, indicator: Indicator, year: int = 2026) -> IndicatorReading:
    access = access_of(ministry.users["planner_adcv"])
    clocks = Clocks.now()
    return indicator_readings([indicator], year=year, clocks=clocks, access=access)[indicator.pk]


def counting(
    ministry: Ministry, indicator: Indicator, year: int = 2026
) -> list[tuple[date, int | None, bool]]:
    """Return date, value and whether it is the final one of every target that counts."""
    return [
        (row.due_on, None if row.value is None else int(row.value), row.is_final)
        for row in reading(ministry, indicator, year).targets
    ]


def client_of(ministry: Ministry, name: str = "planner_adcv") -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def address(indicator: Indicator, name: str = "indicator_target") -> str:
    return reverse(f"planning:{name}", args=[indicator.uuid])


# The service


def test_another_target_counts_and_the_first_stays_on_record(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    version = objective.version
    assert retarget(ministry, indicator, objective, target=Decimal(93))
    assert counting(ministry, indicator) == [(YEAR_END, 93, True)]
    assert [int(row.value or 0) for row in Target.objects.order_by("pk")] == [95, 93]
    objective.refresh_from_db()
    assert objective.version > version  # nobody approves it unseen
    entry = HistoryEntry.objects.get(action="indicator_retargeted")
    assert (entry.target_uuid, entry.reason) == (objective.uuid, "Haalbaar gemaakt")


def test_the_same_targets_write_nothing(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    version = objective.version
    assert not retarget(ministry, indicator, objective, reason="")
    assert Target.objects.count() == 1
    objective.refresh_from_db()
    assert objective.version == version


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2027, 3, 31)])
def test_another_date_takes_the_place_of_the_first(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective, day: date
) -> None:
    retarget(ministry, indicator, objective, due_on=day)
    assert counting(ministry, indicator) == [(day, 95, True)]
    data = reading(ministry, indicator).data
    assert data is not None
    assert (data.due_on, data.interim) == (day, ())


def test_interim_targets_are_added_changed_and_taken_away(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    path = [(MIDYEAR, Decimal(90)), (AUTUMN, Decimal(92))]
    retarget(ministry, indicator, objective, interim=path, reason="")  # nothing is replaced
    assert counting(ministry, indicator)[:2] == [(MIDYEAR, 90, False), (AUTUMN, 92, False)]
    retarget(ministry, indicator, objective, interim=[(AUTUMN, Decimal(91))])
    assert counting(ministry, indicator) == [(AUTUMN, 91, False), (YEAR_END, 95, True)]
    assert [row.reason for row in Target.objects.filter(due_on=MIDYEAR)] == ["", "Haalbaar gemaakt"]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"target": Decimal(93), "reason": " "}, "reason_required", "reason"),
        ({"due_on": AUTUMN, "reason": ""}, "reason_required", "reason"),
        ({"target": Decimal(80)}, "target_below_baseline", "target"),
        ({"target": None}, "target_required", "target"),
        ({"due_on": date(2025, 6, 1)}, "due_before_baseline", "target_due_on"),
        ({"interim": [(YEAR_END, Decimal(91))]}, "interim_twice", "interim_1_due_on"),
        (
            {"interim": [(MIDYEAR, Decimal(90)), (date(2027, 1, 31), Decimal(91))]},
            "interim_after_target",
            "interim_2_due_on",
        ),
        ({"interim": [(MIDYEAR, Decimal(80))]}, "target_below_baseline", "interim_1_value"),
    ],
)
def test_a_target_that_cannot_be_judged_by_is_refused_at_its_field(
    ministry: Ministry,
    indicator: Indicator,
    objective: OperationalObjective,
    values: dict[str, Any],
    code: str,
    field: str,
) -> None:
    with pytest.raises(DomainError) as error:
        retarget(ministry, indicator, objective, **values)
    assert (error.value.code, error.value.field) == (code, field)
    assert counting(ministry, indicator) == [(YEAR_END, 95, True)]


def test_an_earlier_date_refuses_the_interim_targets_after_it(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    path = [(MIDYEAR, Decimal(90)), (AUTUMN, Decimal(92))]
    retarget(ministry, indicator, objective, interim=path)
    with pytest.raises(DomainError) as error:
        retarget(ministry, indicator, objective, interim=path, due_on=date(2026, 8, 31))
    assert (error.value.code, error.value.field) == ("interim_after_target", "interim_2_due_on")


def test_only_planners_of_the_unit_change_targets(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    for name in ("planner_dvz", "corporate", "cabinet_vbz", "auditor"):
        with pytest.raises(NotAllowed):
            retarget(ministry, indicator, objective, by=name, target=Decimal(93))


def test_in_force_it_takes_an_amendment(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    ministry.approve(objective)
    with pytest.raises(DomainError) as error:
        retarget(ministry, indicator, objective, target=Decimal(93))
    assert error.value.code == "objective_in_force"
    # A draft that goes on with the series this same year cannot do it either.
    other = ministry.objective(title="Nog een")
    indicator_reuse(
        actor=ministry.users["planner_adcv"], objective=other, indicator=indicator, target=None
    )
    with pytest.raises(DomainError) as error:
        retarget(ministry, indicator, other, target=Decimal(93))
    assert error.value.code == "objective_in_force"


def next_year(ministry: Ministry, indicator: Indicator) -> OperationalObjective:
    """Return a draft of 2027 in which the series goes on, aiming at 97."""
    objective = objective_create(
        actor=ministry.users["planner_adcv"],
        plan=OperationalPlan.objects.create(plan=ministry.plan, year=2027),
        werf=ministry.werf,
        unit=ministry.adcv,
        sheet=ObjectiveSheet(
            title=text("Verder"),
            starts_on=date(2027, 1, 1),
            ends_on=date(2027, 12, 31),
            holder=function_of("ADCV"),
        ),
    )
    indicator_reuse(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        indicator=indicator,
        target=Decimal(97),
    )
    return objective


def test_the_plan_of_this_year_is_judged_as_before(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    ministry.approve(objective)
    later = next_year(ministry, indicator)
    before = reading(ministry, indicator).targets
    retarget(ministry, indicator, later, due_on=date(2027, 12, 31), target=Decimal(96))
    assert reading(ministry, indicator).targets == before
    assert counting(ministry, indicator, 2027)[-1] == (date(2027, 12, 31), 96, True)


# The page


def test_the_page_shows_what_counts_and_lists_what_was(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    planner = client_of(ministry)
    page = planner.get(address(indicator, "indicator"))
    assert f'href="{address(indicator)}?year=2026"' in page.content.decode()
    form = planner.get(address(indicator)).context["form"]
    sent = {
        "target": "93,5",
        "target_due_on": "2026-12-31",
        "interim_1_due_on": "",
        "interim_1_value": "",
        "interim_2_due_on": "2026-06-30",
        "interim_2_value": "90",
        "reason": "Minder kandidaten",
        "seen": form["seen"].value(),
    }
    response = planner.post(address(indicator), sent, follow=True)
    assert response.redirect_chain == [
        (f"{address(indicator, 'indicator')}?year=2026#definition", 302)
    ]
    html = response.content.decode().replace("\xa0", " ")
    assert [line["text"].replace("\xa0", " ") for line in response.context["replaced"]] == [
        "95,0 %"
    ]
    assert "93,5 % tegen 31/12/2026" in html
    assert "Minder kandidaten" in html
    assert "planner_adcv" in html
    again = planner.get(address(indicator))
    assert [line["text"].replace("\xa0", " ") for line in again.context["record"]] == [
        "93,5 %",
        "95,0 %",
        "90,0 %",
    ]
    assert again.context["form"]["interim_1_due_on"].value() == MIDYEAR


def test_what_was_typed_comes_back_with_its_error(ministry: Ministry, indicator: Indicator) -> None:
    sent = {
        "target": "93,5",
        "target_due_on": "2026-12-31",
        "interim_2_due_on": "2027-02-01",
        "interim_2_value": "91",
        "reason": "Minder kandidaten",
        "seen": last_target(indicator),
    }
    response = client_of(ministry).post(address(indicator), sent)
    form = response.context["form"]
    assert list(form.errors) == ["interim_2_due_on"]
    assert form["interim_2_value"].value() == "91"
    assert Target.objects.count() == 1


def test_the_second_of_two_writers_is_told(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    seen = last_target(indicator)
    retarget(ministry, indicator, objective, target=Decimal(92), reason="Eerst")
    sent = {"target": "94", "target_due_on": "2026-12-31", "reason": "Later", "seen": seen}
    planner = client_of(ministry)
    response = planner.post(address(indicator), sent)
    assert response.context["form"].non_field_errors()
    assert counting(ministry, indicator) == [(YEAR_END, 92, True)]
    again = {**sent, "seen": response.context["form"]["seen"].value()}
    assert planner.post(address(indicator), again).status_code == 302
    assert counting(ministry, indicator) == [(YEAR_END, 94, True)]


def test_an_approved_objective_sends_its_planner_back(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    ministry.approve(objective)
    planner = client_of(ministry)
    response = planner.get(address(indicator), follow=True)
    assert response.redirect_chain == [(address(indicator, "indicator"), 302)]
    assert "wijziging van het plan" in response.content.decode()
    assert f"{address(indicator)}?" not in response.content.decode()
    next_year(ministry, indicator)
    assert planner.get(address(indicator)).context["objective"].plan.year == 2027
    assert planner.get(address(indicator), {"year": "2026"}).status_code == 302


def test_what_a_draft_gave_up_is_not_read_outside(
    ministry: Ministry, indicator: Indicator, objective: OperationalObjective
) -> None:
    retarget(ministry, indicator, objective, target=Decimal(93), reason="Te hoog gegrepen")
    ministry.approve(objective)
    page = address(indicator, "indicator")
    for name, is_read in (
        ("planner_adcv", True),
        ("auditor", True),
        ("planner_dvz", False),
        ("cabinet_vbz", False),
    ):
        response = client_of(ministry, name).get(page, {"year": "2026"})
        assert bool(response.context["replaced"]) == is_read, name


@pytest.mark.parametrize("kind", ["ordinal", "milestone", "range"])
def test_each_kind_has_the_fields_that_it_knows(
    ministry: Ministry, objective: OperationalObjective, kind: str
) -> None:
    sheets: dict[str, dict[str, Any]] = {
        "ordinal": {
            "baseline": Decimal(0),
            "baseline_date": date(2025, 12, 31),
            "levels": [{"nl": "Geen"}, {"nl": "Basis"}, {"nl": "Volledig"}],
        },
        "milestone": {},
        "range": {
            "unit_of_measure": text("dagen"),
            "range_low": Decimal(5),
            "range_high": Decimal(9),
            "tolerance": Decimal(1),
        },
    }
    sheet: dict[str, Any] = {
        "target_kind": kind,
        "title": text("Iets"),
        "unit_of_measure": LocalisedText({}),
        **sheets[kind],
    }
    made = indicator_add(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=IndicatorSheet(**sheet),
        target_level=2 if kind == "ordinal" else None,
    )
    planner = client_of(ministry)
    sent = {"target_due_on": "2026-11-30", "reason": "Vroeger", "seen": last_target(made)}
    if kind == "ordinal":
        sent |= {
            "target_level": "1",
            "interim_1_due_on": "2026-06-30",
            "interim_1_value": "0",
        }
    fields = set(planner.get(address(made)).context["form"].fields)
    assert ("target" in fields, "target_level" in fields) == (False, kind == "ordinal")
    assert any(name.startswith("interim_") for name in fields) == (kind == "ordinal")
    response = planner.post(address(made), sent)
    assert response.status_code == 302, response.context["form"].errors
    now = reading(ministry, made)
    assert now.final_target is not None
    assert now.final_target.due_on == date(2026, 11, 30)
    assert [row.level for row in now.targets] == ([0, 1] if kind == "ordinal" else [None])

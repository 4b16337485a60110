"""Cost and FTE of objectives, each with its perimeter, and when one is divided by the other."""

from fractions import Fraction
from typing import Any

import pytest

from ibzplan.core.clocks import Clocks
from objectives.allocation.means_texts import perimeter_text
from objectives.allocation.selectors import (
    CostPerFte,
    allocation_book,
    by_minister,
    by_strategic_objective,
    by_werf,
    cost_per_fte,
    means_of,
    with_means,
)
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import StrategicObjective, Werf
from personnel.access import access_of
from personnel.choices import UnitKind
from personnel.models import OrganisationUnit, StaffingLine
from tests.factories import text
from tests.objectives.allocation.small_world import YEAR, World, now

KEUR = 100_000


def test_thirds_leave_no_cent_over(world: World) -> None:
    world.enter("POOL", 100_000_001, 1)
    world.plan_people("ADCV", statutory="1000.001", mandate="0", contractual="0")
    objectives = [world.objective(title) for title in ("Een", "Twee", "Drie")]
    for objective in objectives:
        world.give(world.credits["POOL"], objective, "1/3")
        world.give(world.people["ADCV"], objective, "1/3")
    book = now()
    money = [means_of(book, [one]).credits for one in objectives]
    people = [means_of(book, [one]).staff for one in objectives]
    assert [one.amounts for one in money if one] == [
        (33_333_334, 1),
        (33_333_334, 0),
        (33_333_333, 0),
    ]
    assert sum(one.amounts[0] for one in people if one and one.amounts) == 1_000_001
    together = means_of(book, [*objectives, *objectives])  # each once
    assert together.credits is not None
    assert together.credits.amounts == (100_000_001, 1)
    assert together.credits.share == 1


def test_werf_strategic_objective_and_minister_add_up_with_what_is_common_apart(
    world: World,
) -> None:
    ministry = world.ministry
    other = StrategicObjective.objects.create(plan=ministry.plan, code="3", title=text("Beheren"))
    werf = Werf.objects.create(objective=other, code="3.1", title=text("Beheer"))
    staff = OrganisationUnit.objects.create(
        code="PO", kind=UnitKind.STAFF_DIRECTORATE, title=text("P&O")
    )
    one, two = world.objective("Een"), world.objective("Twee", by="planner_dvz")
    common = world.objective("Drie")
    OperationalObjective.objects.filter(pk=common.pk).update(unit=staff, werf=werf)
    common.refresh_from_db()
    world.give(world.credits["ADCV"], one, "1/2")
    world.give(world.credits["DVZ"], two, "1/4")
    world.give(world.credits["DVZ"], common, "1/4")
    world.objective("Zonder")
    book = now()
    assert [row.code for row in with_means(book)] == sorted([one.code, two.code, common.code])

    def costs(groups: Any) -> dict[str, Any]:
        return {
            group.of.code if group.of else "common": group.means.credits.amounts[0] // KEUR
            for group in groups
        }

    assert costs(by_werf(book)) == {"2.6": 100, "3.1": 50}
    assert costs(by_strategic_objective(book)) == {"2": 100, "3": 50}
    assert costs(by_minister(book)) == {"VBZ": 50, "AM": 50, "common": 50}
    whole = means_of(book, with_means(book)).credits
    assert whole is not None
    assert (whole.amounts, whole.whole) == ((150 * KEUR, 145 * KEUR), (300 * KEUR, 290 * KEUR))


def test_only_what_the_reader_sees_is_added(world: World) -> None:
    mine, theirs = world.objective("Mijn"), world.objective("Hun", by="planner_dvz")
    world.give(world.credits["ADCV"], mine, "1/4")
    world.give(world.credits["ADCV"], theirs, "1/4")
    planner = access_of(world.ministry.users["planner_adcv"])
    book = allocation_book(YEAR, Clocks.now(), planner)
    assert [row.pk for row in with_means(book)] == [mine.pk]
    assert book.credits[1].whole.left == Fraction(1, 2)  # never hidden


def test_the_cost_of_an_fte_is_of_one_unit_and_year(world: World) -> None:
    world.plan_people("ADCV", statutory="40", mandate="0", contractual="10")
    objective = world.objective()
    world.give(world.credits["ADCV"], objective, "1/2")
    world.give(world.people["ADCV"], objective, "1/10")
    means = means_of(now(), [objective])
    cost = cost_per_fte(means)
    assert isinstance(cost, CostPerFte)
    assert cost.commitment_cents == 10 * KEUR
    assert cost.payment_cents == 9 * KEUR
    assert [unit.code for unit in cost.units] == ["ADCV"]
    assert means.staff is not None
    said = perimeter_text(means.staff).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Line ADCV (unit: ADCV); Planned staffing, 31/12/2026; 10.0 % of 50.0 FTE"


@pytest.mark.parametrize(
    ("money", "people", "reason"),
    [
        ([], ["ADCV"], "No credits"),
        (["ADCV"], [], "No FTE"),
        (["DVZ"], ["ADCV"], "The money is of DVZ and the people are of ADCV"),
        (["ADCV", "DVZ"], ["ADCV"], "The money is of ADCV, DVZ and the people are of ADCV"),
        (["POOL"], ["ADCV"], "POOL is no single unit"),
        (["ADCV", "NEW"], ["ADCV"], "No figure is entered of NEW"),
        (["ADCV"], ["ADCV:statutory"], "some statutes only"),
        (["DVZ"], ["DVZ"], "No figure is entered of DVZ"),
    ],
)
def test_money_of_one_perimeter_is_not_divided_by_people_of_another(
    world: World, money: list[str], people: list[str], reason: str
) -> None:
    world.plan_people("ADCV", statutory="40", mandate="0", contractual="10")
    world.enter("POOL", KEUR, KEUR)
    line = world.credits["ADCV"]
    world.credits["NEW"] = type(line).objects.create(
        code="NEW", title=text("Nieuw"), unit=world.ministry.adcv, order=9
    )
    objective = world.objective()
    for code in money:
        world.give(world.credits[code], objective, "1/2")
    for code in people:
        name, _sign, statute = code.partition(":")
        world.give(world.people[name], objective, "1/2", statute=statute or "all")
    said = cost_per_fte(means_of(now(), [objective]))
    assert isinstance(said, str)
    assert reason in said


def test_below_a_line_of_the_whole_department_nothing_is_one_units(world: World) -> None:
    department = OrganisationUnit.objects.create(
        code="IBZ", kind=UnitKind.FPS, title=text("Binnenlandse Zaken")
    )
    for lines in (world.credits, world.people):
        type(lines["TOT"])._default_manager.filter(code="TOT").update(unit=department)
    world.enter("POOL", KEUR, KEUR)
    people = StaffingLine.objects.create(
        code="ROUND", title=text("Rond"), parent=world.people["TOT"], order=9
    )
    world.people["ROUND"] = people
    world.plan_people("ROUND", statutory="40", mandate="0", contractual="10")
    objective = world.objective()
    world.give(world.credits["POOL"], objective, "1/2")
    world.give(people, objective, "1/2")
    means = means_of(now(), [objective])
    assert means.credits is not None
    assert [unit.code for unit in means.credits.units] == ["IBZ"]
    said = cost_per_fte(means)
    assert isinstance(said, str)
    assert "POOL is no single unit" in said


def test_versions_of_the_budget_are_named_and_not_mixed_in_one_quotient(world: World) -> None:
    world.plan_people("ADCV", statutory="40", mandate="0", contractual="10")
    objective = world.objective()
    world.credits["ADCV-2"] = type(world.credits["TOT"]).objects.create(
        code="ADCV-2", title=text("Tweede"), unit=world.ministry.adcv, order=8
    )
    world.enter("ADCV-2", KEUR, KEUR)
    world.enter("ADCV", 80 * KEUR, 80 * KEUR, budget="adjusted")
    world.give(world.credits["ADCV"], objective, "1/2")
    world.give(world.credits["ADCV-2"], objective, "1")
    world.give(world.people["ADCV"], objective, "1/2")
    means = means_of(now(), [objective])
    assert means.credits is not None
    assert means.credits.amounts == (41 * KEUR, 41 * KEUR)
    assert "Initial budget, Adjusted budget 2026" in perimeter_text(means.credits)
    said = cost_per_fte(means)
    assert isinstance(said, str)
    assert "partly of the initial budget" in said


def test_a_line_and_one_above_it_give_no_quotient(world: World, settings: Any) -> None:
    settings.ALLOCATION_OVER = "warn"
    world.plan_people("ADCV", statutory="40", mandate="0", contractual="10")
    objective = world.objective()
    for code in ("TOT", "ADCV"):
        world.give(world.credits[code], objective, "1/2")
    world.give(world.people["ADCV"], objective, "1/2")
    means = means_of(now(), [objective])
    assert means.credits is not None
    assert means.credits.whole == (300 * KEUR, 290 * KEUR)  # the line above alone
    said = cost_per_fte(means)
    assert isinstance(said, str)
    assert "counts something twice" in said

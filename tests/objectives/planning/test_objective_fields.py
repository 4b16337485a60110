"""Who answers for an objective and why it is there: sub-unit, holder, co-owners, goals, origin."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known
from objectives.planning.models import ObjectiveLineage, OperationalObjective
from objectives.planning.selectors.offers import holders_offered
from objectives.planning.selectors.parts import objective_parts
from objectives.planning.services import ObjectiveSheet, objective_update
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Goal, Plan, StrategicObjective
from personnel.access import access_of
from personnel.choices import FunctionLevel, UnitKind
from personnel.models import FunctionHolder, ManagementFunction, OrganisationUnit
from tests.factories import Ministry, function_of, text


@pytest.fixture
def service(ministry: Ministry) -> OrganisationUnit:
    """Return a part of ADCV."""
    return unit("112", UnitKind.SERVICE, ministry.adcv)


@pytest.fixture
def goal(ministry: Ministry) -> Goal:
    return Goal.objects.create(objective=ministry.werf.objective, code="2.a", title=text("Doel"))


def unit(
    code: str, kind: UnitKind, parent: OrganisationUnit | None = None, **dates: date
) -> OrganisationUnit:
    return OrganisationUnit.objects.create(
        code=code, kind=kind, title=text(code), parent=parent, **dates
    )


def function(code: str, of: OrganisationUnit, **dates: date) -> ManagementFunction:
    return ManagementFunction.objects.create(
        code=code, unit=of, title=text(code), level=FunctionLevel.N2, **dates
    )


def sheet(**values: Any) -> ObjectiveSheet:
    plain = ObjectiveSheet(
        title=text("Masterplan NCU uitvoeren", "Exécuter Masterplan NCU uitvoeren"),
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        holder=function_of("ADCV"),
    )
    return replace(plain, **values)


def change(
    ministry: Ministry, objective: OperationalObjective, wanted: ObjectiveSheet, **links: Any
) -> bool:
    return objective_update(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=wanted,
        expected_version=objective.version,
        **links,
    )


def refused(ministry: Ministry, wanted: ObjectiveSheet, **links: Any) -> str | None:
    """Return the field at which the service refuses the sheet and the links."""
    with pytest.raises(DomainError) as error:
        change(ministry, ministry.objective(), wanted, **links)
    return error.value.field


def test_a_sub_unit_lies_below_the_owner(ministry: Ministry, service: OrganisationUnit) -> None:
    deeper = unit("112-BXL", UnitKind.SERVICE, service)
    for below in (service, deeper):
        objective = ministry.objective()
        change(ministry, objective, sheet(sub_unit=below))
        assert OperationalObjective.objects.get(pk=objective.pk).sub_unit == below
    for other in (ministry.dvz, ministry.adcv):
        assert refused(ministry, sheet(sub_unit=other)) == "sub_unit"
    ended = unit("OUD", UnitKind.SERVICE, ministry.adcv, valid_to=date(2025, 12, 31))
    assert refused(ministry, sheet(sub_unit=ended)) == "sub_unit"


def test_a_holder_is_of_the_unit_or_above_it_in_the_plan_year(ministry: Ministry) -> None:
    top = unit("FOD", UnitKind.FPS)
    cluster = unit("CL", UnitKind.SERVICE)
    ministry.adcv.parent = cluster
    ministry.adcv.save()
    own = function_of("ADCV")
    above, chair = function("CL-N", cluster), function("VZ", top)
    new = function("ADCV-NEW", ministry.adcv, valid_from=date(2026, 7, 1))
    gone = function("ADCV-OLD", ministry.adcv, valid_to=date(2025, 12, 31))

    offered = holders_offered([ministry.adcv], 2026)

    assert offered[:2] in ([own, new], [new, own])
    assert offered[2:] == [above, chair]
    for one in (above, chair, new):
        change(ministry, ministry.objective(), sheet(holder=one))
    for one in (gone, function_of("DVZ")):
        assert refused(ministry, sheet(holder=one)) == "holder"


def test_a_holder_chosen_before_stays_when_the_register_changes(ministry: Ministry) -> None:
    objective = ministry.objective()
    ManagementFunction.objects.filter(code="ADCV-DG").update(valid_to=date(2025, 1, 1))
    objective.refresh_from_db()

    assert change(ministry, objective, sheet(title=text("Anders")))


def test_an_origin_needs_no_place_but_a_place_needs_an_origin(ministry: Ministry) -> None:
    change(ministry, ministry.objective(), sheet(origin="policy_note"))
    assert refused(ministry, sheet(origin_reference="p. 12")) == "origin"
    assert refused(ministry, sheet(origin="hearsay")) == "origin"
    assert refused(ministry, sheet(origin="policy_note", origin_reference="x" * 301)) == (
        "origin_reference"
    )


def test_a_co_owner_is_another_unit_that_owns_objectives(
    ministry: Ministry, service: OrganisationUnit
) -> None:
    for wrong in (ministry.adcv, service):
        assert refused(ministry, sheet(), co_owners=[wrong]) == "co_owners"
    assert change(ministry, ministry.objective(), sheet(), co_owners=[ministry.dvz])


def test_a_goal_belongs_to_the_same_strategic_plan(ministry: Ministry, goal: Goal) -> None:
    other = Plan.objects.create(
        code="SP2020",
        kind=PlanKind.STRATEGIC,
        title=text("Vorig plan"),
        starts_on=date(2020, 1, 1),
        ends_on=date(2024, 12, 31),
    )
    above = StrategicObjective.objects.create(plan=other, code="1", title=text("Oud"))
    old = Goal.objects.create(objective=above, code="1.a", title=text("Oud doel"))

    assert refused(ministry, sheet(), goals=[goal, old]) == "goals"
    assert change(ministry, ministry.objective(), sheet(), goals=[goal])


def test_links_end_and_begin_anew_so_that_then_stays_readable(
    ministry: Ministry, goal: Goal, service: OrganisationUnit
) -> None:
    objective = ministry.objective()
    before = Clocks.now().known_at
    change(
        ministry,
        objective,
        sheet(sub_unit=service, origin="policy_note", origin_reference="p. 12"),
        goals=[goal],
        co_owners=[ministry.dvz],
    )
    linked = Clocks.now().known_at
    version = objective.version
    change(ministry, objective, sheet(), goals=[], co_owners=[])

    assert objective.version > version
    parts = {
        moment: objective_parts([objective], moment)[objective.pk]
        for moment in (before, linked, Clocks.now().known_at)
    }
    assert [one.goals for one in parts.values()] == [(), (goal,), ()]
    assert [one.co_owners for one in parts.values()] == [(), (ministry.dvz,), ()]
    (then,) = as_known([objective], linked)
    assert (then.sub_unit, then.origin, then.origin_reference) == (
        service,
        "policy_note",
        "p. 12",
    )
    assert objective.sub_unit is None


def test_links_that_are_not_given_stay(ministry: Ministry, goal: Goal) -> None:
    objective = ministry.objective()
    change(ministry, objective, sheet(), goals=[goal], co_owners=[ministry.dvz])
    change(ministry, objective, sheet(title=text("Anders")))

    parts = objective_parts([objective], Clocks.now().known_at)[objective.pk]
    assert (parts.goals, parts.co_owners) == ((goal,), (ministry.dvz,))


def test_the_history_names_what_was_linked(ministry: Ministry, goal: Goal) -> None:
    objective = ministry.objective()
    change(ministry, objective, sheet(), goals=[goal], co_owners=[ministry.dvz])

    entry = HistoryEntry.objects.filter(target_uuid=objective.uuid, action="changed").get()
    assert entry.changes == {"goals": [[], ["2.a"]], "co_owners": [[], ["DVZ"]]}
    client = signed_in(ministry, "planner_adcv")
    with override("en"):
        page = client.get(
            reverse("planning:objective", args=[objective.uuid]), headers={"accept-language": "en"}
        )
    assert "2.a" in page.content.decode()


def signed_in(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def typed(ministry: Ministry, **values: Any) -> dict[str, Any]:
    return {
        "unit": "ADCV",
        "werf": str(ministry.werf.uuid),
        "title_nl": "Bezetting van de noodcentrales verhogen tot 95 %",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        **values,
    }


def test_a_planner_enters_all_of_an_objective(
    ministry: Ministry, goal: Goal, service: OrganisationUnit
) -> None:
    planner = signed_in(ministry, "planner_adcv")
    answer = planner.post(
        reverse("planning:objective_new", args=[2026]),
        typed(
            ministry,
            sub_unit="112",
            holder="ADCV-DG",
            co_owners=["DVZ"],
            goals=[str(goal.uuid)],
            origin="policy_note",
            origin_reference="hoofdstuk 3",
        ),
    )
    objective = OperationalObjective.objects.get()
    assert answer.headers["Location"] == reverse("planning:objective", args=[objective.uuid])
    FunctionHolder.objects.create(function=function_of("ADCV"), name="Mandataris")
    page = planner.get(answer.headers["Location"]).content.decode()
    for said in ("112", "Mandataris", "AD Dienst Vreemdelingenzaken", "2.a Doel", "hoofdstuk 3"):
        assert said in page, said


def test_a_draft_is_saved_without_a_holder(ministry: Ministry) -> None:
    planner = signed_in(ministry, "planner_adcv")
    planner.post(reverse("planning:objective_new", args=[2026]), typed(ministry))
    assert OperationalObjective.objects.get().holder is None


def test_the_form_holds_no_database_key_and_groups_long_lists(
    ministry: Ministry, goal: Goal
) -> None:
    planner = signed_in(ministry, "planner_adcv")
    page = planner.get(
        reverse("planning:objective_new", args=[2026]), {"werf": ministry.werf.code}
    ).content.decode()
    assert f'value="{goal.uuid}"' in page
    assert f'<option value="{ministry.werf.uuid}" selected' in page
    assert "<optgroup" in page
    assert f'value="{goal.pk}"' not in page


def test_the_second_writer_reads_names_side_by_side(
    ministry: Ministry, goal: Goal, service: OrganisationUnit
) -> None:
    objective = ministry.objective()
    change(ministry, objective, sheet(sub_unit=service), goals=[goal], co_owners=[ministry.dvz])
    page = signed_in(ministry, "head_adcv").post(
        reverse("planning:objective_edit", args=[objective.uuid]),
        typed(ministry, holder="ADCV-DG", origin="coalition_agreement", version="1"),
    )
    rows = {(row["theirs"], row["mine"]) for row in page.context["conflict"]}
    assert {("112", ""), ("2.a", ""), ("DVZ", "")} <= rows
    assert str(goal.uuid) not in {word for row in rows for word in row}
    assert any(mine and not theirs for theirs, mine in rows)  # the origin that was typed


def test_lineage_shows_only_what_the_reader_may_see(ministry: Ministry) -> None:
    first, second = ministry.objective(title="Eerst"), ministry.objective(title="Daarna")
    ministry.indicator(first)
    ministry.approve(first)
    moment = Clocks.now().known_at
    ObjectiveLineage.objects.create(
        predecessor=first, successor=second, kind="continued", known_from=moment
    )

    def seen(name: str) -> list[str]:
        access = access_of(ministry.users[name])
        parts = objective_parts([first], Clocks.now().known_at, access)[first.pk]
        return [link.successor.code for link in parts.successors]

    assert seen("planner_adcv") == [second.code]
    assert seen("cabinet_vbz") == []
    page = signed_in(ministry, "planner_adcv").get(
        reverse("planning:objective", args=[second.uuid])
    )
    assert first.code in page.content.decode()


def test_a_name_in_french_alone_is_enough(client: Client, ministry: Ministry) -> None:
    client.force_login(ministry.users["planner_adcv"])
    address = reverse("planning:objective_new", args=[2026])
    typed = {
        "unit": "ADCV",
        "werf": str(ministry.werf.uuid),
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
    }
    with override("en"):
        refused = client.post(address, typed)
    assert "title_nl" in refused.context["form"].errors
    assert client.post(address, {**typed, "title_fr": "Former 300 pompiers"}).status_code == 302
    made = OperationalObjective.objects.get()
    assert made.title == {"fr": "Former 300 pompiers"}
    edit = reverse("planning:objective_edit", args=[made.uuid])
    emptied = {**typed, "title_nl": "", "title_fr": "", "version": made.version}
    assert "title_nl" in client.post(edit, emptied).context["form"].errors

"""The strategic plan's own life: signature, addenda with KPIs, the next plan and what goes on."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.selectors import history_of
from objectives.indicators.models import Indicator
from objectives.planning.models import TransversalKpi
from objectives.planning.selectors.kpis import transversal_readings
from objectives.planning.services.kpis import kpi_add, kpi_withdraw
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Plan, PlanAddendum, StrategicObjective, Werf
from objectives.strategy.selectors import current_plan, lineage_page, plan_life
from objectives.strategy.services import (
    AddendumSheet,
    EntrySheet,
    LineageSheet,
    PlanSheet,
    addendum_create,
    addendum_update,
    lineage_set,
    objective_add,
    plan_sign,
    plan_succeed,
    transversal_objective_add,
    werf_add,
)
from personnel.access import access_of
from personnel.models import User
from personnel.selectors import ministers_of_plan
from tests.factories import Ministry, text


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def corporate(ministry: Ministry) -> User:
    return ministry.users["corporate"]


@pytest.fixture
def addendum(ministry: Ministry, corporate: User) -> PlanAddendum:
    return addendum_create(
        actor=corporate,
        plan=ministry.plan,
        sheet=AddendumSheet(code="A1", title=text("Eerste addendum"), signed_on=date(2026, 2, 1)),
    )


@pytest.fixture
def transversal(corporate: User, addendum: PlanAddendum) -> StrategicObjective:
    return transversal_objective_add(
        actor=corporate,
        addendum=addendum,
        sheet=EntrySheet(code="T1", title=text("Welzijn op het werk verhogen")),
    )


@pytest.fixture
def indicator(ministry: Ministry) -> Indicator:
    objective = ministry.objective()
    found = ministry.indicator(objective)
    ministry.approve(objective)
    found.refresh_from_db()
    return found


def succeed(ministry: Ministry, replaced_on: date = date(2030, 1, 1)) -> Plan:
    return plan_succeed(
        actor=ministry.users["corporate"],
        plan=ministry.plan,
        sheet=PlanSheet(
            code="SP2030",
            title=text("Strategisch plan 2030-2034"),
            starts_on=date(2030, 1, 1),
            ends_on=date(2034, 12, 31),
            replaced_on=replaced_on,
        ),
    )


def signed_in(ministry: Ministry, name: str = "corporate") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def test_a_signature_is_recorded_with_its_history(ministry: Ministry, corporate: User) -> None:
    assert plan_sign(
        actor=corporate, plan=ministry.plan, signed_on=date(2025, 6, 1), expected_version=1
    )
    assert Plan.objects.get(code="SP2025").signed_on == date(2025, 6, 1)
    assert history_of(ministry.plan)[0].action == "signed"
    with pytest.raises(EditConflict):
        plan_sign(actor=corporate, plan=ministry.plan, signed_on=None, expected_version=1)


def test_only_the_corporate_cell_writes(ministry: Ministry, addendum: PlanAddendum) -> None:
    for name in ("head_adcv", "committee", "auditor", "outsider"):
        actor = ministry.users[name]
        with pytest.raises(NotAllowed):
            plan_sign(actor=actor, plan=ministry.plan, signed_on=date(2025, 6, 1))
        with pytest.raises(NotAllowed):
            addendum_update(actor=actor, addendum=addendum, sheet=AddendumSheet(title=text("X")))
        with pytest.raises(NotAllowed):
            lineage_set(actor=actor, entry=ministry.werf, sheet=LineageSheet())


def test_an_addendum_brings_transversal_objectives(
    ministry: Ministry, corporate: User, addendum: PlanAddendum, transversal: StrategicObjective
) -> None:
    (outline,) = plan_life(ministry.plan).addenda
    assert [row.code for row in outline.objectives] == ["T1"]
    html = signed_in(ministry, "cabinet_vbz").get(reverse("strategy:overview")).content.decode()
    assert "Eerste addendum" in html
    assert "1 strategic objective" in html  # the transversal one is counted apart
    with pytest.raises(DomainError) as caught:
        transversal_objective_add(
            actor=corporate, addendum=addendum, sheet=EntrySheet(code="2", title=text("Dubbel"))
        )
    assert (caught.value.code, caught.value.field) == ("code_taken", "code")


def test_a_plan_from_its_source_grows_by_addenda_only(ministry: Ministry, corporate: User) -> None:
    Plan.objects.filter(pk=ministry.plan.pk).update(loaded_values={})
    ministry.plan.refresh_from_db()
    with pytest.raises(DomainError) as caught:
        objective_add(
            actor=corporate, plan=ministry.plan, sheet=EntrySheet(code="9", title=text("Nieuw"))
        )
    assert caught.value.code == "from_the_source"


def test_kpis_are_added_and_withdrawn_and_the_past_stays(
    ministry: Ministry, corporate: User, transversal: StrategicObjective, indicator: Indicator
) -> None:
    link = kpi_add(actor=corporate, objective=transversal, indicator=indicator)
    assert kpi_add(actor=corporate, objective=transversal, indicator=indicator) == link
    then = Clocks.now()
    client = signed_in(ministry, "auditor")
    page = reverse("planning:addendum", args=["A1"])
    assert indicator.code in client.get(page).content.decode()
    kpi_withdraw(actor=corporate, link=TransversalKpi.objects.get())
    kpi_withdraw(actor=corporate, link=TransversalKpi.objects.get())
    actions = [entry.action for entry in history_of(transversal)]
    assert actions == ["kpi_withdrawn", "kpi_added", "created"]
    assert indicator.code not in client.get(page).content.decode()
    access = access_of(ministry.users["auditor"])
    (before,) = transversal_readings([transversal], year=2026, clocks=then, access=access)
    assert [kpi.reading.indicator.code for kpi in before.kpis] == [indicator.code]


def test_a_draft_is_no_kpi(
    ministry: Ministry, corporate: User, transversal: StrategicObjective
) -> None:
    draft = ministry.indicator(ministry.objective())
    with pytest.raises(DomainError) as caught:
        kpi_add(actor=corporate, objective=transversal, indicator=draft)
    assert caught.value.field == "indicator"
    with pytest.raises(DomainError):
        kpi_add(actor=corporate, objective=ministry.werf.objective, indicator=draft)


def test_a_confidential_kpi_is_counted_but_not_shown(
    ministry: Ministry, corporate: User, transversal: StrategicObjective, indicator: Indicator
) -> None:
    kpi_add(actor=corporate, objective=transversal, indicator=indicator)
    Indicator.objects.filter(pk=indicator.pk).update(is_confidential=True)
    html = (
        signed_in(ministry, "cabinet_am")
        .get(reverse("planning:addendum", args=["A1"]))
        .content.decode()
    )
    assert indicator.code not in html
    assert "not open to you" in html


def test_the_next_plan_takes_its_place_on_its_day(ministry: Ministry, corporate: User) -> None:
    successor = succeed(ministry)
    assert successor.predecessor == ministry.plan
    assert current_plan(PlanKind.STRATEGIC, date(2029, 12, 31)) == ministry.plan
    assert current_plan(PlanKind.STRATEGIC, date(2030, 1, 1)) == successor
    assert ministers_of_plan("SP2030") == ministers_of_plan("SP2025")
    with pytest.raises(DomainError) as caught:
        succeed(ministry)
    assert caught.value.code == "succeeded_already"


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2035, 1, 1)])
def test_a_day_outside_both_plans_is_refused(ministry: Ministry, day: date) -> None:
    with pytest.raises(DomainError) as caught:
        succeed(ministry, day)
    assert caught.value.field == "replaced_on"
    assert not Plan.objects.filter(code="SP2030").exists()


def test_every_part_goes_on_or_ends(ministry: Ministry, corporate: User) -> None:
    successor = succeed(ministry)
    assert plan_life(ministry.plan).unmapped == 2
    objective = objective_add(
        actor=corporate, plan=successor, sheet=EntrySheet(code="1", title=text("Beschermen"))
    )
    werven = [
        werf_add(
            actor=corporate,
            objective=objective,
            sheet=EntrySheet(code=code, title=text(f"Hulpketen {code}")),
        )
        for code in ("1.1", "1.2")
    ]
    old = ministry.werf
    assert lineage_set(actor=corporate, entry=old, sheet=LineageSheet(successors=("1.1", "1.2")))
    assert lineage_set(
        actor=corporate,
        entry=old.objective,
        sheet=LineageSheet(discontinued_because="Opgedeeld"),
    )
    page = lineage_page(ministry.plan)
    assert page is not None
    assert page.open_rows == []
    assert list(werven[0].predecessors.all()) == [old]
    client = signed_in(ministry, "auditor")
    before = client.get(reverse("planning:werf", args=["2.6"])).content.decode()
    assert "1.1" in before
    assert "Goes on" in before
    after = client.get(reverse("planning:werf", args=["1.1"]) + "?plan=SP2030").content.decode()
    assert "Strategisch plan 2025-2029" in after or "(fr)" in after
    assert "2.6" in after


def test_a_part_does_not_both_go_on_and_end(ministry: Ministry, corporate: User) -> None:
    successor = succeed(ministry)
    objective_add(actor=corporate, plan=successor, sheet=EntrySheet(code="1", title=text("A")))
    entry = ministry.werf.objective
    sheet = LineageSheet(successors=("1",), discontinued_because="Toch niet")
    with pytest.raises(DomainError) as caught:
        lineage_set(actor=corporate, entry=entry, sheet=sheet)
    assert caught.value.code == "goes_on_and_ends"
    with pytest.raises(DomainError) as caught:
        lineage_set(actor=corporate, entry=entry, sheet=LineageSheet(successors=("7",)))
    assert "7" in caught.value.message
    assert not entry.successors.exists()


def test_two_writers_of_one_place(ministry: Ministry, corporate: User) -> None:
    succeed(ministry)
    entry = ministry.werf
    page = reverse("strategy:werf_lineage", args=[entry.uuid])
    lineage_set(
        actor=corporate, entry=entry, sheet=LineageSheet(discontinued_because="Van een ander")
    )
    client = signed_in(ministry)
    answer = client.post(page, {"discontinued_because": "Van mij", "version": "1"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Van een ander" in html
    assert "Van mij" in html
    version = str(answer.context["form"].data["version"])
    client.post(page, {"discontinued_because": "Van mij", "version": version})
    assert Werf.objects.get(pk=entry.pk).discontinued_because == "Van mij"


def test_the_corporate_cell_plays_the_whole_life_on_the_pages(
    ministry: Ministry, indicator: Indicator
) -> None:
    client = signed_in(ministry)
    client.post(reverse("strategy:signing"), {"signed_on": "2025-06-01", "version": "1"})
    client.post(reverse("strategy:addendum_new"), {"code": "A1", "title_nl": "Addendum één"})
    client.post(
        reverse("strategy:transversal_new", args=["A1"]), {"code": "T1", "title_nl": "Welzijn"}
    )
    objective = StrategicObjective.objects.get(code="T1")
    client.post(
        reverse("planning:kpi_new", args=[objective.uuid]), {"indicator": str(indicator.uuid)}
    )
    html = client.get(reverse("planning:addendum", args=["A1"])).content.decode()
    assert "Welzijn" in html
    assert indicator.code in html
    form = client.get(reverse("strategy:succession"))
    assert client.get(form.context["back"]).status_code == 200  # where “Cancel” leads
    answer = client.post(
        reverse("strategy:succession"),
        {
            "code": "SP2030",
            "title_nl": "Plan 2030",
            "starts_on": "2030-01-01",
            "ends_on": "2034-12-31",
            "replaced_on": "2030-01-01",
        },
        follow=True,
    )
    assert "3 parts" in answer.content.decode()
    client.post(reverse("strategy:objective_new") + "?plan=SP2030", {"code": "1", "title_nl": "A"})
    client.post(
        reverse("strategy:werf_new") + "?plan=SP2030",
        {"objective": "1", "code": "1.1", "title_nl": "B"},
    )
    assert Werf.objects.get(code="1.1").objective.plan.code == "SP2030"
    overview = client.get(reverse("strategy:overview") + "?plan=SP2030").content.decode()
    assert "Plan 2030" in overview


def test_bad_dates_and_codes_come_back_at_their_field(ministry: Ministry) -> None:
    client = signed_in(ministry)
    answer = client.post(
        reverse("strategy:addendum_new"),
        {"code": "met spatie", "title_nl": "Addendum", "signed_on": "2026-01-01"},
    )
    assert answer.status_code == 422
    assert "met spatie" in answer.context["form"].errors["code"][0]
    late = client.post(reverse("strategy:signing"), {"signed_on": "2031-01-01", "version": "1"})
    assert "signed_on" in late.context["form"].errors


def test_a_page_of_an_earlier_moment_has_no_later_objective(
    ministry: Ministry, corporate: User, addendum: PlanAddendum
) -> None:
    moment = addendum.created_at + timedelta(microseconds=1)
    transversal_objective_add(
        actor=corporate, addendum=addendum, sheet=EntrySheet(code="T9", title=text("Later"))
    )
    page = reverse("planning:addendum", args=["A1"])
    known = moment.astimezone(timezone.get_current_timezone()).isoformat().replace("+", "%2B")
    client = signed_in(ministry)
    # Not the bare letters: a token may hold them.
    assert ">T9<" in client.get(page).content.decode()
    assert ">T9<" not in client.get(f"{page}?known={known}").content.decode().split("history-h")[0]

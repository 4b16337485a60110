"""Units that go over into a successor: what moves, and that the past stays as it was."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.selectors import history_of
from ibzplan.core.services import next_instant
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState
from objectives.planning.models import Amendment, CoOwner, OperationalObjective, PlanVersion
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Werf
from personnel.access import access_of, minister_unit_ids
from personnel.choices import UnitKind
from personnel.models import (
    ManagementFunction,
    MinisterUnit,
    OrganisationUnit,
    RoleAssignment,
    UnitTransfer,
    User,
)
from reporting.choices import DeadlineKind
from reporting.models import Deadline, Reorganisation
from reporting.selectors import DashboardFilter, dashboard
from reporting.selectors.reorganisation import reorganisation_moves
from reporting.services.reorganisation import (
    ReorganisationSheet,
    Source,
    reorganisation_apply,
    reorganisation_create,
    reorganisation_update,
)
from reporting.snapshot import ReportQuestion, canonical_json, snapshot_build
from tests.factories import Ministry, text

DAY = date(2026, 10, 1)
BEFORE = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What the pages say is read in English here."""
    with translation.override("en"):
        yield


@pytest.fixture
def migration(db: None) -> OrganisationUnit:
    """A unit that exists on paper only, without a minister."""
    return OrganisationUnit.objects.create(
        code="FODM", kind=UnitKind.GENERAL_DIRECTORATE, title=text("FOD Migratie"), order=9
    )


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """An approved objective of the old unit, with a figure."""
    row = ministry.objective()
    indicator = ministry.indicator(row)
    ministry.approve(row)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T2"),
        figure=Figure(value=Decimal(90)),
    )
    return row


def prepared(
    ministry: Ministry, successor: OrganisationUnit, *, day: date = DAY, **source: Any
) -> Reorganisation:
    return reorganisation_create(
        actor=ministry.users["corporate"],
        sheet=ReorganisationSheet(
            title=text("Oprichting FOD Migratie"),
            takes_effect_on=day,
            successor=successor,
            sources=(Source(**{"unit": ministry.adcv, **source}),),
            reason="Regeerakkoord",
        ),
    )


def apply(ministry: Ministry, row: Reorganisation) -> None:
    reorganisation_apply(actor=ministry.users["committee"], reorganisation=row)


def snapshot(ministry: Ministry, clocks: Clocks, *, minister: str = "vbz") -> str:
    return canonical_json(
        snapshot_build(
            ReportQuestion(
                ministry.plan,
                ministry.year,
                getattr(ministry, minister),
                clocks.reference_date,
                clocks.known_at,
                "nl",
            )
        )
    )


def pinned(day: date) -> Clocks:
    return Clocks(day, Clocks.now().known_at, pinned_reference=True, pinned_known=True)


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=ministry.users[name].pk))
    client.cookies["django_language"] = "en"
    return client


def page(ministry: Ministry, address: str, name: str = "auditor") -> str:
    answer = client_of(ministry, name).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_api_says_of_the_moment_before_what_it_said_then(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    def lists(**query: str) -> dict[str, list[dict[str, Any]]]:
        client = client_of(ministry, "auditor")
        names = ("organisationUnits", "ministers", "werven")
        return {name: client.get(f"/api/v1/{name}", query).json()["items"] for name in names}

    row = prepared(ministry, migration)
    moment = next_instant()
    before = lists()
    apply(ministry, row)

    now, then = lists(), lists(asOf=moment.isoformat())

    assert then == before
    assert all(now[name] != items for name, items in before.items())
    ended = [unit["code"] for unit in before["organisationUnits"]]
    assert ministry.adcv.code in ended
    assert ministry.adcv.code not in [unit["code"] for unit in now["organisationUnits"]]
    past = lists(referenceDate=BEFORE.isoformat())["organisationUnits"]
    assert ministry.adcv.code in [unit["code"] for unit in past]


def test_the_preview_names_everything_and_writes_nothing(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    draft = ministry.objective(title="Opleidingen geven")
    Amendment.objects.create(plan=ministry.year, number=1, unit=ministry.adcv)
    Deadline.objects.create(
        plan=ministry.year,
        kind=DeadlineKind.OTHER,
        title=text("Cijfers nakijken"),
        due_on=date(2026, 12, 1),
        unit=ministry.adcv,
    )
    row = prepared(ministry, migration)
    moves = reorganisation_moves(row, Clocks.now().known_at)
    assert moves.in_force == [objective]
    assert moves.drafts == [draft]
    assert [one.code for one in moves.functions] == ["ADCV-DG"]
    assert {role.user.username for role in moves.roles} == {"planner_adcv", "head_adcv"}
    said = page(ministry, reverse("reporting:reorganisation", args=[row.uuid]), "committee")
    for words in (
        "1 objective in force",
        "1 objective on its way to approval",
        "1 indicator",
        "1 open amendment",
        "1 deadline",
        "1 management function",
        "2 roles",
        "Cijfers nakijken",
        "Carry out the reorganisation",
    ):
        assert words in said
    assert not UnitTransfer.objects.exists()
    objective.refresh_from_db()
    assert objective.unit == ministry.adcv


def test_what_a_draft_says_stays_with_its_unit(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    draft = ministry.objective(title="Nog niet getoond")
    ministry.indicator(draft, title=text("Alleen in het ontwerp"))
    Amendment.objects.create(
        plan=ministry.year, number=1, unit=ministry.adcv, title=text("Wijziging in de maak")
    )
    address = reverse("reporting:reorganisation", args=[prepared(ministry, migration).uuid])
    private = ("Nog niet getoond", "Alleen in het ontwerp", "Wijziging in de maak")
    for name in ("corporate", "committee"):
        said = page(ministry, address, name)
        assert "1 objective on its way to approval" in said
        assert draft.code in said
        assert not [words for words in private if words in said]
    assert all(words in page(ministry, address, "auditor") for words in private)


def test_everything_goes_over_at_one_instant(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    amendment = Amendment.objects.create(plan=ministry.year, number=1, unit=ministry.adcv)
    other = ministry.objective(by="planner_dvz")
    CoOwner.objects.create(objective=other, unit=ministry.adcv, known_from=timezone.now())
    row = prepared(ministry, migration)
    apply(ministry, row)
    for record in (objective, amendment, migration, ministry.adcv, row):
        record.refresh_from_db()
    assert objective.unit == amendment.unit == migration
    assert Indicator.objects.get().owner == migration
    assert ManagementFunction.objects.get(code="ADCV-DG").unit == migration
    assert CoOwner.objects.current().get().unit == migration
    assert (ministry.adcv.valid_to, migration.valid_from) == (BEFORE, DAY)
    assert MinisterUnit.objects.get(unit=ministry.adcv).valid_to == BEFORE
    assert MinisterUnit.objects.get(unit=migration).minister == ministry.vbz
    transfers = list(UnitTransfer.objects.all())
    assert {(one.from_unit.code, one.to_unit.code, one.takes_effect_on) for one in transfers} == {
        ("ADCV", "FODM", DAY)
    }
    assert {one.recorded_at for one in transfers} == {row.applied_at}
    entry = history_of(objective)[0]
    assert (entry.at, entry.action) == (row.applied_at, "reorganised")
    assert entry.reason == "Oprichting FOD Migratie: Regeerakkoord"
    assert row.applied_by == ministry.users["committee"]


def test_who_may_and_when(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    row = prepared(ministry, migration, day=timezone.localdate() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        reorganisation_apply(actor=ministry.users["corporate"], reorganisation=row)
    with pytest.raises(DomainError) as refused:
        apply(ministry, row)
    assert refused.value.code == "too_early"
    said = page(ministry, reverse("reporting:reorganisation", args=[row.uuid]), "committee")
    assert "It waits" in said and "Carry out the reorganisation" not in said
    with pytest.raises(NotAllowed):
        reorganisation_create(
            actor=ministry.users["committee"],
            sheet=ReorganisationSheet(
                title=text("X"),
                takes_effect_on=DAY,
                successor=migration,
                sources=(Source(unit=ministry.adcv),),
            ),
        )
    done = prepared(ministry, migration)
    apply(ministry, done)
    with pytest.raises(DomainError) as refused:
        apply(ministry, done)
    assert refused.value.code == "already_applied"


def test_a_unit_that_another_one_ended_meanwhile_does_not_go_over_again(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    other = prepared(ministry, ministry.dvz)
    apply(ministry, prepared(ministry, migration))
    ended_on = OrganisationUnit.objects.get(code="ADCV").valid_to
    with pytest.raises(DomainError) as refused:
        apply(ministry, other)
    assert refused.value.code == "unit_ended"
    assert OrganisationUnit.objects.get(code="ADCV").valid_to == ended_on
    assert not RoleAssignment.objects.filter(
        user=ministry.users["planner_adcv"], unit=ministry.dvz
    ).exists()


def test_a_report_of_before_is_the_same_byte_for_byte(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    clocks = [pinned(BEFORE), pinned(DAY), pinned(date(2026, 11, 1))]
    before = [snapshot(ministry, one) for one in clocks]
    none = snapshot(ministry, clocks[0], minister="am")
    assert '"unit":"ADCV"' in before[0]
    apply(ministry, prepared(ministry, migration))
    assert [snapshot(ministry, one) for one in clocks] == before
    assert snapshot(ministry, clocks[0], minister="am") == none


def test_a_day_before_keeps_the_old_unit_whenever_it_is_asked(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    apply(ministry, prepared(ministry, migration))
    then, since = snapshot(ministry, pinned(BEFORE)), snapshot(ministry, pinned(DAY))
    assert '"unit":"ADCV"' in then and "FODM" not in then
    assert '"unit":"FODM"' in since and "ADCV" not in since


def test_an_objective_of_a_minister_stays_with_that_minister_before_the_day(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    """The successor answers to another minister, and did so before."""
    before = snapshot(ministry, pinned(BEFORE))
    apply(ministry, prepared(ministry, ministry.dvz))
    assert objective.code in snapshot(ministry, pinned(BEFORE))
    assert objective.code not in snapshot(ministry, pinned(BEFORE), minister="am")
    assert objective.code in snapshot(ministry, pinned(DAY), minister="am")
    assert objective.code not in snapshot(ministry, pinned(DAY))
    assert '"total":"f:count:plan"' in before
    assert not MinisterUnit.objects.filter(minister=ministry.vbz, unit=ministry.dvz).exists()
    assert ministry.adcv.pk not in minister_unit_ids({ministry.vbz.pk})
    assert ministry.adcv.pk in minister_unit_ids({ministry.vbz.pk}, on=BEFORE)


def test_the_dashboard_filters_by_the_unit_of_the_reference_date(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    apply(ministry, prepared(ministry, migration))
    access = access_of(ministry.users["auditor"])

    def total(unit: OrganisationUnit, day: date) -> int:
        filter_ = DashboardFilter(plan=ministry.year, unit=unit)
        clocks = Clocks(day, Clocks.now().known_at, pinned_reference=True)
        return dashboard(filter_=filter_, clocks=clocks, access=access).total

    today = timezone.localdate()
    assert (total(ministry.adcv, BEFORE), total(migration, BEFORE)) == (1, 0)
    assert (total(ministry.adcv, DAY), total(migration, DAY)) == (0, 1)
    assert (total(ministry.adcv, today), total(migration, today)) == (0, 1)


def test_the_pages_of_both_units_say_what_became_of_them(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    apply(ministry, prepared(ministry, migration))
    old = reverse("planning:unit", args=["ADCV"])
    assert objective.code not in page(ministry, old)
    assert "Went over on" in page(ministry, old)
    assert objective.code in page(ministry, f"{old}?reference={BEFORE}")
    new = page(ministry, reverse("planning:unit", args=["FODM"]))
    assert objective.code in new and "before:" in new


def test_a_figure_says_which_unit_reported_it(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    # Recorded today: by the old unit only when the day lies later than that.
    day = timezone.localdate()
    apply(ministry, prepared(ministry, migration, day=day))
    indicator = Indicator.objects.get()
    address = reverse("planning:indicator", args=[indicator.uuid])
    assert '<span class="unit">ADCV</span>' not in page(ministry, address).split('id="figures"')[1]
    transfer = UnitTransfer.objects.get(target_uuid=indicator.uuid)
    UnitTransfer.objects.create(
        target_type=transfer.target_type,
        target_uuid=transfer.target_uuid,
        from_unit=ministry.adcv,
        to_unit=migration,
        takes_effect_on=day + timedelta(days=1),
        recorded_at=transfer.recorded_at,
    )
    assert '<span class="unit">ADCV</span>' in page(ministry, address).split('id="figures"')[1]


def test_users_follow_a_whole_unit_and_keep_what_they_had(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    apply(ministry, prepared(ministry, migration))
    planner = User.objects.get(username="planner_adcv")
    access = access_of(planner)
    assert access.plans_for(migration.pk) and access.plans_for(ministry.adcv.pk)
    measurement_record(
        actor=planner,
        indicator=Indicator.objects.get(),
        period=parse_period("2026-T3"),
        figure=Figure(value=Decimal(92)),
    )
    answer = client_of(ministry, "planner_adcv").get(reverse("planning:own_unit"))
    assert answer["Location"].endswith("/FODM/")


def test_of_a_unit_that_goes_over_in_part_only_its_werven_go(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    going = Werf.objects.create(objective=ministry.werf.objective, code="2.7", title=text("Asiel"))
    staying = ministry.werf
    ministry.werf = going
    moved = ministry.objective(title="Dossiers behandelen")
    own = ministry.indicator(moved, title=text("Dossiers"))
    ministry.werf = staying
    row = prepared(ministry, migration, werven=(going,))
    moves = reorganisation_moves(row, Clocks.now().known_at)
    assert list(moves.objectives) == [moved]
    assert list(moves.indicators) == [own]
    assert not (moves.roles or moves.functions or moves.ended or moves.minister_links)
    apply(ministry, row)
    moved.refresh_from_db()
    objective.refresh_from_db()
    ministry.adcv.refresh_from_db()
    assert (moved.unit, objective.unit) == (migration, ministry.adcv)
    assert ministry.adcv.valid_to is None
    said = page(ministry, reverse("planning:unit", args=["ADCV"]))
    assert "Part of its work went over" in said


def test_a_plan_whose_year_is_over_stays_with_the_old_unit(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    row = prepared(ministry, migration, day=date(2027, 1, 1))
    moves = reorganisation_moves(row, Clocks.now().known_at)
    assert not moves.objectives
    assert len(moves.indicators) == 1
    OperationalObjective.objects.filter(pk=objective.pk).update(state=PlanState.CLOSED)
    closed = reorganisation_moves(prepared(ministry, migration), Clocks.now().known_at)
    assert not closed.objectives


def test_the_plan_in_force_gets_a_consolidated_version(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    apply(ministry, prepared(ministry, migration))
    last = PlanVersion.objects.order_by("number").last()
    assert last is not None
    assert (last.number, last.amendment) == (2, None)
    assert "FODM" in last.content and "Regeerakkoord" in last.reason


def test_the_units_below_stand_below_the_successor_from_the_day_on(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    zone = OrganisationUnit.objects.create(
        code="ZONE",
        kind=UnitKind.GENERAL_DIRECTORATE,
        title=text("Zone"),
        parent=ministry.adcv,
        order=10,
    )
    row = prepared(ministry, ministry.dvz)
    said = page(ministry, reverse("reporting:reorganisation", args=[row.uuid]), "committee")
    assert "1 unit below" in said and ">ZONE<" in said
    known_before = Clocks.now().known_at
    apply(ministry, row)
    zone.refresh_from_db()
    assert zone.parent == ministry.dvz
    vbz, am = {ministry.vbz.pk}, {ministry.am.pk}
    assert zone.pk in minister_unit_ids(am) and zone.pk not in minister_unit_ids(vbz)
    assert zone.pk in minister_unit_ids(vbz, on=BEFORE)
    assert zone.pk not in minister_unit_ids(am, on=BEFORE)
    assert zone.pk in minister_unit_ids(vbz, known_at=known_before)
    assert zone.pk not in minister_unit_ids(am, known_at=known_before)


def test_the_successor_works_on_the_werven_too(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    row = prepared(ministry, migration)
    said = page(ministry, reverse("reporting:reorganisation", args=[row.uuid]), "committee")
    assert "1 werf to which the successor is added" in said
    apply(ministry, row)
    links = ministry.werf.unit_links.select_related("unit")
    assert [link.unit.code for link in links] == ["ADCV", "FODM"]
    assert history_of(ministry.werf)[0].changes["units"] == [["ADCV"], ["ADCV", "FODM"]]


def test_a_mistake_is_mended_by_going_back(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    apply(ministry, prepared(ministry, migration))
    apply(ministry, prepared(ministry, ministry.adcv, unit=migration))
    for record in (objective, ministry.adcv, migration):
        record.refresh_from_db()
    assert objective.unit == ministry.adcv
    assert (ministry.adcv.valid_to, migration.valid_to) == (None, BEFORE)
    assert MinisterUnit.objects.get(unit=ministry.adcv).valid_to is None
    vbz = {ministry.vbz.pk}
    for day in (BEFORE, DAY):
        units = minister_unit_ids(vbz, on=day)
        assert ministry.adcv.pk in units and migration.pk not in units
        assert '"unit":"ADCV"' in snapshot(ministry, pinned(day))


def test_a_unit_that_ended_by_itself_is_no_successor(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    migration.valid_to = BEFORE
    migration.save(update_fields=["valid_to"])
    with pytest.raises(DomainError) as refused:
        prepared(ministry, migration)
    assert refused.value.code == "successor_ended"


def test_it_is_not_dated_before_what_went_over_already(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    apply(ministry, prepared(ministry, migration))
    earlier = prepared(ministry, ministry.dvz, day=BEFORE, unit=migration)
    with pytest.raises(DomainError) as refused:
        apply(ministry, earlier)
    assert refused.value.code == "before_transfer"
    assert "FODM" in refused.value.message and "choose that day or a later one" in str(
        refused.value.message
    )


def test_a_successor_whose_minister_ended_answers_to_that_of_the_old_unit(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    MinisterUnit.objects.filter(unit=ministry.dvz).update(valid_to=date(2026, 3, 31))
    apply(ministry, prepared(ministry, ministry.dvz))
    assert ministry.dvz.pk in minister_unit_ids({ministry.vbz.pk}, on=DAY)
    assert ministry.dvz.pk not in minister_unit_ids({ministry.am.pk}, on=DAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"successor": "adcv"}, "successor"),
        ({"sources": ()}, "units"),
        ({"title": text("")}, "title_nl"),
        ({"takes_effect_on": date(1800, 1, 1)}, "takes_effect_on"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    ministry: Ministry, migration: OrganisationUnit, change: dict[str, Any], field: str
) -> None:
    values: dict[str, Any] = {
        "title": text("Fusie"),
        "takes_effect_on": DAY,
        "successor": migration,
        "sources": (Source(unit=ministry.adcv),),
        **change,
    }
    if values["successor"] == "adcv":
        values["successor"] = ministry.adcv
    if field == "title_nl":
        values["title"] = type(values["title"])()
    with pytest.raises(DomainError) as refused:
        reorganisation_create(
            actor=ministry.users["corporate"], sheet=ReorganisationSheet(**values)
        )
    assert refused.value.field == field


def test_a_new_unit_is_made_with_the_form_and_a_second_press_makes_it_once(
    ministry: Ministry,
) -> None:
    client = client_of(ministry, "corporate")
    address = reverse("reporting:reorganisation_new")
    key = client.get(address).context["form"].initial["key"]
    data = {
        "title_nl": "Oprichting",
        "takes_effect_on": "2027-01-01",
        "units": ["DVZ"],
        "successor": "",
        "new_code": "FODM",
        "key": str(key),
    }
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert "Choose a successor, or give the new unit this." in answer.content.decode()
    data["new_title_nl"] = "FOD Migratie"
    for _press in range(2):
        assert client.post(address, data).status_code == 302
    made = OrganisationUnit.objects.get(code="FODM")
    assert made.valid_from == date(2027, 1, 1)
    assert Reorganisation.objects.get().successor == made


def test_two_who_prepare_at_once_see_both_versions(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    row = prepared(ministry, migration)
    reorganisation_update(
        actor=ministry.users["corporate"],
        reorganisation=row,
        sheet=ReorganisationSheet(
            title=text("Andere naam"),
            takes_effect_on=DAY,
            successor=migration,
            sources=(Source(unit=ministry.dvz),),
        ),
        expected_version=1,
    )
    with pytest.raises(EditConflict):
        reorganisation_apply(
            actor=ministry.users["committee"], reorganisation=row, expected_version=1
        )
    answer = client_of(ministry, "corporate").post(
        reverse("reporting:reorganisation_edit", args=[row.uuid]),
        {
            "title_nl": "Mijn naam",
            "takes_effect_on": "2026-10-01",
            "units": ["ADCV"],
            "successor": "FODM",
            "version": "1",
        },
    )
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Two versions" in said and "Andere naam" in said and "Mijn naam" in said
    row.refresh_from_db()
    assert [one.unit for one in row.sources.all()] == [ministry.dvz]


def test_it_is_carried_out_on_the_page_once_confirmed(
    ministry: Ministry, migration: OrganisationUnit, objective: OperationalObjective
) -> None:
    row = prepared(ministry, migration)
    address = reverse("reporting:reorganisation_apply", args=[row.uuid])
    assert (
        client_of(ministry, "corporate")
        .post(address, {"version": "1", "confirmed": "1"})
        .status_code
        == 403
    )
    client = client_of(ministry, "committee")
    client.post(address, {"version": "1"})
    assert not UnitTransfer.objects.exists()
    answer = client.post(address, {"version": "1", "confirmed": "1"}, follow=True)
    assert "Everything went over into FODM." in answer.content.decode()
    assert "Carried out" in answer.content.decode()
    assert RoleAssignment.objects.filter(unit=migration).count() == 2


def test_the_list_takes_the_same_number_of_queries_with_more_rows(
    ministry: Ministry, migration: OrganisationUnit
) -> None:
    prepared(ministry, migration)
    client, address = client_of(ministry, "corporate"), reverse("reporting:reorganisations")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for _more in range(2):
        prepared(ministry, migration)
    client.get(address)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)

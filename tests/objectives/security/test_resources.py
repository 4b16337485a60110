"""The figures of chapter 3 of the NVP: as printed, what came later, and their targets."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core import steady
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from objectives.security.models import ResourceTarget, ResourceValue
from objectives.security.selectors.resources import TrackedFigure, tracked_figure
from objectives.security.services import (
    FactSheet,
    resource_target_record,
    resource_value_record,
)
from objectives.strategy.choices import ElementKind, PlanKind
from objectives.strategy.models import Plan, PlanElement
from personnel.models import User
from tests.factories import Ministry, roles_assign, text
from tests.markup import assert_sound_markup

FIGURES: dict[str, dict[str, Any]] = {
    "STAFF": {"value": "13879", "as_of": "2025-01-31", "printed": "13.879 medewerkers"},
    "RATIO": {"value": "85", "of": "15", "printed": "85/15", "is_target": True},
    "EXTRA": {"value": "271", "printed": "271 medewerkers", "is_target": True},
    "SHARE": {
        "value": "47.97",
        "year": 2025,
        "unit": {"nl": "%", "fr": "%"},
        "printed": "47,97%",
    },
    "LEAVE": {"value": "1000", "approximate": True, "printed": "ca. 1.000"},
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def plan(ministry: Ministry) -> Plan:
    plan = Plan.objects.create(
        code="NVP2026",
        kind=PlanKind.SECURITY,
        title=text("NVP"),
        starts_on=date(2026, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    PlanElement.objects.bulk_create(
        PlanElement(
            plan=plan,
            kind=ElementKind.FIGURE,
            code=code,
            title=text(f"Cijfer {code}"),
            attributes=attributes,
            order=order,
        )
        for order, (code, attributes) in enumerate(FIGURES.items())
    )
    return plan


@pytest.fixture
def member(db: None) -> User:
    member = User.objects.create(username="stuurgroep")
    roles_assign([(member, "steering_group", {})])
    return member


def tracked(plan: Plan, code: str, clocks: Clocks | None = None) -> TrackedFigure:
    found = tracked_figure(plan, code, clocks or Clocks.now())
    assert found is not None
    return found


def sheet(value: str | None, on: date | None = date(2026, 6, 30), **said: str) -> FactSheet:
    number = None if value is None else Decimal(value)
    return FactSheet(value=number, on=on, **{"source": "Jaarverslag", **said})


def record(member: User, plan: Plan, code: str, *asked: Any, **said: Any) -> ResourceValue:
    expected = said.pop("expected", None)
    return resource_value_record(
        actor=member,
        figure=PlanElement.objects.get(plan=plan, code=code),
        sheet=sheet(*asked, **said),
        expected=expected,
    )


def test_only_what_is_printed_as_a_target_is_one_and_no_day_is_made_up(plan: Plan) -> None:
    found = {code: tracked(plan, code).target for code in FIGURES}
    targets = {code: (one.value, one.due_on) for code, one in found.items() if one is not None}
    assert targets == {"RATIO": (Decimal(85), None), "EXTRA": (Decimal(271), None)}
    assert tracked(plan, "STAFF").printed.on == date(2025, 1, 31)
    assert tracked(plan, "LEAVE").printed.begins_on is None


def test_later_values_stand_beside_the_printed_one_and_the_last_recorded_counts(
    plan: Plan, member: User
) -> None:
    first = record(member, plan, "STAFF", "13950")
    between = timezone.now()
    with pytest.raises(EditConflict) as caught:
        record(member, plan, "STAFF", "13960", reason="Hertelling")
    assert caught.value.theirs["value"] == Decimal(13950)
    with pytest.raises(DomainError, match="takes the place"):
        record(member, plan, "STAFF", "13960", expected=first.uuid)
    second = record(member, plan, "STAFF", "13960", expected=first.uuid, reason="Hertelling")
    record(member, plan, "STAFF", "14000", date(2025, 12, 31))
    shown = tracked(plan, "STAFF")
    assert [(row.on.year, row.value) for row in shown.values] == [
        (2025, Decimal(14000)),
        (2026, Decimal(13960)),
    ]
    assert shown.printed.value == 13879
    assert PlanElement.objects.get(code="STAFF").attributes["value"] == "13879"
    then = tracked(plan, "STAFF", Clocks(timezone.localdate(), between, pinned_known=True))
    assert [row.value for row in then.values] == [Decimal(13950)]
    early = tracked(plan, "STAFF", Clocks(date(2026, 1, 1), timezone.now(), pinned_reference=True))
    assert [row.value for row in early.values] == [Decimal(14000)]
    record(member, plan, "STAFF", None, expected=second.uuid, reason="Vergissing")
    assert [row.value for row in tracked(plan, "STAFF").values] == [Decimal(14000)]
    with pytest.raises(DatabaseError):
        ResourceValue.objects.filter(pk=first.pk).update(value=1)


@pytest.mark.parametrize(
    ("code", "asked", "said", "field"),
    [
        ("STAFF", ("-1",), "below zero", "value"),
        ("STAFF", (None,), "Write the value", "value"),
        ("STAFF", ("1.23456",), "too long", "value"),
        ("STAFF", ("13900", date(2025, 1, 30)), "what came later", "on"),
        ("STAFF", ("13900", date(2199, 1, 1)), "still to come", "on"),
        ("STAFF", ("13900", None), "which day", "on"),
        ("SHARE", ("100.1",), "more than the whole", "value"),
        ("RATIO", ("101",), "more than the whole", "value"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    plan: Plan, member: User, code: str, asked: tuple[Any, ...], said: str, field: str
) -> None:
    with pytest.raises(DomainError, match=said) as caught:
        record(member, plan, code, *asked)
    assert caught.value.field == field
    with pytest.raises(DomainError, match="who says so"):
        record(member, plan, code, "50", source=" ")
    assert not ResourceValue.objects.exists()


def test_an_entered_target_stands_over_the_printed_one_with_a_reason(
    plan: Plan, member: User
) -> None:
    extra = PlanElement.objects.get(code="EXTRA")
    with pytest.raises(DomainError, match="takes the place"):
        resource_target_record(actor=member, figure=extra, sheet=sheet("300", None))
    row = resource_target_record(
        actor=member, figure=extra, sheet=sheet("300", date(2029, 12, 31), reason="Bijgestuurd")
    )
    target = tracked(plan, "EXTRA").target
    assert target is not None
    assert (target.value, target.due_on) == (Decimal(300), date(2029, 12, 31))
    resource_target_record(
        actor=member,
        figure=extra,
        sheet=sheet(None, None, reason="Toch niet"),
        expected=row.uuid,
    )
    target = tracked(plan, "EXTRA").target
    assert target is not None
    assert (target.value, target.due_on, target.row) == (Decimal(271), None, None)
    # Of a figure without a printed target the first one needs no reason.
    leave = PlanElement.objects.get(code="LEAVE")
    resource_target_record(actor=member, figure=leave, sheet=sheet("900", None))
    assert ResourceTarget.objects.count() == 3


def test_only_the_steering_group_and_the_corporate_cell_record(
    ministry: Ministry, plan: Plan
) -> None:
    for name in ("planner_adcv", "head_adcv", "committee", "cabinet_vbz", "auditor", "outsider"):
        with pytest.raises(NotAllowed):
            record(ministry.users[name], plan, "STAFF", "13950")
    assert record(ministry.users["corporate"], plan, "STAFF", "13950").value == 13950


@pytest.fixture
def page(member: User, plan: Plan) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def test_the_pages_show_printed_later_and_target_in_words_and_as_a_table(page: Client) -> None:
    address = reverse("security:resource_value", args=["STAFF"])
    typed = {"on": "2026-06-30", "value": "13 950", "source": "Jaarverslag 2026", "version": ""}
    html = page.post(address, typed, follow=True).content.decode().replace("\xa0", " ")
    assert_sound_markup(html)
    assert "13 879 on" in html
    assert "13 950" in html
    assert "Jaarverslag 2026" in html
    assert "mark-trajectory" in html or "<svg" in html
    again = page.post(address, {**typed, "value": "13 960"})
    assert again.status_code == 422
    assert "Two versions" in again.content.decode()
    assert str(ResourceValue.objects.get().uuid) in again.content.decode()
    overview = page.get(reverse("security:resources")).content.decode().replace("\xa0", " ")
    assert_sound_markup(overview)
    assert "85/15" in overview
    assert "13 950" in overview
    ratio = page.get(reverse("security:resource_figure", args=["RATIO"])).content.decode()
    assert_sound_markup(ratio)
    assert "printed as a target" in ratio
    target = reverse("security:resource_target", args=["STAFF"])
    assert page.post(target, {"value": "14000", "source": ""}).status_code == 422
    assert page.get(reverse("security:resource_figure", args=["NONE"])).status_code == 404


def test_more_values_take_no_more_queries(page: Client, plan: Plan, member: User) -> None:
    def queries() -> int:
        steady.forget()
        with CaptureQueriesContext(connection) as caught:
            assert page.get(reverse("security:resources")).status_code == 200
            assert page.get(reverse("security:resource_figure", args=["STAFF"])).status_code == 200
        return len(caught)

    record(member, plan, "STAFF", "13950")
    queries()  # what every session asks once
    before = queries()
    for month in range(7, 11):
        record(member, plan, "STAFF", "13950", date(2026, month, 1))
        record(member, plan, "LEAVE", "990", date(2026, month, 1))
    assert queries() == before

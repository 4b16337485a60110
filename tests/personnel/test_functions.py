"""The register of management functions and who holds them when."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.selectors import history_of
from personnel.choices import FunctionLevel
from personnel.models import FunctionHolder, ManagementFunction, User
from personnel.services import (
    FunctionSheet,
    HolderSheet,
    function_create,
    function_end,
    function_update,
    holder_set,
)
from tests.factories import Ministry, function_of, text


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Errors speak English, whatever ran before."""
    with translation.override("en"):
        yield


@pytest.fixture
def corporate(ministry: Ministry) -> User:
    return ministry.users["corporate"]


def sheet(ministry: Ministry, title: str = "Directeur Noodcentrales") -> FunctionSheet:
    return FunctionSheet(unit=ministry.adcv, title=text(title), level=FunctionLevel.N2)


def hold(
    corporate: User, name: str, first: date | None = None, last: date | None = None
) -> FunctionHolder:
    return holder_set(
        actor=corporate,
        function=function_of("ADCV"),
        sheet=HolderSheet(name=name, holds_from=first, holds_to=last),
    )


def spans() -> list[tuple[str, date | None, date | None]]:
    rows = FunctionHolder.objects.order_by("pk")
    return [(row.name, row.holds_from, row.holds_to) for row in rows]


def test_a_function_is_added_changed_and_ended_with_its_history(
    ministry: Ministry, corporate: User
) -> None:
    function = function_create(actor=corporate, code="ADCV-D112", sheet=sheet(ministry))
    assert function_update(
        actor=corporate,
        function=function,
        sheet=sheet(ministry, "Directeur 112"),
        expected_version=1,
    )
    function_end(actor=corporate, function=function, on=date(2026, 6, 30), reason="Hervorming")
    stored = ManagementFunction.objects.get(code="ADCV-D112")
    assert (stored.title["nl"], stored.valid_to) == ("Directeur 112", date(2026, 6, 30))
    entries = history_of(stored)
    assert [entry.action for entry in entries] == ["ended", "changed", "created"]
    assert entries[0].reason == "Hervorming"
    assert stored.created_at == entries[-1].at


def test_only_the_corporate_cell_keeps_the_register(ministry: Ministry) -> None:
    for name in ("head_adcv", "committee", "auditor", "outsider"):
        with pytest.raises(NotAllowed):
            function_create(actor=ministry.users[name], code="X-1", sheet=sheet(ministry))
        with pytest.raises(NotAllowed):
            hold(ministry.users[name], "Iemand")


@pytest.mark.parametrize("code", ["ADCV-DG", "adcv-dg", "met spatie", "x", "../x"])
def test_a_code_is_given_once_and_fits_in_an_address(
    ministry: Ministry, corporate: User, code: str
) -> None:
    with pytest.raises(DomainError) as caught:
        function_create(actor=corporate, code=code, sheet=sheet(ministry))
    assert caught.value.field == "code"
    assert code in caught.value.message


def test_two_writers_of_a_function(ministry: Ministry, corporate: User) -> None:
    function = function_of("ADCV")
    function_update(
        actor=corporate, function=function, sheet=sheet(ministry, "Eerste"), expected_version=1
    )
    with pytest.raises(EditConflict) as caught:
        function_update(
            actor=corporate, function=function, sheet=sheet(ministry, "Tweede"), expected_version=1
        )
    assert caught.value.theirs["title"]["nl"] == "Eerste"


def test_a_successor_ends_the_holder_before(ministry: Ministry, corporate: User) -> None:
    hold(corporate, "Eerste houder")
    hold(corporate, "Tweede houder", date(2026, 7, 1))
    assert spans() == [
        ("Eerste houder", None, date(2026, 6, 30)),
        ("Tweede houder", date(2026, 7, 1), None),
    ]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, None),
        (date(2026, 1, 1), None),
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2026, 3, 31), date(2026, 12, 31)),
        (date(2026, 2, 1), date(2026, 2, 1)),
    ],
)
def test_two_holders_at_a_time_are_refused(
    ministry: Ministry, corporate: User, first: date | None, last: date | None
) -> None:
    hold(corporate, "Eerste houder", date(2026, 1, 1), date(2026, 3, 31))
    with pytest.raises(DomainError) as caught:
        hold(corporate, "Tweede houder", first, last)
    assert (caught.value.code, caught.value.field) == ("held_already", "holds_from")
    assert "Eerste houder" in caught.value.message
    assert len(spans()) == 1


def test_the_day_after_is_free(ministry: Ministry, corporate: User) -> None:
    hold(corporate, "Eerste houder", date(2026, 1, 1), date(2026, 3, 31))
    hold(corporate, "Tweede houder", date(2026, 4, 1))
    assert len(spans()) == 2


def test_a_holder_with_an_account_takes_its_name(ministry: Ministry, corporate: User) -> None:
    head = ministry.users["head_adcv"]
    row = holder_set(actor=corporate, function=function_of("ADCV"), sheet=HolderSheet(user=head))
    assert (row.name, row.user) == ("head_adcv", head)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_year_that_cannot_be_meant_is_refused_at_its_field(
    ministry: Ministry, corporate: User, day: date
) -> None:
    function = function_of("ADCV")
    holder_set(actor=corporate, function=function, sheet=HolderSheet(name="Eerste houder"))
    with pytest.raises(DomainError) as refused:
        holder_set(
            actor=corporate,
            function=function,
            sheet=HolderSheet(name="Tweede houder", holds_from=day),
        )
    assert (refused.value.code, refused.value.field) == ("date_out_of_range", "holds_from")


def test_nobody_is_no_holder(ministry: Ministry, corporate: User) -> None:
    with pytest.raises(DomainError) as caught:
        hold(corporate, "  ")
    assert caught.value.field == "name"


def test_a_function_does_not_end_before_someone_takes_it_up(
    ministry: Ministry, corporate: User
) -> None:
    hold(corporate, "Eerste houder", date(2026, 1, 1), date(2026, 3, 31))
    hold(corporate, "Tweede houder", date(2026, 4, 1))
    function = function_of("ADCV")
    with pytest.raises(DomainError) as caught:
        function_end(actor=corporate, function=function, on=date(2026, 3, 1))
    assert "Tweede houder" in caught.value.message
    function_end(actor=corporate, function=function, on=date(2026, 9, 30))
    assert spans()[1][2] == date(2026, 9, 30)


def test_the_admin_shows_the_register_and_changes_nothing(ministry: Ministry) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("baas"))
    function = function_of("ADCV")
    assert client.get(reverse("admin:personnel_managementfunction_changelist")).status_code == 200
    page = reverse("admin:personnel_managementfunction_change", args=[function.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"code": "X"}).status_code == 403

"""The pages of management functions: the register, and what a holder is evaluated on."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.localised import LocalisedText
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import EvaluationResult, EvaluationState, PlanState
from objectives.planning.models import FinalEvaluation, OperationalObjective
from personnel.models import FunctionHolder, ManagementFunction
from personnel.services import HolderSheet, holder_set
from tests.factories import Ministry, function_of, text


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def signed_in(ministry: Ministry, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users[name])
    return client


def address(code: str = "ADCV-DG", year: int = 2026, extra: str = "") -> str:
    return f"{reverse('planning:mandate', args=[code])}?year={year}{extra}"


@pytest.fixture
def approved(ministry: Ministry) -> OperationalObjective:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period("2026-T3"),
        figure=Figure(value=Decimal("93.5")),
    )
    return objective


def hold(ministry: Ministry, name: str, first: date | None, last: date | None = None) -> None:
    holder_set(
        actor=ministry.users["corporate"],
        function=function_of("ADCV"),
        sheet=HolderSheet(name=name, holds_from=first, holds_to=last),
    )


def test_the_page_says_what_was_asked_and_what_came_of_it(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    hold(ministry, "Eerste houder", date(2024, 1, 1))
    hold(ministry, "Tweede houder", date(2026, 7, 1))
    page = signed_in(ministry, "head_adcv").get(address())
    html = page.content.decode()
    assert "basis on which the holder" in html
    assert html.index("Eerste houder") < html.index("Tweede houder")
    assert "30/06/2026" in html or "30 Jun" in html or "2026-06-30" in html
    assert "1 objective" in page.context["summary"]
    assert "93.5" in html
    assert "95" in html
    assert "not handed in yet" in html


def test_a_holder_of_another_year_is_not_named_as_one_of_this_year(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    hold(ministry, "Vroegere houder", date(2024, 1, 1), date(2025, 12, 31))
    page = signed_in(ministry, "corporate").get(address())
    assert page.context["mandate"].holders == ()
    assert "Vroegere houder" in page.content.decode()  # among all holders


def test_an_evaluation_shows_once_it_is_handed_in(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    row = FinalEvaluation.objects.create(
        objective=approved,
        result=EvaluationResult.PARTLY,
        explanation=text("Twee centrales later klaar"),
    )
    client = signed_in(ministry, "committee")
    assert "Twee centrales" not in client.get(address()).content.decode()
    FinalEvaluation.objects.filter(pk=row.pk).update(state=EvaluationState.HANDED_IN)
    html = client.get(address()).content.decode()
    assert "Twee centrales later klaar" in html
    assert "Partly achieved" in html


def test_who_reads_what_a_holder_is_evaluated_on(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    expected = {
        "planner_adcv": 200,
        "head_adcv": 200,
        "planner_dvz": 403,
        "corporate": 200,
        "committee": 200,
        "auditor": 200,
        "cabinet_vbz": 200,
        "cabinet_am": 403,
        "outsider": 403,
    }
    given = {name: signed_in(ministry, name).get(address()).status_code for name in expected}
    assert given == expected
    holder_set(
        actor=ministry.users["corporate"],
        function=function_of("ADCV"),
        sheet=HolderSheet(user=ministry.users["planner_dvz"], holds_from=date(2026, 3, 1)),
    )
    assert signed_in(ministry, "planner_dvz").get(address()).status_code == 200
    assert signed_in(ministry, "planner_dvz").get(address(year=2025)).status_code == 403


def test_a_draft_stays_with_its_unit(ministry: Ministry) -> None:
    objective = ministry.objective(title="Geheim plan uitwerken")
    ministry.indicator(objective)
    assert "Geheim plan" in signed_in(ministry, "head_adcv").get(address()).content.decode()
    for name in ("committee", "cabinet_vbz"):
        assert "Geheim plan" not in signed_in(ministry, name).get(address()).content.decode()


def test_a_withdrawn_objective_is_shown_but_not_counted(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    OperationalObjective.objects.filter(pk=approved.pk).update(
        state=PlanState.WITHDRAWN, withdrawn_at=timezone.now()
    )
    page = signed_in(ministry, "corporate").get(address())
    assert page.context["mandate"].objectives == ()
    assert len(page.context["mandate"].withdrawn) == 1
    assert "Masterplan NCU" in page.content.decode()


def test_the_page_of_an_earlier_moment_knows_the_holder_of_then(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    hold(ministry, "Oude naam", date(2026, 1, 1))
    row = FunctionHolder.objects.get()
    moment = row.created_at + timedelta(microseconds=1)
    holder_set(
        actor=ministry.users["corporate"],
        function=function_of("ADCV"),
        holder=row,
        sheet=HolderSheet(name="Nieuwe naam", holds_from=date(2026, 1, 1)),
    )
    client = signed_in(ministry, "corporate")
    then = client.get(address(extra=f"&known={moment.isoformat().replace('+', '%2B')}"))
    assert "Oude naam" in then.content.decode()
    assert "Nieuwe naam" not in then.content.decode()
    assert "Nieuwe naam" in client.get(address()).content.decode()


def test_an_unknown_function_is_not_found(ministry: Ministry) -> None:
    assert signed_in(ministry, "corporate").get(address("GEEN-DG")).status_code == 404


def test_the_corporate_cell_adds_a_function_and_its_holder(ministry: Ministry) -> None:
    client = signed_in(ministry, "corporate")
    answer = client.post(
        reverse("planning:function_new"),
        {
            "code": "ADCV-D112",
            "unit": "ADCV",
            "title_nl": "Directeur 112",
            "level": "n-2",
            "key": "7c2a5a8e-6d52-4f0e-9f6a-0d4b6f3c0001",
        },
    )
    assert answer.headers["Location"] == reverse("planning:holder_new", args=["ADCV-D112"])
    client.post(answer.headers["Location"], {"name": "Een houder", "holds_from": "2026-01-01"})
    html = client.get(reverse("planning:mandates")).content.decode()
    assert "Directeur 112" in html
    assert "Een houder" in html


def test_what_was_typed_comes_back_beside_what_someone_else_saved(ministry: Ministry) -> None:
    hold(ministry, "Eerste", date(2026, 1, 1))
    row = FunctionHolder.objects.get()
    holder_set(
        actor=ministry.users["corporate"],
        function=function_of("ADCV"),
        holder=row,
        sheet=HolderSheet(name="Van een ander", holds_from=date(2026, 1, 1)),
    )
    client = signed_in(ministry, "corporate")
    page = reverse("planning:holder_edit", args=["ADCV-DG", row.uuid])
    typed = {"name": "Van mij", "holds_from": "2026-01-01", "version": "1"}
    answer = client.post(page, typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Van een ander" in html
    assert "Van mij" in html
    again = {**typed, "version": str(answer.context["form"].data["version"])}
    assert client.post(page, again).status_code == 302
    assert FunctionHolder.objects.get().name == "Van mij"


def test_overlapping_dates_are_told_at_their_field(ministry: Ministry) -> None:
    hold(ministry, "Eerste", date(2026, 1, 1), date(2026, 12, 31))
    answer = signed_in(ministry, "corporate").post(
        reverse("planning:holder_new", args=["ADCV-DG"]),
        {"name": "Tweede", "holds_from": "2026-06-01"},
    )
    assert answer.status_code == 422
    assert "Eerste" in answer.context["form"].errors["holds_from"][0]
    assert 'value="Tweede"' in answer.content.decode()


def test_only_the_corporate_cell_sees_forms(ministry: Ministry) -> None:
    for name in ("head_adcv", "auditor", "cabinet_vbz"):
        client = signed_in(ministry, name)
        assert client.get(reverse("planning:function_new")).status_code == 403
        assert (
            reverse("planning:function_new")
            not in client.get(reverse("planning:mandates")).content.decode()
        )


def test_the_register_links_only_to_pages_that_open(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    page = reverse("planning:mandate", args=["ADCV-DG"])
    for name in ("planner_adcv", "planner_dvz", "cabinet_vbz", "cabinet_am", "auditor"):
        client = signed_in(ministry, name)
        links_there = page in client.get(reverse("planning:mandates")).content.decode()
        assert links_there == (client.get(page).status_code == 200), name


def _queries(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)


def test_the_register_costs_the_same_with_three_times_the_functions(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    hold(ministry, "Een", date(2026, 1, 1))
    client = signed_in(ministry, "corporate")
    page = reverse("planning:mandates")
    before = _queries(client, page)
    for number in range(6):
        function = ManagementFunction.objects.create(
            code=f"X-{number}", unit=ministry.dvz, title=LocalisedText({"nl": "X"}), level="n-2"
        )
        FunctionHolder.objects.create(function=function, name=f"Houder {number}")
    assert _queries(client, page) == before


def test_a_mandate_costs_the_same_with_three_times_the_objectives(
    ministry: Ministry, approved: OperationalObjective
) -> None:
    client = signed_in(ministry, "corporate")
    before = _queries(client, address())
    for number in range(2):
        objective = ministry.objective(title=f"Plan {number} uitvoeren")
        ministry.indicator(objective)
        ministry.approve(objective)
    assert _queries(client, address()) == before

"""The pages of the credits: read by everyone, written by those who keep them."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budget.models import CreditAmount, CreditExecution, CreditLine
from budget.services import ExecutionSheet, LineSheet, execution_record, line_create
from ibzplan.core.selectors import last_instant
from tests.budget.credit_lines import Budget
from tests.factories import text

pytestmark = pytest.mark.usefixtures("english")
LIST = "/middelen/kredieten/"


def signed_in(credits: Budget, name: str = "") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(credits.ministry.users[name] if name else credits.officer)
    return client


def words(response: Any) -> str:
    """Return what the page says, without its markup."""
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).replace("\xa0", " ")


def row_of(response: Any, code: str) -> str:
    html = response.content.decode()
    (found,) = (row for row in html.split("<tr") if f'<span class="code">{code}</span>' in row)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def test_everyone_who_signs_in_reads_the_tree_of_the_year(credits: Budget) -> None:
    page = signed_in(credits, "outsider").get(LIST)
    said = words(page)
    assert "Initial budget 2025: 900 kEUR in commitment credits (VL)" in said
    assert "600 kEUR is for the missions of the department and 300 kEUR is hosted" in said
    assert " 400 400 printed" in row_of(page, "PERS")
    assert "not entered" in row_of(page, "OP")
    assert "Enter" not in said and "Hand in a table" not in said


def test_an_officer_enters_an_amount_and_sees_it_in_the_tree(credits: Budget) -> None:
    client = signed_in(credits)
    empty = client.get(LIST, {"year": 2026})
    assert "No credits of 2026 are entered yet." in words(empty)
    address = reverse("budget:credit_amount", args=["OP", 2026, "initial"])
    assert address in empty.content.decode()
    form = client.get(address)
    posted = client.post(
        address,
        {"commitment": "960,35", "payment": "0", "reason": "", "version": "0"},
        follow=True,
    )
    assert form.status_code == posted.status_code == 200
    before = client.get(reverse("budget:credit_amount", args=["PERS", 2026, "initial"]))
    assert "Initial budget 2025: VL 400, VE 400 kEUR." in words(before)
    assert "Initial budget 2025" not in words(form)
    assert " 960.35 0 Initial budget, entered" in words(posted)
    listed = client.get(LIST, {"year": 2026})
    assert "sum of the lines below (2 lines below have none)" in row_of(listed, "OWN")
    assert "3 lines have no amount yet: the total is not complete." in words(listed)
    assert " – – not entered" in row_of(listed, "PERS")


def test_an_officer_goes_from_line_to_line(credits: Budget) -> None:
    """A year is entered in the order of the table, without going back to it each time."""
    client, done = signed_in(credits), []
    address = reverse("budget:credit_amount", args=["OWN", 2026, "initial"])
    while 'name="onward"' in client.get(address).content.decode():
        posted = client.post(
            address,
            {"commitment": "10", "payment": "5", "reason": "", "version": "0", "onward": "1"},
        )
        address = posted.headers["Location"]
        done.append(address.split("/")[3])
    assert done == ["PERS-S", "PERS-C", "OP", "HOST"]
    assert "sum of the lines below" in row_of(client.get(LIST, {"year": 2026}), "PERS")


def test_a_total_that_is_not_what_its_lines_add_up_to_is_told(credits: Budget) -> None:
    client = signed_in(credits)
    assert "add up to" not in words(client.get(LIST, {"year": 2025}))
    credits.enter("PERS", 400, 400)
    credits.enter("PERS-S", 300, 290)
    assert "add up to" not in words(client.get(LIST, {"year": 2026}))  # one line is missing yet
    credits.enter("PERS-C", 100, 100)
    row = row_of(client.get(LIST, {"year": 2026}), "PERS")
    assert "The lines below it add up to VL 400, VE 390 kEUR." in row


def test_bad_amounts_come_back_with_what_was_typed(credits: Budget) -> None:
    address = reverse("budget:credit_amount", args=["OP", 2026, "initial"])
    for typed, said in (
        ("990.370", "can be read in two ways"),
        ("abc", "is not a number"),
        ("1,123456", "part of a cent"),
        ("-5", "below zero"),
        ("", "required"),
    ):
        data = {"commitment": typed, "payment": "1", "version": "0"}
        page = signed_in(credits).post(address, data)
        assert page.status_code == 422
        assert said in words(page)
        assert f'value="{typed}"' in page.content.decode() or not typed
    assert CreditAmount.objects.filter(table="entered").count() == 0


def test_two_writers_see_both_versions(credits: Budget) -> None:
    client = signed_in(credits)
    address = reverse("budget:credit_amount", args=["OP", 2026, "initial"])
    credits.enter("OP", 50, 45)
    data = {"commitment": "60", "payment": "45", "reason": "Conclaaf", "version": "0"}
    page = client.post(address, data)
    assert page.status_code == 422
    assert "Commitment credits (VL), in kEUR 50 60" in words(page)
    version = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert version is not None
    client.post(address, {**data, "version": version[1]})
    assert CreditAmount.objects.get(table="entered").commitment_cents == 6_000_000


def test_an_amount_is_withdrawn_with_a_reason(credits: Budget) -> None:
    credits.enter("PERS", 410, 400, year=2025, reason="Fout")
    client = signed_in(credits)
    address = reverse("budget:credit_withdrawal", args=["PERS", 2025, "initial"])
    assert "VL 410 kEUR" in words(client.get(address))
    assert client.post(address, {"version": "1", "reason": ""}).status_code == 422
    page = client.post(address, {"version": "1", "reason": "Toch niet"}, follow=True)
    assert "Initial budget 2025, withdrawn" in words(page)
    assert " 400 400 printed" in row_of(client.get(LIST), "PERS")
    assert client.get(address).status_code == 404


def test_execution_is_recorded_and_corrected_on_the_page(credits: Budget) -> None:
    client = signed_in(credits)
    address = reverse("budget:credit_execution", args=["PERS"])
    data = {"on": "2025-06-30", "committed": "100", "paid": "80", "reason": ""}
    page = client.post(address, data, follow=True)
    assert "25.0% 80 20.0%" in words(page).replace(" %", "%")
    second = client.post(address, {**data, "paid": "90"})
    assert second.status_code == 422
    assert "Paid since 1 January, in kEUR 80 90" in words(second)
    corrects = str(CreditExecution.objects.get().uuid)
    assert corrects in second.content.decode()
    corrected = {**data, "paid": "90", "reason": "Factuur", "corrects": corrects}
    page = client.post(address, corrected, follow=True)
    assert "before: 100 / 80" in words(page)
    listed = row_of(client.get(LIST), "PERS").replace("\xa0", " ").replace(" %", "%")
    assert "25.0% committed, 22.5% paid" in listed
    begun = client.get(address, {"on": "2025-06-30"}).content.decode()
    assert 'value="90"' in begun
    assert str(CreditExecution.objects.latest("recorded_at").uuid) in begun


def test_a_line_is_added_renamed_and_found_in_the_tree(credits: Budget) -> None:
    client = signed_in(credits)
    data = {
        "code": "OP-NIEUW",
        "title_nl": "Nieuw project",
        "parent": "OP",
        "category": "operating",
        "unit": "ADCV",
        "key": "7f3a2c1e-2a36-4d0d-9c41-5b8f5d5e0a11",
    }
    for _twice in range(2):
        page = client.post(reverse("budget:credit_line_new"), data, follow=True)
        assert page.status_code == 200
    line = CreditLine.objects.get(code="OP-NIEUW")
    assert "Nieuw project" in row_of(client.get(LIST, {"year": 2026}), "OP-NIEUW")
    edit = reverse("budget:credit_line_edit", args=[line.code])
    changed = {"title_nl": "Project X", "parent": "OP-NIEUW", "version": "1"}
    assert "choose another line above it" in words(client.post(edit, changed))
    page = client.post(edit, {**changed, "parent": "OWN"}, follow=True)
    assert "Project X" in words(page)
    late = client.post(edit, {**changed, "title_nl": "Project Y", "parent": "OWN"})
    assert "Project X Project Y" in words(late)


def test_the_page_of_an_earlier_moment_says_what_was_known(credits: Budget) -> None:
    credits.enter("OP", 50, 45)
    moment = last_instant()
    assert moment is not None
    credits.enter("OP", 60, 45, version=1, reason="Conclaaf")
    client = signed_in(credits)
    then: dict[str, Any] = {"known": moment.isoformat()}
    assert " 50 45 " in row_of(client.get(LIST, {**then, "year": 2026}), "OP")
    page = words(client.get(f"{LIST}OP/", then))
    assert " 50 45 Initial budget, entered" in page
    assert "Conclaaf" not in page
    assert "Change" not in page


def test_an_address_that_nobody_can_read_is_said(credits: Budget) -> None:
    client = signed_in(credits)
    page = words(client.get(LIST, {"year": "ooit", "budget": "laatste"}))
    assert "“ooit” is no year" in page
    assert "There is no version “laatste” of a budget" in page
    assert client.get(f"{LIST}ONBEKEND/").status_code == 404
    assert client.get(f"{LIST}OP/2026/ontwerp/").status_code == 404
    assert client.get(f"{LIST}OP/1200/initial/").status_code == 404


def test_the_list_goes_out_as_a_file(credits: Budget) -> None:
    content = signed_in(credits, "auditor").get(LIST, {"export": "csv"}).content.decode()
    lines = content.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("Code,Line,Below the line")
    assert 'PERS-C,Lijn PERS-C,PERS,Personnel,,,100,100,"Initial budget, printed",,,' in lines


def test_the_pages_take_as_many_queries_with_many_lines(credits: Budget) -> None:
    client = signed_in(credits)
    addresses: list[tuple[str, dict[str, Any]]] = [
        (LIST, {"year": 2025}),
        (f"{LIST}OP/", {}),
        (reverse("budget:credit_import"), {}),
    ]

    def counted() -> list[int]:
        found = []
        for address, query in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address, query).status_code == 200
            found.append(len(queries))
        return found

    counted()
    before = counted()
    for number in range(14):
        line = line_create(
            actor=credits.officer,
            code=f"OP-{number}",
            sheet=LineSheet(
                title=text("Lijn"), parent=credits.lines["OP"], unit=credits.ministry.adcv
            ),
        )
        credits.lines[line.code] = line
        credits.enter(line.code, number, number, year=2025)
        for day in (date(2025, 3, 31), date(2025, 6, 30)):
            execution_record(
                actor=credits.officer,
                line=line if number else credits.lines["OP"],
                sheet=ExecutionSheet(on=day, committed_cents=number, paid_cents=1),
            )
    counted()
    assert counted() == before

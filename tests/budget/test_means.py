"""The means of a year: what the page says of money and people, down the tree and over the years."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budget.choices import BudgetVersion, CreditCategory
from budget.models import CreditLine
from budget.selectors import credit_book, credit_means, people_means, unit_means, year_means
from budget.selectors.people import uncounted
from ibzplan.core import steady
from ibzplan.core.clocks import Clocks
from ibzplan.core.selectors import last_instant
from personnel.choices import StaffMeasure
from personnel.staffing import staffing_read
from tests.budget.credit_lines import Budget
from tests.budget.test_pages import signed_in, words
from tests.factories import text
from tests.markup import assert_sound_markup
from tests.staffing_lines import enter, lines_of, make_officer, printed_figure

pytestmark = pytest.mark.usefixtures("english")
MEANS = "/middelen/"
MOST_QUERIES = 12


def read(credits: Budget, name: str = "outsider", **query: str) -> str:
    answer = signed_in(credits, name).get(MEANS, query)
    assert answer.status_code == 200
    assert_sound_markup(answer.content.decode())
    return words(answer)


def csv_rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_headline_says_money_people_and_what_differs(credits: Budget) -> None:
    lines_of(credits.ministry)
    said = read(credits)
    assert "Initial budget 2025: 900 kEUR in commitment credits (VL) and 850 kEUR" in said
    assert "600 kEUR is for the missions of the department and 300 kEUR is hosted" in said
    assert "3 419.4 FTE present on 31/12/2024." in said
    # 600 is printed for PERS and OP, and PERS alone is printed: 400; and so on.
    assert "differences between printed figures" in said
    assert "are not explained by rounding" in said
    assert "persons present" not in said


def test_categories_add_up_to_the_whole_or_the_rest_is_told(credits: Budget) -> None:
    means = credit_means(credit_book(Clocks.now()).tree(2025, BudgetVersion.INITIAL))
    kept = {one.category: one.figure for one in means.categories}
    assert kept[CreditCategory.OPERATING] is None
    sums = [figure for figure in kept.values() if figure is not None]
    assert sum(one.commitment_cents for one in sums) == 70_000_000
    assert means.rest is not None
    assert means.rest.commitment_cents == 20_000_000
    assert "In no category, or printed otherwise than the lines add up 200 150" in read(credits)
    credits.enter("OP", 200, 150, year=2025)
    again = credit_means(credit_book(Clocks.now()).tree(2025, BudgetVersion.INITIAL))
    assert again.rest is None
    assert again.whole == means.whole


def test_one_goes_down_the_tree_and_keeps_year_and_version(credits: Budget) -> None:
    client = signed_in(credits, "outsider")
    page = client.get(MEANS, {"year": "2025", "budget": "initial", "line": "OWN"})
    said, html = words(page), page.content.decode()
    assert "Lijn OP" in said and "Lijn HOST" not in said
    link = f"{reverse('budget:credit_line', args=['PERS'])}?year=2025&amp;budget=initial"
    assert link in html
    assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert "year=2025&amp;budget=initial&amp;line=PERS#lines" in html
    below = words(client.get(MEANS, {"line": "PERS-S"}))
    assert "No line stands below this one." in below
    assert (
        "There is no line “NIX” in the budget"
        in client.get(MEANS, {"line": "NIX"}).content.decode()
    )


def test_a_year_that_nobody_entered_is_a_gap_and_what_is_not_complete_says_so(
    credits: Budget,
) -> None:
    credits.enter("OP", 50, 40, year=2027)
    book = credit_book(Clocks.now())
    years = year_means(book, None, 2028)
    assert [(one.year, one.figure is None, one.without) for one in years] == [
        (2025, False, 0),
        (2026, True, 0),
        (2027, False, 3),
        (2028, True, 0),
    ]
    said = read(credits)
    assert "2027 50 40 Initial budget; not complete: 3 lines have no figure" in said
    assert "2026 – – not entered" in said
    html = signed_in(credits, "outsider").get(MEANS).content.decode()
    assert "2026: not entered; 2027: VL 50, VE 40" in html  # for whoever cannot see the drawing
    empty = read(credits, year="2026")
    assert "No credits of 2026 are entered yet." in empty


def test_the_adjusted_budget_says_which_figures_are_of_which_version(credits: Budget) -> None:
    credits.enter("PERS-S", 350, 340, year=2025, budget=BudgetVersion.ADJUSTED)
    said = read(credits, year="2025")
    assert "Initial budget, Adjusted budget 2025: " in said
    assert read(credits, year="2025", budget="initial").count("Initial budget 2025: 900") == 1


def test_the_page_of_an_earlier_moment_shows_what_was_known(credits: Budget) -> None:
    moment = last_instant()
    assert moment is not None
    credits.enter("TOT", 999, 999, year=2025, reason="Conclaaf")
    assert "999 kEUR in commitment credits" in read(credits)
    assert "900 kEUR in commitment credits" in read(credits, known=moment.isoformat())


def test_people_are_of_the_last_day_of_which_everyone_is_known(credits: Budget) -> None:
    lines = lines_of(credits.ministry)
    officer = make_officer()
    enter(officer, lines["DVZ"], date(2025, 6, 30), statutory="1900")
    tops = [lines["TOT"]]

    def found(year: int) -> Any:
        return people_means(staffing_read(Clocks.now()), tops, StaffMeasure.FTE, year)

    assert (found(2025).on, found(2025).present) == (date(2024, 12, 31), 3_419_400)
    enter(officer, lines["ADCV"], date(2025, 6, 30), statutory="1100")
    assert (found(2025).on, found(2025).present) == (date(2025, 6, 30), 3_000_000)
    assert (found(2024).on, found(2024).planned) == (date(2024, 12, 31), None)
    assert (found(2026).planned_year, found(2026).planned) == (2025, 3_379_300)
    assert found(2023).present is None
    alone = people_means(staffing_read(Clocks.now()), [lines["DVZ"]], StaffMeasure.FTE, 2025)
    assert (alone.present, alone.difference) == (1_900_000, 277_900)


def test_who_is_counted_in_fte_and_not_in_persons_is_named(credits: Budget) -> None:
    lines = lines_of(credits.ministry)
    heads = printed_figure(lines["DVZ"], "all", 2_461, kind="actual", on=date(2024, 12, 31))
    heads.measure, heads.printed = StaffMeasure.HEADCOUNT, "2.461"
    heads.save()
    now = staffing_read(Clocks.now())
    fte, persons = (people_means(now, [lines["TOT"]], one, 2025) for one in StaffMeasure)
    assert [line.code for line in uncounted(now, [lines["TOT"]], fte, persons)] == ["ADCV"]
    assert "In the FTE, not in the persons: Lijn ADCV" in read(credits)


def test_every_table_goes_out_as_a_file(credits: Budget) -> None:
    lines_of(credits.ministry)
    client = signed_in(credits)
    assert csv_rows(client.get(MEANS, {"export": "csv"}))[-1] == ["Total", "900", "850"]
    lines = client.get(MEANS, {"export": "csv", "table": "lines", "line": "PERS"})
    assert [row[0] for row in csv_rows(lines)] == ["Code", "PERS-S", "PERS-C"]
    people = csv_rows(client.get(MEANS, {"export": "csv", "table": "staffing"}))
    assert people[4][1:6] == ["All statutes", "2024-12-31", "3419.4", "2025", "3379.3"]
    years = csv_rows(client.get(MEANS, {"export": "csv", "table": "years"}))
    assert years[1] == ["2025", "900", "850", "Initial budget"]
    assert client.get(MEANS, {"export": "xlsx"}).status_code == 200
    assert client.get(MEANS, {"export": "csv", "line": "NIX"}).status_code == 404


def test_a_page_without_any_line_says_what_to_do(db: None, ministry: Any) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(ministry.users["outsider"])
    said = words(client.get(MEANS))
    assert "There is no line yet: load the plan, or add the first line." in said
    assert "No amount of any year is entered yet." in said


def test_more_lines_take_no_more_queries(credits: Budget) -> None:
    lines_of(credits.ministry)
    client = signed_in(credits, "outsider")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(MEANS).status_code == 200
        return len(captured)

    steady.forget()
    first, again = queries(), queries()
    CreditLine.objects.bulk_create(
        CreditLine(code=f"X{n}", title=text(f"Lijn X{n}"), parent=credits.lines["TOT"], order=n)
        for n in range(14)
    )
    steady.forget()
    assert queries() <= first
    assert queries() == again <= MOST_QUERIES


def test_a_unit_has_the_lines_that_name_it_and_those_below(credits: Budget) -> None:
    dvz, adcv = credits.ministry.dvz, credits.ministry.adcv
    for code, unit in (("PERS", dvz), ("PERS-S", dvz), ("PERS-C", adcv)):
        CreditLine.objects.filter(code=code).update(unit=unit)
    lines_of(credits.ministry)
    found = unit_means(dvz, 2026, Clocks.now())
    assert found.credits is not None
    # What hangs below is in the line above: it is not added again.
    assert [node.line.code for node in found.credits.nodes] == ["PERS"]
    assert (found.credits.year, found.credits.figure) == (2025, found.credits.nodes[0].figure)
    assert [unit.code for unit in found.credits.others] == ["ADCV"]
    assert found.credits.categories == [CreditCategory.PERSONNEL]
    assert [one.present for one in found.people] == [2_217_900, None]
    credits.enter("PERS", 410, 400, year=2026)
    assert unit_means(dvz, 2026, Clocks.now()).credits.year == 2026  # type: ignore[union-attr]


def test_means_are_found_by_searching_and_in_the_navigation(credits: Budget) -> None:
    lines_of(credits.ministry)
    reader = signed_in(credits, "outsider")
    found = reader.get(reverse("search"), {"q": "lijn dvz"}).content.decode()
    assert reverse("personnel:staffing_line", args=["DVZ"]) in found
    found = reader.get(reverse("search"), {"q": "pers-s"}).content.decode()
    assert reverse("budget:credit_line", args=["PERS-S"]) in found
    for client in (reader, signed_in(credits)):
        html = client.get(MEANS).content.decode()
        assert f'href="{MEANS}" aria-current="page"' in html


def test_a_line_has_its_years_drawn_and_its_tables_as_files(credits: Budget) -> None:
    credits.enter("PERS", 420, 410, year=2027)
    client = signed_in(credits, "outsider")
    page = client.get(f"{MEANS}kredieten/PERS/")
    assert_sound_markup(page.content.decode())
    drawn = page.content.decode()
    assert "2025: VL 400, VE 400 (Initial budget); 2026: not entered; 2027: VL 420" in drawn
    years = client.get(f"{MEANS}kredieten/PERS/", {"export": "csv", "table": "years"})
    assert csv_rows(years)[2] == ["2026", "", "", "not entered"]
    amounts = csv_rows(client.get(f"{MEANS}kredieten/PERS/", {"export": "csv"}))
    assert ["2025", "Initial budget", "400", "400", "printed"] in [
        [*row[:4], row[4].rpartition(", ")[2]] for row in amounts
    ]

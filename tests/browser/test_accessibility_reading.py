"""The pages that one reads, as far as a machine can judge them: axe, light and dark."""

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import look_at, violations
from tests.browser.visitor import Visitor
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "kabinet-vbz": [
        "/",
        "/dashboard/?minister=",
        "/dashboard/?minister=&status=behind",
        "/vergelijken/",
        "/vergelijken/?mode=dates&since=2026-06-30&since_known=2026-07-20",
        "/afstemming/?objective=2&theme=5&row=2&column=1",
        "/vragen/",
        "/gevolgd/",
        "/middelen/?year=2025&line=OWN",
        "/strategisch-plan/werven/2.6/?reference=2026-09-30",
    ],
    "head-adcv": ["/", "/directies/ADCV/", "/gevolgd/"],
}
# What cannot be read is told at its field, with the status of a form that is refused.
REFUSED = "/vergelijken/?mode=dates&since=gisteren"
ASK = "main a[href^='/vragen/nieuw/']"
OBJECTIVE = "main a[href^='/doelstellingen/']:not([href*='/nieuw/'])"
NARRATIVE = "main a[href*='/toelichting/']"


def _first(visitor: Visitor, page: str, selector: str) -> str:
    """Return where the first such link on a page leads."""
    assert visitor.go(page) == 200, page
    link = visitor.page.locator(selector).first.get_attribute("href")
    assert link is not None
    return link.partition("#")[0]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_where_one_reads(browser: Browser, product: Product, name: str) -> None:
    visitor = Visitor(browser, product, name, "fr", bypass_csp=True)
    assert [line for path in PAGES[name] for line in look_at(visitor, path)] == []


def test_axe_finds_nothing_behind_the_links_of_a_reader(browser: Browser, product: Product) -> None:
    """A question, what it is about, an objective, and the form with which one asks about it."""
    visitor = Visitor(browser, product, "kabinet-vbz", bypass_csp=True)
    question = _first(visitor, "/vragen/", "main table a[href^='/vragen/']")
    indicator = _first(visitor, "/vragen/", "main table a[href^='/indicatoren/']")
    objective = _first(visitor, "/strategisch-plan/werven/2.6/", OBJECTIVE)
    form = _first(visitor, objective, ASK)
    found = [
        line for page in (question, indicator, objective, form) for line in look_at(visitor, page)
    ]
    assert found == []


def test_axe_finds_nothing_where_one_tells_how_it_goes(browser: Browser, product: Product) -> None:
    """The objective as its unit sees it, with all its parts, and the form of a quarter."""
    visitor = Visitor(browser, product, "planner-adcv", "en", bypass_csp=True)
    objective = _first(visitor, "/strategisch-plan/werven/2.6/", OBJECTIVE)
    form = _first(visitor, objective, NARRATIVE)
    assert look_at(visitor, objective) + look_at(visitor, form) == []


def test_axe_finds_nothing_on_a_dashboard_of_then_with_a_row_open(
    browser: Browser, product: Product
) -> None:
    visitor = Visitor(browser, product, "kabinet-vbz", bypass_csp=True)
    assert visitor.go("/dashboard/?reference=2026-06-30") == 200
    visitor.page.locator("main .row-toggle").first.click()
    assert visitor.page.locator("main .sub-table:visible").count() == 1
    assert violations(visitor) == []


def test_axe_finds_nothing_where_a_date_is_refused(browser: Browser, product: Product) -> None:
    visitor = Visitor(browser, product, "kabinet-vbz", "fr", bypass_csp=True)
    assert visitor.go(REFUSED) == 422
    assert visitor.page.locator("[aria-invalid=true]").count() == 1
    assert violations(visitor) == []

"""The pages of an indicator and an objective on a phone and on paper."""

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WITH_PARTS = "/indicatoren/?q=Afgehandelde afwijkingsdossiers"
# Tables and drawings that are wider than what holds them, and cells without a name of their column.
CUT_OFF = """() => [...document.querySelectorAll('main .scroll-x')]
  .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map(box => box.getAttribute('aria-label') || box.getAttribute('aria-labelledby'))"""
UNNAMED = """() => [...document.querySelectorAll('.stacks td:not([data-label])')].length"""
HEADS = """() => [...document.querySelectorAll('.stacks')].every(table => {
  const heads = [...table.querySelectorAll('thead th')].map(head => head.textContent);
  return [...table.querySelectorAll('tbody tr')].every(row => [...row.querySelectorAll('td')]
    .every((cell, place) => cell.dataset.label === heads[place + 1]));
})"""
TOPS = """() => ['chart-h', 'record-h', 'table-h']
  .map(id => document.getElementById(id).getBoundingClientRect().top)"""


def _open(visitor: Visitor, start: str) -> None:
    """Open the indicator behind the first row that a search of the library finds."""
    visitor.go(start)
    link = visitor.page.get_attribute("main table a[href^='/indicatoren/']", "href")
    assert link is not None
    assert visitor.go(link) == 200


@pytest.mark.parametrize("width", [390, 360])
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_nothing_is_cut_off_on_a_phone(
    browser: Browser, product: Product, language: str, width: int
) -> None:
    """Rows become blocks whose cells are named, the chart is drawn to fit, the form comes after."""
    visitor = Visitor(browser, product, "planner-adcv", language, width=width)
    _open(visitor, WITH_PARTS)
    page = visitor.page
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(UNNAMED) == 0
    assert page.evaluate(HEADS)
    assert page.locator(".wide-chart svg:visible").count() == 1
    tops = page.evaluate(TOPS)
    assert tops == sorted(tops)
    objective = page.get_attribute("#definition a[href^='/doelstellingen/']", "href")
    assert objective is not None
    assert visitor.go(objective) == 200
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(UNNAMED) == 0
    assert page.evaluate(HEADS)


def test_the_form_stands_beside_the_chart_on_a_wide_screen(
    browser: Browser, product: Product
) -> None:
    visitor = Visitor(browser, product, "planner-adcv", width=1440)
    _open(visitor, WITH_PARTS)
    chart, form, table = visitor.page.evaluate(TOPS)
    assert abs(chart - form) < 2
    assert table > chart
    assert visitor.page.locator(".wide-chart svg:visible").count() == 1


def test_paper_is_white_and_asks_nothing(browser: Browser, product: Product) -> None:
    """Printed from a dark screen: light colours, and no form nor what opens onto one."""
    visitor = Visitor(browser, product, "head-adcv", scheme="dark", width=1040)
    _open(visitor, WITH_PARTS)
    page = visitor.page
    colour = "selector => getComputedStyle(document.querySelector(selector)).backgroundColor"
    dark = page.evaluate(colour, ".panel")
    assert page.locator("main form:visible").count() > 0
    page.emulate_media(media="print")
    assert page.evaluate(colour, ".panel") == "rgb(255, 255, 255)" != dark
    assert page.evaluate(colour, "body") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(19, 28, 43)"
    assert page.locator("main form:visible, main .panel.call:visible").count() == 0
    assert page.locator(".wide-chart svg:visible").count() == 1

"""What is typed is there again after leaving; two people see each other; a block is pasted."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEW = "/doelstellingen/nieuw/2026/"
TITLE = "Kazernes van de Civiele Bescherming renoveren"


def test_leaving_the_page_loses_nothing(browser: Browser, product: Product) -> None:
    planner = Visitor(browser, product, "planner-adcv")
    planner.go(NEW)
    planner.page.fill("#id_title_nl", TITLE)
    planner.go("/indicatoren/")  # at once: no pause in the typing yet
    planner.page.wait_for_timeout(500)
    planner.go(NEW)
    assert TITLE in planner.text()
    planner.page.click(f".draft-note li:has-text('{TITLE}') a")
    expect(planner.page.locator("#id_title_nl")).to_have_value(TITLE)
    planner.page.fill("#id_title_fr", "Rénover les casernes")
    expect(planner.page.locator(".draft-said")).to_have_text(re.compile(r"\d"))
    planner.page.reload()
    expect(planner.page.locator("#id_title_fr")).to_have_value("Rénover les casernes")
    with planner.page.expect_navigation():
        planner.page.click(".draft-note form button")
    expect(planner.page.locator("#id_title_nl")).to_have_value("")
    assert planner.errors == []


def test_two_people_see_each_other(browser: Browser, product: Product) -> None:
    planner = Visitor(browser, product, "planner-adcv")
    planner.go(NEW)
    planner.page.fill("#id_title_nl", TITLE)
    planner.page.select_option("#id_werf", index=1)
    with planner.page.expect_navigation():
        planner.page.click("main form:has(#id_title_nl) button[type=submit]")
    objective = planner.page.url.removeprefix(planner.base)
    planner.go(f"{objective}bewerken/")
    planner.page.fill("#id_title_nl", "Kazernes sluiten")
    expect(planner.page.locator(".draft-said")).to_have_text(re.compile(r"\d"))
    head = Visitor(browser, product, "head-adcv")
    head.go(f"{objective}bewerken/")
    head.page.click("[data-presence] summary")
    assert "Kazernes sluiten" in head.text()
    assert planner.errors == head.errors == []


def test_a_block_from_a_spreadsheet_fills_cells(browser: Browser, product: Product) -> None:
    planner = Visitor(browser, product, "planner-adcv")
    planner.go("/plannen/2026/tabel/")
    first = planner.page.locator("[id='id_n-0-title_nl']")
    first.focus()
    planner.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "Een\\tUn\\nTwee\\tDeux\\n");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          );
        }"""
    )
    expect(planner.page.locator("[id='id_n-1-title_fr']")).to_have_value("Deux")
    first.press("Enter")
    expect(planner.page.locator("[id='id_n-1-title_nl']")).to_be_focused()
    assert planner.errors == []

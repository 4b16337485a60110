"""One figure travels: from a planner to a cabinet's dashboard, a REST client and a report.

The real product, started as `make run` starts it, in a real browser.
"""

import json
import re
import urllib.request
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser.visitor import Visitor, run
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Bezetting van de noodcentrales 112 verhogen tot 95 %"
TITLE_FR = "Porter l’occupation des centrales 112 à 95 %"
INDICATOR = "Bezettingsgraad operatoren noodcentrales"


def test_one_figure_travels(browser: Browser, product: Product) -> None:
    planner = Visitor(browser, product, "planner-adcv")
    objective, indicator = _plan_and_measure(planner)

    cabinet = Visitor(browser, product, "kabinet-vbz")
    assert cabinet.go(objective) == 404  # a draft
    assert cabinet.go(indicator) == 404

    amendment = _bring_into_the_plan(planner, objective)
    head = Visitor(browser, product, "head-adcv")
    head.go(amendment)
    head.follow("main button[name=step][value=submit]")
    assert cabinet.go(objective) == 404
    committee = Visitor(browser, product, "directiecomite")
    committee.go(amendment)
    committee.follow("main button[name=step][value=approve]")

    _drill_down(cabinet, objective, indicator)

    stranger = Visitor(browser, product, "planner-dvz")
    assert stranger.go(objective) == 200
    assert stranger.go(f"{objective}bewerken/") == 403
    stranger.go(indicator)
    assert stranger.page.locator("input[name=value]").count() == 0

    _read_by_rest(product, indicator)
    corporate = Visitor(browser, product, "cel-corporate")
    _report(corporate)

    french = Visitor(browser, product, "kabinet-vbz", "fr")
    french.go(objective)
    assert french.page.get_attribute("html", "lang") == "fr"
    assert TITLE_FR in french.text()
    for visitor in (planner, head, corporate, cabinet, committee, stranger, french):
        assert visitor.errors == []


def _plan_and_measure(planner: Visitor) -> tuple[str, str]:
    page = planner.page
    planner.go("/doelstellingen/nieuw/2026/?werf=2.6")
    page.fill("[name=title_nl]", TITLE)
    page.fill("[name=title_fr]", TITLE_FR)
    page.select_option("[name=holder]", index=1)
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    objective = urlsplit(page.url).path
    assert re.fullmatch(r"/doelstellingen/[0-9a-f-]{36}/", objective)

    page.goto(f"{planner.base}{objective}indicator/")
    page.fill("[name=title_nl]", INDICATOR)
    page.fill("[name=unit_nl]", "%")
    page.fill("[name=decimals]", "1")
    page.fill("[name=baseline]", "88,0")
    page.fill("[name=target]", "95")
    page.fill("[name=source_nl]", "Personeelsplan")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    indicator = urlsplit(page.url).path
    assert indicator.startswith("/indicatoren/")

    page.select_option("[name=period]", "2026-T3")
    page.fill("[name=value]", "drieënnegentig")
    with page.expect_navigation():
        page.click("main form[data-guard] button[type=submit]")
    assert page.input_value("[name=value]") == "drieënnegentig"  # nothing typed is lost
    page.fill("[name=value]", "93,1")
    page.fill("[name=narrative_nl]", "Selectiereserve volledig ingezet")
    with page.expect_navigation():
        page.click("main form[data-guard] button[type=submit]")
    assert "93,1" in planner.text()
    return objective, indicator


def _bring_into_the_plan(planner: Visitor, objective: str) -> str:
    """Propose the draft for the plan, which is in force; return the address of the amendment."""
    planner.go(objective)
    advice = planner.page.locator("#smart textarea")
    for n in range(advice.count()):
        advice.nth(n).fill("Zo afgesproken.")
    if advice.count():
        planner.follow("#smart button[type=submit]")
    planner.go("/plannen/2026/wijzigingen/nieuw/")
    planner.fill(title_nl="Bezetting van de noodcentrales")
    planner.save("title_nl")
    amendment = planner.path()
    planner.follow("main .actions a[href$='/voorstel/add/']")
    planner.page.check(f"main [name=results][value='{objective.split('/')[2]}']")
    planner.fill(motivation="De nood is groter dan gedacht.")
    planner.page.check("main [name=is_important][value=yes]")
    planner.save("motivation")
    return amendment


def _drill_down(cabinet: Visitor, objective: str, indicator: str) -> None:
    page = cabinet.page
    cabinet.go("/dashboard/?year=2026&reference=2026-09-30")
    for link in (
        ".cards a[href*='/doelstellingen/2/']",
        "main a[href*='/werven/2.6/'] >> nth=0",
        f"main a[href^='{objective}']",
    ):
        with page.expect_navigation():
            page.click(link)
        assert "reference=2026-09-30" in page.url  # the clock travels along
    assert page.locator(".meta .st").count() == 1  # its status, as mark and word
    with page.expect_navigation():
        page.click(f"main a[href^='{indicator}']")
    assert "93,1" in cabinet.text()
    assert page.locator("svg[role=img]").count() >= 1


def _read_by_rest(product: Product, indicator: str) -> None:
    key = run(product, "create_token", "walk", "--role", "cabinet", "--minister", "VBZ").strip()
    uuid = indicator.strip("/").split("/")[-1]
    found = _get(product, f"/api/v1/indicators/{uuid}", key)
    assert found["title"]["nl"] == INDICATOR
    rows = _get(product, f"/api/v1/measurements?indicator={uuid}", key)
    assert [(row["period"], row["value"]) for row in rows["items"]] == [("2026-T3", 93.1)]


def _get(product: Product, path: str, key: str) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{product.port}{path}", headers={"Authorization": f"Bearer {key}"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return json.load(answer)


def _report(corporate: Visitor) -> None:
    page = corporate.page
    corporate.go("/rapporten/")
    asked = "main form[method=post]"
    page.select_option(f"{asked} select[name=minister]", "VBZ")
    page.fill(f"{asked} [name=reference_date]", "2026-09-30")
    page.uncheck(f"{asked} [name=language][value=fr]")
    page.click(f"{asked} button[type=submit]")
    link = page.locator("#report-progress a[href$='/bestanden/pdf/']")
    link.first.wait_for(timeout=90_000)  # the page itself follows the work
    with page.expect_download() as download:
        link.first.click()
    pdf = PdfReader(BytesIO(Path(download.value.path()).read_bytes()))
    text = " ".join(" ".join(sheet.extract_text().split()) for sheet in pdf.pages)
    assert INDICATOR in text
    assert "93,1" in text

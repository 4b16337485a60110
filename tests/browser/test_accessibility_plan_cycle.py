"""The pages of the plan cycle as far as a machine can judge them: axe, light and dark."""

from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import look_at
from tests.browser.visitor import Visitor
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CYCLE = {
    "planner-adcv": [
        "/taken/",
        "/plannen/2026/",
        "/plannen/2027/tabel/",
        "/plannen/2027/overnemen/",
        "/plannen/2027/werkboek/",
        "/plannen/2026/evaluatie/",
        "/vertalingen/",
        "/meldingen/",
        "/meldingen/voorkeuren/",
        "/kalender/adres/",
    ],
    "cel-corporate": [
        "/taken/",
        "/plannen/2027/",
        "/plannen/2026/wijzigingen/",
        "/plannen/2026/versies/",
        "/kalender/",
        "/kalender/2027/nieuw/",
        "/mandaten/",
        "/mandaten/ADCV-LEAD/",
        "/mandaten/ADCV-LEAD/bewerken/",
        "/mandaten/ADCV-LEAD/houders/nieuw/",
        "/mandaten/register/nieuw/",
        "/smart/",
        "/strategisch-plan/",
        "/strategisch-plan/ondertekening/",
        "/strategisch-plan/addendum-toevoegen/",
        "/strategisch-plan/opvolging/",
        "/reorganisaties/",
        "/reorganisaties/nieuw/",
    ],
}
# Below the address of a draft of the directorate; and of an objective of the year that runs.
OF_DRAFT = ["", "bewerken/", "activiteiten/nieuw/", "risicos/nieuw/"]
OF_RUNNING = ["", "evaluatie/"]


def _objective(visitor: Visitor, year: int) -> str:
    """Return the address of the directorate's first objective of a year."""
    visitor.go(f"/directies/ADCV/?year={year}")
    link = visitor.page.get_attribute("main table a[href^='/doelstellingen/']", "href")
    assert link is not None
    return link.partition("?")[0]


def _behind(visitor: Visitor, page: str, kind: str) -> str:
    """Return the address of the first link of a kind on a page, '' when there is none."""
    visitor.go(page)
    link = visitor.page.query_selector(f"main a[href^='{kind}']")
    return (link.get_attribute("href") or "").partition("?")[0] if link else ""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_in_the_plan_cycle(
    browser: Browser, product: Product, scheme: Literal["light", "dark"], width: int
) -> None:
    found: list[str] = []
    for name, pages in CYCLE.items():
        visitor = Visitor(browser, product, name, "fr", scheme=scheme, width=width, bypass_csp=True)
        for path in pages:
            found += look_at(visitor, path, width)
        if name == "planner-adcv":
            draft, running = _objective(visitor, 2027), _objective(visitor, 2026)
            addresses = [f"{draft}{page}" for page in OF_DRAFT]
            addresses += [f"{running}{page}" for page in OF_RUNNING]
        else:
            addresses = [
                _behind(visitor, "/plannen/2026/wijzigingen/", "/wijzigingen/"),
                _behind(visitor, "/plannen/2026/versies/", "/plannen/2026/versies/"),
                _behind(visitor, "/reorganisaties/", "/reorganisaties/"),
            ]
        for path in filter(None, addresses):
            found += look_at(visitor, path, width)
    assert found == []

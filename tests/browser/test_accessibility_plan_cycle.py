"""The pages of the plan cycle as far as a machine can judge them: axe, light and dark."""

from datetime import date

import pytest
from playwright.sync_api import Browser

from objectives.planning.selectors.closing import evaluation_opens_on
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
        "/api-sleutels/",
        "/api-sleutels/nieuw/",
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
# Below the address of a draft of the directorate.
OF_DRAFT = ["", "bewerken/", "activiteiten/nieuw/", "risicos/nieuw/"]
# Where the first link to a page of a kind stands -> how the address of that page begins.
BEHIND = {
    "/plannen/2026/wijzigingen/": "/wijzigingen/",
    "/plannen/2026/versies/": "/plannen/2026/versies/",
    "/reorganisaties/": "/reorganisaties/",
}


def _links(visitor: Visitor, page: str, selector: str) -> list[str]:
    """Return where the links on a page lead, without what follows the question mark."""
    assert visitor.go(page) == 200, page
    links = visitor.page.locator(f"main {selector}").all()
    return [(link.get_attribute("href") or "").partition("?")[0] for link in links]


def _draft(visitor: Visitor) -> str:
    """Return the address of an objective of next year that the directorate may change."""
    for objective in _links(visitor, "/directies/ADCV/?year=2027", "a[href^='/doelstellingen/']"):
        if f"{objective}bewerken/" in _links(visitor, objective, "a"):
            return objective
    raise AssertionError("the directorate has no draft")


def _evaluation(visitor: Visitor) -> list[str]:
    """Return the pages of an objective that can be evaluated, when its year is far enough."""
    forms = _links(visitor, "/plannen/2026/evaluatie/", "a[href$='/evaluatie/']:has(span)")
    assert forms or date.today() < evaluation_opens_on(2026)  # noqa: DTZ011 - as users count days
    return [page for form in forms[:1] for page in (form.removesuffix("evaluatie/"), form)]


@pytest.mark.parametrize("name", CYCLE)
def test_axe_finds_nothing_in_the_plan_cycle(browser: Browser, product: Product, name: str) -> None:
    visitor = Visitor(browser, product, name, "fr", bypass_csp=True)
    pages = [*CYCLE[name]]
    if name == "planner-adcv":
        draft = _draft(visitor)
        pages += [*(f"{draft}{page}" for page in OF_DRAFT), *_evaluation(visitor)]
    else:
        for page, kind in BEHIND.items():
            pages += _links(visitor, page, f"a[href^='{kind}']")[:1]
    assert [line for page in pages for line in look_at(visitor, page)] == []

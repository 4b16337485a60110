"""WCAG 2.2 AA as far as a machine can tell: axe on the pages, light and dark, wide and narrow."""

from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "kabinet-vbz": [
        "/dashboard/?minister=",
        "/rapporten/",
        "/nvp/",
        "/nvp/themas/1/",
        "/statussen/",
    ],
    "head-adcv": [
        "/directies/ADCV/",
        "/doelstellingen/nieuw/2027/",
        "/strategisch-plan/",
        "/strategisch-plan/werven/2.6/",
        "/strategisch-plan/organisatie/",
        "/nvp/afkortingen/",
        "/zoeken/?q=nood",
    ],
    "cel-corporate": [
        "/rapporten/",
        "/indicatoren/",
        "/datakwaliteit/",
        "/datakwaliteit/?page=2&severity=notice",
    ],
}
# Pages that lie behind the first link of that kind on the directorate's page.
BEHIND = ["/doelstellingen/", "/indicatoren/"]
# Search in the library -> pages of the first indicator found, below its address.
FOUND = {
    "q=Afgehandelde afwijkingsdossiers": [""],  # with a breakdown
    "q=Gemiddelde wachttijd van een oproep": ["", "definitie/"],  # with a series break
    "q=Zones met een aangepast meerjarenplan&use=draft": ["", "definitie/", "streefwaarde/"],
}

# The name of the field that has the focus when its middle lies under something else.
COVERED = """() => {
  const field = document.activeElement;
  if (!field || !field.name || field.closest('.form-actions')) return '';
  const box = field.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.bottom - 3);
  return top && top.closest('.form-actions') ? field.name : '';
}"""


def _violations(visitor: Visitor) -> list[str]:
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visitor.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{visitor.page.url} {rule['id']}: {rule['nodes'][0]['html'][:200]}"
        for rule in found["violations"]
    ]


def _look_at(visitor: Visitor, path: str, width: int) -> list[str]:
    """Open a page; return what axe finds there. Nothing may stick out at the side."""
    assert visitor.go(path) == 200, path
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{path} is {wide} wide"
    return _violations(visitor)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Browser, product: Product, scheme: Literal["light", "dark"], width: int
) -> None:
    found: list[str] = []
    for name, pages in PAGES.items():
        visitor = Visitor(browser, product, name, scheme=scheme, width=width, bypass_csp=True)
        for path in pages:
            found += _look_at(visitor, path, width)
    visitor = Visitor(browser, product, "head-adcv", scheme=scheme, width=width, bypass_csp=True)
    for kind in BEHIND:
        visitor.go("/directies/ADCV/")
        with visitor.page.expect_navigation():
            visitor.page.click(f"main td a[href^='{kind}'], main th a[href^='{kind}']")
        found += _violations(visitor)
    for query, pages in FOUND.items():
        visitor.go(f"/indicatoren/?{query}")
        link = visitor.page.get_attribute("main table a[href^='/indicatoren/']", "href")
        assert link is not None, query
        address = link.partition("?")[0]
        for page in pages:
            found += _look_at(visitor, f"{address}{page}", width)
        if "use=draft" in query:
            visitor.go(address)
            objective = visitor.page.get_attribute(
                "#definition a[href^='/doelstellingen/']", "href"
            )
            assert objective is not None
            path = objective.partition("?")[0]
            found += _look_at(visitor, f"{path}indicator/", width)
    assert found == []


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_bar_fits_at_every_width(browser: Browser, product: Product, language: str) -> None:
    """Both accounts have all entries that there are; the bar folds before it sticks out."""
    for name in ("cel-corporate", "head-addio"):
        visitor = Visitor(browser, product, name, language)
        assert visitor.go("/indicatoren/") == 200
        for width in (1440, 1280, 1200, 1199, 1040, 992, 800, 390, 320):
            visitor.page.set_viewport_size({"width": width, "height": 800})
            wide = visitor.page.evaluate("document.querySelector('.top').scrollWidth")
            assert wide <= width, f"{name} {language}: {wide} at {width}"


def test_the_field_with_the_focus_stands_clear_of_the_buttons(
    browser: Browser, product: Product
) -> None:
    """The buttons of the long form stay in view, and never over the field that is filled in."""
    visitor = Visitor(browser, product, "head-adcv", width=1440)
    visitor.go("/indicatoren/?q=Gemiddelde wachttijd van een oproep")
    link = visitor.page.get_attribute("main table a[href^='/indicatoren/']", "href")
    assert link is not None
    for width in (1440, 390):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.go(f"{link.partition('?')[0]}definitie/")
        visitor.page.focus("[name=title_nl]")
        for _number in range(60):
            covered = visitor.page.evaluate(COVERED)
            assert covered == "", f"{covered} at {width}"
            visitor.page.keyboard.press("Tab")

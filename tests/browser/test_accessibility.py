"""WCAG 2.2 AA as far as a machine can tell: axe on the pages, light and dark, wide and narrow."""

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import look_at, violations
from tests.browser.visitor import Visitor
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = {
    "kabinet-vbz": [
        "/rapporten/",
        "/nvp/",
        "/nvp/themas/1/",
        "/statussen/",
        "/doc/",
        "/doc/collections/targets/",
        "/doc/guides/quickstart/",
    ],
    "head-adcv": [
        "/doelstellingen/nieuw/2027/",
        "/strategisch-plan/",
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


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser: Browser, product: Product, name: str) -> None:
    visitor = Visitor(browser, product, name, bypass_csp=True)
    assert [line for path in PAGES[name] for line in look_at(visitor, path)] == []


def test_axe_finds_nothing_behind_the_links(browser: Browser, product: Product) -> None:
    found: list[str] = []
    visitor = Visitor(browser, product, "head-adcv", bypass_csp=True)
    for kind in BEHIND:
        visitor.go("/directies/ADCV/")
        visitor.follow(f"main td a[href^='{kind}'], main th a[href^='{kind}']")
        assert visitor.path().startswith(kind)
        found += violations(visitor)
    for query, pages in FOUND.items():
        visitor.go(f"/indicatoren/?{query}")
        link = visitor.page.get_attribute("main table a[href^='/indicatoren/']", "href")
        assert link is not None, query
        address = link.partition("?")[0]
        for page in pages:
            found += look_at(visitor, f"{address}{page}")
        if "use=draft" in query:
            visitor.go(address)
            objective = visitor.page.get_attribute(
                "#definition a[href^='/doelstellingen/']", "href"
            )
            assert objective is not None
            path = objective.partition("?")[0]
            found += look_at(visitor, f"{path}indicator/")
    assert found == []


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_bar_fits_at_every_width(browser: Browser, product: Product, language: str) -> None:
    """The accounts with the most entries and the longest name; what does not fit is under More."""
    for name in ("cel-corporate", "head-addio", "kabinet-vbz"):
        visitor = Visitor(browser, product, name, language)
        assert visitor.go("/indicatoren/") == 200
        for width in (1440, 1280, 1279, 1200, 1024, 1023, 800, 390, 320):
            visitor.page.set_viewport_size({"width": width, "height": 800})
            wide = visitor.page.evaluate("document.querySelector('.top').scrollWidth")
            assert wide <= width, f"{name} {language}: {wide} at {width}"
            assert visitor.page.is_visible(".top .mainnav") == (width >= 1024)
            tall = visitor.page.evaluate("document.querySelector('.top').offsetHeight")
            assert tall < 64, f"{name} {language}: {tall} high at {width}"


def test_what_stands_under_more_is_reached_with_the_keyboard_and_without_scripts(
    browser: Browser, product: Product
) -> None:
    visitor = Visitor(browser, product, "cel-corporate", "en", width=1024)
    for width in (1440, 1024):
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.go("/reorganisaties/")
        entry = visitor.page.locator(".more-menu a[href='/reorganisaties/']")
        assert entry.get_attribute("aria-current") == "page"
        assert not entry.is_visible()
        visitor.page.focus(".more-menu > summary")
        visitor.page.keyboard.press("Enter")
        assert entry.is_visible()
        shown = visitor.page.locator("nav a:visible").all()
        addresses = [one.get_attribute("href") for one in shown]
        assert len(addresses) == len(set(addresses)), "an entry stands there twice"
        visitor.page.keyboard.press("Escape")
        assert not entry.is_visible()


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

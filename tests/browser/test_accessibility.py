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
# The pages of the plan cycle: each in one theme and width with the other half in the second.
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
            found += _look_at(visitor, path, width)
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
            found += _look_at(visitor, path, width)
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

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
    "cel-corporate": ["/rapporten/"],
}
# Pages that lie behind the first link of that kind on the directorate's page.
BEHIND = ["/doelstellingen/", "/indicatoren/"]


def _violations(visitor: Visitor) -> list[str]:
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visitor.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{visitor.page.url} {rule['id']}: {rule['nodes'][0]['html'][:200]}"
        for rule in found["violations"]
    ]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(
    browser: Browser, product: Product, scheme: Literal["light", "dark"], width: int
) -> None:
    found: list[str] = []
    for name, pages in PAGES.items():
        visitor = Visitor(browser, product, name, scheme=scheme, width=width, bypass_csp=True)
        for path in pages:
            assert visitor.go(path) == 200
            found += _violations(visitor)
            wide = visitor.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide"
    visitor = Visitor(browser, product, "head-adcv", scheme=scheme, width=width, bypass_csp=True)
    for kind in BEHIND:
        visitor.go("/directies/ADCV/")
        with visitor.page.expect_navigation():
            visitor.page.click(f"main td a[href^='{kind}'], main th a[href^='{kind}']")
        found += _violations(visitor)
    assert found == []

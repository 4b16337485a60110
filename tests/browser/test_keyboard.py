"""From signing in to one figure and a question about it with nothing but a keyboard."""

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# More stops than the longest way on these pages from one thing that is used to the next.
STOPS = 200
# What is wrong with where the focus is, or nothing.
WRONG = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return 'lost';
  if (one.id === 'content') return '';
  // The browser's own button in a field for a date has the browser's own ring.
  if (one.matches('input[type=date]:not(:focus)')) return '';
  // A choice among a few is drawn by what stands beside the button itself.
  const drawn = one.matches('.seg input') ? one.nextElementSibling : one;
  const style = getComputedStyle(drawn);
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) return 'no ring';
  const box = [...drawn.getClientRects()].find(part => part.width > 1 && part.height > 1);
  if (!box) return 'not drawn';
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  if (!top) return 'out of view';
  return top === one || drawn.contains(top) ? '' : 'under ' + top.outerHTML.slice(0, 100);
}"""
WHERE = """() => document.activeElement.outerHTML.slice(0, 160)"""
IS_LAST = "document.activeElement === [...document.querySelectorAll('.site-footer a')].pop()"
IS_AT = "selector => document.activeElement.matches(selector)"
QUESTIONS = {
    "nl": "Waarom blijft dit cijfer achter?",
    "fr": "Pourquoi ce chiffre est-il en retard ?",
}
# What the links that are pressed are called.
NAMES = {
    "nl": {
        "skip": "Naar de inhoud",
        "dashboard": "Dashboard openen",
        "ask": "Een vraag stellen",
    },
    "fr": {
        "skip": "Aller au contenu",
        "dashboard": "Ouvrir le tableau de bord",
        "ask": "Poser une question",
    },
}


class Keyboard:
    """The keys of one visitor; each stop of the focus is looked at."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.page.emulate_media(reduced_motion="reduce")

    def press(self, key: str) -> None:
        """Press a key that leaves the page where it is.

        After the last stop the focus leaves the page, and comes back at its beginning.
        """
        leaves = key == "Tab" and self.page.evaluate(IS_LAST)
        self.page.keyboard.press(key)
        wrong = self.page.evaluate(WRONG)
        assert wrong == "" or (leaves and wrong == "lost"), (
            f"{self.page.url}: {wrong}: {self.page.evaluate(WHERE)}"
        )

    def reach(self, selector: str) -> str:
        """Go from stop to stop up to one; return what it is called."""
        for _stop in range(STOPS):
            self.press("Tab")
            if self.page.evaluate(IS_AT, selector):
                called: str = self.page.evaluate("document.activeElement.textContent")
                return " ".join(called.split())
        raise AssertionError(f"{self.page.url}: {selector} is not reached")

    def enter(self) -> None:
        """Open the page behind the link or button that has the focus."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def skip(self, name: str) -> None:
        """Pass over what every page begins with."""
        assert self.reach(".skip-link") == name
        self.press("Enter")
        assert self.page.evaluate(IS_AT, "#content")


@pytest.mark.parametrize("language", NAMES)
def test_a_cabinet_needs_no_mouse(browser: Browser, product: Product, language: str) -> None:
    visitor = Visitor(browser, product, "kabinet-vbz", language)
    page, names = visitor.page, NAMES[language]
    keys = Keyboard(visitor)

    assert visitor.path() == "/"
    keys.skip(names["skip"])
    assert keys.reach("main a[href^='/dashboard/']") == names["dashboard"]
    keys.enter()

    _filter_and_open_a_row(keys)
    keys.enter()
    objective = visitor.path()

    keys.skip(names["skip"])
    title = keys.reach("main a[href^='/indicatoren/']")
    keys.enter()
    assert page.inner_text("main h1").endswith(title)

    keys.skip(names["skip"])
    assert keys.reach("main a[href*='/vragen/nieuw/']") == names["ask"]
    _read_why(keys)

    indicator = visitor.path()
    keys.skip(names["skip"])
    keys.reach("main a[href*='/vragen/nieuw/']")
    keys.enter()
    _ask(keys, QUESTIONS[language])
    assert QUESTIONS[language] in visitor.text()
    if visitor.path() != indicator:
        keys.skip(names["skip"])
        keys.reach(f"main a[href^='{indicator}']")
        keys.enter()
    assert QUESTIONS[language] in visitor.text()

    keys.skip(names["skip"])
    keys.reach(f"main a[href^='{objective}']")
    keys.enter()
    keys.skip(names["skip"])
    keys.reach("main a[href^='/dashboard/']")
    keys.enter()
    assert visitor.path() == "/dashboard/"
    assert visitor.errors == []


def _filter_and_open_a_row(keys: Keyboard) -> None:
    """Choose another minister and come back, then one status; open what is left in place."""
    page = keys.page
    keys.reach("input[name=minister]")
    for key, minister in (("ArrowRight", "AM"), ("ArrowLeft", "VBZ")):
        with page.expect_response(lambda answer: "/dashboard/" in answer.url):
            keys.press(key)
        page.wait_for_url(f"**minister={minister}**")
        assert page.evaluate("document.activeElement.value") == minister
    keys.reach("main .row-toggle[aria-expanded=false]")
    keys.press("Space")
    assert page.evaluate("document.activeElement.ariaExpanded") == "true"
    title = keys.reach("main .sub-table a[href^='/doelstellingen/']")
    assert title


def _read_why(keys: Keyboard) -> None:
    """Open the account of the status, in place."""
    keys.reach("#why summary")
    was = keys.page.evaluate("document.activeElement.parentElement.open")
    keys.press("Space")
    assert keys.page.evaluate("document.activeElement.parentElement.open") != was
    keys.press("Tab")


def _ask(keys: Keyboard, question: str) -> None:
    keys.reach("main [name=text]")
    keys.page.keyboard.type(question)
    keys.reach("main form button[type=submit]")
    keys.enter()

"""What axe finds on a page."""

from django.conf import settings

from tests.browser.visitor import Visitor

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(visitor: Visitor) -> list[str]:
    """Return what axe finds on the page that is open, with the first place of each."""
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visitor.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{visitor.page.url} {rule['id']}: {rule['nodes'][0]['html'][:200]}"
        for rule in found["violations"]
    ]


def look_at(visitor: Visitor, path: str, width: int) -> list[str]:
    """Open a page; return what axe finds there. Nothing may stick out at the side."""
    assert visitor.go(path) == 200, path
    wide = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{path} is {wide} wide"
    return violations(visitor)

"""What axe finds on a page, in each of the looks that a user may have it in."""

import hashlib
import os
import re
from functools import cache
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

from django.conf import settings

from tests.browser.visitor import Visitor

Scheme = Literal["light", "dark"]

AXE: Final = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
# The product's own choice of colours, which it makes once while the page loads.
THEME: Final = settings.BASE_DIR / "ibzplan" / "frontend" / "js" / "theme.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS: Final[list[tuple[Scheme, int]]] = [
    ("light", 1440),
    ("light", 390),
    ("dark", 390),
    ("dark", 1440),
]
# Only what is reported of the rules that find nothing is left out.
RUN: Final = "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
# The rules among them whose answer hangs on a colour. The others look at elements and at where
# they stand: while that is the same, so is what they find.
COLOURS: Final = ["color-contrast", "link-in-text-block"]
SHAPE: Final = """() => [...document.querySelectorAll('*')].map(one => {
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return [
    one.tagName, ...one.getAttributeNames().map(name => `${name}=${one.getAttribute(name)}`),
    box.left, box.top, box.width, box.height,
    style.display, style.visibility, style.opacity, style.clip, style.clipPath,
  ].join(' ');
}).slice(1).join()"""
# All else that axe sees of a page: its elements, and what its fields hold.
CONTENT: Final = """() => [document.documentElement.outerHTML, ...[...document.querySelectorAll(
  'input, select, textarea')].map(one => `${one.value} ${one.checked}`)].join()"""
# What tells two products with the same pages apart: identifiers, in the order in which they come,
# the token of a form, the address of the server, and the time of day.
IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
OF_THIS_PRODUCT: Final = re.compile(
    r"\b\w{64}\b|127\.0\.0\.1:\d+|\b\d\d(?::|%3A)\d\d(?:(?::|%3A)\d\d(?:\.\d+)?)?"
)
# A folder in which a run with several databases notes the looks in which axe found nothing.
JUDGED: Final = os.environ.get("IBZPLAN_JUDGED", "")
# A colour on its way from one to the other is neither.
SETTLE: Final = """() => document.getAnimations()
  .filter(one => one instanceof CSSTransition).forEach(one => one.finish())"""


def look_at(visitor: Visitor, path: str) -> list[str]:
    """Open a page; return what axe finds there, light and dark, wide and narrow."""
    assert visitor.go(path) == 200, path
    assert visitor.path() == urlsplit(path).path, f"{path} led to {visitor.page.url}"
    return violations(visitor)


def violations(visitor: Visitor) -> list[str]:
    """Return what axe finds on the page that is open, with the first place of each.

    The page is loaded once and changes its looks, as with a user who turns a phone or whose
    screen turns dark at night. Nothing may stick out at the side. A look in which each element
    is, and stands, as in the other scheme of that width is asked about its colours alone; one in
    which the very same page was asked with another database is not asked again.
    """
    found = []
    shapes: dict[int, str] = {}
    has_axe = False
    for scheme, width in LOOKS:
        _turn(visitor, scheme, width)
        wide = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{visitor.page.url} is {wide} wide at {width}"
        shape = visitor.page.evaluate(SHAPE)
        rules = COLOURS if shapes.setdefault(width, shape) == shape and scheme == "dark" else RULES
        note = _note(visitor, shape, f"{scheme} {width} {rules}")
        if note is not None and note.exists():
            note.write_text("again")
            continue
        if not has_axe:
            visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
            has_axe = True
        broken = visitor.page.evaluate(RUN, rules)["violations"]
        found += [
            f"{visitor.page.url} {scheme} {width} {rule['id']}: {rule['nodes'][0]['html'][:200]}"
            for rule in broken
        ]
        if note is not None and not broken:
            note.touch()
    return found


def _turn(visitor: Visitor, scheme: Scheme, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": 1000})
    visitor.page.emulate_media(color_scheme=scheme)
    visitor.page.evaluate(THEME.read_text(encoding="utf-8"))
    dressed = visitor.page.get_attribute("html", "data-bs-theme")
    assert dressed == scheme, f"{visitor.page.url} is {dressed}"
    visitor.page.evaluate(SETTLE)


def _note(visitor: Visitor, shape: str, look: str) -> Path | None:
    """Return where it is noted that axe found nothing on this very page in a look; None where
    nothing is noted.
    """
    if not JUDGED:
        return None
    content = visitor.page.evaluate(CONTENT)
    page = OF_THIS_PRODUCT.sub("", f"{look} {content} {shape}")
    numbers: dict[str, str] = {}
    page = IDENTIFIER.sub(lambda found: numbers.setdefault(found[0], f"<{len(numbers)}>"), page)
    return Path(JUDGED) / hashlib.sha256(f"{_sources()} {page}".encode()).hexdigest()


@cache
def _sources() -> str:
    """Return a hash over what a page is shown and judged with beside its own elements."""
    digest = hashlib.sha256(AXE.read_bytes())
    for path in sorted((settings.BASE_DIR / "ibzplan" / "static").rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()

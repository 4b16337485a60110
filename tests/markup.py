"""What every page's markup must be, whatever it shows."""

import re
from itertools import pairwise


def assert_sound_markup(html: str) -> None:
    """One h1, no level skipped; unique ids; captions and scopes; nothing inline, no raw markup."""
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert html.count("<table") == html.count("<caption")
    assert re.findall(r"<th(?![^>]*scope=)[ >]", html) == []
    assert "style=" not in html
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert "&lt;strong" not in html

"""Sentences of the interface whose named placeholders are figures, names or typed text."""

import re
from typing import Final

from reporting.render.blocks import Inline, Run, Words

_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s|%%")


def sentence(template: str, **parts: Inline | Run) -> Run:
    """Return a translated sentence with an inline (or several) for each `%(name)s`.

    Raises KeyError for a placeholder that is not given.
    """
    run: list[Inline] = []
    at = 0
    for found in _PLACEHOLDER.finditer(template):
        _words(run, template[at : found.start()])
        at = found.end()
        if found.group(1) is None:
            _words(run, "%")
            continue
        part = parts[found.group(1)]
        run.extend(part if isinstance(part, tuple) else (part,))
    _words(run, template[at:])
    return tuple(run)


def joined(*runs: Inline | Run, separator: str = " ") -> Run:
    """Return runs after each other; empty ones are left out."""
    found: list[Inline] = []
    for run in runs:
        parts = run if isinstance(run, tuple) else (run,)
        if not any(part.text for part in parts):
            continue
        if found:
            found.append(Words(separator))
        found.extend(parts)
    return tuple(found)


def _words(run: list[Inline], text: str) -> None:
    if text:
        run.append(Words(text))

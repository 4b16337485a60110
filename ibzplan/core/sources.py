"""The documents that entries are taken from: apps register them in ready()."""

from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class HasSource(Protocol):
    """Anything with a place in a source, such as every `Sourced` row."""

    source_file: str
    source_first_line: int | None
    source_last_line: int | None


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """A place without a row of its own, such as one mention at one line."""

    source_file: str
    source_first_line: int | None
    source_last_line: int | None = None


_NAMES: dict[str, Promise | str] = {}


def register(file_name: str, short_name: Promise | str) -> None:
    """Name the document that the file holds; called from an app's ready()."""
    _NAMES[file_name] = short_name


def document_name(file_name: str) -> str:
    """Return the document's short name; a file that nobody named keeps its own."""
    return str(_NAMES.get(file_name, file_name))


def lines_text(first: int | None, last: int | None) -> str:
    """Return 'line 582', 'lines 582-584' or '' in the page's language."""
    if first is None:
        return ""
    if last is None or last <= first:
        return _("line %(line)s") % {"line": first}
    return _("lines %(first)s-%(last)s") % {"first": first, "last": last}

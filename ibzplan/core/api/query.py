"""Reading the query string: every parameter is known, is given once and can be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from ibzplan.core.api.problems import SCHEMA_VIOLATION, UNKNOWN_INPUT, InvalidInput, Issue
from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError

if TYPE_CHECKING:
    from django.http import QueryDict

    from ibzplan.core.filtersets import FilterSet

PAGE_SIZE_DEFAULT: Final = 100
PAGE_SIZE_MAX: Final = 1000
PAGE_MAX: Final = 10_000_000
SEARCH_MAX_CHARACTERS: Final = 200
YEAR_MIN: Final = 1900
YEAR_MAX: Final = 2200


def invalid(name: str, value: object, detail: str) -> InvalidInput:
    """Return the error for one parameter whose value cannot be."""
    return InvalidInput([Issue(SCHEMA_VIOLATION, name, detail, value)])


def refuse_unknown(query: "QueryDict", known: frozenset[str]) -> None:
    """Raise InvalidInput for parameters that are unknown, repeated or hold a NUL character."""
    issues = list(_form_issues(query, known))
    if issues:
        raise InvalidInput(issues)


def _form_issues(query: "QueryDict", known: frozenset[str]) -> Iterator[Issue]:
    for name, values in query.lists():
        if name not in known:
            detail = _("There is no such parameter here. Known: %(names)s.") % {
                "names": ", ".join(sorted(known))
            }
            yield Issue(UNKNOWN_INPUT, name, detail, values[0])
        elif len(values) > 1:
            yield Issue(SCHEMA_VIOLATION, name, _("Give this parameter once."), values)
        elif "\x00" in values[0]:
            yield Issue(SCHEMA_VIOLATION, name, _("A NUL character is not allowed."), values[0])


def whole_number(query: Mapping[str, str], name: str, *, default: int, low: int, high: int) -> int:
    """Return a whole number between `low` and `high`."""
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise invalid(
            name,
            text,
            _("Give a whole number from %(low)s to %(high)s.") % {"low": low, "high": high},
        )
    return int(text)


def truth(query: Mapping[str, str], name: str) -> bool:
    """Return true or false; absent is false."""
    text = query.get(name, "false")
    if text not in ("true", "false"):
        raise invalid(name, text, _("Give true or false."))
    return text == "true"


def clocks(query: Mapping[str, str]) -> Clocks:
    """Return `asOf` and `referenceDate`, each now when absent."""
    try:
        found = Clocks.from_query(query, reference_name="referenceDate", known_name="asOf")
        for moment in (found.known_at.astimezone(UTC), found.reference_date):
            if not YEAR_MIN <= moment.year <= YEAR_MAX:
                raise ValueError(moment.year)
    except DomainError as error:
        name = error.field or "asOf"
        raise invalid(name, query.get(name), error.message) from error
    except (ValueError, OverflowError) as error:
        name = "asOf" if query.get("asOf") else "referenceDate"
        detail = _("Give a year from %(low)s to %(high)s.") % {"low": YEAR_MIN, "high": YEAR_MAX}
        raise invalid(name, query.get(name), detail) from error
    return found


def search_text(query: Mapping[str, str]) -> str:
    """Return `q`."""
    text = query.get("q", "")
    if len(text) > SEARCH_MAX_CHARACTERS:
        detail = _("Give at most %(count)s characters.") % {"count": SEARCH_MAX_CHARACTERS}
        raise invalid("q", text, detail)
    return text


@dataclass(frozen=True, slots=True)
class SortKey:
    """One part of `sort`."""

    name: str
    descending: bool


def sort_keys(query: Mapping[str, str], known: frozenset[str]) -> list[SortKey]:
    """Return the parts of `sort=-year,code`; none when it is absent."""
    text = query.get("sort")
    if text is None:
        return []
    keys = [SortKey(part.removeprefix("-"), part.startswith("-")) for part in text.split(",")]
    names = [key.name for key in keys]
    if not known.issuperset(names) or len(set(names)) < len(names):
        detail = _("Give each of these at most once, with - before it for descending: %(names)s.")
        raise invalid("sort", text, detail % {"names": ", ".join(sorted(known))})
    return keys


def selected(query: Mapping[str, str], known: frozenset[str]) -> frozenset[str] | None:
    """Return the members that `select=id,code` asks for; None when all are wanted."""
    text = query.get("select")
    if text is None:
        return None
    names = frozenset(text.removeprefix("(").removesuffix(")").split(","))
    if not names <= known:
        detail = _("Give a list of these, with commas: %(names)s.")
        raise invalid("select", text, detail % {"names": ", ".join(sorted(known))})
    return names


def refuse_invalid(filters: "FilterSet") -> None:
    """Raise InvalidInput with an issue for every filter whose value cannot be read."""
    if filters.is_valid():
        return
    raise InvalidInput(
        [
            Issue(SCHEMA_VIOLATION, name, str(message), filters.data.get(name))
            for name, messages in filters.errors.items()
            for message in messages
        ]
    )

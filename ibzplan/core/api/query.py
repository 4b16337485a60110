"""Reading the query string: every parameter is known, is given once and can be read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    NoReturn,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from django.utils.translation import gettext as _

from ibzplan.core.api.hints import present
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
# No words find everything; a feed without a cursor begins.
_MAY_BE_EMPTY: Final = frozenset({"q", "changedSince"})


def invalid(name: str, value: object, detail: str, kind: str = SCHEMA_VIOLATION) -> InvalidInput:
    """Return the error for one parameter whose value cannot be."""
    return InvalidInput([Issue(kind, name, detail, value)])


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
        elif not values[0] and name not in _MAY_BE_EMPTY:
            yield Issue(SCHEMA_VIOLATION, name, _("Give a value, or leave it out."), values[0])
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


class Selection(dict[str, "Selection | None"]):
    """The wanted members, each with the wanted ones below it; None: all of them."""


def selected(query: Mapping[str, str], shape: Any) -> "Selection | None":
    """Return the members of a TypedDict that `select=id,unit(code)` asks for; None for all."""
    text = query.get("select")
    if text is None:
        return None
    return _Selecting(text).members(shape, closing="")


class _Selecting:
    """Reads one `select` from its first character to its last."""

    def __init__(self, text: str) -> None:
        self._text = text
        within = text[1:-1] if text.startswith("(") and text.endswith(")") else text
        self._parts = re.findall(r"[(),]|[^(),]+", within)

    def members(self, shape: Any, *, closing: str) -> Selection:
        """Read a list of members up to the closing sign, '' for the end. Raises InvalidInput."""
        known = get_type_hints(shape)
        found = Selection()
        while True:
            name = self._next()
            if name not in known:
                self._refuse(known)
            found[name], sign = None, self._next()
            if sign == "(":
                below = _shape_below(known[name])
                if below is None:
                    self._refuse(known)
                found[name], sign = self.members(below, closing=")"), self._next()
            if sign == closing:
                return found
            if sign != ",":
                self._refuse(known)

    def _next(self) -> str:
        return self._parts.pop(0) if self._parts else ""

    def _refuse(self, known: Iterable[str]) -> NoReturn:
        detail = _("Give a list of these, with commas: %(names)s.")
        raise invalid("select", self._text, detail % {"names": ", ".join(sorted(known))})


def _shape_below(hint: Any) -> Any:
    """Return the TypedDict that a member holds, or a list of; None for anything else."""
    found = present(hint)
    if get_origin(found) is list:
        found = present(get_args(found)[0])
    return found if is_typeddict(found) else None


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

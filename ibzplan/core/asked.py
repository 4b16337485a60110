"""What the address of a page asks for: what cannot be is said on the page, and left out.

A link that someone typed or cut still opens the page, on today and without that filter. A file has
no place for such a sentence and would pass for what was asked: there it is a 404.
"""

from collections.abc import Iterable
from typing import Any, Final, Protocol, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from ibzplan.core.clocks import FIRST_YEAR, LAST_YEAR, Clocks
from ibzplan.core.errors import DomainError
from ibzplan.core.exports.response import EXPORT_NAME

REFERENCE: Final = "reference"
KNOWN: Final = "known"
_SAID: Final = "_address_remarks"


class Coded(Protocol):
    """Something with an official code."""

    code: str


CodedT = TypeVar("CodedT", bound=Coded)


def clocks_asked(request: HttpRequest) -> Clocks:
    """Return the clocks that the address asks for; one that cannot be read is now, and is said.

    Raises Http404 where the address asks for a file.
    """
    query = {name: str(value) for name, value in request.GET.items()}
    for name in (REFERENCE, KNOWN):
        try:
            return Clocks.from_query(query)
        except DomainError as error:
            field = error.field or name
            say(request, _clock_remark(field, query.pop(field, "")))
    return Clocks.from_query(query)


def minister_asked(request: HttpRequest, offered: Iterable[CodedT]) -> CodedT | None:
    """Return the supervising minister that the address names, None for all."""
    return _coded(
        request,
        "minister",
        offered,
        _(
            "There is no supervising minister “%(value)s” to choose here: the page shows those of "
            "all. Choose one of the list."
        ),
    )


def unit_asked(request: HttpRequest, offered: Iterable[CodedT]) -> CodedT | None:
    """Return the directorate that the address names, None for all."""
    return _coded(
        request,
        "unit",
        offered,
        _(
            "There is no directorate “%(value)s” to choose here: the page shows all of them. "
            "Choose one of the list."
        ),
    )


def status_asked(request: HttpRequest, offered: Iterable[str]) -> str:
    """Return the status, or group of them, that the address names; '' for all."""
    text = request.GET.get("status", "")
    if not text or text in set(offered):
        return text
    say(
        request,
        _(
            "There is no status “%(value)s”: the page shows the objectives of every status. "
            "Choose one of the list."
        )
        % {"value": text},
    )
    return ""


def say(request: HttpRequest, remark: str) -> None:
    """Say once on the page what of its address was left out; raise Http404 for a file."""
    if EXPORT_NAME in request.GET:
        raise Http404(remark)
    said: set[str] = request.__dict__.setdefault(_SAID, set())
    if remark not in said:
        said.add(remark)
        messages.warning(request, remark)


def _coded(
    request: HttpRequest, name: str, offered: Iterable[CodedT], remark: str
) -> CodedT | None:
    code = request.GET.get(name, "")
    if not code:
        return None
    found = next((one for one in offered if one.code == code), None)
    if found is None:
        say(request, remark % {"value": code})
    return found


def _clock_remark(name: str, value: str) -> str:
    values: dict[str, Any] = {"value": value, "first": FIRST_YEAR, "last": LAST_YEAR}
    if name == KNOWN:
        return (
            _(
                "“%(value)s” is no date from %(first)s to %(last)s: the page shows what is known "
                "now. Write year-month-day, as in 2026-09-30."
            )
            % values
        )
    return (
        _(
            "“%(value)s” is no date from %(first)s to %(last)s: the page shows today. Choose a "
            "reference date, or write year-month-day, as in 2026-09-30."
        )
        % values
    )

"""The answer to a page's address that asks for a file."""

from collections.abc import Callable, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify

from ibzplan.core.exports import csv_file, xlsx_file
from ibzplan.core.exports.tables import About, ExportTable
from ibzplan.core.exports.values import text_of

# What the address asks with, beside what the page itself takes from it.
EXPORT_NAME: Final = "export"
TABLE_NAME: Final = "table"
_OWN_NAMES: Final = (EXPORT_NAME, TABLE_NAME)


def export_response(
    request: HttpRequest,
    tables: Sequence[ExportTable] | Callable[[], Sequence[ExportTable]],
    *,
    file_name: str,
    about: About,
) -> HttpResponse | None:
    """Return the file that the address asks for with `?export=csv` or `xlsx`, None without.

    CSV holds one table: the one that `&table=` names, else the first. `tables` may be a function,
    which is called for a file alone. `file_name` is the name of the page: plan year, reference
    date and a mark for demonstration data are added.
    """
    asked = request.GET.get(EXPORT_NAME)
    if asked not in ("csv", "xlsx"):
        return None
    found = list(tables() if callable(tables) else tables)
    if asked == "csv":
        wanted = request.GET.get(TABLE_NAME, "")
        table = next((one for one in found if one.name == wanted), found[0])
        part = table.name if len(found) > 1 else ""
        return _attachment(
            csv_file.csv_file(table), csv_file.CONTENT_TYPE, _name([file_name, part], about, "csv")
        )
    content = xlsx_file.xlsx_file(
        found, about, reader=str(request.user), address=_page_address(request, about)
    )
    return _attachment(content, xlsx_file.CONTENT_TYPE, _name([file_name], about, "xlsx"))


def _page_address(request: HttpRequest, about: About) -> str:
    """Return the address of the page itself, with the filters and clocks that it was asked with."""
    if about.query:
        return request.build_absolute_uri(request.path + about.query)
    query = request.GET.copy()
    for name in _OWN_NAMES:
        query.pop(name, None)
    path = f"{request.path}?{query.urlencode()}" if query else request.path
    return request.build_absolute_uri(path)


def _name(parts: Sequence[str], about: About, extension: str) -> str:
    """Return e.g. 'ibzplan-dashboard-2026-2026-11-22.csv': ASCII, the same on every system."""
    words = [
        "ibzplan",
        *(slugify(text_of(part)) for part in parts),
        *([str(about.plan_year)] if about.plan_year is not None else []),
        about.clocks.reference_date.isoformat(),
        *(["demo"] if about.is_demo else []),
    ]
    return f"{'-'.join(word for word in words if word)}.{extension}"


def _attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return the file; no browser guesses what it is, and shared caches keep off."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )

"""What the columns of each table hold: metadata for tabular data (CSV on the Web, W3C).

Every CSV answer points at it (`Link: rel="describedby"`). It holds no data, so anyone may read it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ibzplan.core.api.bulk.columns import Column, Kind
from ibzplan.core.api.bulk.response import TABLE_TYPE
from ibzplan.core.api.links import Links
from ibzplan.core.api.problems import problem_response
from ibzplan.core.api.renderers import to_json

if TYPE_CHECKING:
    from ibzplan.core.api.base import BaseCollection

_VOCABULARY: Final = "http://www.w3.org/ns/csvw"
_NOTE: Final = (
    "An empty cell says nothing; an empty text stands in quotes. Before a text that a spreadsheet "
    "would run as a formula stands an apostrophe."
)
_DATATYPES: Final[Mapping[Kind, Any]] = {
    Kind.ID: {
        "base": "string",
        "format": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    },
    Kind.TEXT: "string",
    Kind.LANGUAGE: "string",
    Kind.NAME: "string",
    Kind.WORD: "string",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "decimal",
    Kind.DATE: "date",
    Kind.MOMENT: "dateTimeStamp",
    Kind.TRUTH: {"base": "boolean", "format": "true|false"},
    Kind.LIST: "json",
    Kind.CODES: "json",
}


def table_schema(collection: "BaseCollection[Any]", columns: Iterable[Column], url: str) -> Any:
    """Return the description of one table, of which the CSV is at `url`."""
    return {
        "@context": _VOCABULARY,
        "url": url,
        "dc:title": collection.name,
        "dc:description": f"{(collection.__doc__ or '').strip()} {_NOTE}",
        "dialect": {"encoding": "utf-8", "delimiter": ",", "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_described(column) for column in columns],
            "primaryKey": "id",
            "aboutUrl": f"{url}/{{id}}",
        },
    }


def _described(column: Column) -> dict[str, Any]:
    return {
        # A name of that vocabulary holds no point; the title is what stands in the head.
        "name": column.name.replace(".", "_"),
        "titles": column.name,
        "datatype": _DATATYPES[column.kind],
        "lang": column.path[-1] if column.kind == Kind.LANGUAGE else None,
        "required": column.is_required,
    }


def table_view(
    collections: "Iterable[BaseCollection[Any]]",
) -> Callable[[HttpRequest, str], HttpResponse]:
    """Return the view of /doc/tables/<collection>.json."""
    listed = {one.name: one for one in collections if one.bulk is not None}

    @login_not_required
    @require_safe
    def table(request: HttpRequest, name: str) -> HttpResponse:
        found = listed.get(name)
        if found is None or found.bulk is None:
            return problem_response(404, _("There is nothing at this address."))
        address = Links(request).collection(name)
        described = table_schema(found, found.bulk.columns(found), address)
        return HttpResponse(to_json(described).encode(), content_type=TABLE_TYPE)

    return table

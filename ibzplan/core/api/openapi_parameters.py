"""The parameters of the OpenAPI document: those of every read, and those that FilterSets declare.

Where a text has a form, a pattern says which: what fits it is never refused for its form.
"""

from collections.abc import Iterable
from typing import Any, Final, get_args, get_origin, get_type_hints, is_typeddict

import django_filters

from ibzplan.core.api.base import BaseCollection
from ibzplan.core.api.feed_cursor import CHANGED_SINCE, START
from ibzplan.core.api.hints import present
from ibzplan.core.api.openapi_schemas import DATE, IDENTITY, MOMENT, Schema
from ibzplan.core.api.query import (
    PAGE_MAX,
    PAGE_SIZE_DEFAULT,
    SEARCH_MAX_CHARACTERS,
)
from ibzplan.core.filtersets import (
    EnumFilter,
    IsoDateFilter,
    MomentFilter,
    ReferenceFilter,
    TruthFilter,
)
from ibzplan.core.middleware import TRACE_HEADER

# How deep a pattern of `select` goes; the API itself goes as deep as the items.
_SELECT_DEPTH: Final = 2
# Whole numbers that every database holds.
_INTEGER_MOST: Final = 2_147_483_647
# A text that is not empty, without the NUL character.
_TEXT: Final[Schema] = {
    "type": "string",
    "minLength": 1,
    "pattern": "^[^\\u0000]*[^\\u0000\\s][^\\u0000]*$",
}
# The years in which the product lies.
YEAR_PATTERN: Final = "^(19|20|21)[0-9]{2}-"
_DAY: Final[Schema] = {**DATE, "pattern": YEAR_PATTERN}
_DAY_OR_MOMENT: Final[Schema] = {"anyOf": [_DAY, {**MOMENT, "pattern": YEAR_PATTERN}]}


def parameter(
    name: str, schema: Schema, description: str, *, example: object = None, where: str = "query"
) -> Schema:
    """Return one parameter."""
    found: Schema = {"name": name, "in": where, "description": description, "schema": schema}
    if where == "path":
        found["required"] = True
    if example is not None:
        found["example"] = example
    return found


_RECORDED_BY: Final = (
    "Only what was recorded on or before this date-time (or the end of this date, in Brussels). "
    "By default now."
)
_ENDED_BY: Final = "Only periods that ended on or before this date."
_TODAY: Final = "By default today, or the day of `asOf`."
_ALL_RECORDED: Final = "Every row recorded by then, not only the last of each slot."
_AFTER: Final = parameter(
    "after",
    {"type": "string", "minLength": 1},
    "Behind which row the page begins: given by `next`, instead of `page`.",
)
_PAGE: Final = parameter(
    "page", {"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": 1}, "From 1."
)
_WORDS: Final = parameter(
    "q",
    {"type": "string", "maxLength": SEARCH_MAX_CHARACTERS, "pattern": "^[^\\u0000]*$"},
    "Words, in any language; case and accents ignored.",
)
_CHANGED_SINCE: Final = parameter(
    CHANGED_SINCE,
    {"type": "string"},
    f"The change feed instead of a page: `{START}` walks the whole list, a cursor gives what "
    "changed since it was given.",
)
# Headers that every operation takes; Authorization is among the security schemes.
_TRACE: Final = parameter(
    TRACE_HEADER,
    {"type": "string"},
    "An id of yours (1 to 64 letters, digits, `.`, `_` and `-`) by which our log can be searched; "
    "the answer has it, or one that we made.",
    where="header",
)
_LANGUAGE: Final = parameter(
    "Accept-Language",
    {"type": "string"},
    "Which of its languages each text has; without it all of them. Errors are in it too.",
    example="fr, nl;q=0.5",
    where="header",
)
_HAS: Final = parameter(
    "If-None-Match",
    {"type": "string"},
    "The ETag that you have: 304 when nothing changed.",
    where="header",
)
# The parts of the document that operations refer to.
SHARED: Final[dict[str, Schema]] = {
    "TraceId": _TRACE,
    "AcceptLanguage": _LANGUAGE,
    "IfNoneMatch": _HAS,
}


def shared(name: str) -> Schema:
    """Return a reference to one of the shared parameters."""
    return {"$ref": f"#/components/parameters/{name}"}


def list_parameters(collection: BaseCollection[Any]) -> list[Schema]:
    """Return what a list takes."""
    found = [*_clocks(collection), _select(collection), _PAGE, _page_size(collection.page_size_max)]
    found.append(_sort(collection))
    if collection.is_searched:
        found.append(_WORDS)
    if collection.has_history:
        found.append(_history(collection))
    if collection.has_positions:
        found.append(_AFTER)
    if CHANGED_SINCE in collection.list_parameters:
        found.append(_CHANGED_SINCE)
    filters = _filters(collection, collection.filterset.base_filters)
    return [*found, *_embed(collection), *filters, *_read_headers()]


def item_parameters(collection: BaseCollection[Any]) -> list[Schema]:
    """Return what one resource takes."""
    identifier = parameter("id", IDENTITY, "Which one.", where="path")
    own = _filters(collection, sorted(collection.item_filters))
    found = [identifier, *_clocks(collection), _select(collection), *_embed(collection), *own]
    return [*found, *_read_headers()]


def file_parameters(types: Iterable[str]) -> list[Schema]:
    """Return what a file of one resource takes; `types` are its formats."""
    formats = {"type": "string", "enum": list(types)}
    return [
        parameter("id", IDENTITY, "Which one.", where="path"),
        parameter("format", formats, "In which format.", where="path"),
        parameter("asOf", _DAY_OR_MOMENT, "The file as it was there then. By default now."),
        shared("IfNoneMatch"),
        shared("TraceId"),
    ]


def _clocks(collection: BaseCollection[Any]) -> list[Schema]:
    """Return the two clocks, with what they mean for the collection."""
    recorded = f"{_RECORDED_BY} {collection.as_of_means}".rstrip()
    ended = f"{collection.reference_date_means or _ENDED_BY} {_TODAY}"
    return [
        parameter("asOf", _DAY_OR_MOMENT, recorded, example="2026-10-14T08:00:00Z"),
        parameter("referenceDate", _DAY, ended, example="2026-09-30"),
    ]


def _history(collection: BaseCollection[Any]) -> Schema:
    """Return `includeHistory`, with what it adds to the list."""
    schema = {"type": "boolean", "default": False}
    return parameter("includeHistory", schema, collection.history_means or _ALL_RECORDED)


def _read_headers() -> list[Schema]:
    return [shared("AcceptLanguage"), shared("IfNoneMatch"), shared("TraceId")]


def _page_size(most: int) -> Schema:
    sizes = {"type": "integer", "minimum": 1, "maximum": most, "default": PAGE_SIZE_DEFAULT}
    return parameter("pageSize", sizes, "Items a page.")


def _sort(collection: BaseCollection[Any]) -> Schema:
    names = sorted(collection.sortable)
    if not names:
        nothing = {"type": "string", "enum": []}
        return parameter("sort", nothing, "This list has one order.")
    one = f"-?(?:{'|'.join(names)})"
    more = f"(?:,{one}){{0,{len(names) - 1}}}"
    once = r"(?!.*\b(\w+)\b.*\b\1\b)" if len(names) > 1 else ""
    text = f"With - for descending, with commas between, each once: {', '.join(names)}."
    default = ",".join(collection.default_order)
    schema = {"type": "string", "pattern": f"^{once}{one}{more if len(names) > 1 else ''}$"}
    return parameter("sort", schema, text, example=default or None)


def _select(collection: BaseCollection[Any]) -> Schema:
    names = list(get_type_hints(collection.item_type))
    schema = {"type": "string", "pattern": f"^{_selected(collection.item_type, _SELECT_DEPTH)}$"}
    text = "The members wanted, with commas between; those below one in parentheses."
    return parameter("select", schema, text, example=",".join(names[:2]))


def _selected(shape: Any, depth: int) -> str:
    """Return a pattern of the lists of members that can be selected of a shape."""
    one = "|".join(
        name + (f"(?:\\({_selected(below, depth - 1)}\\))?" if below and depth > 1 else "")
        for name, hint in get_type_hints(shape).items()
        for below in [_shape_below(hint)]
    )
    return f"(?:{one})(?:,(?:{one}))*"


def _shape_below(hint: Any) -> Any:
    found = present(hint)
    if get_origin(found) is list:
        found = present(get_args(found)[0])
    return found if is_typeddict(found) else None


def _embed(collection: BaseCollection[Any]) -> list[Schema]:
    """Return `embed` for a collection that has something to embed."""
    if not collection.embeds:
        return []
    names = sorted(collection.embeds)
    one = f"(?:{'|'.join(names)})"
    text = (
        "What is referred to and wanted whole, in `embedded`, with commas between: "
        f"{', '.join(names)}."
    )
    schema = {"type": "string", "pattern": f"^{one}(?:,{one})*$"}
    return [parameter("embed", schema, text, example=names[0])]


def _filters(collection: BaseCollection[Any], names: Iterable[str]) -> list[Schema]:
    declared = collection.filterset.base_filters
    return [
        parameter(name, _filter_schema(declared[name]), _meaning(name, declared[name]))
        for name in names
    ]


def _filter_schema(declared: Any) -> Schema:
    """Return the values that a filter takes; a filter of an app may say it itself."""
    own: Schema | None = getattr(declared, "openapi", None)
    if own is not None:
        return own
    if isinstance(declared, EnumFilter):
        return {"type": "string", "enum": list(declared.stored)}
    if isinstance(declared, TruthFilter):
        return {"type": "boolean"}
    if isinstance(declared, django_filters.UUIDFilter):
        return IDENTITY
    if isinstance(declared, IsoDateFilter):
        return _DAY
    if isinstance(declared, MomentFilter):
        return _DAY_OR_MOMENT
    if isinstance(declared, django_filters.ChoiceFilter):
        return {"type": "string", "enum": [value for value, _label in declared.extra["choices"]]}
    if isinstance(declared, django_filters.NumberFilter):
        limits = declared.extra
        low, high = limits.get("min_value", 0), limits.get("max_value", _INTEGER_MOST)
        return {"type": "integer", "minimum": low, "maximum": high}
    return _TEXT


def _meaning(name: str, declared: Any) -> str:
    if isinstance(declared, ReferenceFilter):
        return f"Only those of this {name}: its code or its id."
    if isinstance(declared, MomentFilter):
        return "Only what was recorded after this date-time, or after the beginning of this date."
    return f"Only those with this {name}."

"""What PostgreSQL writes by itself: COPY statements over the query of the ORM.

The inner query is the collection's own, rights, filters and order included, with the columns as
they are stored. The outer one only writes each cell: the way to write it follows from its kind.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from ibzplan.core.api.bulk.columns import Column, Kind, Layout
from ibzplan.core.api.bulk.tables import Stored
from ibzplan.core.api.renderers import to_json
from ibzplan.core.exports.values import FORMULA_SIGNS

Sql = tuple[str, tuple[Any, ...]]

# Control characters, which no JSON text holds: so that nothing is quoted.
_JSON_LINES: Final = r"FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01'"
_MICROSECONDS: Final = """to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
_SECONDS: Final = f"replace({_MICROSECONDS}, '.000000Z', 'Z')"
_QUOTED: Final = """'"' || {0} || '"'"""
# camel() of each code; most lists are empty.
_CAMEL: Final = (
    "split_part(code, '_', 1) || replace(initcap(replace("
    "substr(code, length(split_part(code, '_', 1)) + 1), '_', ' ')), ' ', '')"
)
_CODES: Final = (
    "CASE WHEN {0} = '[]'::jsonb THEN '[]' ELSE (SELECT '[\"' || string_agg("
    + _CAMEL
    + ", '\",\"' ORDER BY place) || '\"]' "
    "FROM jsonb_array_elements_text({0}) WITH ORDINALITY AS codes (code, place)) END"
)
# On one line: control characters by their escapes.
_SIGNS: Final = ", ".join(f"E{sign!r}" if sign.isspace() else f"'{sign}'" for sign in FORMULA_SIGNS)
_SAFE: Final = f"CASE WHEN left({{0}}, 1) IN ({_SIGNS}) THEN '''' || {{0}} ELSE {{0}} END"

_IN_CSV: Final[Mapping[Kind, str]] = {
    Kind.TEXT: _SAFE,
    Kind.LANGUAGE: _SAFE,
    Kind.NAME: _SAFE,
    Kind.DECIMAL: "trim_scale({0})",
    Kind.MOMENT: _MICROSECONDS,
    Kind.TRUTH: "{0}::text",
    Kind.CODES: _CODES,
}
# What is read again by a machine that knows the types: no more than the text of each cell.
_IN_TYPED: Final[Mapping[Kind, str]] = {Kind.TRUTH: "{0}::text", Kind.CODES: _CODES}
_IN_JSON: Final[Mapping[Kind, str]] = {
    Kind.ID: _QUOTED,
    Kind.TEXT: "to_json({0})::text",
    Kind.LANGUAGE: "to_json({0})::text",
    Kind.NAME: "to_json({0})::text",
    Kind.WORD: _QUOTED,
    Kind.INTEGER: "{0}::text",
    Kind.DECIMAL: "trim_scale({0})::text",
    Kind.DATE: _QUOTED.format("{0}::text"),
    Kind.MOMENT: _QUOTED.format(_SECONDS),
    Kind.TRUTH: "{0}::text",
    Kind.CODES: _CODES,
}


def copy_csv(stored: Stored) -> bytes | None:
    """Return the statement that gives lines of CSV; None when there can be no row."""
    return _copy(stored, _cells(_IN_CSV, stored.layout))


def copy_typed(stored: Stored) -> bytes | None:
    """Return the statement that gives CSV for a reader that knows each type."""
    return _copy(stored, _cells(_IN_TYPED, stored.layout))


def copy_json(stored: Stored, address: Callable[[str], str]) -> bytes | None:
    """Return the statement that gives a JSON object a line, without nulls.

    `address` gives what stands before the UUID in the address of a collection's resource.
    """
    layout = stored.layout
    members = [
        _Member(column, text, address)
        for column, (text, _values) in zip(layout.columns, _cells(_IN_JSON, layout), strict=True)
    ]
    text, values = _json_object(members, 0)
    return _copy(stored, [(f"'{{' || substr({text}, 2) || '}}'", values)], _JSON_LINES)


def _cells(forms: Mapping[Kind, str], layout: Layout) -> list[Sql]:
    return [
        (forms.get(column.kind, "{0}").format(layout.sql(n)), ())
        for n, column in enumerate(layout.columns)
    ]


class _Member(NamedTuple):
    """A column and its cell, as JSON."""

    column: Column
    text: str
    address: Callable[[str], str]


def _json_object(members: Sequence[_Member], depth: int) -> Sql:
    """Return the members, each with a comma before it; one that is null is an empty text."""
    parts = list(_json_members(members, depth))
    values = tuple(value for _text, values in parts for value in values)
    return f"concat({', '.join(text for text, _values in parts)})", values


def _json_members(members: Sequence[_Member], depth: int) -> Iterator[Sql]:
    for name, found in groupby(members, key=lambda one: one.column.path[depth]):
        below = list(found)
        column, text, address = below[0]
        if len(column.path) > depth + 1:
            inner, values = _json_object(below, depth + 1)
            yield f"""',"{name}":{{' || NULLIF(substr({inner}, 2), '') || '}}'""", values
        elif column.kind == Kind.HREF:
            # to_json() writes the quotes of both ends; the UUID goes before the last one.
            yield f"%s || {text} || '\"'", (f',"{name}":{to_json(address(column.to))[:-1]}',)
        else:
            yield f"""',"{name}":' || {text}""", ()


def _copy(stored: Stored, cells: Sequence[Sql], form: str = "FORMAT csv") -> bytes | None:
    try:
        inner, given = stored.rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    names = ", ".join(f"c{n}" for n in range(len(stored.layout.raws)))
    written = ", ".join(text for text, _values in cells)
    values = [value for _text, values in cells for value in values]
    statement = (
        f"COPY (SELECT {written} FROM ({inner}) AS found ({names})) "  # noqa: S608 (our own SQL)
        f"TO STDOUT WITH ({form})"
    )
    with connection.cursor() as cursor:
        filled: bytes = cursor.cursor.mogrify(statement, [*values, *given])
        return filled

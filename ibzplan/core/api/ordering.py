"""A total order that both databases agree on."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, TextField
from django.db.models.expressions import Expression, OrderBy
from django.db.models.sql.compiler import SQLCompiler

# API name -> column or expression.
SortColumns: TypeAlias = Mapping[str, str | Expression]


class ByteOrder(Func):
    """A text column ordered by its bytes: PostgreSQL's usual collations skip punctuation."""

    template = "%(expressions)s"
    arity = 1
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        """Name the collation that SQLite has by itself."""
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "C"', **context)


def ordered(
    key: str | Expression, *, descending: bool = False, may_be_null: bool = True
) -> OrderBy:
    """Return the ordering by a column or expression; NULL comes last either way."""
    expression = F(key) if isinstance(key, str) else key
    # Said of a column without NULL, it would keep a database from reading its index backwards.
    last = True if may_be_null else None
    return OrderBy(expression, descending=descending, nulls_last=last)

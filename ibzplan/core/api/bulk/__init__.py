"""Lists taken whole: the address of a list with another `Accept` header.

CSV, NDJSON and Parquet hold the rows that paging through the JSON gives, in the same order and for
the same rights, read from one state of the database and streamed. A collection declares an
`ItemTable`, which flattens its items, or a `QueryTable` where there are many rows: PostgreSQL then
writes the cells itself (COPY), and a row never becomes a Python object.
"""

from ibzplan.core.api.bulk.columns import Column, Derived, Kind, languages
from ibzplan.core.api.bulk.response import (
    BULK_FORMATS,
    BULK_RENDERERS,
    TABLE_URL_NAME,
    bulk_response,
)
from ibzplan.core.api.bulk.schema import table_view
from ibzplan.core.api.bulk.tables import BulkTable, ItemTable, QueryTable

__all__ = [
    "BULK_FORMATS",
    "BULK_RENDERERS",
    "TABLE_URL_NAME",
    "BulkTable",
    "Column",
    "Derived",
    "ItemTable",
    "Kind",
    "QueryTable",
    "bulk_response",
    "languages",
    "table_view",
]

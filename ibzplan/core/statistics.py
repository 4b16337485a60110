"""What the database knows of its own tables when it plans a query."""

from django.db import connection


def refresh_statistics() -> None:
    """Let PostgreSQL count its tables after many rows came at once.

    It does so by itself a minute after they are committed; until then it takes the tables for
    empty, and a query over some thousands of figures can last minutes. SQLite needs none.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        names = connection.introspection.django_table_names(only_existing=True)
        tables = ", ".join(map(connection.ops.quote_name, names))
        cursor.execute(f"ANALYZE {tables}")

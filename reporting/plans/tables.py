"""The stored rows of one table, read once, and their values in JSON form."""

import uuid
from typing import Any, Final, cast

from django.db import models

from ibzplan.core.localised import LocalisedText, fold
from reporting.plans.columns import Row, Subject

# Fixed for ever: with it the same entry has the same public identity in every database.
NAMESPACE: Final = uuid.UUID("6f0c2c5e-59d5-5d0b-9a39-0d3a8c3a2b71")


def stable_uuid(model: type[Row], path: str) -> uuid.UUID:
    """Return the public identity of the entry at `path` (codes from the top, joined by "/")."""
    return uuid.uuid5(NAMESPACE, f"{model.type_name()}:{path}")


def search_key(row: Row) -> str:
    """Return what a search looks through: code, titles and descriptions, folded."""
    texts = (getattr(row, name, None) for name in ("title", "description"))
    keys = [text.search_key() for text in texts if isinstance(text, LocalisedText)]
    return " ".join(part for part in (fold(getattr(row, "code", "")), *keys) if part)


class Table:
    """The rows of one model, locked; `rows_by_path` finds a row by its codes."""

    def __init__(self, subject: Subject, tables: "dict[type[models.Model], Table]") -> None:
        """Read the table in one query. Tables that its lookup refers to are in `tables`."""
        self.model = subject.model
        self.lookup = subject.lookup
        self.tables = tables
        manager = cast("models.Manager[Any]", self.model._default_manager)
        rows = manager.select_for_update().filter(**subject.only)
        self.stored: list[Row] = list(rows.order_by("pk"))
        self.rows_by_uuid = {row.uuid: row for row in self.stored}
        self.uuids_by_pk = {row.pk: row.uuid for row in self.stored}
        self.paths: dict[uuid.UUID, str] = {}
        for row in self.stored:
            self.paths[row.uuid] = self.path({name: self.value(row, name) for name in self.lookup})
        self.rows_by_path = {self.paths[row.uuid]: row for row in self.stored}
        self.pending: list[Row] = []
        self.matched: set[uuid.UUID] = set()
        self.met_paths: set[str] = set()

    def path(self, values: dict[str, Any]) -> str:
        """Return the codes of a row, from the top; a reference gives the path of its row."""
        parts = []
        for name in self.lookup:
            value = values.get(name)
            target = self.model._meta.get_field(name).related_model
            if value is not None and target is not None:
                parts.append(self.tables[target].paths[uuid.UUID(value)])
            elif value is not None:
                parts.append(str(value))
        return "/".join(parts)

    def value(self, row: Row, name: str) -> Any:
        """Return a stored value in the JSON form in which fixtures and history speak of it."""
        field = self.model._meta.get_field(name)
        if isinstance(field, models.ForeignKey):
            pk = getattr(row, field.attname)
            target = field.related_model
            table = self if target is self.model else self.tables[target]
            return None if pk is None else str(table.uuids_by_pk[pk])
        return self.as_json(getattr(row, name))

    def default(self, name: str) -> Any:
        """Return the JSON form of a column that nobody filled."""
        field = cast("models.Field[Any, Any]", self.model._meta.get_field(name))
        return self.as_json(field.get_default())

    @staticmethod
    def as_json(value: Any) -> Any:
        """Return the JSON form of a value that is no reference."""
        if isinstance(value, LocalisedText):
            return value.as_json()
        return value.isoformat() if hasattr(value, "isoformat") else value

    def find(self, identity: uuid.UUID, path: str) -> Row | None:
        """Return the row of an entry: by its identity, else one that someone else made."""
        row = self.rows_by_uuid.get(identity) or self.rows_by_path.get(path)
        return None if row is None or row.uuid in self.matched else row

    def match(self, row: Row, path: str) -> None:
        """Note that `row` is the row of the entry at `path`."""
        self.matched.add(row.uuid)
        self.met_paths.add(path)
        self.paths[row.uuid] = path

    def flush(self) -> None:
        """Insert the pending rows, which gives them their keys."""
        if self.pending:
            manager = cast("models.Manager[Any]", self.model._default_manager)
            manager.bulk_create(self.pending)
            self.uuids_by_pk.update({row.pk: row.uuid for row in self.pending})
            self.pending = []

    def vanished(self) -> list[Row]:
        """Return the rows that an earlier load wrote and this one did not meet."""
        return [
            row
            for row in self.stored
            if row.loaded_values is not None and row.uuid not in self.matched
        ]

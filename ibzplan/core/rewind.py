"""Records as they stood at an earlier moment, from their append-only history (design.md 4.6)."""

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from ibzplan.core.models import HistoryEntry, KnownSpan, Record
from ibzplan.core.recent_history import entries_after

if TYPE_CHECKING:
    Column = models.Field[Any, Any]
    Reference = models.ForeignKey[Any, Any]

R = TypeVar("R", bound=Record)

ACTION_CREATED: Final = "created"


@dataclass(slots=True)
class _Undo:
    """What leads one record back to the moment."""

    values: dict[str, Any] = field(default_factory=dict)  # field -> its value then, as JSON
    began_later: bool = False


def as_known(records: Sequence[R], moment: datetime) -> list[R]:
    """Return the records with their fields as they stood at `moment`, in the same order.

    A record changed since comes back as a copy, never to be saved; any other as the same object.
    One created since is left out; one deleted since cannot come back. Where the history names a
    row in words of its own (by a code), or the row is gone and the field cannot be empty, the
    reference stays as it is now.
    Costs one query, and one for each foreign key that was changed since; none for rows that tell by
    an annotation `read_at` (see `ibzplan.core.selectors.instant_read`) that they were read by then.
    """
    return as_known_at(records, [moment])[moment]


def as_known_at(records: Sequence[R], moments: Collection[datetime]) -> dict[datetime, list[R]]:
    """Return by moment what `as_known` gives of it: as many queries as the earliest one takes."""
    entries = _entries_since(records, min(moments)) if moments else []
    found: dict[datetime, list[R]] = {}
    references: dict[Reference, list[tuple[R, Any]]] = {}
    for moment in set(moments):
        undone = _undone([entry for entry in entries if entry.at > moment])
        found[moment] = list(_led_back(records, undone, references))
    for column, wanted in references.items():
        _refer(column, wanted)
    return found


def rows_known(rows: "models.QuerySet[R]", moment: datetime | None) -> list[R]:
    """Return the records of a queryset as they stood at `moment`; None means now.

    One query, and at an earlier moment those of `as_known`.
    """
    if moment is None:
        return list(rows)
    return as_known(list(rows.filter(created_at__lte=moment)), moment)


def lists_known(model: type[Record], name: str, moment: datetime) -> dict[UUID, Any]:
    """Return by UUID what the list `name` of a record was, of the records where it changed since.

    Rows of a join table have no history: the history of their owner says in JSON what they were.
    One query, none when it is known (see `recent_history`).
    """
    type_name = model.type_name()
    entries = entries_after(moment, frozenset([type_name]))
    if entries is None:
        rows = HistoryEntry.objects.filter(target_type=type_name, at__gt=moment)
        entries = list(rows.order_by("-at", "-pk"))
    changed = [entry for entry in entries if name in entry.changes]
    return {uuid: undo.values[name] for (_type, uuid), undo in _undone(changed).items()}


def _led_back(
    records: Sequence[R],
    undone: "Mapping[tuple[str, UUID], _Undo]",
    references: "dict[Reference, list[tuple[R, Any]]]",
) -> Iterator[R]:
    """Give the records as they stood; what they refer to is still to be looked up."""
    for record in records:
        undo = undone.get(_key(record))
        if undo is None:
            yield record
        elif not undo.began_later:
            then = copy.copy(record)  # Django copies the cached relations along
            for column, value in _columns(then, undo):
                if isinstance(column, models.ForeignKey):
                    references.setdefault(column, []).append((then, value))
                else:
                    setattr(then, column.name, column.to_python(value))
            yield then


def held_at(row: KnownSpan, moment: datetime) -> bool:
    """Tell whether a row held at `moment`: it is KnownSpanQuerySet.known_at for one row."""
    return row.known_from <= moment and (row.known_until is None or row.known_until > moment)


def existed(record: Record, moment: datetime) -> bool:
    """Tell whether the record stood there at `moment`: its history has no later creation."""
    return not HistoryEntry.objects.filter(
        target_type=record.type_name(),
        target_uuid=record.uuid,
        at__gt=moment,
        action=ACTION_CREATED,
    ).exists()


def _key(record: Record) -> tuple[str, UUID]:
    return record.type_name(), record.uuid


def _entries_since(records: Sequence[Record], moment: datetime) -> list[HistoryEntry]:
    """Return what was recorded of them after the moment, the newest first: one query.

    None when it is known (see `recent_history`), nor for those that were read by then: what was
    recorded later is not in them.
    """
    later = [record for record in records if not _read_by(record, moment)]
    if not later:
        return []
    type_names = frozenset(record.type_name() for record in later)
    uuids = {record.uuid for record in later}
    recent = entries_after(moment, type_names)
    if recent is not None:
        return [entry for entry in recent if entry.target_uuid in uuids]
    entries = HistoryEntry.objects.filter(
        target_type__in=type_names, target_uuid__in=uuids, at__gt=moment
    )
    return list(entries.order_by("-at", "-pk"))


def _read_by(record: Record, moment: datetime) -> bool:
    read_at: datetime | None = getattr(record, "read_at", None)
    return read_at is not None and read_at <= moment


def _undone(entries: Iterable[HistoryEntry]) -> dict[tuple[str, UUID], _Undo]:
    """Undo all later entries, the newest first: the oldest one says what stood at the moment."""
    undone: dict[tuple[str, UUID], _Undo] = {}
    for entry in entries:
        undo = undone.setdefault((entry.target_type, entry.target_uuid), _Undo())
        undo.began_later = undo.began_later or entry.action == ACTION_CREATED
        undo.values.update({name: old for name, (old, _new) in entry.changes.items()})
    return undone


def _columns(record: Record, undo: _Undo) -> "list[tuple[Column, Any]]":
    """Return what to set; the history may name fields that the model has no more."""
    columns = record._meta.concrete_fields
    return [(column, undo.values[column.name]) for column in columns if column.name in undo.values]


def _refer(column: "Reference", wanted: "list[tuple[R, Any]]") -> None:
    """Let each record refer to the row that the history names: by UUID, or by key if it has none.

    See `_as_json` in ibzplan.core.services.history.
    """
    target = column.related_model
    lookup = "uuid" if issubclass(target, Record) else target._meta.pk.name
    key_column = cast("Column", target._meta.get_field(lookup))
    named: list[tuple[R, Any]] = []
    for record, value in wanted:
        try:
            named.append((record, key_column.to_python(value)))
        except ValidationError:
            continue
    keys = {key for _record, key in named if key is not None}
    rows = target._base_manager.filter(**{f"{lookup}__in": keys}) if keys else []
    rows_by_key = {getattr(row, lookup): row for row in rows}
    for record, key in named:
        if key in rows_by_key or column.null:
            setattr(record, column.name, rows_by_key.get(key))

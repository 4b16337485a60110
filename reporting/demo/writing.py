"""Writing rows in bulk with the day on which they were made up to be made."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from ibzplan.core.models import Record
from objectives.indicators.models import RecordedFact

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

_BATCH: Final = 200


def rows_write(rows: Sequence[Any]) -> None:
    """Insert rows of one model, in their order."""
    if rows:
        model: type[Model] = type(rows[0])
        model._default_manager.bulk_create(rows, batch_size=_BATCH)


def rows_at_once_write(rows: Sequence[Record]) -> None:
    """Insert rows of one model that were made a table at a time; keep their `created_at`.

    One update a moment: for rows that each have their own, `dated_rows_write` is the faster.
    """
    by_moment: dict[datetime, list[Record]] = defaultdict(list)
    for row in rows:
        by_moment[row.created_at].append(row)
    rows_write(rows)
    for moment, made in by_moment.items():
        keys = [row.pk for row in made]
        type(made[0])._default_manager.filter(pk__in=keys).update(created_at=moment)
        for row in made:
            row.created_at = moment


def facts_write(rows: Sequence[RecordedFact]) -> None:
    """Insert facts of one model in the order in which they were recorded."""
    rows_write(sorted(rows, key=lambda row: row.recorded_at))


def dated_rows_write(rows: Sequence[Record]) -> None:
    """Insert rows of one model and keep their `created_at`, which an insert sets to now."""
    if not rows:
        return
    days = [row.created_at for row in rows]
    rows_write(rows)
    for row, day in zip(rows, days, strict=True):
        row.created_at = day
    type(rows[0])._default_manager.bulk_update(rows, ["created_at"], batch_size=_BATCH)

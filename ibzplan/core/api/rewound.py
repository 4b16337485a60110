"""Collections of records that users edit, which read back as they stood."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import QuerySet

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.models import Record
from ibzplan.core.rewind import as_known

Kept = TypeVar("Kept", bound=Record)


class RecordCollection(Collection[Kept]):
    """A collection of which the items say what was known at `asOf`.

    Filters, order and `q` go by the present record.
    """

    def shown(self, rows: Sequence[Kept], read: Read) -> Sequence[Kept]:
        """Return the rows as they stood then: one query, and one a foreign key changed."""
        return as_known(rows, read.clocks.known_at) if read.clocks.pinned_known else rows


def there_then(rows: QuerySet[Kept], read: Read) -> QuerySet[Kept]:
    """Keep the records that were there at the moment that the request names."""
    if not read.clocks.pinned_known:
        return rows
    return rows.filter(created_at__lte=read.clocks.known_at)


def refer_then(rows: Sequence[Kept], name: str, read: Read) -> Sequence[Kept]:
    """Let the rows refer by `name` to records as these stood then: one query and what changed."""
    if not read.clocks.pinned_known:
        return rows
    present = {getattr(row, name).pk: getattr(row, name) for row in rows}
    then = {record.pk: record for record in as_known([*present.values()], read.clocks.known_at)}
    for row in rows:
        record = getattr(row, name)
        setattr(row, name, then.get(record.pk, record))
    return rows

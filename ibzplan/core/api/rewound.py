"""Collections of records that users edit, which read back as they stood."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import QueryDict

from ibzplan.core.api import query as asked
from ibzplan.core.api.base import Collection, Read
from ibzplan.core.localised import fold
from ibzplan.core.models import Record
from ibzplan.core.rewind import as_known

Kept = TypeVar("Kept", bound=Record)
Referring = TypeVar("Referring", bound=Model)
Place = Callable[[Any], Any]


class RecordCollection(Collection[Kept]):
    """A collection of which the items say what was known at `asOf`.

    Filters, order and `q` go by the present record.
    """

    as_of_means: ClassVar[str] = "Filters, `q` and the order go by the record of now."

    def shown(self, rows: Sequence[Kept], read: Read) -> Sequence[Kept]:
        """Return the rows as they stood then: one query, and one a foreign key changed."""
        return as_known(rows, read.clocks.known_at) if read.clocks.pinned_known else rows


class RegisterCollection(RecordCollection[Kept]):
    """A short list that is whole as it stood at `asOf`: what is in it, filters and `q` too.

    What a load of the plans brought is there from that load on: it was not known here before,
    however old the plan. Only what something of then refers to already is embedded nonetheless, as
    it first stood. What a load took out since does not come back. Order goes by the present record.
    """

    as_of_means: ClassVar[str] = (
        "What a load of the plans brought is known from that load on: at an earlier moment the "
        "list is without it, and it is 404. Texts, references, filters and `q` are those of then; "
        "the order is that of now."
    )
    reference_date_means: ClassVar[str] = (
        "The plans say the same on any date, and so does this list."
    )
    # Lists of records below a row that its item shows -> what puts each in its order.
    below: ClassVar[Mapping[str, Place]] = {}

    def find(self, query: QueryDict, read: Read, uuid: UUID) -> Kept | None:
        """Return the row if it was there then."""
        row = super().find(query, read, uuid)
        return row if row is not None and _was_there(row, read) else None

    def is_of_now(self, read: Read) -> bool:
        """Tell whether the records say now what is asked for: the database then filters them."""
        return not read.clocks.pinned_known

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[Kept]:
        """Return the rows of the list; those of an earlier moment are all read for that.

        As many queries as a page of them takes.
        """
        rows = self.visible(read)
        if self.is_of_now(read):
            return self.narrowed(rows, query, read)
        filters = self.filterset(data=query, queryset=rows)
        asked.refuse_invalid(filters)
        wanted = {name: value for name, value in filters.form.cleaned_data.items() if value}
        words = fold(asked.search_text(query)).split() if self.is_searched else []
        then = self.shown(self.loaded(there_then(rows, read)), read)
        fitting = [
            row.pk
            for row in then
            if self.fits(row, wanted, read) and all(word in _texts(row) for word in words)
        ]
        return rows.filter(pk__in=fitting)

    def fits(self, row: Kept, wanted: Mapping[str, str], read: Read) -> bool:
        """Tell whether a row as it stood then is in the list, and what the filters ask for."""
        filters = self.filterset.base_filters
        return all(filters[name].holds(row, value) for name, value in wanted.items())

    def shown(self, rows: Sequence[Kept], read: Read) -> Sequence[Kept]:
        """Return the rows as they stood then with what hung below them: two queries at least."""
        then = super().shown(rows, read)
        if read.clocks.pinned_known and self.below:
            _hold_below(then, self.below, read.clocks.known_at)
        return then


def there_then(rows: QuerySet[Kept], read: Read) -> QuerySet[Kept]:
    """Keep the records that were there at the moment that the request names."""
    if not read.clocks.pinned_known:
        return rows
    return rows.filter(created_at__lte=read.clocks.known_at)


def refer_then(rows: Sequence[Referring], name: str, read: Read) -> Sequence[Referring]:
    """Let the rows refer by `name` to records as these stood then: one query and what changed."""
    if not read.clocks.pinned_known:
        return rows
    referring = [row for row in rows if getattr(row, name) is not None]
    present = {getattr(row, name).pk: getattr(row, name) for row in referring}
    then = {record.pk: record for record in as_known([*present.values()], read.clocks.known_at)}
    for row in referring:
        record = getattr(row, name)
        setattr(row, name, then.get(record.pk, record))
    return rows


def hold(row: Record, name: str, below: Iterable[Any]) -> None:
    """Let a row have these below it under `name`, as if `prefetch_related` had found them."""
    found = vars(row).get("_prefetched_objects_cache", {})
    vars(row)["_prefetched_objects_cache"] = {**found, name: list(below)}


def _was_there(row: Record, read: Read) -> bool:
    return not read.clocks.pinned_known or row.created_at <= read.clocks.known_at


def _texts(row: Any) -> str:
    """Return what `q` looks through: what a search key says, of the texts of then."""
    return " ".join((fold(row.code), row.title.search_key(), row.description.search_key()))


def _hold_below(rows: Sequence[Record], orders: Mapping[str, Place], moment: datetime) -> None:
    """Let each row have below it what was there, as it stood; the rows have prefetched it.

    One query, and one a foreign key changed.
    """
    held = [(row, name, list(getattr(row, name).all())) for row in rows for name in orders]
    found: dict[tuple[type[Record], int], Record] = {
        (type(one), one.pk): one
        for one in as_known([one for _row, _name, below in held for one in below], moment)
    }
    for row, name, below in held:
        until = max(moment, row.created_at)
        known = (found.get((type(one), one.pk)) for one in below if one.created_at <= until)
        hold(row, name, sorted((one for one in known if one is not None), key=orders[name]))

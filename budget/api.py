"""Credits and their execution in the API. The budget is public: whoever signs in reads it.

Only a token that is narrowed reads no more than the lines of its units and ministers.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from budget.filtersets import CreditExecutionFilters, CreditFilters
from budget.models import CreditAmount, CreditExecution
from budget.serializers import CreditExecutionItem, CreditItem, credit_item, execution_item
from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.rewound import RecordCollection, refer_then, there_then
from personnel.access import Access, access_of


class Credits(RecordCollection[CreditAmount]):
    """Credits of the department by budget line, as the tables print them or as entered."""

    name = "credits"
    item_type = CreditItem
    filterset = CreditFilters
    reference_date_means = "It is the same on any date."
    sortable = {
        "year": "year",
        "order": "line__order",
        "code": ByteOrder("line__code"),
        "budget": "budget",
        "table": "table",
        "commitmentCents": "commitment_cents",
        "paymentCents": "payment_cents",
    }
    default_order = ("-year", "order", "code", "budget", "table")
    search_fields = ("line__title", "line__code")
    search_prefix = None
    embeds = {"unit": "organisationUnits", "minister": "ministers"}

    def visible(self, read: Read) -> QuerySet[CreditAmount]:
        """Return all that were there then, of those that a narrowed token is good for."""
        access = access_of(read.user)
        clocks = read.clocks
        there = (
            CreditAmount.objects.standing_at(clocks.known_at)
            if clocks.pinned_known
            else CreditAmount.objects.current()
        )
        rows = there.filter(_reached(access))
        return there_then(rows.select_related("line__parent", "line__unit", "line__minister"), read)

    def shown(self, rows: Sequence[CreditAmount], read: Read) -> Sequence[CreditAmount]:
        """Return the amounts, and their lines, as they stood then."""
        return refer_then(super().shown(rows, read), "line", read)

    def item(self, row: CreditAmount, read: Read) -> CreditItem:
        """Return one credit."""
        return credit_item(row, read.links)


class CreditExecutions(Collection[CreditExecution]):
    """What was committed and paid of the credits of a line, by day: of each day what was recorded
    last; all that was recorded with includeHistory.
    """

    name = "creditExecutions"
    item_type = CreditExecutionItem
    filterset = CreditExecutionFilters
    as_of_means = "Filters, `q` and the order go by the line of now."
    reference_date_means = "What was used up to a later day is left out."
    has_history = True
    sortable = {
        "year": "year",
        "on": "on",
        "order": "line__order",
        "code": ByteOrder("line__code"),
        "recordedAt": "recorded_at",
    }
    default_order = ("-on", "order", "code", "recordedAt")
    search_fields = ("line__title", "line__code")
    search_prefix = None
    embeds = {"unit": "organisationUnits", "minister": "ministers"}

    def visible(self, read: Read) -> QuerySet[CreditExecution]:
        """Return all that was recorded by then, of those that a narrowed token is good for."""
        rows = CreditExecution.objects.known_at(read.clocks.known_at)
        reached = rows.filter(_reached(access_of(read.user)))
        return reached.select_related("line__parent", "line__unit", "line__minister")

    def listed(self, rows: Any, read: Read) -> QuerySet[CreditExecution]:
        """Keep the days up to the reference date and, of each, the row recorded last."""
        rows = rows.until(read.clocks.reference_date)
        if not read.include_history:
            rows = rows.latest_at(read.clocks.known_at)
        return rows  # type: ignore[no-any-return]

    def shown(self, rows: Sequence[CreditExecution], read: Read) -> Sequence[CreditExecution]:
        """Return the rows with their lines as these stood then."""
        return refer_then(rows, "line", read)

    def item(self, row: CreditExecution, read: Read) -> CreditExecutionItem:
        """Return what was used by a day."""
        return execution_item(row, read.links)


def _reached(access: Access) -> Q:
    """Return the condition that a row's line is one that a narrowed token is good for."""
    return access.within("line__unit") | access.within_ministers("line__minister")


COLLECTIONS = (Credits(), CreditExecutions())

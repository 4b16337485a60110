"""Credits in the API. The budget is public: whoever signs in reads it.

Only a token that is narrowed reads no more than the lines of its units and ministers.
"""

from collections.abc import Sequence

from django.db.models import QuerySet

from budget.filtersets import CreditFilters
from budget.models import CreditAmount
from budget.serializers import CreditItem, credit_item
from ibzplan.core.api.base import Read
from ibzplan.core.api.ordering import ByteOrder
from ibzplan.core.api.rewound import RecordCollection, refer_then, there_then
from personnel.access import access_of


class Credits(RecordCollection[CreditAmount]):
    """Credits of the department by budget line, as the tables print them or as entered."""

    name = "credits"
    item_type = CreditItem
    filterset = CreditFilters
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
        rows = CreditAmount.objects.filter(
            access.within("line__unit") | access.within_ministers("line__minister")
        )
        return there_then(rows.select_related("line__parent", "line__unit", "line__minister"), read)

    def shown(self, rows: Sequence[CreditAmount], read: Read) -> Sequence[CreditAmount]:
        """Return the amounts, and their lines, as they stood then."""
        return refer_then(super().shown(rows, read), "line", read)

    def item(self, row: CreditAmount, read: Read) -> CreditItem:
        """Return one credit."""
        return credit_item(row, read.links)


COLLECTIONS = (Credits(),)

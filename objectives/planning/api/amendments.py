"""Amendments in the API."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import QueryDict

from ibzplan.core.api.base import Read
from ibzplan.core.api.rewound import RecordCollection
from ibzplan.core.filtersets import ReferenceFilter
from objectives.planning.amendment_serializers import AmendmentItem, Seen, amendment_item
from objectives.planning.feeds import AMENDMENTS
from objectives.planning.filtersets import AmendmentFilters
from objectives.planning.models import Amendment
from objectives.planning.selectors.amendments import amendment_changes
from objectives.planning.selectors.going_along import codes_seen
from objectives.planning.selectors.judgements import objectives_seen
from personnel.access import access_of

# Where an amendment of a page keeps which of the objectives and indicators it names are seen.
_PARTS: Final = "_seen_objectives"
_CODES: Final = "_seen_codes"


def _moment_named(read: Read) -> datetime | None:
    """Return the moment that the request names; None is now."""
    return read.clocks.moment_asked


class Amendments(RecordCollection[Amendment]):
    """Amendments of plans in force, with the changes that they propose."""

    name = "amendments"
    item_type = AmendmentItem
    filterset = AmendmentFilters
    reference_date_means = "It is the same on any date."
    sortable = {
        "year": "plan__year",
        "number": "number",
        "state": "state",
        "submittedAt": "submitted_at",
        "decidedAt": "decided_at",
    }
    default_order = ("-year", "-number")
    feed = AMENDMENTS
    search_fields = ("title", "motivation")
    search_prefix = None
    embeds = {"operationalPlan": "operationalPlans", "unit": "organisationUnits"}

    def visible(self, read: Read) -> QuerySet[Amendment]:
        """Return those that the user may see, as far as they had come then.

        A change of the targets of a confidential indicator stays with who may see that.
        """
        access, moment = access_of(read.user), _moment_named(read)
        changes = amendment_changes(access, moment)
        rows: QuerySet[Amendment] = Amendment.objects.visible_to(access)
        if moment is not None:
            rows = Amendment.objects.known_to(access, moment)
        important = changes.filter(amendment=OuterRef("pk"), is_important=True)
        return (
            rows.annotate(has_important=Exists(important.order_by()))
            .select_related("plan", "unit")
            .prefetch_related(Prefetch("changes", changes))
        )

    def unsorted(self, query: QueryDict, read: Read) -> QuerySet[Amendment]:
        """Follow `operationalObjective` among what the user may see, so that it betrays nothing."""
        found = super().unsorted(query, read)
        wanted = query.get("operationalObjective", "")
        if not wanted:
            return found
        access = access_of(read.user)
        seen = objectives_seen(access, read.clocks.known_at)
        named = ReferenceFilter(field_name="self").filter(seen.order_by(), wanted)
        changes = amendment_changes(access, _moment_named(read))
        changes = changes.filter(objectives__in=named.values("pk"))
        return found.filter(pk__in=changes.order_by().values("amendment"))

    def shown(self, rows: Sequence[Amendment], read: Read) -> Sequence[Amendment]:
        """Return them as they stood then, with which of their objectives the user may see."""
        changes = [change for row in rows for change in row.changes.all()]
        named = {one.pk for change in changes for one in change.objectives.all()}
        named |= {one.pk for change in changes for one in change.results.all()}
        seen = objectives_seen(access_of(read.user), read.clocks.known_at).filter(pk__in=named)
        keys = frozenset(seen.values_list("pk", flat=True))
        codes = codes_seen(changes, access_of(read.user))
        then = super().shown(rows, read)
        for row in then:
            vars(row)[_PARTS] = keys
            vars(row)[_CODES] = codes
        return then

    def item(self, row: Amendment, read: Read) -> AmendmentItem:
        """Return one amendment."""
        seen = Seen(vars(row)[_PARTS], vars(row)[_CODES])
        return amendment_item(row, list(row.changes.all()), seen, read.links)

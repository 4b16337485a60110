"""What the search finds in the operational plans; only what the user may see."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core.search import Hit, SearchQuery, SearchSource, all_words, register
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.indicator_page import indicators_placed
from personnel.access import access_of


def _objectives(query: SearchQuery) -> QuerySet[OperationalObjective]:
    rows: QuerySet[OperationalObjective] = (
        OperationalObjective.objects.visible_to(access_of(query.user))
        .select_related("plan", "unit")
        .order_by("-plan__year", "code", "pk")
    )
    return all_words(rows, query.words)


def _objective_hit(row: OperationalObjective) -> Hit:
    url = reverse("planning:objective", args=[row.uuid])
    return Hit(row.title, url, row.code, row.description, path=f"{row.plan} · {row.unit.code}")


def _indicators(query: SearchQuery) -> QuerySet[Indicator]:
    rows: QuerySet[Indicator] = (
        Indicator.objects.visible_to(access_of(query.user))
        .select_related("owner")
        .order_by("-code", "pk")
    )
    return all_words(rows, query.words, indicators_placed(query.words, access_of(query.user)))


def _indicator_hit(row: Indicator) -> Hit:
    url = reverse("planning:indicator", args=[row.uuid])
    return Hit(row.title, url, row.code, row.definition, path=row.owner.code)


def register_all() -> None:
    """Register both kinds, before the texts of the plans."""
    register(
        SearchSource("objectives", 5, _("Operational objectives"), _objectives, _objective_hit)
    )
    register(SearchSource("indicators", 6, _("Indicators"), _indicators, _indicator_hit))

"""Filters of operational plans and objectives."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from ibzplan.core.api.query import YEAR_MAX, YEAR_MIN
from ibzplan.core.clocks import Clocks
from ibzplan.core.filtersets import (
    EnumFilter,
    FilterSet,
    ReferenceFilter,
    SeenReferenceFilter,
    TruthFilter,
    search,
)
from ibzplan.core.localised import fold
from objectives.indicators.choices import IndicatorType
from objectives.indicators.engine import CURRENT_RULE_VERSION
from objectives.indicators.filtersets import IndicatorFilters
from objectives.planning.choices import (
    IN_FORCE,
    AmendmentState,
    LibraryUse,
    PlanState,
    StatusKind,
)
from objectives.planning.selectors.indicator_page import indicators_placed
from objectives.planning.selectors.library import visible_uses
from personnel.access import Access


class OperationalPlanFilters(FilterSet):
    """Plans by year and state."""

    year = django_filters.NumberFilter(min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0)
    state = EnumFilter(enum=PlanState)


class OperationalObjectiveFilters(FilterSet):
    """Objectives by plan year, place in both plans, unit and state."""

    code = django_filters.CharFilter()
    year = django_filters.NumberFilter(
        field_name="plan__year", min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0
    )
    unit = ReferenceFilter()
    werf = ReferenceFilter()
    strategicObjective = ReferenceFilter(field_name="werf__objective")
    securityObjective = SeenReferenceFilter(field_name="security_links__security_objective")
    indicator = SeenReferenceFilter(field_name="indicator_links__indicator")
    state = EnumFilter(enum=PlanState)
    fictional = TruthFilter(field_name="is_demo")


class AmendmentFilters(FilterSet):
    """Amendments by plan year, unit, state, and what they change."""

    year = django_filters.NumberFilter(
        field_name="plan__year", min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0
    )
    unit = ReferenceFilter()
    state = EnumFilter(enum=AmendmentState)
    important = TruthFilter(field_name="has_important")
    operationalObjective = SeenReferenceFilter(field_name="changes__objectives")
    fictional = TruthFilter(field_name="is_demo")


class StatusFilters(FilterSet):
    """Statuses by plan year, kind, unit, or an objective or indicator that they speak of.

    `ruleVersion` names the rules that they are computed by. The collection applies them all
    itself, to objectives and to indicators.
    """

    year = django_filters.NumberFilter(min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0)
    ruleVersion = django_filters.NumberFilter(
        min_value=1, max_value=CURRENT_RULE_VERSION, decimal_places=0
    )
    kind = EnumFilter(enum=StatusKind)
    unit = ReferenceFilter()
    operationalObjective = ReferenceFilter(field_name="self")
    indicator = ReferenceFilter(field_name="indicator_links__indicator")


class LibraryFilters(IndicatorFilters):
    """The series of the library, by words, kind and use; only uses that the reader sees count."""

    q = django_filters.CharFilter(method="filter_words")
    type = EnumFilter(field_name="indicator_type", enum=IndicatorType)
    key = TruthFilter(field_name="is_key_somewhere")
    year = django_filters.NumberFilter(
        min_value=YEAR_MIN, max_value=YEAR_MAX, decimal_places=0, method="filter_year"
    )
    use = EnumFilter(enum=LibraryUse, method="filter_use")

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        queryset: QuerySet[Any],
        clocks: Clocks,
        access: Access,
    ) -> None:
        """Take both clocks: the year of the reference date is this year."""
        self.this_year, self.known_at = clocks.reference_date.year, clocks.known_at
        self.access = access
        self.uses = visible_uses(clocks, access).filter(indicator=OuterRef("pk"))
        is_key = Exists(self.uses.filter(is_key=True))
        super().__init__(data, queryset=queryset.annotate(is_key_somewhere=is_key))

    def filter_words(self, qs: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep series that hold every word; accents and case do not matter.

        A place in a plan ('2.6.1-c') finds the series that stands there.
        """
        text = "".join(c if c.isprintable() else " " for c in value)
        words = fold(text).split()
        placed = indicators_placed(words, self.access)
        here = [pk for pk, codes in placed.items() if all(word in codes for word in words)]
        found = search(qs, text)
        return qs.filter(Q(pk__in=found.values("pk")) | Q(pk__in=here)) if here else found

    def filter_year(self, qs: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep series that are used in the plan of that year."""
        return qs.filter(Exists(self.uses.filter(objective__plan__year=int(value))))

    def filter_use(self, qs: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep series by where they are used."""
        if not value:
            return qs
        held = Q(objective__state__in=IN_FORCE, objective__approved_at__lte=self.known_at)
        approved = self.uses.filter(held)
        in_force = Exists(approved.filter(objective__plan__year=self.this_year))
        draft = Exists(self.uses.exclude(held))
        if value == "inForce":
            return qs.filter(in_force)
        if value == "draft":
            return qs.filter(draft)
        earlier = approved.filter(objective__plan__year__lt=self.this_year)
        return qs.filter(~in_force, ~draft, Exists(earlier))

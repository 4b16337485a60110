"""The National Security Plan in the API. The plan is public: whoever signs in reads it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from ibzplan.core.api.base import Read
from ibzplan.core.api.rewound import RegisterCollection, hold
from objectives.security.filtersets import (
    PolicyFrameworkFilters,
    SecurityObjectiveFilters,
    SecurityThemeFilters,
)
from objectives.security.models import (
    EnablingCondition,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityTheme,
)
from objectives.security.selectors.links import dimensions_known, mentions_known, themes_known
from objectives.security.serializers import (
    EnablingConditionItem,
    KivDimensionItem,
    PolicyFrameworkItem,
    SecurityObjectiveItem,
    SecurityThemeItem,
    enabling_condition_item,
    kiv_dimension_item,
    policy_framework_item,
    security_objective_item,
    security_theme_item,
)
from objectives.strategy.api import PLAN_ORDER, place_of
from objectives.strategy.filtersets import PlanEntryFilters
from objectives.strategy.models import PlanEntry

Entry = TypeVar("Entry", bound=PlanEntry)
Known = Callable[[Iterable[Entry], datetime], dict[int, list[Any]]]


def _linked_then(rows: Sequence[Entry], name: str, known: Known[Entry], read: Read) -> None:
    """Let the rows have under `name` what they were linked with then."""
    if not read.clocks.pinned_known:
        return
    links = known(rows, read.clocks.known_at)
    for row in rows:
        if row.pk in links:
            hold(row, name, links[row.pk])


class SecurityThemes(RegisterCollection[SecurityTheme]):
    """Themes and subthemes of the National Security Plan."""

    name = "securityThemes"
    item_type = SecurityThemeItem
    filterset = SecurityThemeFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")
    embeds = {"parent": "securityThemes", "kivDimensions": "kivDimensions"}
    below = {"attention_points": place_of}

    def visible(self, read: Read) -> QuerySet[SecurityTheme]:
        """Return all."""
        return SecurityTheme.objects.select_related("plan", "parent").prefetch_related(
            "kiv_dimensions", "attention_points"
        )

    def shown(self, rows: Sequence[SecurityTheme], read: Read) -> Sequence[SecurityTheme]:
        """Return the themes as they stood then, with the dimensions that they named."""
        then = super().shown(rows, read)
        _linked_then(then, "kiv_dimensions", dimensions_known, read)
        return then

    def item(self, row: SecurityTheme, read: Read) -> SecurityThemeItem:
        """Return one theme."""
        return security_theme_item(row, read.links)


class SecurityObjectives(RegisterCollection[SecurityObjective]):
    """Objectives of the National Security Plan."""

    name = "securityObjectives"
    item_type = SecurityObjectiveItem
    filterset = SecurityObjectiveFilters
    sortable = {"theme": "theme__order", "number": "number", **PLAN_ORDER}
    default_order = ("theme", "order", "code")
    embeds = {"theme": "securityThemes"}
    below = {"points": place_of}

    def visible(self, read: Read) -> QuerySet[SecurityObjective]:
        """Return all."""
        return SecurityObjective.objects.select_related("theme").prefetch_related("points")

    def item(self, row: SecurityObjective, read: Read) -> SecurityObjectiveItem:
        """Return one objective."""
        return security_objective_item(row, read.links)


class KivDimensions(RegisterCollection[KivDimension]):
    """Dimensions of the Kadernota Integrale Veiligheid."""

    name = "kivDimensions"
    item_type = KivDimensionItem
    filterset = PlanEntryFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")
    embeds = {"themes": "securityThemes"}
    below = {"themes": place_of}

    def visible(self, read: Read) -> QuerySet[KivDimension]:
        """Return all."""
        return KivDimension.objects.select_related("plan").prefetch_related("themes")

    def shown(self, rows: Sequence[KivDimension], read: Read) -> Sequence[KivDimension]:
        """Return the dimensions as they stood then, with the themes that named them."""
        then = super().shown(rows, read)
        _linked_then(then, "themes", themes_known, read)
        return then

    def item(self, row: KivDimension, read: Read) -> KivDimensionItem:
        """Return one dimension."""
        return kiv_dimension_item(row, read.links)


class PolicyFrameworks(RegisterCollection[PolicyFramework]):
    """Action plans, laws and policy texts that the themes refer to."""

    name = "policyFrameworks"
    item_type = PolicyFrameworkItem
    filterset = PolicyFrameworkFilters
    sortable = {
        "validFromYear": "valid_from_year",
        "validToYear": "valid_to_year",
        **PLAN_ORDER,
    }
    default_order = ("order", "code")

    def visible(self, read: Read) -> QuerySet[PolicyFramework]:
        """Return all."""
        return PolicyFramework.objects.select_related("plan").prefetch_related("mentions__theme")

    def shown(self, rows: Sequence[PolicyFramework], read: Read) -> Sequence[PolicyFramework]:
        """Return the frameworks as they stood then, with where themes named them."""
        then = super().shown(rows, read)
        _linked_then(then, "mentions", mentions_known, read)
        return then

    def item(self, row: PolicyFramework, read: Read) -> PolicyFrameworkItem:
        """Return one framework."""
        return policy_framework_item(row, read.links)


class EnablingConditions(RegisterCollection[EnablingCondition]):
    """Enabling conditions (randvoorwaarden)."""

    name = "enablingConditions"
    item_type = EnablingConditionItem
    filterset = PlanEntryFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")
    below = {"points": place_of}

    def visible(self, read: Read) -> QuerySet[EnablingCondition]:
        """Return all."""
        return EnablingCondition.objects.select_related("plan").prefetch_related("points")

    def item(self, row: EnablingCondition, read: Read) -> EnablingConditionItem:
        """Return one condition."""
        return enabling_condition_item(row, read.links)


COLLECTIONS = (
    SecurityThemes(),
    SecurityObjectives(),
    KivDimensions(),
    PolicyFrameworks(),
    EnablingConditions(),
)

"""The National Security Plan in the API. The plan is public: whoever signs in reads it."""

from django.db.models import QuerySet

from ibzplan.core.api.base import Collection, Read
from ibzplan.core.api.ordering import ByteOrder, SortColumns
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
from objectives.strategy.filtersets import PlanEntryFilters

PLAN_ORDER: SortColumns = {"order": "order", "code": ByteOrder("code")}


class SecurityThemes(Collection[SecurityTheme]):
    """Themes and subthemes of the National Security Plan."""

    name = "securityThemes"
    item_type = SecurityThemeItem
    filterset = SecurityThemeFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")
    embeds = {"parent": "securityThemes", "kivDimensions": "kivDimensions"}

    def visible(self, read: Read) -> QuerySet[SecurityTheme]:
        """Return all."""
        return SecurityTheme.objects.select_related("plan", "parent").prefetch_related(
            "kiv_dimensions", "attention_points"
        )

    def item(self, row: SecurityTheme, read: Read) -> SecurityThemeItem:
        """Return one theme."""
        return security_theme_item(row, read.links)


class SecurityObjectives(Collection[SecurityObjective]):
    """Objectives of the National Security Plan."""

    name = "securityObjectives"
    item_type = SecurityObjectiveItem
    filterset = SecurityObjectiveFilters
    sortable = {"theme": "theme__order", "number": "number", **PLAN_ORDER}
    default_order = ("theme", "order", "code")
    embeds = {"theme": "securityThemes"}

    def visible(self, read: Read) -> QuerySet[SecurityObjective]:
        """Return all."""
        return SecurityObjective.objects.select_related("theme").prefetch_related("points")

    def item(self, row: SecurityObjective, read: Read) -> SecurityObjectiveItem:
        """Return one objective."""
        return security_objective_item(row, read.links)


class KivDimensions(Collection[KivDimension]):
    """Dimensions of the Kadernota Integrale Veiligheid."""

    name = "kivDimensions"
    item_type = KivDimensionItem
    filterset = PlanEntryFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")
    embeds = {"themes": "securityThemes"}

    def visible(self, read: Read) -> QuerySet[KivDimension]:
        """Return all."""
        return KivDimension.objects.select_related("plan").prefetch_related("themes")

    def item(self, row: KivDimension, read: Read) -> KivDimensionItem:
        """Return one dimension."""
        return kiv_dimension_item(row, read.links)


class PolicyFrameworks(Collection[PolicyFramework]):
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

    def item(self, row: PolicyFramework, read: Read) -> PolicyFrameworkItem:
        """Return one framework."""
        return policy_framework_item(row, read.links)


class EnablingConditions(Collection[EnablingCondition]):
    """Enabling conditions (randvoorwaarden)."""

    name = "enablingConditions"
    item_type = EnablingConditionItem
    filterset = PlanEntryFilters
    sortable = PLAN_ORDER
    default_order = ("order", "code")

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

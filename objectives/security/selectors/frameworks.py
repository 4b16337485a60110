"""The frameworks that the themes refer to, each once."""

from dataclasses import dataclass

from objectives.security.models import FrameworkMention, PolicyFramework
from objectives.strategy.models import Plan


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A framework with every mention of it, in the order of the source."""

    framework: PolicyFramework
    mentions: list[FrameworkMention]


@dataclass(frozen=True, slots=True)
class FrameworksPage:
    """All frameworks, and how often they are mentioned."""

    rows: list[FrameworkRow]

    @property
    def mention_count(self) -> int:
        """Count the mentions."""
        return sum(len(row.mentions) for row in self.rows)

    @property
    def theme_count(self) -> int:
        """Count the themes that mention any framework."""
        return len({m.theme_id for row in self.rows for m in row.mentions})


def frameworks_page(plan: Plan) -> FrameworksPage:
    """Return the frameworks in the plan's order: two queries, and one for the themes."""
    frameworks = PolicyFramework.objects.filter(plan=plan).prefetch_related("mentions__theme")
    return FrameworksPage([FrameworkRow(f, list(f.mentions.all())) for f in frameworks])

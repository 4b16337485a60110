"""What the objectives of a plan year named at a moment: key indicators, goals, the NVP."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ibzplan.core.clocks import Clocks
from objectives.indicators.models import Indicator
from objectives.planning.models import ObjectiveIndicator, OperationalPlan
from objectives.security.selectors.structure import all_security_objectives
from reporting.selectors.alignment_links import AlignmentLinks, alignment_links
from reporting.snapshot.then import Then


@dataclass(frozen=True, slots=True)
class PlanLinks:
    """What the objectives of a plan year named then; key indicators by objective."""

    links: AlignmentLinks
    keys: Mapping[int, Sequence[Indicator]]


def plan_links(plan: OperationalPlan, clocks: Clocks) -> PlanLinks:
    """Return it: two queries."""
    rows = ObjectiveIndicator.objects.known_at(clocks.known_at).filter(
        objective__plan=plan, is_key=True
    )
    keys: dict[int, list[Indicator]] = defaultdict(list)
    for row in rows.select_related("indicator").order_by("objective_id", "order", "pk"):
        keys[row.objective_id].append(row.indicator)
    return PlanLinks(alignment_links(plan, clocks), keys)


def security_codes(links: PlanLinks, then: Then) -> dict[int, list[str]]:
    """Return by objective the codes of the NVP objectives that it serves, in their order."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in all_security_objectives():
        for objective, named in links.links.security.items():
            if row.pk in named:
                found[objective].append(then.of(row).code)
    return found

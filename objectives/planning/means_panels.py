"""What apps above this one show of means on the pages of an objective and of a werf.

They register in ready(): planning knows the words about means, others the money and the people.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ibzplan.core.clocks import Clocks
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import Werf
from personnel.access import Access

Content = Callable[[OperationalObjective, Clocks, Access], Mapping[str, Any]]
WerfContent = Callable[[Werf, int, Clocks, Access], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class MeansPart:
    """A part of the panel: its template, and what that shows of an objective as known then.

    `werf_template` and `werf_content` are a panel of its own on the page of a werf and plan year.
    """

    template: str
    content: Content
    werf_template: str
    werf_content: WerfContent


_parts: list[MeansPart] = []


def register(part: MeansPart) -> None:
    """Add a part; called from an app's ready(). The same template twice is one part."""
    if all(one.template != part.template for one in _parts):
        _parts.append(part)


def means_parts(
    objective: OperationalObjective, clocks: Clocks, access: Access
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return template and content of each part, in the order of registration."""
    return [(part.template, part.content(objective, clocks, access)) for part in _parts]


def werf_means_parts(
    werf: Werf, year: int, clocks: Clocks, access: Access
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return template and content of each panel of a werf, in the order of registration."""
    return [(part.werf_template, part.werf_content(werf, year, clocks, access)) for part in _parts]

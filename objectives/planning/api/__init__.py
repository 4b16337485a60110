"""Plans, objectives, statuses and amendments in the API; and what is written below a plan."""

from objectives.indicators import api as figures
from objectives.planning.api.amendments import Amendments
from objectives.planning.api.objectives import OperationalObjectives
from objectives.planning.api.plans import OperationalPlans
from objectives.planning.api.statuses import Statuses
from objectives.planning.feeds import INDICATORS, MEASUREMENTS, TARGETS
from objectives.planning.writes import IndicatorWrites, MeasurementWrites, TargetWrites


class Indicators(figures.Indicators):
    """Indicators, each with the definition that holds by both clocks."""

    writes = IndicatorWrites()
    feed = INDICATORS


class Targets(figures.Targets):
    """Targets: of each date the one set last; all that were set with includeHistory."""

    writes = TargetWrites()
    feed = TARGETS


class Measurements(figures.Measurements):
    """Figures: of each slot the one recorded last; all recorded by then with includeHistory."""

    writes = MeasurementWrites()
    feed = MEASUREMENTS


# What is written below a plan is declared here, where plans are known.
COLLECTIONS = (
    OperationalPlans(),
    OperationalObjectives(),
    Statuses(),
    Amendments(),
    Indicators(),
    Targets(),
    Measurements(),
)

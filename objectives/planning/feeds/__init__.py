"""What may change in the lists of plans, objectives, indicators and figures: their change feeds.

Who sees an indicator or a figure follows from the objectives that use it, so a step of an objective
touches them all. To whom a row was visible before it was hidden, its columns of now do not say any
more: the history of the step does.
"""

from objectives.planning.feeds.amendments import AMENDMENTS
from objectives.planning.feeds.figures import MEASUREMENTS, TARGETS
from objectives.planning.feeds.indicators import INDICATORS
from objectives.planning.feeds.objectives import OBJECTIVES
from objectives.planning.feeds.plans import PLANS

__all__ = ["AMENDMENTS", "INDICATORS", "MEASUREMENTS", "OBJECTIVES", "PLANS", "TARGETS"]

"""What clients write through the API: the bodies they send, and the services of the pages.

Part of the level of `api`, which declares it: no rules here.
"""

from objectives.planning.writes.indicators import IndicatorWrites
from objectives.planning.writes.measurements import MeasurementWrites
from objectives.planning.writes.objectives import ObjectiveWrites
from objectives.planning.writes.targets import TargetWrites

__all__ = ["IndicatorWrites", "MeasurementWrites", "ObjectiveWrites", "TargetWrites"]

"""Reads about operational objectives; all take both clocks."""

from objectives.planning.selectors.readings import (
    ObjectiveReading,
    WerfReading,
    objective_readings,
    werf_reading,
)

__all__ = ["ObjectiveReading", "WerfReading", "objective_readings", "werf_reading"]

"""What every sheet of the workbook needs: its objectives, who may change them, and its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ibzplan.core.localised import LocalisedText
from ibzplan.core.table_files.cells import clean_text
from objectives.indicators.choices import TargetKind
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.workbook.book import Locked, Value
from personnel.access import Access

# What a row of the indicators' sheet says of the indicator itself; the rest is its place in the
# objective.
DEFINITION_KEYS: Final = (
    *(
        f"{name}_{language}"
        for name in ("title", "unit_of_measure", "source")
        for language in ("nl", "fr")
    ),
    *("target_kind", "accumulation", "frequency", "decimals", "baseline", "baseline_date"),
    *("range_low", "range_high", "tolerance", "levels_nl", "levels_fr"),
    *("threshold_on_track", "threshold_at_risk"),
)
# What is told of a milestone once its objective is in force.
REPORTED_KEYS: Final = frozenset({"done_on", "forecast_on"})
WITHOUT_VALUE: Final = (TargetKind.RANGE, TargetKind.MILESTONE)
IDENTITY_SEPARATOR: Final = "/"
LEVEL_SEPARATOR: Final = "; "


@dataclass(frozen=True, slots=True)
class BookSource:
    """The objectives of a workbook and what every sheet needs of them."""

    plan: OperationalPlan
    access: Access
    objectives: Sequence[OperationalObjective]

    @property
    def keys(self) -> list[int]:
        """Return the database keys of the objectives."""
        return [row.pk for row in self.objectives]

    def locked(self, objective: OperationalObjective) -> Locked:
        """Return why the rows of an objective are closed."""
        if not self.access.plans_for(objective.unit_id):
            return Locked.OTHER_UNIT
        if objective.is_in_force or self.plan.state == PlanState.CLOSED:
            return Locked.IN_FORCE
        return Locked.NO if objective.is_open else Locked.SUBMITTED

    def is_reported(self, objective: OperationalObjective) -> bool:
        """Tell whether the user says here what became of the milestones of an objective."""
        return (
            self.access.plans_for(objective.unit_id)
            and objective.state == PlanState.APPROVED
            and self.plan.state != PlanState.CLOSED
        )


def texts_of(name: str, text: LocalisedText) -> dict[str, Value]:
    """Return a text as the two cells of its languages."""
    return {
        f"{name}_{language}": clean_text(text.get(language, "")) or None
        for language in ("nl", "fr")
    }

"""What hangs below an objective, as its page shows it: activities, risks, links, lineage."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ibzplan.core.clocks import Clocks
from objectives.planning.choices import MilestoneState
from objectives.planning.models import ObjectiveLineage, OperationalObjective, Risk
from objectives.planning.risk_texts import scale_text, score_mark, score_text
from objectives.planning.selectors.narratives import by_period
from objectives.planning.selectors.objective_page import Below
from objectives.planning.selectors.parts import (
    ActivityParts,
    held_on,
    lineage_seen,
    milestone_state,
)
from objectives.planning.services.milestone_reports import may_report
from objectives.planning.services.narratives import may_narrate
from objectives.planning.views.lookup import ObjectiveAccess
from objectives.strategy.models import Activity, Milestone


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone with how it stands on the reference date."""

    milestone: Milestone
    state: MilestoneState

    @property
    def done_on(self) -> date | None:
        """Return when it was done; None while the reference date lies before that."""
        done = self.state in (MilestoneState.DONE, MilestoneState.DONE_LATE)
        return self.milestone.done_on if done else None


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """An activity with its milestones."""

    activity: Activity
    milestones: tuple[MilestoneLine, ...]


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk in numbers and words; `mark` is the status whose shape it shows."""

    risk: Risk
    likelihood: str
    impact: str
    score: str
    mark: str


def parts_panels(
    shown: OperationalObjective, found: ObjectiveAccess, clocks: Clocks, below_it: Below
) -> dict[str, Any]:
    """Return what the panels of an objective's page need, by both clocks."""
    parts = below_it.parts
    before: tuple[ObjectiveLineage, ...] = ()
    after: tuple[ObjectiveLineage, ...] = ()
    if below_it.has_lineage:
        before, after = lineage_seen(shown.pk, clocks, found.access)
    is_open = found.may_plan and found.objective.is_open and not clocks.pinned_known
    reports = found.may_plan and may_report(found.objective) and not clocks.pinned_known
    return {
        "parts": replace(parts, predecessors=before, successors=after),
        "security_links": below_it.security_links,
        "activities": [_activity_line(one, clocks.reference_date) for one in parts.activities],
        "quarters": by_period(shown, below_it.narratives, clocks.reference_date),
        "may_narrate": may_narrate(found.objective, found.access) and not clocks.pinned_known,
        "risks": [_risk_line(risk) for risk in parts.risks],
        "holder_now": held_on(below_it.holders, clocks) if shown.holder_id else None,
        "may_edit_parts": is_open,
        "may_report": reports and bool(parts.milestones),
    }


def _activity_line(parts: ActivityParts, day: date) -> ActivityLine:
    lines = tuple(MilestoneLine(one, milestone_state(one, day)) for one in parts.milestones)
    return ActivityLine(parts.activity, lines)


def _risk_line(risk: Risk) -> RiskLine:
    return RiskLine(
        risk,
        scale_text(risk.likelihood),
        scale_text(risk.impact),
        score_text(risk.score),
        score_mark(risk.score),
    )

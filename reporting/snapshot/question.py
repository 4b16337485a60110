"""What a report is asked about."""

from dataclasses import dataclass
from datetime import date, datetime

from ibzplan.core.clocks import Clocks
from objectives.indicators.engine import CURRENT_RULE_VERSION
from objectives.planning.models import OperationalPlan
from objectives.strategy.models import Plan
from personnel.models import SupervisingMinister
from reporting.models import ProgressReport


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """Plan x minister x reference date x known_at x language; `plan` None for a plan as a whole.

    A correction is another `edition`: it `corrects` an issued report, for a reason. `asked_at` is
    when it was asked, None while nobody did: what was confidential then is not in it either. Every
    status is computed by the rules of `rule_version`, also after newer ones came.
    """

    strategic_plan: Plan
    plan: OperationalPlan | None
    minister: SupervisingMinister
    reference_date: date
    known_at: datetime
    language: str
    edition: int = 1
    corrects: ProgressReport | None = None
    correction_reason: str = ""
    asked_at: datetime | None = None
    rule_version: int = CURRENT_RULE_VERSION

    @property
    def clocks(self) -> Clocks:
        """Return both clocks, as they were asked for."""
        return Clocks(self.reference_date, self.known_at, pinned_reference=True, pinned_known=True)


def question_of(report: ProgressReport) -> ReportQuestion:
    """Return what a report was asked about, by the rules that it recorded."""
    return ReportQuestion(
        strategic_plan=report.strategic_plan,
        plan=report.plan,
        minister=report.minister,
        reference_date=report.reference_date,
        known_at=report.known_at,
        language=report.language,
        edition=report.edition,
        corrects=report.corrects,
        correction_reason=report.correction_reason,
        asked_at=report.created_at,
        rule_version=report.rule_version,
    )

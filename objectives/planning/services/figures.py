"""Recording a figure where the plan year still takes figures."""

from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from objectives.indicators.models import Indicator, Measurement
from objectives.indicators.periods import Period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState
from personnel.models import User


def figure_record(
    *,
    actor: User,
    indicator: Indicator,
    period: Period,
    figure: Figure,
    reason: str = "",
    expected_current: str | None = None,
) -> Measurement:
    """Record a figure unless the plan of its year is closed; see measurement_record.

    Raises DomainError for a closed year: its figures belong to the final evaluation.
    """
    year = period.end.year
    states = set(
        indicator.objective_links.filter(objective__plan__year=year).values_list(
            "objective__plan__state", flat=True
        )
    )
    if states == {PlanState.CLOSED}:
        raise DomainError(
            "plan_closed", _("The plan of %(year)s is closed.") % {"year": year}, "period"
        )
    return measurement_record(
        actor=actor,
        indicator=indicator,
        period=period,
        figure=figure,
        reason=reason,
        expected_current=expected_current,
    )

"""KPIs: indicators that measure a transversal objective of an addendum."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.models import Indicator
from objectives.planning.models import TransversalKpi
from objectives.strategy.models import StrategicObjective
from objectives.strategy.services.rules import must_keep_plans
from personnel.models import User


@transaction.atomic
def kpi_add(*, actor: User, objective: StrategicObjective, indicator: Indicator) -> TransversalKpi:
    """Let an indicator measure a transversal objective, from now on; return the link.

    An indicator that measures it already stays as it is. Raises NotAllowed, or DomainError for an
    objective that no addendum brought or an indicator that is still a draft.
    """
    must_keep_plans(actor)
    at = next_instant()
    if objective.addendum_id is None:
        raise DomainError(
            "not_transversal", _("Only a transversal objective of an addendum has KPIs.")
        )
    if not indicator.is_released:
        raise DomainError(
            "indicator_not_in_force",
            _("%(code)s is in no approved plan yet: choose an indicator that is.")
            % {"code": indicator.code},
            "indicator",
        )
    links = TransversalKpi.objects.filter(objective=objective)
    link: TransversalKpi | None = links.current().filter(indicator=indicator).first()
    if link is not None:
        return link
    last = links.aggregate(last=Max("order"))["last"]
    link = TransversalKpi.objects.create(
        objective=objective,
        indicator=indicator,
        order=(last or 0) + 1,
        known_from=at,
        is_demo=objective.is_demo or indicator.is_demo,
    )
    history_record(
        actor=actor,
        target=objective,
        action="kpi_added",
        changes={"kpi": (None, indicator.code)},
        at=at,
    )
    return link


@transaction.atomic
def kpi_withdraw(*, actor: User, link: TransversalKpi, reason: str = "") -> None:
    """Let an indicator no longer measure a transversal objective; the past stays readable.

    One that was withdrawn already stays so. Raises NotAllowed.
    """
    must_keep_plans(actor)
    at = next_instant()
    ended = TransversalKpi.objects.filter(pk=link.pk, known_until=None).update(known_until=at)
    if ended:
        history_record(
            actor=actor,
            target=link.objective,
            action="kpi_withdrawn",
            changes={"kpi": (link.indicator.code, None)},
            reason=reason.strip(),
            at=at,
        )

"""The risks of an objective: added, changed, withdrawn. Each counts as a change of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, record_change
from objectives.planning.choices import RiskResponse
from objectives.planning.models import OperationalObjective, Risk
from objectives.planning.models.risks import HIGHEST, LOWEST
from objectives.planning.services.links import open_at, raise_version, refuse_used_key
from personnel.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSheet:
    """What a planner states of a risk; likelihood and impact from 1 to 5."""

    title: LocalisedText
    likelihood: int
    impact: int
    response: str
    measure: LocalisedText = field(default_factory=LocalisedText)

    def values(self) -> dict[str, Any]:
        """Return the columns of the risk."""
        return {
            "title": self.title,
            "likelihood": self.likelihood,
            "impact": self.impact,
            "response": self.response,
            "measure": self.measure,
        }


def _check(sheet: RiskSheet) -> None:
    if not sheet.title:
        raise DomainError("title_required", _("Say what could go wrong."), "title_nl")
    for name in ("likelihood", "impact"):
        value: int = getattr(sheet, name)
        if not LOWEST <= value <= HIGHEST:
            raise DomainError(
                "off_scale",
                _("%(value)s is not on the scale: choose %(low)s to %(high)s.")
                % {"value": value, "low": LOWEST, "high": HIGHEST},
                name,
            )
    if sheet.response not in RiskResponse.values:
        raise DomainError(
            "response_unknown",
            _("“%(value)s” is no known response.") % {"value": sheet.response},
            "response",
        )
    if sheet.response != RiskResponse.ACCEPT and not sheet.measure:
        raise DomainError(
            "measure_required",
            _("Say what will be done about it, or choose “%(accept)s”.")
            % {"accept": RiskResponse.ACCEPT.label},
            "measure_nl",
        )


@transaction.atomic
def risk_add(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: RiskSheet,
    uuid: UUID | None = None,
    at: datetime | None = None,
) -> Risk:
    """Add a risk to a draft objective. Raises NotAllowed or DomainError.

    With the `uuid` of a risk of it that exists already (a form sent twice) that one is returned.
    """
    at = open_at(actor, objective, at)
    again: Risk | None = Risk.objects.filter(uuid=uuid).first() if uuid is not None else None
    if again is not None and again.objective_id == objective.pk:
        return again
    refuse_used_key(again)
    return risk_write(actor=actor, objective=objective, sheet=sheet, uuid=uuid, at=at)


@transaction.atomic
def risk_update(
    *,
    actor: User,
    risk: Risk,
    sheet: RiskSheet,
    expected_version: int | None = None,
    at: datetime | None = None,
) -> Risk:
    """Change a risk of a draft objective.

    Raises NotAllowed, DomainError, or EditConflict when someone saved meanwhile.
    """
    at = open_at(actor, risk.objective, at)
    return risk_write(
        actor=actor,
        objective=risk.objective,
        sheet=sheet,
        risk=risk,
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def risk_withdraw(*, actor: User, risk: Risk, reason: str = "", at: datetime | None = None) -> None:
    """Take a risk out of a draft objective. Raises NotAllowed or DomainError."""
    at = open_at(actor, risk.objective, at)
    risk_end(actor=actor, risk=risk, reason=reason, at=at)


@transaction.atomic
def risk_write(
    *,
    actor: User,
    objective: OperationalObjective,
    sheet: RiskSheet,
    at: datetime,
    risk: Risk | None = None,
    uuid: UUID | None = None,
    expected_version: int | None = None,
    reason: str = "",
) -> Risk:
    """Add or change a risk of an objective in whatever state that is.

    The rules of its content hold; rights and state are the caller's, who took `at` first.
    """
    _check(sheet)
    before = risk.title if risk else None
    if risk is None:
        risk = _begin(objective, sheet, uuid or uuid4(), at)
    elif not _change(actor, risk, sheet, expected_version, reason, at):
        return risk
    history_record(
        actor=actor,
        target=objective,
        action="risk_added" if before is None else "risk_changed",
        changes={"risk": (before, sheet.title)},
        reason=reason,
        at=at,
    )
    raise_version(objective)
    return risk


def _begin(objective: OperationalObjective, sheet: RiskSheet, uuid: UUID, at: datetime) -> Risk:
    last = Risk.objects.filter(objective=objective).aggregate(last=Max("order"))["last"] or 0
    return Risk.objects.create(
        uuid=uuid,
        objective=objective,
        **sheet.values(),
        order=last + 1,
        known_from=at,
        is_demo=objective.is_demo,
    )


def _change(
    actor: User,
    risk: Risk,
    sheet: RiskSheet,
    expected_version: int | None,
    reason: str,
    at: datetime,
) -> bool:
    _refuse_withdrawn(risk)
    return record_change(
        actor=actor,
        target=risk,
        values=sheet.values(),
        expected_version=expected_version,
        reason=reason,
        at=at,
    )


def _refuse_withdrawn(risk: Risk) -> None:
    if not Risk.objects.current().filter(pk=risk.pk).exists():
        raise DomainError("withdrawn", _("Someone withdrew this risk meanwhile."))


@transaction.atomic
def risk_end(*, actor: User, risk: Risk, at: datetime, reason: str = "") -> None:
    """Withdraw a risk of an objective in whatever state that is; see risk_write."""
    _refuse_withdrawn(risk)
    Risk.objects.filter(pk=risk.pk).update(known_until=at)
    history_record(
        actor=actor,
        target=risk.objective,
        action="risk_withdrawn",
        changes={"risk": (risk.title, None)},
        reason=reason,
        at=at,
    )
    raise_version(risk.objective)

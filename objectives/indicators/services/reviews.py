"""What happens to a figure after it was recorded: validated, returned, locked by a report."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Record
from ibzplan.core.services import next_instant
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Measurement, MeasurementEvent
from objectives.indicators.selectors.figures import REVIEWS
from objectives.indicators.services.measurements import current_row
from personnel.access import access_of
from personnel.models import User


def _last_review(measurement: Measurement) -> MeasurementEvent | None:
    return measurement.events.filter(kind__in=REVIEWS).order_by("-recorded_at", "-pk").first()


def _check_reviewer(actor: User, measurement: Measurement) -> None:
    if not access_of(actor).heads(measurement.indicator.owner_id):
        raise NotAllowed("head_only", _("Only the head of the directorate validates figures."))


def _check_counts(measurement: Measurement) -> None:
    current = current_row(measurement.indicator, measurement.period)
    if current is not None and current.pk != measurement.pk:
        raise DomainError(
            "figure_changed", _("This figure was corrected meanwhile. Look at the new one first.")
        )


@transaction.atomic
def measurement_validate(
    *, actor: User, measurement: Measurement, at: datetime | None = None
) -> MeasurementEvent:
    """Validate a figure as head of its unit. Raises NotAllowed, or DomainError when replaced."""
    _check_reviewer(actor, measurement)
    recorded_at = at or next_instant()
    if at is None:
        _check_counts(measurement)
        latest = _last_review(measurement)
        if latest is not None and latest.kind == MeasurementEventKind.VALIDATED:
            return latest  # the button was pressed twice
    return MeasurementEvent.objects.create(
        measurement=measurement,
        kind=MeasurementEventKind.VALIDATED,
        recorded_by=actor,
        recorded_at=recorded_at,
        is_demo=measurement.is_demo,
    )


@transaction.atomic
def measurement_return(*, actor: User, measurement: Measurement, reason: str) -> MeasurementEvent:
    """Send a figure back to the planners as head of its unit, with what is wrong with it.

    It keeps counting, as provisional, until a correction replaces it.
    Raises NotAllowed, or DomainError when replaced or without a reason.
    """
    _check_reviewer(actor, measurement)
    recorded_at = next_instant()
    _check_counts(measurement)
    text = reason.strip()
    if not text:
        raise DomainError(
            "reason_required", _("Say what is wrong with the figure."), "return_reason"
        )
    latest = _last_review(measurement)
    is_same = latest is not None and latest.kind == MeasurementEventKind.RETURNED
    if latest is not None and is_same and latest.reason == text:
        return latest
    return MeasurementEvent.objects.create(
        measurement=measurement,
        kind=MeasurementEventKind.RETURNED,
        reason=text,
        recorded_by=actor,
        recorded_at=recorded_at,
        is_demo=measurement.is_demo,
    )


@transaction.atomic
def figures_lock(
    *, actor: User, measurements: Iterable[UUID], cause: Record, at: datetime | None = None
) -> int:
    """Lock figures because `cause` (a report) showed them; return how many were not yet by it.

    The caller has checked the right to issue it.
    """
    recorded_at = at or next_instant()
    cause_of = {"cause_type": cause.type_name(), "cause_uuid": cause.uuid}
    rows = Measurement.objects.filter(uuid__in=list(measurements)).exclude(
        events__in=MeasurementEvent.objects.filter(kind=MeasurementEventKind.LOCKED, **cause_of)
    )
    events = [
        MeasurementEvent(
            measurement=row,
            kind=MeasurementEventKind.LOCKED,
            recorded_by=actor,
            recorded_at=recorded_at,
            is_demo=row.is_demo,
            **cause_of,
        )
        for row in rows.order_by("pk")
    ]
    return len(MeasurementEvent.objects.bulk_create(events))

"""Corrections of locked figures: one person asks, another approves (design.md 4.3)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.indicators.choices import CorrectionState
from objectives.indicators.formatting import period_text
from objectives.indicators.models import Correction, Indicator, Measurement
from objectives.indicators.periods import Period
from objectives.indicators.selectors.definitions import defined_on
from objectives.indicators.selectors.locks import is_locked
from objectives.indicators.services.entry_checks import ConfirmationRequired, check_entry
from objectives.indicators.services.figures import Figure, FigurePart, check_figure
from objectives.indicators.services.measurements import (
    check_change,
    check_current,
    check_reason,
    check_recorder,
    check_slot,
    current_row,
    figure_append,
)
from objectives.indicators.services.reviews import measurement_validate
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import User


def _stored(breakdown: Mapping[str, FigurePart]) -> dict[str, list[str | None]]:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else str(value)

    return {
        key: [text(part.value), text(part.numerator), text(part.denominator)]
        for key, part in breakdown.items()
    }


def proposed_figure(correction: Correction) -> Figure:
    """Return the figure that a correction proposes."""

    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return Figure(
        value=correction.value,
        numerator=correction.numerator,
        denominator=correction.denominator,
        level=correction.level,
        done_on=correction.done_on,
        forecast_on=correction.forecast_on,
        narrative=correction.narrative,
        breakdown={
            key: FigurePart(value=number(v), numerator=number(n), denominator=number(d))
            for key, (v, n, d) in correction.breakdown.items()
        },
    )


@transaction.atomic
def correction_request(
    *,
    actor: User,
    indicator: Indicator,
    period: Period,
    figure: Figure,
    reason: str,
    expected_current: str | None = None,
    confirmed: Iterable[str] = (),
) -> Correction:
    """Ask for a correction of a locked figure; nothing changes until someone else approves it.

    Raises NotAllowed, ConfirmationRequired, or DomainError: the period is not locked, has no
    figure, has a correction that waits already, or the figure does not fit.
    """
    check_recorder(actor, indicator)
    moment = next_instant()  # takes the lock, so that what follows cannot be overtaken
    indicator = defined_on(indicator, period.end, moment)
    check_slot(indicator, period)
    check_figure(indicator, figure)
    current = current_row(indicator, period)
    if current is None or not is_locked(indicator, period):
        raise DomainError(
            "not_locked",
            _("%(period)s is not locked: record the figure as usual.")
            % {"period": period_text(period)},
            "period",
        )
    check_current(current, expected_current)
    check_change(current, figure)
    check_reason(current, period, reason)
    waiting = current.corrections.filter(state=CorrectionState.PENDING).first()
    if waiting is not None:
        if waiting.requested_by_id == actor.pk and proposed_figure(waiting) == figure:
            return waiting  # the form was sent twice
        raise DomainError(
            "correction_waits",
            _("A correction of %(period)s waits for approval already.")
            % {"period": period_text(period)},
            "period",
        )
    agreed = check_entry(indicator, period, figure, confirmed)
    correction = Correction.objects.create(
        measurement=current,
        **figure.columns(indicator),
        breakdown=_stored(figure.breakdown),
        confirmed_checks=agreed,
        reason=reason.strip(),
        requested_by=actor,
        requested_at=moment,
        is_demo=indicator.is_demo,
    )
    # Its own history, not the indicator's: what waits is not for everyone who reads that one.
    history_record(
        actor=actor, target=correction, action="created", reason=reason.strip(), at=moment
    )
    return correction


def may_decide(actor: User, correction: Correction) -> bool:
    """Tell whether this user is the second person: head of the unit or corporate cell, and not
    whoever asked.
    """
    access = access_of(actor)
    unit_id = correction.measurement.indicator.owner_id
    may = access.heads(unit_id) or access.has(Role.CORPORATE)
    return may and actor.pk != correction.requested_by_id


def _check_still_fits(correction: Correction, indicator: Indicator, figure: Figure) -> None:
    """Refuse a figure that the definition or the periods rule out since it was asked for."""
    period = correction.measurement.period
    check_slot(indicator, period)
    check_figure(indicator, figure)
    try:
        check_entry(indicator, period, figure, correction.confirmed_checks)
    except ConfirmationRequired as error:
        raise DomainError(
            "correction_outdated",
            _(
                "%(findings)s Nobody confirmed this when the correction was asked for: refuse it, "
                "and let it be asked for again."
            )
            % {"findings": " ".join(error.texts)},
        ) from error


def _waiting(correction: Correction) -> Correction:
    """Return the stored correction, held until the end of the transaction; refuse a decided one."""
    stored = Correction.objects.select_for_update().get(pk=correction.pk)
    if stored.state != CorrectionState.PENDING:
        raise DomainError("already_decided", _("This correction was decided already."))
    return stored


@transaction.atomic
def correction_decide(
    *, actor: User, correction: Correction, approve: bool, note: str = ""
) -> Measurement | None:
    """Approve a correction, which records it, or refuse it with a note; return the new figure.

    Asked for or approved by the head of the unit, the figure is validated too. Raises NotAllowed
    for whoever asked for it, DomainError when it was decided already, another figure counts by now,
    or the figure no longer fits the definition.
    """
    if not may_decide(actor, correction):
        raise NotAllowed(
            "second_person",
            _("Someone else must approve: the head of the directorate or the corporate cell."),
        )
    moment = next_instant()
    waiting = _waiting(correction)
    measurement = correction.measurement
    indicator, period = measurement.indicator, measurement.period
    if not approve and not note.strip():
        raise DomainError("reason_required", _("Say why you refuse the correction."), "note")
    result = None
    if approve:
        check_current(current_row(indicator, period), str(measurement.uuid))
        figure = proposed_figure(waiting)
        defined = defined_on(indicator, period.end, moment)
        _check_still_fits(waiting, defined, figure)
        result = figure_append(
            actor=correction.requested_by,
            indicator=defined,
            period=period,
            figure=figure,
            reason=waiting.reason,
            confirmed=waiting.confirmed_checks,
            recorded_at=moment,
            approved_by=actor,
        )
        both = (actor, correction.requested_by)
        head = next((one for one in both if access_of(one).heads(indicator.owner_id)), None)
        if head is not None:
            measurement_validate(actor=head, measurement=result)
    record_change(
        actor=actor,
        target=correction,
        values={
            "state": CorrectionState.APPROVED if approve else CorrectionState.REFUSED,
            "decided_by": actor,
            "decided_at": moment,
            "decision_note": note.strip(),
            "result": result,
        },
        action="approved" if approve else "refused",
        reason=note.strip(),
        at=moment,
    )
    return result


@transaction.atomic
def correction_withdraw(*, actor: User, correction: Correction) -> None:
    """Take back a correction that waits. Raises NotAllowed, or DomainError when decided."""
    check_recorder(actor, correction.measurement.indicator)
    moment = next_instant()
    _waiting(correction)
    record_change(
        actor=actor,
        target=correction,
        values={
            "state": CorrectionState.WITHDRAWN,
            "decided_by": actor,
            "decided_at": moment,
        },
        action="withdrawn",
        at=moment,
    )

"""Writing figures: one, or a batch of many; a correction names the figure that it replaces."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from ibzplan.core.api.bodies import Limits, Named
from ibzplan.core.api.json_body import fault, misfit
from ibzplan.core.api.problems import InvalidInput, Issue, Refused
from ibzplan.core.api.references import NOT_FOUND, References, uuid_of
from ibzplan.core.api.shapes import Reference, reference
from ibzplan.core.api.writing import Made, Rows, Told, Write, Writes
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.filtersets import camel
from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import Correction, Indicator, Measurement, Obligation
from objectives.indicators.periods import PERIOD_PATTERN, parse_period
from objectives.indicators.quality import Check
from objectives.indicators.services import (
    ConfirmationRequired,
    Figure,
    FigurePart,
    FiguresRefused,
    NewFigure,
)
from objectives.indicators.services.measurements import current_row
from objectives.planning.services import figure_exempt, figure_record, figures_record
from objectives.planning.writes.common import STATE_CODES, Level, LongText, Reason
from personnel.access import Access, access_of

BATCH_MOST_ROWS: Final = 10_000
_MEASURED: Final = "measured"
_NOT_APPLICABLE: Final = "notApplicable"
_PERIOD: Final = Limits(
    "A period such as 2026-T3, 2026-S1, 2026-M07 or 2026.",
    pattern=PERIOD_PATTERN,
    example="2026-T3",
)
_KEY: Final = Limits(
    "The key of a part, such as region=bru.",
    least_characters=1,
    most_characters=200,
    example="region=bru",
)
_FIGURE: Final = ("value", "numerator", "denominator", "level", "doneOn", "forecastOn")
# Names of indicators in one statement.
_NAMES_AT_ONCE: Final = 1000


class _PartNeeds(TypedDict):
    breakdown: Annotated[str, _KEY]


class PartBody(_PartNeeds, total=False):
    """One part of a breakdown; without any number it takes away the part that is there."""

    value: Decimal
    numerator: Decimal
    denominator: Decimal


class _Needs(TypedDict):
    indicator: Named
    period: Annotated[str, _PERIOD]


class NewMeasurement(_Needs, total=False):
    """The figure of a period: which members it has follows from the kind of indicator.

    A ratio has numerator and denominator, an ordinal indicator a level, a milestone a date; parts
    that are not given stay as they are. A correction names the figure that it `replaces`, with a
    `reason`; of a period that a report was issued on it waits for a second person (202).
    `confirmedChecks` names the warnings that the client looked at.

    With `valueState` notApplicable the period is not measured, for the reason given; with missing
    it is due again. Neither has a figure.
    """

    valueState: Literal["measured", "notApplicable", "missing"]
    value: Decimal
    numerator: Decimal
    denominator: Decimal
    level: Level
    doneOn: date
    forecastOn: date
    narrative: LongText
    parts: Annotated[list[PartBody], Limits(most_items=200)]
    replaces: UUID
    reason: Reason
    confirmedChecks: Annotated[list[Check], Limits(most_items=20)]


class SlotItem(TypedDict):
    """A period that has no figure: it is not applicable, or it is due again."""

    indicator: Reference
    period: str
    periodStart: date
    periodEnd: date
    dueOn: date
    valueState: Literal["notApplicable", "missing"]
    reason: str | None


class CorrectionItem(TypedDict):
    """A correction that waits for a second person; the figure that counts stays until then."""

    id: UUID
    state: str
    indicator: Reference
    period: str
    replaces: UUID
    measurementHref: str
    reason: str


class MeasurementWrites(Writes):
    """Figures."""

    create_type = NewMeasurement
    example = {"indicator": "2.6.1-a", "period": "2026-T1", "value": 91.5}
    batch_most = BATCH_MOST_ROWS
    finds_same = True
    conflicts = STATE_CODES
    other_answers = {HTTPStatus.OK: SlotItem, HTTPStatus.ACCEPTED: CorrectionItem}

    def create(self, write: Write, body: Mapping[str, Any]) -> Made | Told:
        """Record a figure, ask for a correction, or say whether a period applies."""
        names = References(body)
        visible = Indicator.objects.visible_to(access_of(write.actor))
        indicator = names.one("indicator", visible.select_related("owner"))
        names.issues += _faults(body)
        names.refuse()
        assert indicator is not None  # noqa: S101 (every body names one)
        if body.get("valueState", _MEASURED) != _MEASURED:
            return _exempt(write, indicator, body)
        before = current_row(indicator, parse_period(body["period"]))
        try:
            row = figure_record(actor=write.actor, **_said(indicator, body))
        except DomainError as error:
            raise _with_current(self.refusal(error, body), before, write) from error
        if isinstance(row, Correction):
            return Told(_correction_item(write, row), HTTPStatus.ACCEPTED)
        return Made(row.uuid, is_new=before is None or before.uuid != row.uuid)

    def create_all(self, write: Write, rows: Rows) -> list[UUID]:
        """Record the figures of a batch, all or none."""
        indicators = _indicators(access_of(write.actor), rows)
        figures: dict[int, NewFigure] = {}
        for place, body in enumerate(rows.bodies):
            if body is None:
                continue
            indicator = indicators.get(_name(body))
            faults = _faults(body, at=rows.path(place), is_batch=True)
            if indicator is None:
                faults.append(_unknown(body, rows.path(place)))
            rows.issues += faults
            if indicator is not None and not faults:
                figures[place] = NewFigure(**_said(indicator, body))
        try:
            made = figures_record(actor=write.actor, figures=figures)
        except FiguresRefused as refused:
            raise self._refused(refused, rows) from refused
        rows.refuse()
        return [made[place].uuid for place in figures]

    def _refused(self, refused: FiguresRefused, rows: Rows) -> Exception:
        """Return the error with every bad row: 403 when rights are all that is missing."""
        is_forbidden = not rows.issues
        for place, error in refused.errors.items():
            is_forbidden = is_forbidden and isinstance(error, NotAllowed)
            rows.issues += self.issues_of(error, rows.bodies[place] or {}, rows.path(place))
        if is_forbidden:
            detail = _("You may not record these figures.")
            return Refused(HTTPStatus.FORBIDDEN, detail, issues=rows.ordered)
        return InvalidInput(rows.ordered)

    def issues_of(self, error: DomainError, body: Mapping[str, Any], at: str = "") -> list[Issue]:
        """Return what is wrong; of warnings, each with the check that the client can confirm."""
        if isinstance(error, NotAllowed):
            error.field = "indicator"  # it is the row's own unit that is not the actor's
        if not isinstance(error, ConfirmationRequired):
            return super().issues_of(error, body, at)
        path = f"{at}.confirmedChecks" if at else "confirmedChecks"
        kind = f"urn:problem-type:ibzplan:{error.code}"
        return [
            Issue(kind, path, text, camel(finding.check.value), "body")
            for finding, text in zip(error.findings, error.texts, strict=True)
        ]

    def member_of(self, name: str, body: Mapping[str, Any]) -> str:
        """Return the member of the body that a field of the services is."""
        if name.startswith("breakdown:"):
            key = name.removeprefix("breakdown:")
            keys = [part["breakdown"] for part in body.get("parts", ())]
            return f"parts[{keys.index(key)}]" if key in keys else "parts"
        return {"breakdown": "parts", "confirmed": "confirmedChecks"}.get(name, camel(name))


def _faults(body: Mapping[str, Any], at: str = "", *, is_batch: bool = False) -> list[Issue]:
    """Return what contradicts itself within a body, whatever the indicator is."""
    before = f"{at}." if at else ""
    found: list[Issue] = []
    state = body.get("valueState", _MEASURED)
    if state != _MEASURED and is_batch:
        detail = _("A batch holds figures: say on its own that a period does not apply.")
        found.append(misfit(f"{before}valueState", state, detail))
    elif state != _MEASURED:
        taken = [name for name in (*_FIGURE, "parts", "replaces") if name in body]
        detail = _("A period without a figure has no such part. Leave it out.")
        found += [misfit(f"{before}{name}", body[name], detail) for name in taken]
    if state == _NOT_APPLICABLE and not body.get("reason", "").strip():
        found.append(misfit(f"{before}reason", None, _("Say why the period does not apply.")))
    keys = [part["breakdown"] for part in body.get("parts", ())]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            detail = _("This part stands there already.")
            found.append(misfit(f"{before}parts[{place}].breakdown", key, detail))
    return found


def _unknown(body: Mapping[str, Any], at: str) -> Issue:
    detail = _("There is no “%(value)s” here that you can name.") % {"value": body["indicator"]}
    return fault(f"{at}.indicator", body["indicator"], detail, NOT_FOUND)


def _name(body: Mapping[str, Any]) -> UUID | str:
    """Return what names the indicator of a body: a UUID however it is written, else a code."""
    written: str = body["indicator"]
    return uuid_of(written) or written


def _indicators(access: Access, rows: Rows) -> dict[UUID | str, Indicator]:
    """Return the indicators that rows name, by `_name`: some queries for all of them."""
    wanted = sorted({_name(body) for body in rows.bodies if body is not None}, key=str)
    found: dict[UUID | str, Indicator] = {}
    visible = Indicator.objects.visible_to(access).select_related("owner")
    for first in range(0, len(wanted), _NAMES_AT_ONCE):
        names = wanted[first : first + _NAMES_AT_ONCE]
        uuids = [name for name in names if isinstance(name, UUID)]
        for indicator in visible.filter(uuid__in=uuids):
            found[indicator.uuid] = indicator
        for indicator in visible.filter(code__in=[name for name in names if isinstance(name, str)]):
            found[indicator.code] = indicator
    return found


def _said(indicator: Indicator, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a body says, by the names that the services give it: alone or in a batch."""
    return {
        "indicator": indicator,
        "period": parse_period(body["period"]),
        "figure": _figure(body),
        "reason": body.get("reason", ""),
        "expected_current": str(body.get("replaces") or ""),
        "confirmed": tuple(body.get("confirmedChecks", ())),
    }


def _figure(body: Mapping[str, Any]) -> Figure:
    return Figure(
        value=body.get("value"),
        numerator=body.get("numerator"),
        denominator=body.get("denominator"),
        level=body.get("level"),
        done_on=body.get("doneOn"),
        forecast_on=body.get("forecastOn"),
        narrative=body.get("narrative", LocalisedText()),
        breakdown={
            part["breakdown"]: FigurePart(
                value=part.get("value"),
                numerator=part.get("numerator"),
                denominator=part.get("denominator"),
            )
            for part in body.get("parts", ())
        },
    )


def _with_current(error: Exception, before: Measurement | None, write: Write) -> Exception:
    """Let the refusal of a figure that is not the one seen say which one counts."""
    if isinstance(error, Refused) and error.name.endswith(":figure_changed") and before:
        href = write.links.to("measurements", before.uuid)
        error.extra["current"] = {"id": before.uuid, "href": href}
    return error


def _exempt(write: Write, indicator: Indicator, body: Mapping[str, Any]) -> Told:
    """Say that a period does not apply, or that it is due again."""
    reason = body.get("reason", "") if body["valueState"] == _NOT_APPLICABLE else ""
    slot = figure_exempt(
        actor=write.actor,
        indicator=indicator,
        period=parse_period(body["period"]),
        reason=reason,
    )
    return Told(_slot_item(write, indicator, slot))


def _slot_item(write: Write, indicator: Indicator, slot: Obligation) -> SlotItem:
    return {
        "indicator": reference(write.links, "indicators", indicator.uuid, indicator.code),
        "period": str(slot.period),
        "periodStart": slot.period_start,
        "periodEnd": slot.period_end,
        "dueOn": slot.due_on,
        "valueState": "notApplicable" if slot.not_applicable_reason else "missing",
        "reason": slot.not_applicable_reason or None,
    }


def _correction_item(write: Write, row: Correction) -> CorrectionItem:
    measurement = row.measurement
    indicator = measurement.indicator
    return {
        "id": row.uuid,
        "state": camel(row.state),
        "indicator": reference(write.links, "indicators", indicator.uuid, indicator.code),
        "period": str(measurement.period),
        "replaces": measurement.uuid,
        "measurementHref": write.links.to("measurements", measurement.uuid),
        "reason": row.reason,
    }

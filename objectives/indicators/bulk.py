"""Targets and figures taken whole: the columns of their items, read by one query.

The rules are those of the items (see api and serializers): that a head sent a figure back, and why,
is for those who read corrections too.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf, TruncDate

from ibzplan.core.api.bulk import Column, Derived, Kind, QueryTable, languages
from ibzplan.core.api.shapes import Localised, Reference
from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Indicator
from objectives.indicators.periods import Period
from objectives.indicators.selectors.corrections import corrections_seen
from objectives.indicators.serializers import MeasurementItem, TargetItem
from personnel.access import access_of
from personnel.models import UnitTransfer
from personnel.structure import transfers_of_type

if TYPE_CHECKING:
    from ibzplan.core.api.base import Read

_TEXT: Final = CharField()
VALIDATED: Final = str(MeasurementEventKind.VALIDATED)
RETURNED: Final = str(MeasurementEventKind.RETURNED)
# Of a last word and whether the reader is inside: see querysets.
_IS_VALIDATED: Final = f"starts_with({{0}}, '{VALIDATED} ')"
_SENT_BACK: Final = f"{{1}} AND starts_with({{0}}, '{RETURNED} ')"
_SQL_PERIOD: Final = (
    "CASE {1} WHEN 'M' THEN to_char({0}, 'YYYY-\"M\"MM') "
    "WHEN 'T' THEN to_char({0}, 'YYYY-\"T\"Q') WHEN 'S' THEN to_char({0}, 'YYYY') || "
    "CASE WHEN extract(month FROM {0}) < 7 THEN '-S1' ELSE '-S2' END "
    "ELSE to_char({0}, 'YYYY') END"
)


class TargetRow(TargetItem):
    """A target, with what it is measured in and whose it is."""

    unit: Reference
    unitOfMeasure: Localised | None


class MeasurementRow(MeasurementItem):
    """A figure, with what it is measured in, whose it is, and which unit recorded it."""

    unit: Reference
    unitOfMeasure: Localised | None
    resolution: str
    recordedByUnit: Reference


def _own(collection: str) -> Iterator[Column]:
    yield Column(("id",), Kind.ID, "uuid", is_required=True)
    yield Column(("href",), Kind.HREF, "uuid", to=collection)
    yield Column(("indicator", "id"), Kind.ID, "indicator__uuid", is_required=True)
    yield Column(("indicator", "code"), Kind.NAME, "indicator__code", is_required=True)
    yield Column(("indicator", "href"), Kind.HREF, "indicator__uuid", to="indicators")
    yield Column(("unit", "id"), Kind.ID, "indicator__owner__uuid", is_required=True)
    yield Column(("unit", "code"), Kind.NAME, "indicator__owner__code", is_required=True)
    yield from languages(("unitOfMeasure",), "indicator__unit_of_measure")


def target_columns() -> Iterator[Column]:
    """Yield the columns of a target."""
    yield from _own("targets")
    yield Column(("planYear",), Kind.INTEGER, "plan_year", is_required=True)
    yield Column(("dueOn",), Kind.DATE, "due_on", is_required=True)
    yield Column(("value",), Kind.DECIMAL, "value")
    yield Column(("level",), Kind.INTEGER, "level")
    yield Column(("final",), Kind.TRUTH, "is_final", is_required=True)
    yield Column(("recordedAt",), Kind.MOMENT, "recorded_at", is_required=True)
    yield Column(("reason",), Kind.TEXT, _said("reason"))
    yield Column(("fictional",), Kind.TRUTH, "is_demo", is_required=True)


def measurement_columns() -> Iterator[Column]:
    """Yield the columns of a figure."""
    yield from _own("measurements")
    period = Derived(
        ("period_start", "resolution"),
        _SQL_PERIOD,
        lambda start, length: str(Period(start, length)),
    )
    yield Column(("period",), Kind.WORD, period, is_required=True)
    yield Column(("resolution",), Kind.WORD, "resolution", is_required=True)
    yield Column(("periodStart",), Kind.DATE, "period_start", is_required=True)
    yield Column(("periodEnd",), Kind.DATE, "period_end", is_required=True)
    yield Column(("breakdown",), Kind.NAME, _said("breakdown_key"))
    yield Column(("valueState",), Kind.WORD, _value_state(), is_required=True)
    for name in ("value", "numerator", "denominator"):
        yield Column((name,), Kind.DECIMAL, name)
    yield Column(("level",), Kind.INTEGER, "level")
    yield Column(("doneOn",), Kind.DATE, "done_on")
    yield Column(("forecastOn",), Kind.DATE, "forecast_on")
    yield from _review()
    yield Column(("locked",), Kind.TRUTH, "is_locked", is_required=True)
    approved = ExpressionWrapper(Q(approved_by__isnull=False), BooleanField())
    yield Column(("approved",), Kind.TRUTH, approved, is_required=True)
    yield Column(("confirmedChecks",), Kind.CODES, "confirmed_checks", is_required=True)
    yield Column(("recordedAt",), Kind.MOMENT, "recorded_at", is_required=True)
    for name, kind, column in (("id", Kind.ID, "uuid"), ("code", Kind.NAME, "code")):
        source = partial(_recording_unit, column=column)
        yield Column(("recordedByUnit", name), kind, source, is_required=True)
    yield Column(("reason",), Kind.TEXT, _said("reason"))
    yield from languages(("narrative",), "narrative")
    yield Column(("fictional",), Kind.TRUTH, "is_demo", is_required=True)


def _with_reviews(rows: Any, read: "Read") -> Any:
    moment = read.clocks.known_at
    return rows.with_last_word(moment).with_lock(moment)


def _review() -> Iterator[Column]:
    """Yield what the head last said of a figure, from one look at its reviews."""
    known = ("last_word", _is_inside)
    provisional = Derived(
        ("last_word",),
        f"NOT coalesce({_IS_VALIDATED}, false)",
        lambda last_word: _validation(last_word, False) != VALIDATED,  # noqa: FBT003
    )
    validation = Derived(
        known,
        f"CASE WHEN {_IS_VALIDATED} THEN '{VALIDATED}' WHEN {_SENT_BACK} THEN '{RETURNED}' "
        "ELSE 'provisional' END",
        _validation,
    )
    reason = Derived(
        known,
        f"CASE WHEN {_SENT_BACK} THEN NULLIF(substr({{0}}, {len(RETURNED) + 2}), '') END",
        _return_reason,
    )
    yield Column(("provisional",), Kind.TRUTH, provisional, is_required=True)
    yield Column(("validation",), Kind.WORD, validation, is_required=True)
    yield Column(("returnReason",), Kind.TEXT, reason)


def _said(name: str) -> Expression:
    """Return a text column, NULL where it says nothing."""
    return NullIf(F(name), Value(""), output_field=_TEXT)


def _value_state() -> Expression:
    is_part = ~Q(breakdown_key="")
    return Case(
        When(is_part & Q(value=None, numerator=None, denominator=None), then=Value("missing")),
        default=Value("measured"),
        output_field=_TEXT,
    )


def _is_inside(read: "Read") -> Expression:
    """Tell whether the user learns that a figure was sent back."""
    inside = corrections_seen(access_of(read.user), "indicator__owner_id")
    true, false = Value(True), Value(False)  # noqa: FBT003 (SQL constants)
    return Case(When(inside, then=true), default=false, output_field=BooleanField())


def _validation(last_word: str | None, is_inside: bool) -> str:  # noqa: FBT001 (a cell)
    kind = (last_word or "").partition(" ")[0]
    is_hidden = not kind or (kind == RETURNED and not is_inside)
    return "provisional" if is_hidden else kind


def _return_reason(last_word: str | None, is_inside: bool) -> str | None:  # noqa: FBT001 (a cell)
    kind, _space, reason = (last_word or "").partition(" ")
    return reason or None if is_inside and kind == RETURNED else None


def _recording_unit(read: "Read", column: str) -> "Expression | F":
    """Return the unit that had the indicator on the day of recording (see transfers.unit_of_day).

    Where nothing ever moved that is the unit that has it.
    """
    now = F(f"indicator__owner__{column}")
    kind = Indicator.type_name()
    if not transfers_of_type(kind):
        return now
    recorded_at = ExpressionWrapper(OuterRef("recorded_at"), DateTimeField())
    moved_later = UnitTransfer.objects.filter(
        target_type=kind,
        target_uuid=OuterRef("indicator__uuid"),
        takes_effect_on__gt=TruncDate(recorded_at),
        recorded_at__lte=read.clocks.known_at,
    ).order_by("takes_effect_on", "recorded_at", "pk")
    return Coalesce(Subquery(moved_later.values(f"from_unit__{column}")[:1]), now)


TARGETS: Final = QueryTable(TargetRow, target_columns)
MEASUREMENTS: Final = QueryTable(MeasurementRow, measurement_columns, _with_reviews)

"""The figures of one page as the database gives them, and what was said of them.

A page of figures is read without making a record of each: two queries over columns that nothing
converts on the way. What a head said of a figure and whether a report locked it come by page, not
by row; with_validation, with_return_reason and with_lock say the same in SQL.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Func, Q, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from objectives.indicators.choices import MeasurementEventKind
from objectives.indicators.models import Indicator, MeasurementEvent
from objectives.indicators.selectors.figures import REVIEWS

# Of a figure, in this order, what its key, slot and total are; then all else that an item says.
_SLOT: Final = ("pk", "total", "indicator_id", "period_start", "resolution")
_SAID: Final = (
    *("uuid", "period_end"),
    *("breakdown_key", "value", "numerator", "denominator", "level", "done_on", "forecast_on"),
    *("approved_by_id", "confirmed_checks", "recorded_at", "reason", "narrative", "is_demo"),
)
# To read these of a thousand rows takes a tenth of what unpacking each does.
_TOTAL: Final = itemgetter(_SLOT.index("total"))
_INDICATOR: Final = itemgetter(_SLOT.index("indicator_id"))
_PLACE: Final = itemgetter(_SLOT.index("indicator_id"), _SLOT.index("period_start"))
_LOCKED: Final = tuple(f"measurement__{name}" for name in _SLOT[2:])
# Those that a driver or Django would make something else of than what is stored; `total` is one
# that only an expression can name.
_CONVERTED: Final = frozenset(
    {
        *("total", "period_start", "measurement__period_start", "uuid", "period_end"),
        *("value", "numerator", "denominator", "done_on", "forecast_on"),
        *("confirmed_checks", "recorded_at", "narrative", "is_demo"),
    }
)

_CLOSE: Final = 10

# The columns above: on SQLite text or a float where PostgreSQL gives a date or a decimal.
StoredFigure: TypeAlias = tuple[Any, ...]
Slot: TypeAlias = tuple[int, Any, str]


class FigureSubject(NamedTuple):
    """The indicator of a figure, as far as a figure refers to it."""

    uuid: UUID
    code: str
    owner_id: int


class FigureReview(NamedTuple):
    """The last review of a figure of the whole: its kind and reason."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class FigureFacts:
    """What was known at a moment of the figures of one page.

    `subjects` are by the key of the indicator, `reviews` by that of their total. `locked` are the
    slots, as they are stored, on which a report was issued.
    """

    subjects: dict[int, FigureSubject]
    reviews: dict[int, FigureReview]
    locked: frozenset[Slot]


class Stored(Func):
    """A column as it is stored: Django converts nothing, and SQLite follows no index on it."""

    template = "%(expressions)s"
    arity = 1
    output_field = TextField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        """Hide what the column was declared as, which SQLite's driver would convert it by."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class StoredIdentity(Stored):
    """A UUID as text: PostgreSQL's driver would make an object of each."""

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, Any]:
        """Let the database write it."""
        return self.as_sql(compiler, connection, template="%(expressions)s::text", **context)


def _as_stored(rows: QuerySet[Any], names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    hidden = {name: f"stored_{place}" for place, name in enumerate(names) if name in _CONVERTED}
    columns = {
        shown: StoredIdentity(name) if name == "uuid" else Stored(name)
        for name, shown in hidden.items()
    }
    shown = (hidden.get(name, name) for name in names)
    found: Iterable[tuple[Any, ...]] = rows.annotate(**columns).values_list(*shown)
    return found


def stored_figures(rows: QuerySet[Any]) -> list[StoredFigure]:
    """Return measurements that have `total` (see with_total): one query."""
    return list(_as_stored(rows, (*_SLOT, *_SAID)))


def facts_of(figures: Sequence[StoredFigure], moment: datetime) -> FigureFacts:
    """Return what was known of the figures at a moment: three queries."""
    # An index on the moment would lead past every event there is: those of the figures are wanted.
    at = Stored("recorded_at", output_field=DateTimeField())
    every: QuerySet[Any] = MeasurementEvent.objects.alias(at=at)
    events = every.filter(at__lte=moment)
    subjects = Indicator.objects.filter(pk__in=set(map(_INDICATOR, figures)))
    said = subjects.order_by().values_list("pk", "uuid", "code", "owner_id")
    return FigureFacts(
        {key: FigureSubject(*names) for key, *names in said},
        _reviews(events, set(map(_TOTAL, figures)) - {None}),
        _locked(events, figures),
    )


def _reviews(events: QuerySet[Any], totals: set[int]) -> dict[int, FigureReview]:
    rows = events.filter(_among(totals), kind__in=REVIEWS).order_by("at", "pk")
    said = rows.values_list("measurement_id", "kind", "reason")
    return {key: FigureReview(kind, reason) for key, kind, reason in said}


def _among(keys: set[int]) -> Q:
    """Return the condition for events of these measurements.

    Keys that lie close together, as those of one time do, are named by the first and last of them:
    a few events too many are read in less time than thousands of keys are written.
    """
    if keys and max(keys) - min(keys) < _CLOSE * len(keys):
        return Q(measurement_id__gte=min(keys), measurement_id__lte=max(keys))
    return Q(measurement__in=keys)


def _locked(events: QuerySet[Any], figures: Iterable[StoredFigure]) -> frozenset[Slot]:
    slots = set(map(_PLACE, figures))
    rows = events.filter(
        kind=MeasurementEventKind.LOCKED,
        measurement__indicator__in={indicator for indicator, _start in slots},
        measurement__period_start__in={start for _indicator, start in slots},
    )
    return frozenset(_as_stored(rows.order_by(), _LOCKED))

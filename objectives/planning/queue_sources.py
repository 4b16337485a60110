"""What planning brings to the page "waiting for you"."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ibzplan.core.clocks import Clocks
from ibzplan.core.models import HistoryEntry
from ibzplan.core.steady import steady
from objectives.indicators.formatting import figure_text, period_text
from objectives.indicators.models import Correction, Measurement, Obligation
from objectives.indicators.selectors.figures import last_reviews
from objectives.planning.choices import Step, WaitsFor
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors import waiting
from objectives.planning.selectors.bulk import hindrances
from objectives.planning.selectors.desks import RETURNED, arrivals
from objectives.planning.selectors.narratives import (
    narratives_missing,
    narratives_missing_count,
)
from objectives.planning.selectors.queues import Counted, QueueRow, QueueSource, register
from personnel.access import Access
from personnel.choices import Role
from personnel.models import User

# desk, order, what stands above the list, and the step that a user takes with many at once
_DESKS: Final[tuple[tuple[WaitsFor, int, Promise, Step | None], ...]] = (
    (WaitsFor.COMMITTEE, 10, gettext_lazy("Objectives to approve"), Step.APPROVE),
    (WaitsFor.CORPORATE, 20, gettext_lazy("Submitted objectives to review"), Step.PASS_ON),
    (WaitsFor.HEAD, 30, gettext_lazy("Objectives handed over to you"), Step.SUBMIT),
    (WaitsFor.PLANNER, 60, gettext_lazy("Objectives on your desk"), None),
)


def _objectives(desk: WaitsFor, _user: User, access: Access) -> Iterable[QueueRow]:
    return [
        QueueRow(
            title=row.title,
            url=reverse("planning:objective", args=[row.uuid]),
            code=row.code,
            unit=row.unit.code,
            year=row.plan.year,
            since=row.created_at,
            uuid=row.uuid,
            version=row.version,
        )
        for row in _lying(desk, access)
    ]


def _lying(desk: WaitsFor, access: Access) -> Sequence[OperationalObjective]:
    """Return the objectives on the user's own desk, in the order of the plan: one query."""
    return _on_desk(desk, access) if _has_desk(desk, access) else ()


@steady
def _on_desk(desk: WaitsFor, access: Access) -> tuple[OperationalObjective, ...]:
    rows = waiting.on_desk(access, desk).select_related("plan", "unit", "werf", "holder")
    return tuple(rows.order_by("plan__year", "unit__order", "unit_id", "werf__order", "code", "pk"))


def _arrived(desk: WaitsFor, access: Access, rows: Sequence[QueueRow]) -> Iterable[QueueRow]:
    """Add how each came to the desk, and what keeps it from going on with others."""
    objectives = _lying(desk, access)
    came = arrivals(objectives)
    hindered = hindrances(objectives) if desk != WaitsFor.PLANNER else {}
    words = {row.uuid: hindered.get(row.pk, "") for row in objectives}
    for row in rows:
        assert row.uuid is not None  # noqa: S101 (each is an objective)
        entry = came.get(row.uuid)
        yield replace(
            row,
            since=entry.at if entry else row.since,
            by=_who(entry) if entry else "",
            note=_note(entry),
            hindrance=words.get(row.uuid, ""),
        )


def _who(entry: HistoryEntry) -> str:
    return str(entry.actor) if entry.actor else "ibzplan"


def _note(entry: HistoryEntry | None) -> str:
    """Return why it came back; a draft that never moved says so."""
    if entry is None:
        return _("Not handed over yet.")
    if entry.action in RETURNED:
        return _("Returned: %(reason)s") % {"reason": entry.reason}
    return ""


def _objectives_count(desk: WaitsFor, _user: User, access: Access) -> Counted:
    return waiting.on_desk(access, desk) if _has_desk(desk, access) else None


def _has_desk(desk: WaitsFor, access: Access) -> bool:
    if desk == WaitsFor.PLANNER:
        return bool(waiting.planner_units(access))
    if desk == WaitsFor.HEAD:
        return access.is_superuser or bool(access.head_unit_ids)
    return access.has(desk)


def _missing(_user: User, access: Access) -> Iterable[QueueRow]:
    today = timezone.localdate()
    if not waiting.planner_units(access):
        return []
    return [
        _missing_row(row, is_late=row.due_on < today)
        for row in waiting.figures_missing(access, today)
    ]


def _missing_row(row: Obligation, *, is_late: bool) -> QueueRow:
    return QueueRow(
        title=row.indicator.title,
        url=f"{_indicator(row)}?year={row.period_end.year}#record",
        code=row.indicator.code,
        unit=row.indicator.owner.code,
        year=row.period_end.year,
        deadline=row.due_on,
        is_late=is_late,
        note=period_text(row.period),
    )


def _indicator(row: Obligation | Measurement) -> str:
    return reverse("planning:indicator", args=[row.indicator.uuid])


def _figure_row(row: Measurement, *, since: datetime, by: str, note: str, anchor: str) -> QueueRow:
    return QueueRow(
        title=row.indicator.title,
        url=f"{_indicator(row)}?year={row.period_end.year}#{anchor}",
        code=row.indicator.code,
        unit=row.indicator.owner.code,
        year=row.period_end.year,
        since=since,
        by=by,
        note=note,
    )


def _figure(row: Measurement) -> str:
    return f"{period_text(row.period)}: {figure_text(row.indicator, row)}"


def _returned(_user: User, access: Access) -> Iterable[QueueRow]:
    if not waiting.planner_units(access):
        return []
    known_at = Clocks.now().known_at
    rows = list(waiting.figures_returned(access, known_at))
    reviews = last_reviews(rows, known_at) if rows else {}
    return [
        _figure_row(
            row,
            since=reviews[row.pk].recorded_at,
            by=str(reviews[row.pk].recorded_by),
            note=f"{_figure(row)}. {reviews[row.pk].reason}",
            anchor="record",
        )
        for row in rows
    ]


def _to_validate(_user: User, access: Access) -> Iterable[QueueRow]:
    if not _has_desk(WaitsFor.HEAD, access):
        return []
    rows = waiting.figures_to_validate(access, Clocks.now().known_at)
    return [
        _figure_row(
            row,
            since=row.recorded_at,
            by=str(row.recorded_by),
            note=_figure(row),
            anchor="figures",
        )
        for row in rows
    ]


def _narratives(_user: User, access: Access) -> Iterable[QueueRow]:
    today = timezone.localdate()
    if not _narrates(access):
        return []
    return [
        QueueRow(
            title=row.title,
            url=reverse("planning:narrative", args=[row.uuid, period]),
            code=row.code,
            unit=row.unit.code,
            year=row.plan.year,
            note=period_text(period),
        )
        for row, periods in narratives_missing(access, today)
        for period in periods
    ]


def _narrates(access: Access) -> bool:
    return any(access.plans_for(pk) for pk in access.unit_ids)


def _narratives_count(_user: User, access: Access) -> Counted:
    return narratives_missing_count(access, timezone.localdate()) if _narrates(access) else None


def _decides(access: Access) -> bool:
    return _has_desk(WaitsFor.HEAD, access) or access.has(Role.CORPORATE)


def _corrections(user: User, access: Access) -> Iterable[QueueRow]:
    if not _decides(access):
        return []
    rows = waiting.corrections_to_decide(access, user.pk)
    return [_correction_row(row) for row in rows]


def _correction_row(row: Correction) -> QueueRow:
    return _figure_row(
        row.measurement,
        since=row.requested_at,
        by=str(row.requested_by),
        note=f"{period_text(row.measurement.period)}. {row.reason}",
        anchor="figures",
    )


def _plans(_user: User, access: Access) -> Iterable[QueueRow]:
    return [
        QueueRow(
            title=_("Operational plan %(year)s") % {"year": plan.year},
            url=reverse("planning:plan", args=[plan.year]),
            year=plan.year,
            note=_("The committee puts it in force."),
            deadline=None,
        )
        for plan in (waiting.plans_to_approve(access) if access.has(Role.COMMITTEE) else ())
    ]


def register_all() -> None:
    """Register the desks, the figures, the corrections and the plans."""
    for desk, order, label, step in _DESKS:
        register(
            QueueSource(
                name=f"objectives_{desk}",
                order=order,
                label=label,
                rows=partial(_objectives, desk),
                count=partial(_objectives_count, desk),
                details=partial(_arrived, desk),
                step=step,
            )
        )
    for name, order, text, rows, count in (
        ("plans", 5, gettext_lazy("Plans to put in force"), _plans, _plans_count),
        ("to_validate", 40, gettext_lazy("Figures to validate"), _to_validate, _validate_count),
        (
            "corrections",
            45,
            gettext_lazy("Corrections to decide"),
            _corrections,
            _corrections_count,
        ),
        ("returned", 50, gettext_lazy("Figures sent back to you"), _returned, _returned_count),
        (
            "narratives",
            70,
            gettext_lazy("Narratives to write"),
            _narratives,
            _narratives_count,
        ),
        ("missing", 55, gettext_lazy("Figures to give"), _missing, _missing_count),
    ):
        register(QueueSource(name=name, order=order, label=text, rows=rows, count=count))


def _plans_count(_user: User, access: Access) -> Counted:
    return waiting.plans_to_approve(access) if access.has(Role.COMMITTEE) else None


def _validate_count(_user: User, access: Access) -> Counted:
    if not _has_desk(WaitsFor.HEAD, access):
        return None
    return waiting.figures_to_validate(access, Clocks.now().known_at)


def _corrections_count(user: User, access: Access) -> Counted:
    return waiting.corrections_to_decide(access, user.pk) if _decides(access) else None


def _returned_count(_user: User, access: Access) -> Counted:
    if not waiting.planner_units(access):
        return None
    return waiting.figures_returned(access, Clocks.now().known_at)


def _missing_count(_user: User, access: Access) -> Counted:
    if not waiting.planner_units(access):
        return None
    return waiting.figures_missing(access, timezone.localdate())

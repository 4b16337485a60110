"""A reorganisation: prepared by the corporate cell, carried out by the direction committee."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import FIRST_YEAR, LAST_YEAR
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.strategy.models import Werf
from personnel.access import access_of
from personnel.models import OrganisationUnit, User
from reporting.choices import ReorganisationState
from reporting.models import Reorganisation, ReorganisedUnit
from reporting.selectors.reorganisation import (
    Moves,
    applies_reorganisations,
    can_be_applied,
    is_new,
    last_transfer,
    prepares_reorganisations,
    reorganisation_moves,
    was_ended_by_reorganisation,
)
from reporting.services.reorganisation_step import ReorganisationStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A unit whose work goes over; without werven the whole of it."""

    unit: OrganisationUnit
    werven: tuple[Werf, ...] = ()

    def __str__(self) -> str:
        """Return the unit, with the werven that go over when it is not the whole."""
        codes = ", ".join(sorted(werf.code for werf in self.werven))
        return f"{self.unit.code} ({codes})" if codes else self.unit.code


@dataclass(frozen=True, slots=True, kw_only=True)
class ReorganisationSheet:
    """What the corporate cell states of a reorganisation."""

    title: LocalisedText
    takes_effect_on: date
    successor: OrganisationUnit
    sources: tuple[Source, ...]
    reason: str = ""

    def values(self) -> dict[str, Any]:
        """Return the columns."""
        return {
            "title": self.title,
            "takes_effect_on": self.takes_effect_on,
            "successor": self.successor,
            "reason": self.reason.strip(),
        }

    @property
    def source_names(self) -> list[str]:
        """Return the sources as the history keeps them."""
        return sorted(str(source) for source in self.sources)


def _must_prepare(actor: User) -> None:
    if not prepares_reorganisations(access_of(actor)):
        raise NotAllowed("corporate_only", _("Only the corporate cell prepares a reorganisation."))


def _check_sheet(sheet: ReorganisationSheet) -> None:
    if not sheet.title:
        raise DomainError("title_required", _("Give the reorganisation a name."), "title_nl")
    if not FIRST_YEAR < sheet.takes_effect_on.year < LAST_YEAR:
        raise DomainError(
            "date_out_of_range",
            _("%(date)s is no day on which a unit can go over.")
            % {"date": date_format(sheet.takes_effect_on, "SHORT_DATE_FORMAT")},
            "takes_effect_on",
        )
    if not sheet.sources:
        raise DomainError("units_required", _("Choose the units that go over."), "units")
    units = [source.unit for source in sheet.sources]
    _check_units(units, sheet.successor, sheet.takes_effect_on)


def _check_units(units: Iterable[OrganisationUnit], successor: OrganisationUnit, day: date) -> None:
    """Refuse units that do not exist on the day any more, when it is prepared and carried out.

    A successor that an earlier reorganisation ended begins again: so a mistake is mended.
    """
    for unit in units:
        _check_source(unit, successor, day)
    ends_on = successor.valid_to
    if ends_on is not None and ends_on < day and not was_ended_by_reorganisation(successor):
        raise DomainError(
            "successor_ended",
            _("%(unit)s ended on %(date)s: choose a unit that still exists then.")
            % {
                "unit": successor.code,
                "date": date_format(ends_on, "SHORT_DATE_FORMAT"),
            },
            "successor",
        )


def _check_source(unit: OrganisationUnit, successor: OrganisationUnit, day: date) -> None:
    if unit == successor:
        raise DomainError(
            "into_itself",
            _("%(unit)s cannot go over into itself: choose another successor.")
            % {"unit": unit.code},
            "successor",
        )
    if unit.valid_to is not None and unit.valid_to < day:
        raise DomainError(
            "unit_ended",
            _("%(unit)s ended on %(date)s already: take it away.")
            % {"unit": unit.code, "date": date_format(unit.valid_to, "SHORT_DATE_FORMAT")},
            "units",
        )


@transaction.atomic
def reorganisation_create(
    *, actor: User, sheet: ReorganisationSheet, uuid: UUID | None = None
) -> Reorganisation:
    """Prepare a reorganisation; nothing moves. Raises NotAllowed, or DomainError with the field.

    With the `uuid` of one that exists already (a form sent twice) that one is returned.
    """
    _must_prepare(actor)
    _check_sheet(sheet)
    at = next_instant()
    again = Reorganisation.objects.filter(uuid=uuid).first() if uuid is not None else None
    if again is not None:
        return again
    row = Reorganisation.objects.create(uuid=uuid or uuid4(), **sheet.values())
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])
    _set_sources(row, sheet.sources)
    history_record(
        actor=actor,
        target=row,
        action="created",
        changes={
            "sources": ([], sheet.source_names),
            **{name: (None, value) for name, value in sheet.values().items()},
        },
        at=at,
    )
    return row


@transaction.atomic
def reorganisation_update(
    *,
    actor: User,
    reorganisation: Reorganisation,
    sheet: ReorganisationSheet,
    expected_version: int | None = None,
) -> None:
    """Change what is prepared. Raises NotAllowed, DomainError with the field, EditConflict."""
    _must_prepare(actor)
    _check_sheet(sheet)
    at = next_instant()
    current = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    _refuse_applied(current)
    _refuse_other_version(current, expected_version)
    before = sorted(_names(current))
    changed = record_change(actor=actor, target=reorganisation, values=sheet.values(), at=at)
    if before == sheet.source_names:
        return
    _set_sources(reorganisation, sheet.sources)
    history_record(
        actor=actor,
        target=reorganisation,
        action="changed",
        changes={"sources": (before, sheet.source_names)},
        at=at,
    )
    if not changed:
        reorganisation.version += 1
        reorganisation.save(update_fields=["version"])


def _names(reorganisation: Reorganisation) -> list[str]:
    rows = reorganisation.sources.select_related("unit").prefetch_related("werven")
    return [str(Source(unit=row.unit, werven=tuple(row.werven.all()))) for row in rows]


def _set_sources(reorganisation: Reorganisation, sources: Sequence[Source]) -> None:
    reorganisation.sources.all().delete()
    for source in sources:
        row = ReorganisedUnit.objects.create(reorganisation=reorganisation, unit=source.unit)
        row.werven.set(source.werven)


def _refuse_applied(reorganisation: Reorganisation) -> None:
    if reorganisation.state == ReorganisationState.APPLIED:
        raise DomainError(
            "already_applied",
            _("This reorganisation is carried out: prepare another one to mend it."),
        )


def _refuse_other_version(current: Reorganisation, expected_version: int | None) -> None:
    if expected_version is not None and expected_version != current.version:
        raise EditConflict(_("Someone else changed this while you were working."), {})


@transaction.atomic
def reorganisation_apply(
    *, actor: User, reorganisation: Reorganisation, expected_version: int | None = None
) -> Moves:
    """Let everything go over, at one instant; return what went. On its day or after, never before.

    The records name the successor from now on; a `UnitTransfer` each keeps the unit that they had
    before that day. Users of a unit that goes over whole get their role in the successor and keep
    the one they had: they go on reading, and evaluate, what stays behind in years that are over.
    The consolidated text of a plan in force is frozen anew.

    Raises NotAllowed for anyone but the direction committee, DomainError before the day, when it
    was done already, moves nothing or another one ended a unit meanwhile, EditConflict when it was
    changed meanwhile.
    """
    if not applies_reorganisations(access_of(actor)):
        raise NotAllowed(
            "committee_only", _("Only the direction committee carries a reorganisation out.")
        )
    at = next_instant()
    current = Reorganisation.objects.select_for_update().get(pk=reorganisation.pk)
    _refuse_applied(current)
    _refuse_other_version(current, expected_version)
    if not can_be_applied(current, timezone.localdate(at)):
        raise DomainError(
            "too_early",
            _("It is carried out on %(date)s at the earliest.")
            % {"date": date_format(current.takes_effect_on, "SHORT_DATE_FORMAT")},
        )
    sources = current.sources.select_related("unit")
    _check_units((row.unit for row in sources), current.successor, current.takes_effect_on)
    moves = reorganisation_moves(current, at)
    if moves.is_empty:
        raise DomainError("nothing_moves", _("Nothing goes over: look at the units again."))
    _check_order(moves, current.takes_effect_on)
    step = ReorganisationStep(actor, current, at)
    began = is_new(current.successor)
    step.move(moves)
    step.end_units(moves, began=began)
    step.freeze(moves)
    record_change(
        actor=actor,
        target=reorganisation,
        values={"state": ReorganisationState.APPLIED, "applied_at": at, "applied_by": actor},
        action="applied",
        at=at,
    )
    return moves


def _check_order(moves: Moves, day: date) -> None:
    """Refuse a day before that of an earlier transfer: two units would claim the days between."""
    last = last_transfer(moves.records)
    if last is None or last[1].takes_effect_on <= day:
        return
    record, transfer = last
    raise DomainError(
        "before_transfer",
        _("%(name)s went over into %(unit)s on %(date)s: choose that day or a later one.")
        % {
            "name": getattr(record, "code", "") or str(record),
            "unit": transfer.to_unit.code,
            "date": date_format(transfer.takes_effect_on, "SHORT_DATE_FORMAT"),
        },
        "takes_effect_on",
    )

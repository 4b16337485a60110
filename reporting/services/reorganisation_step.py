"""What a reorganisation does to the plan and the register once it is carried out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from ibzplan.core.models import Record
from ibzplan.core.services import history_record, record_change
from objectives.indicators.models import Indicator
from objectives.planning.choices import PlanState
from objectives.planning.models import CoOwner, OperationalPlan
from objectives.planning.services.versions import plan_version_freeze
from objectives.strategy.models import Werf, WerfUnit
from personnel.models import MinisterUnit, OrganisationUnit, UnitTransfer, User
from personnel.services import role_assign
from reporting.models import Reorganisation
from reporting.selectors.reorganisation import Moves


@dataclass(frozen=True, slots=True)
class ReorganisationStep:
    """Who carries what out, and the one instant of it."""

    actor: User
    row: Reorganisation
    at: datetime

    @property
    def reason(self) -> str:
        """Return what the history says beside each change."""
        parts = (self.row.title.best("nl")[0], self.row.reason)
        return ": ".join(part for part in parts if part)

    def move(self, moves: Moves) -> None:
        """Give everything to the successor."""
        UnitTransfer.objects.bulk_create(self._transfer(record) for record in moves.records)
        for record in moves.records:
            self._change(record, {_unit_field(record): self.row.successor}, action="reorganised")
        for werf in moves.werven:
            self._add_to_werf(werf)
        for co_owner in moves.co_owners:
            self._move_co_owner(co_owner)
        for role in moves.roles:
            role_assign(
                actor=self.actor,
                user=role.user,
                role=role.role,
                unit=self.row.successor,
                at=self.at,
            )

    def _transfer(self, record: Record) -> UnitTransfer:
        return UnitTransfer(
            target_type=record.type_name(),
            target_uuid=record.uuid,
            from_unit=getattr(record, _unit_field(record)),
            to_unit=self.row.successor,
            takes_effect_on=self.row.takes_effect_on,
            recorded_at=self.at,
            recorded_by=self.actor,
            reason=self.reason,
            is_demo=record.is_demo,
        )

    def _change(self, record: Record, values: dict[str, Any], *, action: str) -> None:
        record_change(
            actor=self.actor,
            target=record,
            values=values,
            action=action,
            reason=self.reason,
            at=self.at,
        )

    def _add_to_werf(self, werf: Werf) -> None:
        """Let the successor work on the werf too, after the units that worked on it before."""
        links = list(werf.unit_links.select_related("unit"))
        successor = self.row.successor
        WerfUnit.objects.create(
            werf=werf, unit=successor, order=max((link.order for link in links), default=-1) + 1
        )
        before = [link.unit.code for link in links]
        history_record(
            actor=self.actor,
            target=werf,
            action="reorganised",
            changes={"units": (before, [*before, successor.code])},
            reason=self.reason,
            at=self.at,
        )

    def _move_co_owner(self, row: CoOwner) -> None:
        """End the row and begin one of the successor, unless the objective is its own already."""
        objective, successor = row.objective, self.row.successor
        CoOwner.objects.filter(pk=row.pk).update(known_until=self.at)
        objective.refresh_from_db(fields=["unit"])
        there = CoOwner.objects.current().filter(objective=objective, unit=successor).exists()
        if not there and objective.unit_id != successor.pk:
            CoOwner.objects.create(
                objective=objective, unit=successor, known_from=self.at, is_demo=row.is_demo
            )
        history_record(
            actor=self.actor,
            target=objective,
            action="reorganised",
            changes={"co_owners": ([row.unit.code], [successor.code])},
            reason=self.reason,
            at=self.at,
        )

    def end_units(self, moves: Moves, *, began: bool) -> None:
        """Let the old units and their links with ministers end on the day before."""
        first, last = self.row.takes_effect_on, self.row.takes_effect_on - timedelta(days=1)
        successor = self.row.successor
        if successor.valid_to is not None and successor.valid_to < first:
            self._change(successor, {"valid_to": None}, action="reorganised")
        elif began and successor.valid_from is None:
            self._change(successor, {"valid_from": first}, action="reorganised")
        if successor.parent_id in {unit.pk for unit in moves.ended}:
            self._change(successor, {"parent": None}, action="reorganised")
        for unit in moves.ended:
            self._change(unit, {"valid_to": last}, action="reorganised")
        is_linked = (
            MinisterUnit.objects.filter(unit=successor)
            .filter(Q(valid_to=None) | Q(valid_to__gte=first))
            .exists()
        )
        for link in moves.minister_links:
            self._change(link, {"valid_to": last}, action="reorganised")
            if not is_linked:
                self._link(link)

    def _link(self, old: MinisterUnit) -> None:
        """Let a successor without a minister answer to that of the old unit."""
        link, made = MinisterUnit.objects.get_or_create(
            minister=old.minister,
            unit=self.row.successor,
            defaults={"valid_from": self.row.takes_effect_on, "is_demo": old.is_demo},
        )
        if not made:  # it answered to this minister before, or two old units do
            if link.valid_to is not None and link.valid_to < self.row.takes_effect_on:
                self._change(link, {"valid_to": None}, action="reorganised")
            return
        link.created_at = self.at
        link.save(update_fields=["created_at"])
        history_record(
            actor=self.actor,
            target=link,
            action="created",
            changes={
                "minister": (None, old.minister),
                "unit": (None, self.row.successor),
                "valid_from": (None, self.row.takes_effect_on),
            },
            reason=self.reason,
            at=self.at,
        )

    def freeze(self, moves: Moves) -> None:
        """Freeze the text of each plan in force in which an objective has another unit now."""
        plans = OperationalPlan.objects.filter(
            pk__in={row.plan_id for row in moves.in_force},
            state=PlanState.APPROVED,
            versions__isnull=False,
        )
        for plan in plans.distinct():
            plan_version_freeze(
                actor=self.actor,
                plan=plan,
                reason=self.reason,
                at=self.at,
                is_reorganisation=True,
            )


def _unit_field(record: Record) -> str:
    if isinstance(record, OrganisationUnit):
        return "parent"  # of a unit below one that ends
    return "owner" if isinstance(record, Indicator) else "unit"

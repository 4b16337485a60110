"""What an approved change does to the plan: each kind by the writers of ordinary edits.

Rights and states are checked by services.amendments, which gives one instant to all of it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, record_change
from objectives.indicators.models import Indicator
from objectives.planning.choices import ChangeKind, LineageKind
from objectives.planning.models import (
    AmendmentChange,
    ObjectiveIndicator,
    ObjectiveLineage,
    OperationalObjective,
)
from objectives.planning.services.amendment_in_force import bring_in, take_out
from objectives.planning.services.amendment_parts import part_apply
from objectives.planning.services.amendment_reasons import ACTION, reason_for_all, reason_of
from objectives.planning.services.amendment_values import (
    holder_named,
    proposed_sheet,
    targets_now,
    unit_named,
)
from objectives.planning.services.known_rows import ObjectiveLinks, links_write
from objectives.planning.services.links import current_link, indicators_refresh, raise_version
from objectives.planning.services.objective_sheets import ObjectiveSheet, check_sheet
from objectives.planning.services.objectives import objective_write
from objectives.planning.services.targets import targets_write
from personnel.models import OrganisationUnit, UnitTransfer, User
from personnel.selectors import planning_units


def change_apply(*, actor: User, change: AmendmentChange, at: datetime) -> None:
    """Do what a change proposes, at `at`. Raises DomainError where a rule of the plan is broken."""
    _EFFECTS[change.kind](actor, change, at)
    indicators_refresh(
        ObjectiveIndicator.objects.current()
        .filter(objective__in=[*change.objectives.all(), *change.results.all()])
        .values_list("indicator_id", flat=True)
    )


def _new(change: AmendmentChange) -> dict[str, Any]:
    return {name: pair[1] for name, pair in change.values.items()}


def _change(actor: User, change: AmendmentChange, at: datetime) -> None:
    objective, reason = _the_one(change), reason_of(change)
    sheet, links = proposed_sheet(objective, _new(change))
    objective_write(
        actor=actor,
        objective=objective,
        sheet=sheet,
        links=links,
        at=at,
        reason=reason,
        action=ACTION,
    )


def _part(actor: User, change: AmendmentChange, at: datetime) -> None:
    objective = _the_one(change)
    for name, value in _new(change).items():
        part_apply(
            actor=actor,
            objective=objective,
            kind=change.kind,
            name=name,
            value=value,
            reason=reason_of(change),
            at=at,
        )


def _owner(actor: User, change: AmendmentChange, at: datetime) -> None:
    objective, values, reason = _the_one(change), _new(change), reason_of(change)
    before = objective.unit
    unit = unit_named(values.get("unit", before.code))
    assert unit is not None  # noqa: S101 (a proposal without a unit is refused)
    if not planning_units().filter(pk=unit.pk).exists():
        raise DomainError(
            "unit_plans_nothing",
            _("%(unit)s has no objectives of its own: choose another unit.") % {"unit": unit.code},
            "unit",
        )
    holder = holder_named(values["holder"]) if "holder" in values else objective.holder
    _check_answers(objective, unit, holder)
    others = [row.unit for row in objective.co_owners.current().select_related("unit")]
    links_write(
        actor=actor,
        objective=objective,
        links=ObjectiveLinks(co_owners=[other for other in others if other != unit]),
        at=at,
        reason=reason,
        action=ACTION,
    )
    new: dict[str, Any] = {"unit": unit, "holder": holder}
    if unit != before:
        new["sub_unit"] = None
    record_change(actor=actor, target=objective, values=new, action=ACTION, reason=reason, at=at)
    if unit != before:
        _hand_over(actor, objective, before, unit, reason, at)
        for indicator in _going_along(objective, values.get("indicators", []), before):
            record_change(
                actor=actor,
                target=indicator,
                values={"owner": unit},
                action=ACTION,
                reason=reason,
                at=at,
            )
            _hand_over(actor, indicator, before, unit, reason, at)


def _check_answers(objective: OperationalObjective, unit: OrganisationUnit, holder: Any) -> None:
    """Refuse a holder that does not answer for the new unit."""
    sheet = ObjectiveSheet(
        title=objective.title,
        starts_on=objective.starts_on,
        ends_on=objective.ends_on,
        holder=holder,
    )
    check_sheet(sheet, unit=unit, year=objective.plan.year)


def _going_along(
    objective: OperationalObjective, codes: list[str], before: OrganisationUnit
) -> list[Indicator]:
    rows = Indicator.objects.filter(
        pk__in=objective.indicator_links.current().values("indicator"),
        code__in=codes,
        owner=before,
    )
    return list(rows)


def _hand_over(
    actor: User,
    record: OperationalObjective | Indicator,
    before: OrganisationUnit,
    unit: OrganisationUnit,
    reason: str,
    at: datetime,
) -> None:
    """Keep which unit had the record until now (docs/adr/0007)."""
    UnitTransfer.objects.create(
        target_type=record.type_name(),
        target_uuid=record.uuid,
        from_unit=before,
        to_unit=unit,
        takes_effect_on=timezone.localdate(at),
        recorded_at=at,
        recorded_by=actor,
        reason=reason,
        is_demo=record.is_demo,
    )


def _target(actor: User, change: AmendmentChange, at: datetime) -> None:
    objective, indicator = _the_one(change), change.indicator
    assert indicator is not None  # noqa: S101 (a proposal without an indicator is refused)
    current_link(objective, indicator)
    final, interim = _proposed_targets(change, indicator)
    told = targets_write(
        actor=actor,
        indicator=indicator,
        year=objective.plan.year,
        due_on=date.fromisoformat(final["due_on"]),
        target=_decimal(final["value"]),
        target_level=final["level"],
        interim=[(date.fromisoformat(row["due_on"]), Decimal(row["value"])) for row in interim],
        reason=reason_of(change),
        at=at,
    )
    if told is None:
        return
    raise_version(objective)
    history_record(
        actor=actor,
        target=objective,
        action=ACTION,
        changes={indicator.code: told},
        reason=reason_for_all(change),
        at=at,
    )


def _proposed_targets(
    change: AmendmentChange, indicator: Indicator
) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """Return the final target and the path to it: what the change leaves alone stays as it is."""
    now = targets_now(indicator, change.amendment.plan.year)
    values = {**now, **_new(change)}
    return values["final"], values["interim"]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _add(actor: User, change: AmendmentChange, at: datetime) -> None:
    for result in change.results.all():
        bring_in(actor=actor, change=change, result=result, at=at)


def _withdraw(actor: User, change: AmendmentChange, at: datetime) -> None:
    for objective in change.objectives.all():
        take_out(actor=actor, change=change, objective=objective, at=at)


def _split(actor: User, change: AmendmentChange, at: datetime) -> None:
    _succeed(actor, change, at, LineageKind.SPLIT)


def _merge(actor: User, change: AmendmentChange, at: datetime) -> None:
    _succeed(actor, change, at, LineageKind.MERGED)


def _succeed(actor: User, change: AmendmentChange, at: datetime, kind: LineageKind) -> None:
    """Let the results take the place of the objectives, with the lineage between them."""
    results, before = list(change.results.all()), list(change.objectives.all())
    for result in results:
        bring_in(actor=actor, change=change, result=result, at=at)
    for objective in before:
        for result in results:
            ObjectiveLineage.objects.create(
                predecessor=objective,
                successor=result,
                kind=kind,
                known_from=at,
                is_demo=objective.is_demo,
            )
        take_out(actor=actor, change=change, objective=objective, at=at)


def _the_one(change: AmendmentChange) -> OperationalObjective:
    """Return the objective as it is now: an earlier change of the amendment may have changed it."""
    objective: OperationalObjective = OperationalObjective.objects.select_related(
        "plan", "plan__plan", "unit", "holder", "sub_unit", "werf"
    ).get(amendment_changes=change)
    return objective


_EFFECTS: Final[Mapping[str, Callable[[User, AmendmentChange, datetime], None]]] = {
    ChangeKind.CHANGE: _change,
    ChangeKind.OWNER: _owner,
    ChangeKind.TARGET: _target,
    ChangeKind.ADD: _add,
    ChangeKind.WITHDRAW: _withdraw,
    ChangeKind.SPLIT: _split,
    ChangeKind.MERGE: _merge,
    ChangeKind.ACTIVITY: _part,
    ChangeKind.RISK: _part,
}

"""What an approved change does to the plan: each kind by the writers of ordinary edits.

Rights and states are checked by services.amendments, which gives one instant to all of it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record, record_change
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.models import Indicator
from objectives.indicators.services import obligations_lapse
from objectives.planning.choices import ChangeKind, LineageKind, PlanState
from objectives.planning.models import (
    AmendmentChange,
    ObjectiveIndicator,
    ObjectiveLineage,
    OperationalObjective,
)
from objectives.planning.services.amendment_parts import part_apply
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
from objectives.planning.services.targets import planned_targets, targets_write
from personnel.models import OrganisationUnit, UnitTransfer, User
from personnel.selectors import planning_units

ACTION: Final = "amended"


def reason_of(change: AmendmentChange) -> str:
    """Return what the history gives as the reason: the number, the same in every language."""
    return f"W{change.amendment.number}: {change.motivation}"


def reason_for_all(change: AmendmentChange) -> str:
    """Return the reason as every reader of the objective or the plan may read it.

    Why the target of a confidential indicator changes is told where that indicator is shown.
    """
    if change.indicator is not None and change.indicator.is_confidential:
        return f"W{change.amendment.number}"
    return reason_of(change)


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
        _bring_in(actor, change, result, at)


def _bring_in(
    actor: User, change: AmendmentChange, result: OperationalObjective, at: datetime
) -> None:
    """Let a draft come into force with the amendment."""
    record_change(
        actor=actor,
        target=result,
        values={"state": PlanState.APPROVED, "waits_for": "", "approved_at": at},
        action=ACTION,
        reason=reason_of(change),
        at=at,
    )
    _begin_measuring(actor, change, result, at)


def _begin_measuring(
    actor: User, change: AmendmentChange, result: OperationalObjective, at: datetime
) -> None:
    """Ask for no period that ended before the objective came into force.

    An indicator that an objective in force of the same year uses already goes on as it is.
    """
    year = result.plan.year
    eve = timezone.localdate(at) - timedelta(days=1)
    links = result.indicator_links.current().select_related("indicator")
    in_use = _in_use([link.indicator_id for link in links], year, besides=result)
    for link in links:
        if link.indicator_id in in_use:
            continue
        indicator = link.indicator
        lapsed = obligations_lapse(
            actor=actor,
            indicator=indicator,
            since=date(year, 1, 1),
            last=min(eve, date(year, 12, 31)),
            reason=since_amendment(change.amendment.number),
            at=at,
        )
        if lapsed:
            _count_from_there(actor, change, indicator, at)


def since_amendment(number: int) -> str:
    """Return why an earlier period is not asked for, in both languages: the record keeps it."""
    said = []
    for language in settings.CONTENT_LANGUAGES:
        with override(language):
            said.append(_("in force since amendment %(number)s") % {"number": f"W{number}"})
    return " / ".join(dict.fromkeys(said))


def _count_from_there(
    actor: User, change: AmendmentChange, indicator: Indicator, at: datetime
) -> None:
    """Let the expected sum of a flow of counts begin at 0 with the first period that applies.

    A path that the planner laid down up to that day stays; any other kind of figure runs on from
    its baseline.
    """
    year = change.amendment.plan.year
    planned = planned_targets(indicator, year)
    final = planned.final
    asked = indicator.obligations.current().filter(not_applicable_reason="", period_end__year=year)
    first = asked.order_by("period_start", "pk").first()
    is_counted = (
        indicator.accumulation == Accumulation.FLOW
        and indicator.target_kind == TargetKind.INCREASE
        and not indicator.is_ratio
    )
    if not is_counted or first is None or final is None or final.value is None:
        return
    eve = first.period_start - timedelta(days=1)
    if eve.year != year or any(row.due_on <= eve for row in planned.interim):
        return
    path = [(row.due_on, row.value) for row in planned.interim if row.value is not None]
    targets_write(
        actor=actor,
        indicator=indicator,
        year=year,
        due_on=final.due_on,
        target=final.value,
        target_level=final.level,
        interim=[(eve, Decimal(0)), *path],
        reason=since_amendment(change.amendment.number),
        at=at,
    )


def _in_use(indicator_ids: list[int], year: int, *, besides: OperationalObjective) -> set[int]:
    """Return which of these indicators another objective in force of that year uses."""
    rows = ObjectiveIndicator.objects.current().filter(
        indicator__in=indicator_ids,
        objective__state=PlanState.APPROVED,
        objective__plan__year=year,
    )
    return set(rows.exclude(objective=besides).values_list("indicator_id", flat=True))


def _withdraw(actor: User, change: AmendmentChange, at: datetime) -> None:
    for objective in change.objectives.all():
        _take_out(actor, change, objective, at)


def _take_out(
    actor: User, change: AmendmentChange, objective: OperationalObjective, at: datetime
) -> None:
    """Take an objective out of the plan; what is not measured elsewhere is asked for no longer."""
    reason = reason_of(change)
    record_change(
        actor=actor,
        target=objective,
        values={"state": PlanState.WITHDRAWN, "waits_for": "", "withdrawn_at": at},
        action=ACTION,
        reason=reason,
        at=at,
    )
    year = objective.plan.year
    links = objective.indicator_links.current().select_related("indicator")
    in_use = _in_use([link.indicator_id for link in links], year, besides=objective)
    for link in links:
        if link.indicator_id not in in_use:
            obligations_lapse(
                actor=actor,
                indicator=link.indicator,
                since=timezone.localdate(at),
                last=date(year, 12, 31),
                reason=reason,
                at=at,
            )


def _split(actor: User, change: AmendmentChange, at: datetime) -> None:
    _succeed(actor, change, at, LineageKind.SPLIT)


def _merge(actor: User, change: AmendmentChange, at: datetime) -> None:
    _succeed(actor, change, at, LineageKind.MERGED)


def _succeed(actor: User, change: AmendmentChange, at: datetime, kind: LineageKind) -> None:
    """Let the results take the place of the objectives, with the lineage between them."""
    results, before = list(change.results.all()), list(change.objectives.all())
    for result in results:
        _bring_in(actor, change, result, at)
    for objective in before:
        for result in results:
            ObjectiveLineage.objects.create(
                predecessor=objective,
                successor=result,
                kind=kind,
                known_from=at,
                is_demo=objective.is_demo,
            )
        _take_out(actor, change, objective, at)


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

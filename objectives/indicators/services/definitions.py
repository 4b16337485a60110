"""An indicator's definition: the first version, and every one after it with its reason."""

import copy
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.services.definition_checks import (
    FIRST_DAY,
    IndicatorSheet,
    check_date,
    check_sheet,
)
from objectives.indicators.services.obligations import obligations_renew
from objectives.indicators.services.targets import check_target
from personnel.access import access_of
from personnel.models import OrganisationUnit, User

# Columns by which a target is judged: what a target contradicts is told at the first that changed.
_JUDGED_BY: Final = (
    "target_kind",
    "baseline",
    "baseline_date",
    "range_low",
    "range_high",
    "tolerance",
    "levels",
    "decimals",
    "accumulation",
    "is_ratio",
    "threshold_on_track",
    "threshold_at_risk",
)


def _search_key(code: str, sheet: IndicatorSheet) -> str:
    return " ".join([fold(code), sheet.title.search_key(), sheet.definition.search_key()])


@transaction.atomic
def indicator_create(
    *,
    actor: User,
    owner: OrganisationUnit,
    code: str,
    sheet: IndicatorSheet,
    derived_from: Indicator | None = None,
    is_demo: bool = False,
    at: datetime | None = None,
) -> Indicator:
    """Make an indicator of a unit, with the first version of its definition.

    Raises NotAllowed, or DomainError naming the field.
    """
    if not access_of(actor).plans_for(owner.pk):
        raise NotAllowed(
            "not_your_unit",
            _("Only planners of %(unit)s add indicators there.") % {"unit": owner.code},
        )
    check_sheet(sheet)
    moment = at or next_instant()
    columns = sheet.columns()
    indicator = Indicator.objects.create(
        owner=owner,
        code=code,
        derived_from=derived_from,
        is_confidential=sheet.is_confidential,
        is_demo=is_demo,
        search_key=_search_key(code, sheet),
        **columns,
    )
    IndicatorDefinition.objects.create(
        indicator=indicator,
        number=1,
        valid_from=FIRST_DAY,
        recorded_by=actor,
        recorded_at=moment,
        is_demo=is_demo,
        **columns,
    )
    history_record(
        actor=actor,
        target=indicator,
        action="created",
        changes={"code": (None, code), "title": (None, sheet.title)},
        at=moment,
    )
    return indicator


@transaction.atomic
def indicator_define(
    *,
    actor: User,
    indicator: Indicator,
    sheet: IndicatorSheet,
    reason: str = "",
    valid_from: date | None = None,
    is_series_break: bool | None = None,
    expected_version: int | None = None,
) -> IndicatorDefinition | None:
    """Append a version of the definition; return it, or None when there is nothing to append.

    `valid_from` is the first day of the figures that it speaks of, by default the same as that of
    the version it replaces. `is_series_break` None leaves a break of that day as it is. Until its
    plan is approved the planners of the unit change it freely; after that the head does, with a
    reason. Whether it is confidential is no part of a version: it changes at once.
    Raises NotAllowed, EditConflict when someone changed it meanwhile, or DomainError naming the
    field.
    """
    moment = next_instant()
    stored = Indicator.objects.select_for_update().select_related("owner").get(pk=indicator.pk)
    _check_right(actor, stored)
    versions = list(stored.definitions.order_by("valid_from", "recorded_at", "pk"))
    before = versions[-1]
    first_day = valid_from or before.valid_from
    breaks = before.is_series_break and first_day == before.valid_from
    if is_series_break is not None:
        breaks = is_series_break
    _check_version(stored, sheet, expected_version)
    check_sheet(sheet)
    check_date("valid_from", first_day)
    columns = sheet.columns()
    changes = {name for name, value in columns.items() if getattr(stored, name) != value}
    is_new = bool(changes) or _moves_break(before, first_day, breaks=breaks)
    if not is_new and sheet.is_confidential == stored.is_confidential:
        return None
    _check_reason(stored, reason)
    if is_new:
        _check_break(before, first_day, breaks=breaks)
        _check_figures_stay(stored, sheet, changes)
        earlier = [version for version in versions if version.valid_from < first_day]
        _check_comparable(stored, columns, earlier[-1] if earlier else before, breaks=breaks)
        _check_targets_stay(stored, columns, changes, first_day)
    number = len(versions) + 1 if is_new else stored.definition_number
    record_change(
        actor=actor,
        target=indicator,
        values={
            **columns,
            "is_confidential": sheet.is_confidential,
            "search_key": _search_key(stored.code, sheet),
            "definition_number": number,
        },
        expected_version=expected_version,
        action="redefined",
        reason=reason.strip(),
        at=moment,
    )
    if not is_new:
        return None
    definition = IndicatorDefinition.objects.create(
        indicator=indicator,
        number=number,
        valid_from=first_day,
        is_series_break=breaks,
        reason=reason.strip(),
        recorded_by=actor,
        recorded_at=moment,
        is_demo=stored.is_demo,
        **columns,
    )
    if changes & {"frequency", "days_until_due"}:
        indicator.frequency, indicator.days_until_due = sheet.frequency, sheet.days_until_due
        obligations_renew(indicator=indicator, valid_from=first_day, at=moment)
    return definition


def may_define(actor: User, indicator: Indicator) -> bool:
    """Tell whether the user changes the definition: planners before approval, the head after it."""
    access = access_of(actor)
    if indicator.is_released:
        return access.plans_for(indicator.owner_id) and access.heads(indicator.owner_id)
    return access.plans_for(indicator.owner_id)


def _check_right(actor: User, indicator: Indicator) -> None:
    if may_define(actor, indicator):
        return
    if not access_of(actor).plans_for(indicator.owner_id):
        raise NotAllowed(
            "not_your_unit",
            _("Only planners of %(unit)s change its indicators.") % {"unit": indicator.owner.code},
        )
    raise NotAllowed(
        "head_only",
        _("The plan is approved: only the head of the directorate changes a definition now."),
    )


def _check_version(
    indicator: Indicator, sheet: IndicatorSheet, expected_version: int | None
) -> None:
    """Tell the second writer first, so that no other refusal hides what happened."""
    if expected_version is not None and expected_version != indicator.version:
        raise EditConflict(
            _("Someone else changed this while you were working."),
            {name: getattr(indicator, name) for name in IndicatorSheet.__dataclass_fields__},
        )


def _moves_break(before: IndicatorDefinition, first_day: date, *, breaks: bool) -> bool:
    """Tell whether a series break is marked or taken back, also when nothing else changes."""
    if first_day == before.valid_from:
        return breaks != before.is_series_break
    return breaks


def _check_reason(indicator: Indicator, reason: str) -> None:
    """A first draft may be rewritten freely; what others have seen may not."""
    seen = indicator.is_submitted or indicator.is_released or indicator.measurements.exists()
    if seen and not reason.strip():
        raise DomainError(
            "reason_required",
            _("Say why the definition changes: the old one stays on record."),
            "reason",
        )


def _check_figures_stay(indicator: Indicator, sheet: IndicatorSheet, changes: set[str]) -> None:
    """Refuse a change that would make the figures there are mean something else unnoticed."""
    if not indicator.measurements.exists():
        return
    without_number = (TargetKind.MILESTONE, TargetKind.ORDINAL)
    other_kind = "target_kind" in changes and (
        sheet.target_kind in without_number or indicator.target_kind in without_number
    )
    fewer_levels = len(sheet.levels) < len(indicator.levels)
    if "is_ratio" in changes or other_kind or fewer_levels:
        raise DomainError(
            "figures_would_not_fit",
            _("There are figures already that this kind cannot hold. Make a new indicator of it."),
            "is_ratio" if "is_ratio" in changes else "target_kind" if other_kind else "levels",
        )
    names = [level.get("nl", "") for level in sheet.levels]
    for place, level in enumerate(indicator.levels):
        name = level.get("nl", "")
        if name in names and names.index(name) != place:
            raise DomainError(
                "levels_moved",
                _("There are figures already: “%(level)s” keeps its place. Add levels at the end.")
                % {"level": name},
                "levels",
            )


def _check_comparable(
    indicator: Indicator,
    columns: Mapping[str, Any],
    earlier: IndicatorDefinition,
    *,
    breaks: bool,
) -> None:
    """Refuse another unit or way of counting than that of the figures before, unless marked."""
    if breaks or not indicator.measurements.exists():
        return
    if (
        earlier.accumulation != columns["accumulation"]
        or earlier.ratio_scale != columns["ratio_scale"]
        or not _same_unit(earlier.unit_of_measure, columns["unit_of_measure"])
    ):
        raise DomainError(
            "series_break_required",
            _("Figures before and after this change cannot be compared: mark a series break."),
            "is_series_break",
        )


def _same_unit(one: LocalisedText, other: LocalisedText) -> bool:
    """Tell whether both name the same unit; a translation added or dropped changes nothing."""
    shared = one.keys() & other.keys()
    if not shared:
        return not one and not other
    return all(one[language] == other[language] for language in shared)


def _check_targets_stay(
    indicator: Indicator, columns: Mapping[str, Any], changes: set[str], first_day: date
) -> None:
    """Refuse a definition by which the targets that still run could not be judged."""
    named = [name for name in _JUDGED_BY if name in changes]
    if not named:
        return
    proposed = copy.copy(indicator)
    for name, value in columns.items():
        setattr(proposed, name, value)
    running = {
        row.due_on: row
        for row in indicator.targets.filter(due_on__gte=first_day).order_by("recorded_at", "pk")
    }
    for target in running.values():
        target.indicator = proposed
        try:
            check_target(target)
        except DomainError as error:
            raise DomainError(error.code, error.message, named[0]) from error


def _check_break(before: IndicatorDefinition, first_day: date, *, breaks: bool) -> None:
    if breaks and first_day <= FIRST_DAY:
        raise DomainError(
            "break_without_date",
            _("Say from which day on the figures can no longer be compared."),
            "valid_from",
        )
    if first_day < before.valid_from:
        raise DomainError(
            "valid_before_version",
            _("A later version holds from %(day)s already. Choose that day or a later one.")
            % {"day": date_format(before.valid_from, "SHORT_DATE_FORMAT")},
            "valid_from",
        )


def sheet_of(indicator: Indicator) -> IndicatorSheet:
    """Return the newest definition as a sheet, to copy it or to change parts of it."""
    values: dict[str, Any] = {
        name: getattr(indicator, name) for name in IndicatorSheet.__dataclass_fields__
    }
    return IndicatorSheet(**values)

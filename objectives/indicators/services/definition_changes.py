"""What a new version of a definition changes, and what the figures and targets there are refuse."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.selectors.definitions import as_defined
from objectives.indicators.services.definition_checks import (
    FIRST_DAY,
    WITHOUT_NUMBER,
    IndicatorSheet,
    check_date,
)
from objectives.indicators.services.targets import check_target

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


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """What a new version would change of the newest one: `names` are the columns that differ."""

    newest: Indicator
    versions: Sequence[IndicatorDefinition]
    sheet: IndicatorSheet
    columns: Mapping[str, Any]
    names: set[str]
    first_day: date
    breaks: bool

    @classmethod
    def of(
        cls,
        stored: Indicator,
        versions: Sequence[IndicatorDefinition],
        sheet: IndicatorSheet,
        valid_from: date | None,
        is_series_break: bool | None,  # noqa: FBT001 (as the service itself takes it)
    ) -> "DefinitionChange":
        """Compare a sheet with the newest version; a break of the same day stays by default."""
        before = versions[-1]
        first_day = valid_from or before.valid_from
        check_date("valid_from", first_day)
        breaks = before.is_series_break and first_day == before.valid_from
        columns = sheet.columns()
        return cls(
            newest=as_defined(stored, before),
            versions=versions,
            sheet=sheet,
            columns=columns,
            names={name for name, value in columns.items() if getattr(before, name) != value},
            first_day=first_day,
            breaks=breaks if is_series_break is None else is_series_break,
        )

    @property
    def is_new(self) -> bool:
        """Tell whether there is anything to append."""
        before = self.versions[-1]
        moves_break = _moves_break(before, self.first_day, breaks=self.breaks)
        return bool(self.names) or moves_break or self.takes_place

    @property
    def takes_place(self) -> bool:
        """Tell whether it holds from an earlier day than the newest version, in its place."""
        return self.first_day < self.versions[-1].valid_from

    def check(self, today: date, reason: str) -> None:
        """Refuse what the figures, the targets or the versions there are do not allow."""
        before = self.versions[-1]
        _check_break(self.first_day, breaks=self.breaks)
        _check_begun(self.versions, self.first_day, today)
        if self.takes_place and not reason.strip():
            raise _reason_required()
        _check_used(self.newest, self.first_day)
        _check_figures_stay(self.newest, self.sheet, self.names)
        earlier = [version for version in self.versions if version.valid_from < self.first_day]
        compared = earlier[-1] if earlier else before
        _check_comparable(self.newest, self.columns, compared, breaks=self.breaks)
        _check_targets_stay(self.newest, self.columns, self.names, self.first_day)


def _moves_break(before: IndicatorDefinition, first_day: date, *, breaks: bool) -> bool:
    """Tell whether a series break is marked or taken back, also when nothing else changes."""
    if first_day == before.valid_from:
        return breaks != before.is_series_break
    return breaks


def check_reason(indicator: Indicator, reason: str) -> None:
    """A first draft may be rewritten freely; what others have seen may not."""
    seen = indicator.is_submitted or indicator.is_released or indicator.measurements.exists()
    if seen and not reason.strip():
        raise _reason_required()


def _reason_required() -> DomainError:
    return DomainError(
        "reason_required",
        _("Say why the definition changes: the old one stays on record."),
        "reason",
    )


def _check_figures_stay(indicator: Indicator, sheet: IndicatorSheet, changes: set[str]) -> None:
    """Refuse a change that would make the figures there are mean something else unnoticed."""
    if not indicator.measurements.exists():
        return
    other_kind = "target_kind" in changes and (
        sheet.target_kind in WITHOUT_NUMBER or indicator.target_kind in WITHOUT_NUMBER
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
        if target.is_lifted:
            continue
        target.indicator = proposed
        try:
            check_target(target)
        except DomainError as error:
            raise DomainError(error.code, error.message, named[0]) from error


def _check_break(first_day: date, *, breaks: bool) -> None:
    if breaks and first_day <= FIRST_DAY:
        raise DomainError(
            "break_without_date",
            _("Say from which day on the figures can no longer be compared."),
            "valid_from",
        )


def _check_begun(versions: Sequence[IndicatorDefinition], first_day: date, today: date) -> None:
    """Refuse to take the place of a version that has begun; one that has not may be replaced."""
    begun = [row.valid_from for row in versions if first_day < row.valid_from <= today]
    if begun:
        raise DomainError(
            "valid_before_version",
            _("A later version holds from %(day)s already. Choose that day or a later one.")
            % {"day": date_format(begun[-1], "SHORT_DATE_FORMAT")},
            "valid_from",
        )


def _check_used(indicator: Indicator, first_day: date) -> None:
    """Refuse a day that no plan reaches: a year mistyped, most likely.

    The year after the last one that uses the indicator is in reach: its plan is written before.
    """
    asked = indicator.obligations.current().aggregate(last=Max("period_end"))["last"]
    aimed = indicator.targets.aggregate(last=Max("plan_year"))["last"]
    years = [*([asked.year] if asked else []), *([aimed] if aimed else [])]
    if years and first_day.year > max(years) + 1:
        raise DomainError(
            "valid_after_plans",
            _("No plan after %(year)s uses this indicator: choose a day before %(end)s.")
            % {
                "year": str(max(years)),
                "end": date_format(date(max(years) + 2, 1, 1), "SHORT_DATE_FORMAT"),
            },
            "valid_from",
        )

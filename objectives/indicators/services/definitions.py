"""An indicator's definition: the first version, and every one after it with its reason."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.selectors.definitions import (
    DEFINITION_COLUMNS,
    as_defined,
    definitions_standing,
    newest_definition,
)
from objectives.indicators.services.definition_checks import (
    FIRST_DAY,
    WITHOUT_NUMBER,
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


def _search_key(code: str, told: IndicatorSheet | IndicatorDefinition) -> str:
    return " ".join([fold(code), told.title.search_key(), told.definition.search_key()])


@transaction.atomic
def indicator_create(
    *,
    actor: User,
    owner: OrganisationUnit,
    code: str,
    sheet: IndicatorSheet,
    derived_from: Indicator | None = None,
    uuid: UUID | None = None,
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
        uuid=uuid or uuid4(),
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
    the version it replaces. An earlier day is possible while the later versions have not begun: it
    takes their place. `is_series_break` None leaves a break of that day as it is. Until its
    plan is approved the planners of the unit change it freely; after that the head does, with a
    reason. Whether it is confidential is no part of a version: it changes at once.
    Raises NotAllowed, EditConflict when someone changed it meanwhile, or DomainError naming the
    field.
    """
    moment = next_instant()
    stored = Indicator.objects.select_for_update().select_related("owner").get(pk=indicator.pk)
    _check_right(actor, stored)
    recorded = list(stored.definitions.all())
    versions = definitions_standing(recorded)
    _check_version(stored, versions[-1], expected_version)
    check_sheet(sheet)
    change = _Change.of(stored, versions, sheet, valid_from, is_series_break)
    if not change.is_new and sheet.is_confidential == stored.is_confidential:
        return None
    _check_reason(stored, reason)
    if not change.is_new:
        values: dict[str, Any] = {"is_confidential": sheet.is_confidential}
        _stored_change(actor, indicator, values, expected_version, reason, moment)
        return None
    change.check(timezone.localdate(moment), reason)
    definition = IndicatorDefinition.objects.create(
        indicator=indicator,
        number=len(recorded) + 1,
        valid_from=change.first_day,
        is_series_break=change.breaks,
        reason=reason.strip(),
        recorded_by=actor,
        recorded_at=moment,
        is_demo=stored.is_demo,
        **change.columns,
    )
    values = {"is_confidential": sheet.is_confidential, "definition_number": definition.number}
    if _published(stored, [*recorded, definition]) == definition:
        values |= _told_by(stored, definition)
    _stored_change(actor, indicator, values, expected_version, reason, moment)
    if change.names & {"frequency", "days_until_due"}:
        renewed = as_defined(stored, definition)
        obligations_renew(indicator=renewed, valid_from=change.first_day, at=moment)
    return definition


def _stored_change(
    actor: User,
    indicator: Indicator,
    values: Mapping[str, Any],
    expected_version: int | None,
    reason: str,
    moment: datetime,
) -> None:
    record_change(
        actor=actor,
        target=indicator,
        values=values,
        expected_version=expected_version,
        action="redefined",
        reason=reason.strip(),
        at=moment,
    )


@dataclass(frozen=True, slots=True)
class _Change:
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
    ) -> "_Change":
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


def _published(
    indicator: Indicator, versions: Sequence[IndicatorDefinition]
) -> IndicatorDefinition:
    """Return the version that the indicator's own columns repeat, for whoever may read it.

    Once a plan is approved that is the newest one that speaks of the approved years: what was
    written for a later year is a draft. `versions` are all of them, in any order.
    """
    ordered = definitions_standing(versions)
    year = indicator.released_year
    if year is None:
        return ordered[-1]
    allowed = [version for version in ordered if version.valid_from <= date(year, 12, 31)]
    return allowed[-1] if allowed else ordered[0]


def _told_by(indicator: Indicator, version: IndicatorDefinition) -> dict[str, Any]:
    """Return the columns of the indicator that repeat a version."""
    columns = {name: getattr(version, name) for name in DEFINITION_COLUMNS}
    return {**columns, "search_key": _search_key(indicator.code, version)}


@transaction.atomic
def definitions_publish(indicator_ids: Iterable[int]) -> None:
    """Bring the indicators' own columns up to what their approved plan years let everyone read.

    Call it under the record clock, after `released_year` moved. Two queries, and one for each
    indicator whose columns change.
    """
    changed = Indicator.objects.filter(pk__in=list(indicator_ids), definition_number__gt=1)
    for indicator in changed.prefetch_related("definitions"):
        told = _told_by(indicator, _published(indicator, list(indicator.definitions.all())))
        if any(getattr(indicator, name) != value for name, value in told.items()):
            Indicator.objects.filter(pk=indicator.pk).update(**told)


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
    indicator: Indicator, newest: IndicatorDefinition, expected_version: int | None
) -> None:
    """Tell the second writer first, so that no other refusal hides what happened."""
    if expected_version is not None and expected_version != indicator.version:
        stored = {name: getattr(newest, name) for name in DEFINITION_COLUMNS}
        raise EditConflict(
            _("Someone else changed this while you were working."),
            {**stored, "is_confidential": indicator.is_confidential},
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


def sheet_of(indicator: Indicator) -> IndicatorSheet:
    """Return the newest version as a sheet, to change parts of it: for the unit itself."""
    return sheet_told(newest_definition(indicator))


def sheet_told(indicator: Indicator) -> IndicatorSheet:
    """Return what the indicator itself says as a sheet, to copy what everyone may read."""
    values: dict[str, Any] = {
        name: getattr(indicator, name) for name in IndicatorSheet.__dataclass_fields__
    }
    return IndicatorSheet(**values)

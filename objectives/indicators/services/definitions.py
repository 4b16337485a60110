"""An indicator's definition: the first version, and every one after it with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ibzplan.core.errors import EditConflict, NotAllowed
from ibzplan.core.localised import fold
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.selectors.definitions import (
    DEFINITION_COLUMNS,
    as_defined,
    definitions_standing,
    newest_definition,
)
from objectives.indicators.services.definition_changes import DefinitionChange, check_reason
from objectives.indicators.services.definition_checks import FIRST_DAY, IndicatorSheet, check_sheet
from objectives.indicators.services.obligations import obligations_renew
from personnel.access import access_of
from personnel.models import OrganisationUnit, User


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
    change = DefinitionChange.of(stored, versions, sheet, valid_from, is_series_break)
    if not change.is_new and sheet.is_confidential == stored.is_confidential:
        return None
    check_reason(stored, reason)
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


def sheet_of(indicator: Indicator, newest: IndicatorDefinition | None = None) -> IndicatorSheet:
    """Return the newest version as a sheet, to change parts of it: for the unit itself.

    One query, none where that version is given.
    """
    if newest is None:
        return sheet_told(newest_definition(indicator))
    return sheet_told(as_defined(indicator, newest) if newest.number > 1 else indicator)


def sheet_told(indicator: Indicator) -> IndicatorSheet:
    """Return what the indicator itself says as a sheet, to copy what everyone may read."""
    values: dict[str, Any] = {
        name: getattr(indicator, name) for name in IndicatorSheet.__dataclass_fields__
    }
    return IndicatorSheet(**values)

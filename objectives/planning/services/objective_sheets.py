"""What a planner states of an operational objective, and the rules that it has to keep."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText, fold
from objectives.planning.choices import Origin
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.selectors.offers import (
    co_owners_possible,
    goals_offered,
    holders_offered,
    sub_units_offered,
)
from objectives.planning.services.known_rows import ObjectiveLinks
from objectives.strategy.models import Goal
from personnel.models import ManagementFunction, OrganisationUnit

MAX_REFERENCE_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveSheet:
    """What a planner states of an objective."""

    title: LocalisedText
    starts_on: date
    ends_on: date
    description: LocalisedText = field(default_factory=LocalisedText)
    means: LocalisedText = field(default_factory=LocalisedText)
    holder: ManagementFunction | None = None
    sub_unit: OrganisationUnit | None = None
    origin: str = ""
    origin_reference: str = ""

    def search_key(self, code: str) -> str:
        """Return the folded text that search looks through."""
        return search_key_of(code, self.title, self.description, self.means)

    def values(self) -> dict[str, Any]:
        """Return the columns of an objective that the sheet fills, the search key apart."""
        return {
            "title": self.title,
            "description": self.description,
            "means": self.means,
            "sub_unit": self.sub_unit,
            "holder": self.holder,
            "origin": self.origin,
            "origin_reference": self.origin_reference.strip(),
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
        }


def search_key_of(
    code: str, title: LocalisedText, description: LocalisedText, means: LocalisedText
) -> str:
    """Return code and texts folded; without means it is as it was before there were any."""
    texts = [title, description, *([means] if means else [])]
    return " ".join([fold(code), *(text.search_key() for text in texts)])


def check_sheet(
    sheet: ObjectiveSheet,
    *,
    unit: OrganisationUnit,
    year: int,
    before: OperationalObjective | None = None,
) -> None:
    """Refuse what breaks a rule, with DomainError at its field.

    A sub-unit or holder that stays as it was `before` is not judged anew: the organisation may
    have changed since.
    """
    check_content(sheet, year)
    if sheet.sub_unit is not None and (before is None or before.sub_unit != sheet.sub_unit):
        _check_sub_unit(sheet.sub_unit, unit, year)
    if sheet.holder is not None and (before is None or before.holder != sheet.holder):
        _check_holder(sheet.holder, unit, year)


def check_unit(unit: OrganisationUnit, year: int) -> None:
    """Refuse a unit that exists on no day of the plan year: what it planned goes on elsewhere."""
    if unit.valid_to is not None and unit.valid_to < date(year, 1, 1):
        raise DomainError(
            "unit_ended",
            _("%(unit)s ended on %(date)s: plan it for the unit that took over its work.")
            % {"unit": unit.code, "date": date_format(unit.valid_to, "SHORT_DATE_FORMAT")},
            "unit",
        )
    if unit.valid_from is not None and unit.valid_from > date(year, 12, 31):
        raise DomainError(
            "unit_not_begun",
            _("%(unit)s begins on %(date)s: it has no objectives in %(year)s.")
            % {
                "unit": unit.code,
                "date": date_format(unit.valid_from, "SHORT_DATE_FORMAT"),
                "year": year,
            },
            "unit",
        )


def check_content(sheet: ObjectiveSheet, year: int) -> None:
    """Refuse what breaks a rule whatever the organisation is like: no query."""
    if not sheet.title:
        raise DomainError("title_required", _("Give the objective a name."), "title_nl")
    check_dates(sheet.starts_on, sheet.ends_on, year)
    _check_origin(sheet)


def check_dates(starts_on: date | None, ends_on: date | None, year: int) -> None:
    """Refuse dates outside the plan year or in the wrong order, as far as they are given."""
    for name, day in (("starts_on", starts_on), ("ends_on", ends_on)):
        if day is not None and day.year != year:
            raise DomainError(
                "date_outside_year",
                _("%(date)s lies outside the plan year %(year)s.")
                % {"date": date_format(day, "SHORT_DATE_FORMAT"), "year": year},
                name,
            )
    if starts_on is not None and ends_on is not None and starts_on > ends_on:
        raise DomainError("dates_upside_down", _("The end lies before the start."), "ends_on")


def _check_sub_unit(sub_unit: OrganisationUnit, unit: OrganisationUnit, year: int) -> None:
    if not sub_units_offered([unit], year).filter(pk=sub_unit.pk).exists():
        raise DomainError(
            "sub_unit_not_below",
            _("%(sub_unit)s is no part of %(unit)s in %(year)s.")
            % {"sub_unit": sub_unit, "unit": unit.code, "year": year},
            "sub_unit",
        )


def _check_holder(holder: ManagementFunction, unit: OrganisationUnit, year: int) -> None:
    if holder not in holders_offered([unit], year):
        raise DomainError(
            "holder_not_offered",
            _(
                "“%(holder)s” of %(other)s does not answer for %(unit)s in %(year)s. Choose a "
                "function of %(unit)s or of a unit above it."
            )
            % {"holder": holder, "other": holder.unit.code, "unit": unit.code, "year": year},
            "holder",
        )


def _check_origin(sheet: ObjectiveSheet) -> None:
    reference = sheet.origin_reference.strip()
    if sheet.origin and sheet.origin not in Origin.values:
        raise DomainError(
            "origin_unknown",
            _("“%(value)s” is no known origin.") % {"value": sheet.origin},
            "origin",
        )
    if reference and not sheet.origin:
        raise DomainError(
            "origin_required",
            _("Choose the text in which “%(reference)s” stands.") % {"reference": reference},
            "origin",
        )
    if len(reference) > MAX_REFERENCE_CHARACTERS:
        raise DomainError(
            "reference_too_long",
            _("At most %(limit)s characters; these are %(count)s.")
            % {"limit": MAX_REFERENCE_CHARACTERS, "count": len(reference)},
            "origin_reference",
        )


def check_links(
    links: ObjectiveLinks,
    *,
    unit: OrganisationUnit,
    plan: OperationalPlan,
    before: OperationalObjective | None = None,
) -> None:
    """Refuse co-owners that own no objectives or own this one, and goals of another plan.

    Links that were there `before` are not judged anew.
    """
    for co_owner in links.co_owners or ():
        if co_owner == unit:
            raise DomainError(
                "co_owner_is_owner",
                _("%(unit)s owns the objective already: choose other units.") % {"unit": unit.code},
                "co_owners",
            )
    kept = before.co_owners.current().values_list("unit_id", flat=True) if before else ()
    _must_be_offered("co_owners", links.co_owners, co_owners_possible(plan.year), kept)
    kept = before.goal_links.current().values_list("goal_id", flat=True) if before else ()
    _must_be_offered("goals", links.goals, goals_offered(plan), kept)


def _must_be_offered(
    field_name: str,
    chosen: Iterable[Goal] | Iterable[OrganisationUnit] | None,
    offered: QuerySet[Any],
    kept: Iterable[int],
) -> None:
    """Refuse what is not offered and was not there before: two queries, if anything is chosen."""
    codes = {row.pk: row.code for row in chosen or ()}
    if not codes:
        return
    known = {*offered.filter(pk__in=codes).values_list("pk", flat=True), *kept}
    for pk, code in codes.items():
        if pk not in known:
            raise DomainError(
                f"{field_name}_not_offered",
                _("%(code)s cannot be chosen here.") % {"code": code},
                field_name,
            )

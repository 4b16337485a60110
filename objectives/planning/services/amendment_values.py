"""What a change proposes of an objective, as JSON and back: the words of a consolidated version."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from objectives.planning.services.known_rows import ObjectiveLinks
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.targets import planned_targets
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Goal
from personnel.models import ManagementFunction, OrganisationUnit

Found = TypeVar("Found", ManagementFunction, OrganisationUnit)

TEXTS: Final = ("title", "description", "means")
DATES: Final = ("starts_on", "ends_on")
WORDS: Final = ("origin", "origin_reference")
LINKS: Final = ("goals", "security_objectives", "co_owners")
FIELDS: Final = (*TEXTS, *DATES, "holder", "sub_unit", *WORDS, *LINKS)


def proposed_values(sheet: ObjectiveSheet, links: ObjectiveLinks) -> dict[str, Any]:
    """Return what was typed in the words of a consolidated version, without links that are None."""
    values: dict[str, Any] = {
        "title": dict(sheet.title),
        "description": dict(sheet.description),
        "means": dict(sheet.means),
        "starts_on": sheet.starts_on.isoformat(),
        "ends_on": sheet.ends_on.isoformat(),
        "holder": sheet.holder.code if sheet.holder else None,
        "sub_unit": sheet.sub_unit.code if sheet.sub_unit else None,
        "origin": sheet.origin,
        "origin_reference": sheet.origin_reference.strip(),
    }
    if links.goals is not None:
        values["goals"] = sorted(f"{goal.objective.code}/{goal.code}" for goal in links.goals)
    if links.security_objectives is not None:
        values["security_objectives"] = sorted(row.code for row in links.security_objectives)
    if links.co_owners is not None:
        values["co_owners"] = sorted(unit.code for unit in links.co_owners)
    return values


def proposed_sheet(
    objective: OperationalObjective, values: Mapping[str, Any]
) -> tuple[ObjectiveSheet, ObjectiveLinks]:
    """Return what the objective says once `values` are put over what it says now.

    Raises DomainError at the field for a code that nothing has any more.
    """
    sheet = ObjectiveSheet(
        title=objective.title,
        description=objective.description,
        means=objective.means,
        starts_on=objective.starts_on,
        ends_on=objective.ends_on,
        holder=objective.holder,
        sub_unit=objective.sub_unit,
        origin=objective.origin,
        origin_reference=objective.origin_reference,
    )
    changed: dict[str, Any] = {name: values[name] for name in WORDS if name in values}
    for name in TEXTS:
        if name in values:
            changed[name] = edited(getattr(objective, name), values[name])
    changed |= {name: date.fromisoformat(values[name]) for name in DATES if name in values}
    if "holder" in values:
        changed["holder"] = holder_named(values["holder"])
    if "sub_unit" in values:
        changed["sub_unit"] = unit_named(values["sub_unit"], "sub_unit")
    return replace(sheet, **changed), _links(objective, values)


def targets_now(indicator: Indicator, year: int) -> dict[str, Any]:
    """Return the final target of a plan year and the path to it, as a change names them."""
    found = planned_targets(indicator, year)
    final = found.final
    return {
        "final": None
        if final is None
        else {
            "due_on": final.due_on.isoformat(),
            "value": number_text(final.value),
            "level": final.level,
        },
        "interim": [
            {
                "due_on": row.due_on.isoformat(),
                "value": number_text(row.value) if row.level is None else str(row.level),
            }
            for row in sorted(found.interim, key=lambda row: row.due_on)
        ],
    }


def number_text(value: Decimal | None) -> str | None:
    """Return a quantity in one spelling, whatever zeros the database adds."""
    if value is None:
        return None
    return f"{value.normalize():f}" if value else "0"


def edited(before: LocalisedText, texts: Mapping[str, str]) -> LocalisedText:
    """Return the new text; a language that is not named any more goes."""
    return before.edited({**dict.fromkeys(before, ""), **texts})


def holder_named(code: str | None) -> ManagementFunction | None:
    """Return the management function with that code; None for no code."""
    if code is None:
        return None
    rows = ManagementFunction.objects.select_related("unit").filter(code=code)
    return _one(list(rows), code, "holder")


def unit_named(code: str | None, field: str = "unit") -> OrganisationUnit | None:
    """Return the unit with that code; None for no code."""
    if code is None:
        return None
    return _one(list(OrganisationUnit.objects.filter(code=code)), code, field)


def _one(rows: list[Found], code: str, field: str) -> Found:
    if not rows:
        raise _gone(code, field)
    return rows[0]


def _gone(code: str, field: str) -> DomainError:
    return DomainError(
        "code_gone", _("There is no “%(code)s” any more: choose another.") % {"code": code}, field
    )


def _links(objective: OperationalObjective, values: Mapping[str, Any]) -> ObjectiveLinks:
    goals = security = owners = None
    if "goals" in values:
        offered = Goal.objects.filter(objective__plan=objective.plan.plan_id)
        by_code = {
            f"{row.objective.code}/{row.code}": row for row in offered.select_related("objective")
        }
        goals = _all_of(by_code, values["goals"], "goals")
    if "security_objectives" in values:
        rows = SecurityObjective.objects.filter(code__in=values["security_objectives"])
        security = _all_of(
            {row.code: row for row in rows}, values["security_objectives"], "security_objectives"
        )
    if "co_owners" in values:
        units = OrganisationUnit.objects.filter(code__in=values["co_owners"])
        owners = _all_of({unit.code: unit for unit in units}, values["co_owners"], "co_owners")
    return ObjectiveLinks(goals=goals, security_objectives=security, co_owners=owners)


def _all_of(by_code: Mapping[str, Any], codes: Iterable[str], field: str) -> list[Any]:
    for code in codes:
        if code not in by_code:
            raise _gone(code, field)
    return [by_code[code] for code in codes]

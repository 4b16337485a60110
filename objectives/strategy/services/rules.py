"""What all writes about a plan share: rights, codes, names, the row and its first history."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ibzplan.core.clocks import check_year
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText, fold
from ibzplan.core.services import history_record
from objectives.strategy.models import Plan, PlanEntry
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import User

# A code stands in addresses and in the codes below it: letters, digits, point and hyphen.
_CODE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,18}[A-Za-z0-9])?")


def may_keep_plans(access: Access) -> bool:
    """Tell whether the user writes about the strategic plan: the corporate cell does."""
    return access.has(Role.CORPORATE)


def must_keep_plans(actor: User) -> None:
    """Refuse whoever is not of the corporate cell."""
    if not may_keep_plans(access_of(actor)):
        raise NotAllowed(
            "corporate_only", _("Only the corporate cell writes about the strategic plan.")
        )


def search_key(code: str, title: LocalisedText, description: LocalisedText) -> str:
    """Return the folded text that search looks through, as a load of the plan writes it."""
    parts = (fold(code), title.search_key(), description.search_key())
    return " ".join(part for part in parts if part)


def check_code(code: str, *, is_taken: bool) -> None:
    """Refuse a code that does not fit in an address, or that something else has."""
    if not _CODE.fullmatch(code):
        raise DomainError(
            "invalid_code",
            _("“%(value)s” is no code: write at most 20 letters, digits, points or hyphens.")
            % {"value": code},
            "code",
        )
    if is_taken:
        raise DomainError(
            "code_taken",
            _("“%(code)s” is taken already: choose another code.") % {"code": code},
            "code",
        )


def check_title(title: LocalisedText) -> None:
    """Refuse an entry without a name."""
    if not title:
        raise DomainError("title_required", _("Give it a name."), "title_nl")


def check_in_plan(plan: Plan, day: date | None, field: str) -> None:
    """Refuse a day after the last one of the plan, or in a year that cannot be meant."""
    check_year(day, field)
    if day is not None and day > plan.ends_on:
        raise DomainError(
            "date_after_plan",
            _("%(date)s lies after the end of the plan, %(end)s.")
            % {
                "date": date_format(day, "SHORT_DATE_FORMAT"),
                "end": date_format(plan.ends_on, "SHORT_DATE_FORMAT"),
            },
            field,
        )


def insert(row: PlanEntry, *, actor: User, at: datetime, values: Mapping[str, Any]) -> None:
    """Write a new row with the first entry of its history; `values` are its columns."""
    row.search_key = search_key(row.code, row.title, row.description)
    row.save()
    row.created_at = at  # an insert sets the wall clock, which is past the instant by now
    row.save(update_fields=["created_at"])
    changes = {name: (None, value) for name, value in values.items() if value}
    history_record(actor=actor, target=row, action="created", changes=changes, at=at)

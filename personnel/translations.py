"""What waits for translation in the organisation: the corporate cell translates it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core import translations
from ibzplan.core.localised import fold
from ibzplan.core.models import Record
from ibzplan.core.translations import TextSource, Translated
from personnel.access import Access
from personnel.choices import Role
from personnel.selectors import all_functions
from personnel.structure import all_units


def translates_for(access: Access, unit_id: int) -> bool:
    """Tell whether the user translates what a unit wrote: its own people, the corporate cell."""
    return access.has(Role.CORPORATE) or access.plans_for(unit_id)


def search_key(record: Record) -> Mapping[str, Any]:
    """Return the search key of a record with code, title and description, as a load writes it."""
    row: Any = record
    parts = (fold(row.code), row.title.search_key(), row.description.search_key())
    return {"search_key": " ".join(part for part in parts if part)}


def _units(access: Access) -> Iterable[Translated]:
    if not access.has(Role.CORPORATE):
        return
    page = reverse("strategy:organisation")
    for unit in all_units():
        yield Translated(unit, f"{unit.code} {unit.title}", unit.code, f"{page}#unit-{unit.code}")


def _functions(access: Access) -> Iterable[Translated]:
    if not access.has(Role.CORPORATE):
        return
    for row in all_functions():
        url = reverse("planning:mandate", args=[row.code])
        yield Translated(row, f"{row.code} {row.title}", row.unit.code, url)


def register_all() -> None:
    """Register units and management functions."""
    translations.register(
        TextSource(
            kind="units",
            order=80,
            label=_("Units"),
            fields={
                "title": _("Name"),
                "short_title": _("Short name"),
                "description": _("Description"),
                "remark": _("Remark"),
            },
            rows=_units,
            derived=search_key,
        )
    )
    translations.register(
        TextSource(
            kind="functions",
            order=81,
            label=_("Management functions"),
            fields={"title": _("Name")},
            rows=_functions,
        )
    )

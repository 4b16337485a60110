"""Which units worked on the werven at an earlier moment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from ibzplan.core.rewind import lists_known
from objectives.strategy.models import Werf, WerfUnit
from personnel.models import OrganisationUnit

# What the history calls the list of a werf's units.
_UNITS: Final = "units"


def werf_units_known(werven: Iterable[Werf], moment: datetime) -> dict[int, list[WerfUnit]]:
    """Return by key the units of werven, the lead first, where these changed since: two queries.

    A load writes them anew; it names them in the history by UUID, a reorganisation by code.
    """
    changed = lists_known(Werf, _UNITS, moment)
    werven_then = [(werf, _names(changed[werf.uuid])) for werf in werven if werf.uuid in changed]
    units = _units({name for _werf, names in werven_then for name in names})
    return {
        werf.pk: [
            WerfUnit(werf=werf, unit=units[name], order=place)
            for place, name in enumerate(names)
            if name in units
        ]
        for werf, names in werven_then
    }


def _names(were: Sequence[str | Mapping[str, Any]] | None) -> list[str]:
    return [one if isinstance(one, str) else one["unit"] for one in were or ()]


def _units(names: set[str]) -> dict[str, OrganisationUnit]:
    """Return the units by what the history calls them; those that are gone are left out."""
    if not names:
        return {}
    uuids = [name for name in names if _is_uuid(name)]
    rows = OrganisationUnit.objects.filter(Q(uuid__in=uuids) | Q(code__in=names))
    return {name: row for row in rows for name in (row.code, str(row.uuid)) if name in names}


def _is_uuid(name: str) -> bool:
    try:
        UUID(name)
    except ValueError:
        return False
    return True

"""What an entry in the history of an objective speaks of, in words."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.indicators.formatting import period_text
from objectives.indicators.periods import parse_period
from objectives.planning.choices import ChangeKind

# A field of an objective, or what a planner links it to, as its form calls it.
FIELDS: Final[Mapping[str, Promise]] = {
    "title": _("name"),
    "description": _("description"),
    "means": _("means"),
    "unit": _("directorate"),
    "sub_unit": _("part of the directorate"),
    "holder": _("responsible holder"),
    "co_owners": _("units that share it"),
    "starts_on": _("first day"),
    "ends_on": _("last day"),
    "werf": _("werf"),
    "goals": _("goals"),
    "security_objectives": _("objectives of the NVP"),
    "origin": _("origin"),
    "origin_reference": _("place in the text of origin"),
}
# What hangs below an objective: the entry holds its name before and after.
_PARTS: Final = ("activity", "milestone", "risk")


def changed_text(entry: HistoryEntry) -> str:
    """Return which fields an entry changed, or the name of the part that it speaks of.

    '' for what speaks for itself: that it was made, or went to another desk.
    """
    named = [_name(entry.changes[part]) for part in _PARTS if part in entry.changes]
    if entry.action in ("changed", "amended"):
        named += [str(label) for field, label in FIELDS.items() if field in entry.changes]
    if "narrative" in entry.changes:
        named.append(period_text(parse_period(entry.changes["narrative"][1])))
    if "change" in entry.changes:
        named.append(_proposed(entry.changes["change"]))
    return ", ".join(filter(None, named))


def _proposed(change: list[Any]) -> str:
    """Return the kind of a change of an amendment and the objectives that it speaks of."""
    old, new = change
    told = new or old or {}
    if told.get("kind") not in ChangeKind.values:
        return ""
    codes = ", ".join(told.get("objectives", ()))
    return f"{ChangeKind(told['kind']).label} {codes}".strip()


def _name(change: list[Any]) -> str:
    """Return the name after the change, or the one before when there is none after."""
    old, new = change
    return str(LocalisedText.from_json(new or old or {}))

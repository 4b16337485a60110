"""What the bodies of several collections share."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from django.utils.translation import gettext as _

from ibzplan.core.api.bodies import Limits
from ibzplan.core.api.json_body import misfit
from ibzplan.core.api.problems import Issue
from ibzplan.core.api.query import YEAR_MAX, YEAR_MIN
from ibzplan.core.api.shapes import Localised
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import TargetKind

# As the forms of the pages take them.
Name: TypeAlias = Annotated[Localised, Limits(most_characters=200)]
ShortName: TypeAlias = Annotated[Localised, Limits(most_characters=40)]
LongText: TypeAlias = Annotated[Localised, Limits(most_characters=20_000)]
Function: TypeAlias = Annotated[str, Limits("A function, not a name.", most_characters=120)]
Reason: TypeAlias = Annotated[str, Limits("Why; it stays on record.", most_characters=4000)]
Level: TypeAlias = Annotated[int, Limits("The number of a level; the lowest is 0.", low=0, high=99)]
PlanYear: TypeAlias = Annotated[int, Limits("A plan year.", low=YEAR_MIN, high=YEAR_MAX)]

# What the state of a plan, or what someone else did, is against; the body itself may be right.
STATE_CODES: Final = frozenset(
    {
        "already_linked",
        "correction_waits",
        "figure_changed",
        "not_applicable",
        "nothing_changed",
        "objective_in_force",
        "objective_submitted",
        "period_has_figure",
        "period_locked",
        "period_not_begun",
        "plan_closed",
        "targets_changed",
    }
)


def edited(before: LocalisedText, texts: Mapping[str, str] | None) -> LocalisedText:
    """Return a text after a patch of some languages; None clears it."""
    return LocalisedText() if texts is None else before.edited(texts)


def stored_name(member: str, others: Mapping[str, str]) -> str:
    """Return the field of the services that a member of a body is: startsOn is starts_on."""
    if member in others:
        return others[member]
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in member)


def reached(value: Decimal | None, level: int | None) -> Decimal:
    """Return what is to be reached as the services take it: a level as its number."""
    return Decimal(level or 0) if value is None else value


def target_faults(
    kind: str, given: Mapping[str, Any], path: str, *, needed: bool = False
) -> list[Issue]:
    """Return what a target says that its kind of indicator has not: a value or a level."""
    if kind in (TargetKind.RANGE, TargetKind.MILESTONE):
        return _without_value(TargetKind(kind), given, path, is_interim=needed)
    name, other = ("level", "value") if kind == TargetKind.ORDINAL else ("value", "level")
    issues = []
    if other in given:
        detail = _("“%(kind)s” has no %(other)s: give a %(name)s.") % {
            "kind": TargetKind(kind).label,
            "other": other,
            "name": name,
        }
        issues.append(misfit(f"{path}{other}", given[other], detail))
    elif needed and name not in given:
        issues.append(misfit(f"{path}{name}", None, _("This member is needed.")))
    return issues


def _without_value(
    kind: TargetKind, given: Mapping[str, Any], path: str, *, is_interim: bool
) -> list[Issue]:
    """Return what is too much in a target that is a day only, without a path that leads to it."""
    if is_interim:
        detail = _("“%(kind)s” has no interim targets. Leave them empty.") % {"kind": kind.label}
        return [misfit(path.rstrip(".") or "final", given.get("final"), detail)]
    detail = _("“%(kind)s” has a day only: leave out value and level.") % {"kind": kind.label}
    taken = [name for name in ("value", "level") if name in given]
    return [misfit(f"{path}{name}", given[name], detail) for name in taken]

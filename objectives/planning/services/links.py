"""What an objective and its indicators share: rights, visibility, version."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.models import Record
from ibzplan.core.services import next_instant
from objectives.indicators.models import Indicator
from objectives.indicators.services import definitions_publish
from objectives.planning.choices import IN_FORCE, PlanState, WaitsFor
from objectives.planning.models import (
    ObjectiveIndicator,
    ObjectiveSecurityLink,
    OperationalObjective,
)
from personnel.access import access_of
from personnel.models import OrganisationUnit, User


def must_plan_for(actor: User, unit: OrganisationUnit) -> None:
    """Refuse whoever does not plan for the unit."""
    if not access_of(actor).plans_for(unit.pk):
        raise NotAllowed(
            "not_your_unit",
            _("Only planners of %(unit)s change its objectives.") % {"unit": unit.code},
        )


def must_be_open(objective: OperationalObjective) -> None:
    """Refuse to change what was submitted or approved.

    Under the clock's lock nobody takes a step meanwhile.
    """
    objective.refresh_from_db(fields=["state", "waits_for"])
    refuse_submitted(objective)
    refuse_in_force(objective)


def open_at(actor: User, objective: OperationalObjective, at: datetime | None = None) -> datetime:
    """Return the instant of a change below an objective that this user may change now.

    Raises NotAllowed, or DomainError once it was submitted. Call it before any other write.
    """
    must_plan_for(actor, objective.unit)
    at = at or next_instant()
    must_be_open(objective)
    return at


def refuse_used_key(row: Record | None) -> None:
    """Refuse the key of a new record that another one has: its form was meant for that place."""
    if row is not None:
        raise DomainError(
            "key_used",
            _("This form was saved for another objective already. Open an empty one here."),
        )


def refuse_submitted(objective: OperationalObjective) -> None:
    """Refuse to change what the corporate cell or the committee judges; say how it comes back."""
    if objective.state == PlanState.SUBMITTED:
        raise DomainError("objective_submitted", submitted_text(objective))


def submitted_text(objective: OperationalObjective) -> str:
    """Return where a submitted objective lies, and how its planners can change it again."""
    if objective.waits_for == WaitsFor.CORPORATE:
        return _(
            "%(code)s lies with the corporate cell, which judges it as it is. To change it, the "
            "head of the directorate takes it back first."
        ) % {"code": objective.code}
    return _(
        "%(code)s lies with the direction committee, which judges it as it is. To change it, ask "
        "to send it back first."
    ) % {"code": objective.code}


def refuse_in_force(objective: OperationalObjective) -> None:
    """Refuse to change what was approved, by the state that the objective was read with."""
    if objective.is_in_force:
        raise DomainError(
            "objective_in_force",
            _("An approved objective is changed by an amendment of the plan only."),
        )


def current_link(objective: OperationalObjective, indicator: Indicator) -> ObjectiveIndicator:
    """Return the link by which an objective uses an indicator now, or raise DomainError."""
    link: ObjectiveIndicator | None = (
        objective.indicator_links.current().filter(indicator=indicator).first()
    )
    if link is None:
        raise DomainError("not_linked", _("This objective does not use the indicator."))
    return link


def indicators_refresh(indicator_ids: Iterable[int]) -> None:
    """Let the visibility of indicators, and of what a new definition says of a later year, follow
    the states of all objectives that use them.
    """
    years: dict[int, tuple[set[int], set[int]]] = {pk: (set(), set()) for pk in indicator_ids}
    linked: set[int] = set()
    rows = (
        ObjectiveIndicator.objects.current()
        .filter(indicator__in=list(years))
        .annotate(
            has_security_link=Exists(
                ObjectiveSecurityLink.objects.current().filter(objective=OuterRef("objective"))
            )
        )
    )
    for row in rows.select_related("objective", "objective__plan"):
        submitted, released = years[row.indicator_id]
        year = row.objective.plan.year
        if row.objective.is_in_force:
            released.add(year)
        if row.objective.is_in_force or row.objective.state == PlanState.SUBMITTED:
            submitted.add(year)
        if row.has_security_link and row.objective.is_in_force:
            linked.add(row.indicator_id)
    groups: dict[tuple[int | None, int | None, bool], list[int]] = {}
    for pk, (submitted, released) in years.items():
        key = (max(submitted, default=None), max(released, default=None), pk in linked)
        groups.setdefault(key, []).append(pk)
    for (submitted_year, released_year, is_linked), keys in groups.items():
        Indicator.objects.filter(pk__in=keys).update(
            is_submitted=submitted_year is not None,
            is_released=released_year is not None,
            submitted_year=submitted_year,
            released_year=released_year,
            is_security_linked=is_linked,
        )
    definitions_publish(years)


def raise_version(objective: OperationalObjective) -> None:
    """Count a change below the objective as a change of it, so that nobody approves unseen."""
    OperationalObjective.objects.filter(pk=objective.pk).update(version=F("version") + 1)
    objective.refresh_from_db(fields=["version"])


def raise_versions(indicator: Indicator) -> None:
    """Count a change of an indicator as one of every open objective that uses it."""
    used = ObjectiveIndicator.objects.current().filter(indicator=indicator)
    OperationalObjective.objects.filter(pk__in=used.values("objective")).exclude(
        state__in=IN_FORCE
    ).update(version=F("version") + 1)

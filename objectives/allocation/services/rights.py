"""Who allocates what to an objective, and when (design.md section 9)."""

from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, NotAllowed
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective
from objectives.planning.services.links import submitted_text
from personnel.access import Access, access_of
from personnel.choices import Role
from personnel.models import OrganisationUnit, User


def keeps_means(access: Access) -> bool:
    """Tell whether the user allocates every line: B&B and P&O officers, and the corporate cell."""
    return access.has(Role.RESOURCES, Role.CORPORATE) and access.only_unit_ids is None


def may_allocate(
    access: Access, unit: OrganisationUnit | None, objective: OperationalObjective
) -> bool:
    """Tell whether the user allocates of a line of `unit` to an objective, whatever its state.

    The planners and the head of the objective's unit do so of the lines of that unit.
    """
    if keeps_means(access):
        return True
    own = unit is not None and unit.pk == objective.unit_id
    return own and access.plans_for(objective.unit_id)


def may_allocate_of(access: Access, unit: OrganisationUnit | None) -> bool:
    """Tell whether the user allocates of a line of `unit` at all."""
    return keeps_means(access) or (unit is not None and access.plans_for(unit.pk))


def must_allocate(
    actor: User, unit: OrganisationUnit | None, objective: OperationalObjective
) -> None:
    """Raise NotAllowed for anyone else."""
    if may_allocate(access_of(actor), unit, objective):
        return
    if unit is None:
        raise NotAllowed(
            "nobodys_line",
            _(
                "The line is no single unit’s: only the B&B or P&O officers and the corporate "
                "cell allocate of it."
            ),
        )
    raise NotAllowed(
        "not_your_line",
        _(
            "Only the planners and the head of the objective’s own unit allocate of a line of "
            "%(unit)s, to the objectives of %(unit)s; the B&B or P&O officers and the corporate "
            "cell allocate of every line."
        )
        % {"unit": unit.code},
    )


def may_change_now(access: Access, objective: OperationalObjective) -> bool:
    """Tell whether the state of an objective lets the user change what is allocated to it.

    A draft is its planners' own. Who keeps the means never sees the drafts of others and allocates
    to what is in force, where a budget is adjusted within the year; no amendment carries means.
    What was submitted is judged as it is, what is closed or withdrawn stays as it is.
    """
    if keeps_means(access):
        return objective.state in (PlanState.DRAFT, PlanState.APPROVED)
    return objective.is_open


def must_change_now(actor: User, objective: OperationalObjective) -> None:
    """Raise DomainError where the state of the objective keeps its means, and say who may.

    Under the clock's lock nobody takes a step meanwhile.
    """
    objective.refresh_from_db(fields=["state", "waits_for"])
    if not may_change_now(access_of(actor), objective):
        raise DomainError("means_kept", kept_text(objective), "objective")


def kept_text(objective: OperationalObjective) -> str:
    """Return why the means of an objective stay as they are."""
    if objective.state == PlanState.SUBMITTED:
        return submitted_text(objective)
    values = {"code": objective.code, "state": objective.get_state_display().lower()}
    if objective.state == PlanState.APPROVED:
        return (
            _(
                "%(code)s is %(state)s: its planners do not change what is allocated to it any "
                "more, and no amendment does. Ask the B&B or P&O officers or the corporate cell."
            )
            % values
        )
    return (
        _(
            "%(code)s is %(state)s: what is allocated to it stays as it is. Nothing changes it any "
            "more, no amendment either."
        )
        % values
    )

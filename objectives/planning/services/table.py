"""Saving many objectives at once: every row is checked before any is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import next_instant
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.objectives import objective_create, objective_update
from objectives.strategy.models import Werf
from personnel.models import OrganisationUnit, User


@dataclass(frozen=True, slots=True)
class RowChange:
    """An objective with what it is to say, and the version that the user saw."""

    objective: OperationalObjective
    sheet: ObjectiveSheet
    expected_version: int


@dataclass(frozen=True, slots=True)
class NewRow:
    """An objective to make; sent twice with one key, it is made once."""

    key: UUID
    unit: OrganisationUnit
    werf: Werf
    sheet: ObjectiveSheet


@dataclass(frozen=True, slots=True)
class SavedRows:
    """How many rows were really changed, and the objectives that were made."""

    changed: int
    made: list[OperationalObjective]


class RowsRefused(DomainError):
    """Some rows break a rule, so none is saved; `errors` has them by objective or key."""

    def __init__(self, errors: Mapping[UUID, DomainError]) -> None:
        """Keep the error of each row."""
        super().__init__("rows_refused", _("Nothing is saved yet: look at the marked rows."))
        self.errors = errors


def sheet_as_stored(objective: OperationalObjective) -> ObjectiveSheet:
    """Return what a planner states of an objective now."""
    return ObjectiveSheet(
        title=objective.title,
        description=objective.description,
        means=objective.means,
        holder=objective.holder,
        sub_unit=objective.sub_unit,
        origin=objective.origin,
        origin_reference=objective.origin_reference,
        starts_on=objective.starts_on,
        ends_on=objective.ends_on,
    )


@transaction.atomic
def objectives_save_all(
    *,
    actor: User,
    plan: OperationalPlan,
    changed: Sequence[RowChange] = (),
    new: Sequence[NewRow] = (),
) -> SavedRows:
    """Change and make objectives, all or none; a row that says the same leaves no trace.

    Raises RowsRefused with the DomainError (NotAllowed, EditConflict) of every row that has one.
    """
    at = next_instant()
    errors: dict[UUID, DomainError] = {}
    made: list[OperationalObjective] = []
    count = 0
    for row in changed:
        try:
            with transaction.atomic():
                count += objective_update(
                    actor=actor,
                    objective=row.objective,
                    sheet=row.sheet,
                    expected_version=row.expected_version,
                    at=at,
                )
        except DomainError as error:
            errors[row.objective.uuid] = error
    for one in new:
        try:
            with transaction.atomic():
                made.append(
                    objective_create(
                        actor=actor,
                        plan=plan,
                        werf=one.werf,
                        unit=one.unit,
                        sheet=one.sheet,
                        uuid=one.key,
                        at=at,
                    )
                )
        except DomainError as error:
            errors[one.key] = error
    if errors:
        raise RowsRefused(errors)
    return SavedRows(count, made)

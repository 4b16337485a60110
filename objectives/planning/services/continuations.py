"""In which objectives of next year an objective goes on."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.services import history_record
from objectives.planning.choices import LineageKind
from objectives.planning.models import ObjectiveLineage, OperationalObjective
from objectives.planning.selectors.closing import continuations
from personnel.access import access_of
from personnel.models import User


def goes_on_and_stops() -> DomainError:
    """Return the error of an objective that goes on and gives a reason why it stops."""
    return DomainError(
        "goes_on_and_stops",
        _(
            "It goes on in another objective or it does not: take the objective away, or leave "
            "this empty."
        ),
        "discontinued_because",
    )


def continue_in(
    *,
    actor: User,
    objective: OperationalObjective,
    successors: Iterable[OperationalObjective],
    at: datetime,
) -> None:
    """Let the objective go on in these alone; rows end and begin anew, none is deleted.

    Raises DomainError at one that is no objective of the unit in the plan of next year.
    """
    current = {
        link.successor_id: link
        for link in objective.successor_links.current()
        .filter(kind=LineageKind.CONTINUED)
        .select_related("successor")
    }
    wanted = {row.pk: row for row in successors}
    begun = [row for pk, row in wanted.items() if pk not in current]
    ended = [link for pk, link in current.items() if pk not in wanted]
    if not begun and not ended:
        return
    allowed = set(continuations(objective, access_of(actor)).values_list("pk", flat=True))
    for row in begun:
        if row.pk not in allowed:
            raise DomainError(
                "not_next_year",
                _("%(code)s is not an objective of %(unit)s in the plan of %(year)s.")
                % {
                    "code": row.code,
                    "unit": objective.unit.code,
                    "year": objective.plan.year + 1,
                },
                "successors",
            )
    ObjectiveLineage.objects.filter(pk__in=[link.pk for link in ended]).update(known_until=at)
    ObjectiveLineage.objects.bulk_create(
        ObjectiveLineage(
            predecessor=objective,
            successor=row,
            kind=LineageKind.CONTINUED,
            known_from=at,
            is_demo=objective.is_demo,
        )
        for row in begun
    )
    before = sorted(link.successor.code for link in current.values())
    after = sorted(row.code for row in wanted.values())
    history_record(
        actor=actor,
        target=objective,
        action="continued",
        changes={"continued_in": (before, after)},
        at=at,
    )

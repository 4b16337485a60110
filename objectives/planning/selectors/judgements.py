"""What heads judged of an objective, and which objectives were there to see at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ibzplan.core.rewind import as_known
from ibzplan.core.selectors import instant_read
from objectives.planning.choices import IN_FORCE, PlanState
from objectives.planning.models import OperationalObjective, StatusOverride
from personnel.access import Access


@dataclass(frozen=True, slots=True)
class Judgement:
    """A recorded judgement; `row.status` '' takes the one before it back."""

    row: StatusOverride
    holds: bool


def judgements(
    recorded: Iterable[StatusOverride], holding: StatusOverride | None
) -> list[Judgement]:
    """Return what was judged, in the order given, with the one that holds."""
    return [Judgement(row, holds=holding is not None and row.pk == holding.pk) for row in recorded]


def was_visible(then: OperationalObjective, access: Access, moment: datetime) -> bool:
    """Tell whether an objective, as it stood at `moment`, was there and for this user to see.

    What is approved now was a draft once, and that draft stays with its unit: see
    OperationalObjectiveQuerySet.visible_to.
    """
    if then.created_at > moment:
        return False
    return (
        then.is_in_force
        or access.is_superuser
        or access.sees_drafts
        or access.plans_for(then.unit_id)
        or (access.sees_submitted and then.state == PlanState.SUBMITTED)
    )


def objectives_seen(access: Access, moment: datetime) -> QuerySet[OperationalObjective]:
    """Return the objectives that were there at `moment` and for this user to see then.

    It is was_visible for many at once. Whoever reads drafts of the unit reads those of then too;
    all others read what was approved by then, withdrawn since or not, and the corporate cell and
    the committee what had been submitted: that takes one query more, over what was not approved
    yet, and for an earlier moment two.
    """
    known = OperationalObjective.objects.visible_to(access).known_at(moment)
    if access.is_superuser or access.sees_drafts:
        return known
    approved = Q(state__in=IN_FORCE, approved_at__lte=moment)
    own = Q(unit_id__in=[pk for pk in access.unit_ids if access.plans_for(pk)])
    seen = approved | own
    if access.sees_submitted:
        rows = known.exclude(approved).annotate(read_at=instant_read())
        waiting = as_known(list(rows), moment)
        seen |= Q(pk__in=[row.pk for row in waiting if was_visible(row, access, moment)])
    return known.filter(seen)

"""What becomes of the objectives and werven of a plan in the plan that takes its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.services import history_record, next_instant
from objectives.strategy.models import StrategicObjective, Werf
from objectives.strategy.services.rules import must_keep_plans
from personnel.models import User

EntryT = TypeVar("EntryT", StrategicObjective, Werf)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageSheet:
    """Where an entry goes on, by code in the next plan; or why it does not."""

    successors: Sequence[str] = ()
    discontinued_because: str = ""


@transaction.atomic
def lineage_set(
    *, actor: User, entry: EntryT, sheet: LineageSheet, expected_version: int | None = None
) -> bool:
    """Say where an objective or a werf goes on in the next plan; return whether it changed.

    Raises NotAllowed; DomainError for a code that the next plan has not, or when it both goes on
    and ends; EditConflict, whose `theirs` holds `successors` and `discontinued_because`.
    """
    must_keep_plans(actor)
    at = next_instant()
    model = type(entry)
    stored = model._default_manager.select_for_update().get(pk=entry.pk)
    because = sheet.discontinued_because.strip()
    before = list(stored.successors.order_by("order", "pk"))
    codes_before = [row.code for row in before]
    if expected_version is not None and expected_version != stored.version:
        raise EditConflict(
            _("Someone else changed this while you were working."),
            {"successors": codes_before, "discontinued_because": stored.discontinued_because},
        )
    after = _successors(stored, sheet.successors)
    if after and because:
        raise DomainError(
            "goes_on_and_ends",
            _("Either it goes on or it ends: choose one of the two."),
            "discontinued_because",
        )
    codes_after = [row.code for row in after]
    if set(codes_after) == set(codes_before) and because == stored.discontinued_because:
        return False
    stored.successors.set(after)
    old_because, stored.discontinued_because = stored.discontinued_because, because
    stored.version += 1
    stored.save(update_fields=["discontinued_because", "version"])
    history_record(
        actor=actor,
        target=stored,
        action="lineage_set",
        changes={
            "successors": (codes_before, codes_after),
            "discontinued_because": (old_because, because),
        },
        at=at,
    )
    entry.version, entry.discontinued_because = stored.version, because
    return True


def _successors(entry: EntryT, codes: Sequence[str]) -> list[EntryT]:
    """Return the entries of the next plan with those codes, or refuse a code that it has not."""
    if not codes:
        return []
    plan_path = "plan" if isinstance(entry, StrategicObjective) else "objective__plan"
    plan = entry.plan if isinstance(entry, StrategicObjective) else entry.objective.plan
    rows = type(entry)._default_manager.filter(
        **{f"{plan_path}__predecessor": plan, "code__in": list(codes)}
    )
    found = {row.code: row for row in rows.order_by("order", "pk")}
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise DomainError(
            "not_in_next_plan",
            _("The next plan has no “%(code)s”: add it there first.")
            % {"code": ", ".join(unknown)},
            "successors",
        )
    return list(found.values())

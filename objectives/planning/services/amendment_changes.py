"""The changes that an amendment proposes: entered, checked against the plan, taken out again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.services import history_record, next_instant
from objectives.indicators.models import Indicator
from objectives.planning.choices import PART_KINDS, AmendmentState, ChangeKind, PlanState
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    OperationalObjective,
)
from objectives.planning.selectors.amendments import (
    ENDING,
    drafts_in_amendments,
    may_bring,
    may_edit,
    may_propose_for,
    new_values,
    takes_amendments,
)
from objectives.planning.selectors.versions import objective_contents
from objectives.planning.services.amendment_effects import change_apply
from objectives.planning.services.amendment_parts import parts_now
from objectives.planning.services.amendment_values import FIELDS, targets_now
from objectives.planning.services.indicators import indicator_reuse
from objectives.planning.services.links import current_link
from personnel.access import Access, access_of
from personnel.models import User

# Kind -> (fewest, most) objectives that it speaks of and drafts that it brings; None: any number.
_SIZES: Final[Mapping[str, tuple[tuple[int, int | None], tuple[int, int | None]]]] = {
    ChangeKind.CHANGE: ((1, 1), (0, 0)),
    ChangeKind.OWNER: ((1, 1), (0, 0)),
    ChangeKind.TARGET: ((1, 1), (0, 0)),
    ChangeKind.ADD: ((0, 0), (1, 1)),
    ChangeKind.WITHDRAW: ((1, 1), (0, 0)),
    ChangeKind.SPLIT: ((1, 1), (2, None)),
    ChangeKind.MERGE: ((2, None), (1, 1)),
    ChangeKind.ACTIVITY: ((1, 1), (0, 0)),
    ChangeKind.RISK: ((1, 1), (0, 0)),
}
_WITH_VALUES: Final = (ChangeKind.CHANGE, ChangeKind.OWNER, ChangeKind.TARGET, *PART_KINDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One change as it is entered.

    `values` maps a field to its new value, in the words of a consolidated version: codes, ISO
    dates, {"nl", "fr"}. What equals the present value is left out. `continuing` says which
    indicators go on in which of `results`.
    """

    kind: str
    motivation: str
    is_important: bool | None
    objectives: Sequence[OperationalObjective] = ()
    results: Sequence[OperationalObjective] = ()
    indicator: Indicator | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    continuing: Sequence[tuple[Indicator, OperationalObjective]] = ()


class _Tried(Exception):
    """Undoes what a change did when it was only tried."""


@transaction.atomic
def change_add(
    *, actor: User, amendment: Amendment, proposal: Proposal, at: datetime | None = None
) -> AmendmentChange:
    """Add a change to a draft amendment; it is tried at once, so that it can be applied later.

    Raises NotAllowed, or DomainError at the field: for an objective that is not in force, a field
    that another change of the amendment changes already, or whatever the plan's rules refuse.
    """
    at = at or next_instant()
    _must_write(actor, amendment)
    _check_shape(proposal)
    access = access_of(actor)
    objectives = _must_be_proposable(proposal, amendment, access)
    _must_be_free_drafts(proposal, amendment, access)
    values = _pairs(proposal, at)
    _refuse_twice(proposal, values, amendment)
    last = amendment.changes.aggregate(last=Max("order"))["last"] or 0
    change = AmendmentChange.objects.create(
        amendment=amendment,
        kind=proposal.kind,
        indicator=proposal.indicator,
        values=values,
        base_versions={str(row.uuid): row.version for row in objectives},
        motivation=proposal.motivation.strip(),
        is_important=proposal.is_important,
        order=last + 1,
        is_demo=amendment.is_demo,
    )
    change.objectives.set(objectives)
    change.results.set(proposal.results)
    _continue(actor, proposal)
    _try(actor, change, at)
    _note(actor, amendment, "change_added", change, at)
    return change


@transaction.atomic
def change_update(
    *, actor: User, change: AmendmentChange, proposal: Proposal, expected_version: int
) -> None:
    """Put another proposal in the place of a change. Raises as change_add, or EditConflict."""
    at = next_instant()
    _must_write(actor, change.amendment)
    _must_be_current(change, expected_version)
    order, version = change.order, change.version
    _note(actor, change.amendment, "change_removed", change, at)
    change.delete()
    again = change_add(actor=actor, amendment=change.amendment, proposal=proposal, at=at)
    AmendmentChange.objects.filter(pk=again.pk).update(
        uuid=change.uuid, order=order, version=version + 1
    )


@transaction.atomic
def change_remove(*, actor: User, change: AmendmentChange, expected_version: int) -> None:
    """Take a change out of a draft amendment; the drafts that it would bring stay drafts."""
    at = next_instant()
    _must_write(actor, change.amendment)
    _must_be_current(change, expected_version)
    _note(actor, change.amendment, "change_removed", change, at)
    change.delete()


@transaction.atomic
def change_rebase(*, actor: User, change: AmendmentChange, expected_version: int) -> None:
    """Let a change start from what its objectives say now; what it proposes stays.

    Raises DomainError when nothing of it is left to change, or the objective is gone.
    """
    proposal = Proposal(
        kind=change.kind,
        motivation=change.motivation,
        is_important=change.is_important,
        objectives=list(change.objectives.select_related("plan", "unit")),
        results=list(change.results.select_related("plan", "unit")),
        indicator=change.indicator,
        values=new_values(change),
    )
    change_update(actor=actor, change=change, proposal=proposal, expected_version=expected_version)


def _must_write(actor: User, amendment: Amendment) -> None:
    """Refuse whoever does not write in the amendment, and what is no draft any more."""
    amendment.refresh_from_db(fields=["state", "version"])
    if not may_edit(access_of(actor), amendment):
        raise NotAllowed("not_your_amendment", _("You cannot change this amendment."))
    if amendment.state != AmendmentState.DRAFT:
        raise DomainError(
            "amendment_not_draft",
            _("Amendment %(number)s was submitted: it changes again when it comes back.")
            % {"number": amendment.number},
        )
    if not takes_amendments(amendment.plan):
        raise DomainError(
            "plan_takes_none",
            _("The plan of %(year)s is not in force: it takes no amendments.")
            % {"year": amendment.plan.year},
        )


def _must_be_current(change: AmendmentChange, expected_version: int) -> None:
    current = AmendmentChange.objects.filter(pk=change.pk).first()
    if current is None or current.version != expected_version:
        raise EditConflict(
            _("Someone else changed this while you were working."),
            new_values(current) if current else {},
        )


def _check_shape(proposal: Proposal) -> None:
    """Refuse too few or too many objectives and drafts for the kind of change."""
    if not proposal.motivation.strip():
        raise DomainError("motivation_required", _("Say why this changes."), "motivation")
    spoken_of, brought = _SIZES[proposal.kind]
    _check_size(len(proposal.objectives), spoken_of, "objectives")
    _check_size(len(proposal.results), brought, "results")
    if proposal.kind == ChangeKind.TARGET and proposal.indicator is None:
        raise DomainError("indicator_required", _("Choose the indicator."), "indicator")


def _check_size(count: int, limits: tuple[int, int | None], field_name: str) -> None:
    fewest, most = limits
    if count < fewest:
        raise DomainError(
            "too_few",
            _("Choose at least %(count)s; you chose %(chosen)s.")
            % {"count": fewest, "chosen": count},
            field_name,
        )
    if most is not None and count > most:
        raise DomainError(
            "too_many",
            _("Choose at most %(count)s; you chose %(chosen)s.") % {"count": most, "chosen": count},
            field_name,
        )


def _must_be_proposable(
    proposal: Proposal, amendment: Amendment, access: Access
) -> list[OperationalObjective]:
    """Return the objectives as they are stored now, all in force and for the proposer to change."""
    rows = OperationalObjective.objects.filter(pk__in=[row.pk for row in proposal.objectives])
    objectives = list(
        rows.select_related("plan", "plan__plan", "unit", "holder", "sub_unit", "werf")
    )
    for row in objectives:
        if row.plan_id != amendment.plan_id or row.state != PlanState.APPROVED:
            raise DomainError(
                "not_in_force",
                _("%(code)s is not in force in the plan of %(year)s.")
                % {"code": row.code, "year": amendment.plan.year},
                "objectives",
            )
        _must_be_of_unit(row, amendment, access, "objectives")
        if proposal.indicator is not None:
            current_link(row, proposal.indicator)
    return objectives


def _must_be_free_drafts(proposal: Proposal, amendment: Amendment, access: Access) -> None:
    """Refuse results that are no drafts of this plan, or that another amendment brings."""
    taken = set(drafts_in_amendments().values_list("pk", flat=True))
    for result in proposal.results:
        if result.plan_id != amendment.plan_id or not may_bring(access, result):
            raise DomainError(
                "no_draft",
                _("%(code)s is no draft of the plan of %(year)s that you can bring.")
                % {"code": result.code, "year": amendment.plan.year},
                "results",
            )
        if result.pk in taken:
            raise DomainError(
                "draft_taken",
                _("%(code)s comes with another change already.") % {"code": result.code},
                "results",
            )
        _must_be_of_unit(result, amendment, access, "results")


def _must_be_of_unit(
    row: OperationalObjective, amendment: Amendment, access: Access, field_name: str
) -> None:
    own = amendment.unit_id is None or row.unit_id == amendment.unit_id
    if not own or not may_propose_for(access, row.unit_id):
        raise DomainError(
            "other_unit",
            _(
                "%(code)s belongs to %(unit)s: only an amendment of the corporate cell speaks of "
                "several directorates."
            )
            % {"code": row.code, "unit": row.unit.code},
            field_name,
        )


def _pairs(proposal: Proposal, at: datetime) -> dict[str, list[Any]]:
    """Return [old, new] of each field that the proposal changes."""
    if proposal.kind not in _WITH_VALUES:
        return {}
    objective = proposal.objectives[0]
    now = present_values(proposal.kind, objective, proposal.indicator, at)
    if proposal.kind in PART_KINDS:
        now = {**dict.fromkeys(proposal.values), **now}
    pairs = {
        name: [now[name], value]
        for name, value in proposal.values.items()
        if name in now and now[name] != value
    }
    if not pairs or set(pairs) == {"indicators"}:
        raise DomainError(
            "nothing_changed", _("This is what the plan says already. Change at least one field.")
        )
    return pairs


def present_values(
    kind: str, objective: OperationalObjective, indicator: Indicator | None, at: datetime
) -> dict[str, Any]:
    """Return what a change of that kind could change, as it is now."""
    year = objective.plan.year
    if kind in PART_KINDS:
        return parts_now(kind, objective)
    if indicator is not None:
        return targets_now(indicator, year)
    current = OperationalObjective.objects.select_related(
        "unit", "sub_unit", "holder", "werf", "werf__objective"
    ).get(pk=objective.pk)
    # A text of the plan leaves means out that nobody named: a change names them from nothing.
    content = {"means": {}, **objective_contents([current], year, at)[current.code]}
    if kind == ChangeKind.OWNER:
        return {"unit": content["unit"], "holder": content["holder"], "indicators": []}
    return {name: content[name] for name in FIELDS}


def _refuse_twice(proposal: Proposal, values: Mapping[str, Any], amendment: Amendment) -> None:
    """Refuse two changes of one amendment that speak of the same thing of the same objective."""
    keys = [row.pk for row in proposal.objectives]
    for other in amendment.changes.filter(objectives__in=keys).distinct():
        fields = set(values) & set(other.values)
        ends = other.kind in ENDING or proposal.kind in ENDING
        if not ends and (not fields or other.indicator_id != _key(proposal.indicator)):
            continue
        raise DomainError(
            "changed_twice",
            _(
                "Another change of this amendment speaks of the same. Change that one, or take "
                "it out first."
            ),
        )


def _continue(actor: User, proposal: Proposal) -> None:
    """Let the results use the indicators that go on in them: they are drafts of the same unit."""
    for indicator, result in proposal.continuing:
        if not result.indicator_links.current().filter(indicator=indicator).exists():
            indicator_reuse(actor=actor, objective=result, indicator=indicator)


def _key(indicator: Indicator | None) -> int | None:
    return indicator.pk if indicator else None


def _try(actor: User, change: AmendmentChange, at: datetime) -> None:
    """Apply the change and undo it again: what the plan's rules refuse is refused at entry."""
    if change.kind not in _WITH_VALUES:
        return
    try:
        with transaction.atomic():
            change_apply(actor=actor, change=change, at=at)
            raise _Tried
    except _Tried:
        return


def _note(
    actor: User, amendment: Amendment, action: str, change: AmendmentChange, at: datetime
) -> None:
    """Write in the amendment's history what was entered or taken out, and count it as a change."""
    codes = [*_codes(change.objectives.all()), *_codes(change.results.all())]
    told = {"kind": change.kind, "objectives": codes, "motivation": change.motivation}
    pair = (None, told) if action == "change_added" else (told, None)
    Amendment.objects.filter(pk=amendment.pk).update(version=F("version") + 1)
    amendment.refresh_from_db(fields=["version"])
    history_record(actor=actor, target=amendment, action=action, changes={"change": pair}, at=at)


def _codes(rows: Any) -> list[str]:
    return [row.code for row in rows]

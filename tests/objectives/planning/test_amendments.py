"""Amendments of a plan in force: each kind, who decides, what meets, who sees what."""

from datetime import date, timedelta
from typing import Any

import pytest

from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known
from objectives.indicators.models import Indicator, Target
from objectives.planning.choices import ChangeKind, PlanState
from objectives.planning.models import (
    Amendment,
    AmendmentChange,
    ObjectiveLineage,
    OperationalObjective,
    PlanVersion,
)
from objectives.planning.selectors.amendments import important_changes, withdrawal_of
from objectives.planning.selectors.versions import plan_content, version_check
from objectives.planning.services.amendment_changes import (
    Proposal,
    change_add,
    change_rebase,
    change_remove,
)
from objectives.planning.services.amendments import (
    AmendmentConflict,
    amendment_approve,
    amendment_create,
    amendment_reject,
    amendment_return,
    amendment_submit,
    amendment_withdraw,
)
from objectives.planning.services.versions import plan_version_freeze
from personnel.access import access_of
from personnel.models import UnitTransfer
from tests.factories import Ministry, text


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    """Return an objective in force in a plan in force."""
    row = ministry.objective()
    ministry.indicator(row)
    ministry.approve(row)
    plan_version_freeze(actor=ministry.users["committee"], plan=ministry.year)
    return row


def begin(ministry: Ministry, *, by: str = "planner_adcv") -> Amendment:
    unit = None if by == "corporate" else ministry.adcv
    return amendment_create(
        actor=ministry.users[by], plan=ministry.year, unit=unit, title=text("Bijsturing najaar")
    )


def propose(
    ministry: Ministry,
    amendment: Amendment,
    kind: str,
    *,
    by: str = "planner_adcv",
    is_important: bool = False,
    **parts: Any,
) -> AmendmentChange:
    return change_add(
        actor=ministry.users[by],
        amendment=amendment,
        proposal=Proposal(
            kind=kind,
            motivation="De aanbesteding loopt uit.",
            is_important=is_important,
            **parts,
        ),
    )


def carry(ministry: Ministry, amendment: Amendment, *, by: str = "head_adcv") -> PlanVersion:
    amendment_submit(actor=ministry.users[by], amendment=amendment)
    return amendment_approve(actor=ministry.users["committee"], amendment=amendment)


def ready_draft(ministry: Ministry, title: str) -> OperationalObjective:
    row = ministry.objective(title=title)
    ministry.indicator(row)
    ministry.motivate(row)
    row.refresh_from_db()
    return row


def longer(objective: OperationalObjective) -> dict[str, Any]:
    return {"objectives": [objective], "values": {"ends_on": "2026-11-30"}}


def test_a_change_of_fields_is_applied_as_a_whole(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment = begin(ministry)
    values = {"ends_on": "2026-11-30", "title": {"nl": "Masterplan NCU afronden"}, "holder": None}
    propose(ministry, amendment, ChangeKind.CHANGE, objectives=[objective], values=values)
    version = carry(ministry, amendment)
    objective.refresh_from_db()
    assert (objective.ends_on, objective.title["nl"], objective.holder) == (
        date(2026, 11, 30),
        "Masterplan NCU afronden",
        None,
    )
    assert (version.number, version.amendment) == (2, amendment)
    entry = HistoryEntry.objects.filter(target_uuid=objective.uuid).latest("at", "pk")
    assert (entry.action, entry.reason) == ("amended", "W1: De aanbesteding loopt uit.")


def test_before_the_approval_the_plan_stays_as_it_was(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = PlanVersion.objects.get()
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.CHANGE, **longer(objective))
    objective.refresh_from_db()
    assert objective.ends_on == date(2026, 12, 31)
    carry(ministry, amendment)
    (then,) = as_known([OperationalObjective.objects.get()], before.recorded_at)
    assert then.ends_on == date(2026, 12, 31)
    assert version_check(before).is_sound
    assert all(version_check(version).is_sound for version in PlanVersion.objects.all())


def test_another_target(ministry: Ministry, objective: OperationalObjective) -> None:
    indicator = Indicator.objects.get()
    amendment = begin(ministry)
    final = {"due_on": "2026-12-31", "value": "93", "level": None}
    propose(
        ministry,
        amendment,
        ChangeKind.TARGET,
        objectives=[objective],
        indicator=indicator,
        values={"final": final},
    )
    assert Target.objects.count() == 1
    carry(ministry, amendment)
    assert [row.value for row in Target.objects.order_by("recorded_at")] == [95, 93]


def test_a_target_that_the_indicator_refuses_is_refused_at_entry(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    final = {"due_on": "2026-12-31", "value": "50", "level": None}
    with pytest.raises(DomainError) as refused:
        propose(
            ministry,
            begin(ministry),
            ChangeKind.TARGET,
            objectives=[objective],
            indicator=Indicator.objects.get(),
            values={"final": final},
        )
    assert refused.value.code == "target_below_baseline"
    assert not AmendmentChange.objects.exists()


def test_another_owner_takes_the_ticked_indicators_along(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    indicator = Indicator.objects.get()
    amendment = begin(ministry, by="corporate")
    propose(
        ministry,
        amendment,
        ChangeKind.OWNER,
        by="corporate",
        objectives=[objective],
        values={"unit": "DVZ", "holder": "DVZ-DG", "indicators": [indicator.code]},
    )
    carry(ministry, amendment, by="corporate")
    objective.refresh_from_db()
    indicator.refresh_from_db()
    assert (objective.unit.code, indicator.owner.code) == ("DVZ", "DVZ")
    assert UnitTransfer.objects.count() == 2


def test_an_added_objective_comes_into_force_with_the_amendment(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    draft = ready_draft(ministry, "Kazernes bouwen")
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.ADD, results=[draft])
    cabinet = access_of(ministry.users["cabinet_vbz"])
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    assert set(OperationalObjective.objects.visible_to(cabinet)) == {objective}
    assert not Amendment.objects.visible_to(cabinet).exists()
    version = amendment_approve(actor=ministry.users["committee"], amendment=amendment)
    draft.refresh_from_db()
    assert (draft.state, draft.approved_at) == (PlanState.APPROVED, version.recorded_at)
    assert Amendment.objects.visible_to(cabinet).exists()


def test_a_draft_that_is_not_smart_stops_the_submission(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    draft = ministry.objective(title="Kazernes bouwen")
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.ADD, results=[draft])
    with pytest.raises(DomainError) as refused:
        amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    assert draft.code in refused.value.message


def test_a_withdrawn_objective_is_gone_from_then_on_and_known_as_before(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    before = PlanVersion.objects.get()
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.WITHDRAW, objectives=[objective])
    version = carry(ministry, amendment)
    objective.refresh_from_db()
    assert (objective.state, objective.waits_for) == (PlanState.WITHDRAWN, "")
    rows = OperationalObjective.objects.all()
    assert list(rows.in_force_at(before.recorded_at)) == [objective]
    assert not rows.in_force_at(version.recorded_at).exists()
    assert plan_content(ministry.year, version.recorded_at)["objectives"] == {}
    found = withdrawal_of(objective)
    assert found is not None
    assert found.amendment == amendment
    due = Indicator.objects.get().obligations.current().filter(period_end__year=2026)
    lapsed = due.filter(period_end__gte=version.dated_on)
    assert all(row.not_applicable_reason.startswith("W1: ") for row in lapsed)


def test_a_split_leaves_its_lineage(ministry: Ministry, objective: OperationalObjective) -> None:
    results = [ready_draft(ministry, name) for name in ("Kazernes bouwen", "Wagens kopen")]
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.SPLIT, objectives=[objective], results=results)
    carry(ministry, amendment)
    assert {
        (row.predecessor.code, row.successor.code, row.kind)
        for row in ObjectiveLineage.objects.all()
    } == {(objective.code, row.code, "split") for row in results}
    assert OperationalObjective.objects.filter(state=PlanState.APPROVED).count() == 2


def test_a_merger_brings_several_into_one(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    other, result = (ready_draft(ministry, name) for name in ("Kazernes bouwen", "Wagens kopen"))
    first = begin(ministry)
    propose(ministry, first, ChangeKind.ADD, results=[other])
    carry(ministry, first)
    second = begin(ministry)
    propose(ministry, second, ChangeKind.MERGE, objectives=[objective, other], results=[result])
    carry(ministry, second)
    objective.refresh_from_db()
    assert objective.state == PlanState.WITHDRAWN
    assert ObjectiveLineage.objects.filter(successor=result, kind="merged").count() == 2


def test_a_split_needs_two_results(ministry: Ministry, objective: OperationalObjective) -> None:
    draft = ready_draft(ministry, "Kazernes bouwen")
    with pytest.raises(DomainError) as refused:
        propose(
            ministry,
            begin(ministry),
            ChangeKind.SPLIT,
            objectives=[objective],
            results=[draft],
        )
    assert refused.value.field == "results"


def test_one_amendment_says_one_thing_of_a_field(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.CHANGE, **longer(objective))
    with pytest.raises(DomainError) as refused:
        propose(ministry, amendment, ChangeKind.CHANGE, **longer(objective))
    assert refused.value.code == "changed_twice"
    propose(
        ministry,
        amendment,
        ChangeKind.CHANGE,
        objectives=[objective],
        values={"description": {"nl": "Met de provincies."}},
    )
    carry(ministry, amendment)
    objective.refresh_from_db()
    assert (objective.ends_on, objective.description["nl"]) == (
        date(2026, 11, 30),
        "Met de provincies.",
    )


def test_the_second_of_two_amendments_meets_the_first_and_is_rebased(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    first, second = begin(ministry), begin(ministry)
    propose(ministry, first, ChangeKind.CHANGE, **longer(objective))
    late = propose(
        ministry,
        second,
        ChangeKind.CHANGE,
        objectives=[objective],
        values={"ends_on": "2026-10-31"},
    )
    amendment_submit(actor=ministry.users["head_adcv"], amendment=second)
    carry(ministry, first)
    with pytest.raises(AmendmentConflict) as conflict:
        amendment_approve(actor=ministry.users["committee"], amendment=second)
    assert objective.code in conflict.value.message
    objective.refresh_from_db()
    assert objective.ends_on == date(2026, 11, 30)
    amendment_return(actor=ministry.users["committee"], amendment=second, reason="Begin opnieuw.")
    late.refresh_from_db()
    change_rebase(actor=ministry.users["planner_adcv"], change=late, expected_version=late.version)
    again = second.changes.get()
    assert again.uuid == late.uuid
    assert again.values == {"ends_on": ["2026-11-30", "2026-10-31"]}
    carry(ministry, second)
    objective.refresh_from_db()
    assert objective.ends_on == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("by", "may"),
    [
        ("planner_adcv", False),
        ("head_adcv", True),
        ("head_dvz", False),
        ("corporate", False),
        ("committee", False),
        ("auditor", False),
        ("cabinet_vbz", False),
    ],
)
def test_the_head_submits_what_the_unit_proposes(
    ministry: Ministry, objective: OperationalObjective, by: str, may: bool
) -> None:
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.CHANGE, **longer(objective))
    if may:
        amendment_submit(actor=ministry.users[by], amendment=amendment)
        assert amendment.state == "submitted"
    else:
        with pytest.raises(NotAllowed):
            amendment_submit(actor=ministry.users[by], amendment=amendment)


@pytest.mark.parametrize("by", ["head_adcv", "corporate", "auditor", "cabinet_vbz"])
def test_only_the_committee_approves(
    ministry: Ministry, objective: OperationalObjective, by: str
) -> None:
    amendment = begin(ministry)
    propose(ministry, amendment, ChangeKind.CHANGE, **longer(objective))
    amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    with pytest.raises(NotAllowed):
        amendment_approve(actor=ministry.users[by], amendment=amendment)


def test_what_does_not_come_gives_its_drafts_back(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    draft = ready_draft(ministry, "Kazernes bouwen")
    for end in (amendment_reject, amendment_withdraw):
        amendment = begin(ministry)
        draft.refresh_from_db()
        propose(ministry, amendment, ChangeKind.ADD, results=[draft])
        amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
        by = "committee" if end is amendment_reject else "head_adcv"
        end(actor=ministry.users[by], amendment=amendment, reason="Geen geld.")
        draft.refresh_from_db()
        assert (draft.state, draft.waits_for) == (PlanState.DRAFT, "planner")


def test_a_plan_that_is_not_in_force_takes_no_amendment(ministry: Ministry) -> None:
    with pytest.raises(DomainError) as refused:
        begin(ministry)
    assert refused.value.code == "plan_takes_none"


def test_a_unit_proposes_nothing_for_another(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment = amendment_create(
        actor=ministry.users["planner_dvz"],
        plan=ministry.year,
        unit=ministry.dvz,
        title=text("Van ons"),
    )
    with pytest.raises(DomainError) as refused:
        propose(ministry, amendment, ChangeKind.CHANGE, by="planner_dvz", **longer(objective))
    assert refused.value.code == "other_unit"


def test_a_change_is_taken_out_again(ministry: Ministry, objective: OperationalObjective) -> None:
    amendment = begin(ministry)
    change = propose(ministry, amendment, ChangeKind.CHANGE, **longer(objective))
    change_remove(actor=ministry.users["planner_adcv"], change=change, expected_version=1)
    with pytest.raises(DomainError) as refused:
        amendment_submit(actor=ministry.users["head_adcv"], amendment=amendment)
    assert refused.value.code == "no_changes"


def test_important_changes_of_a_time(ministry: Ministry, objective: OperationalObjective) -> None:
    start = PlanVersion.objects.get().recorded_at
    for is_important, ends_on in ((True, "2026-11-30"), (False, "2026-10-31")):
        amendment = begin(ministry)
        propose(
            ministry,
            amendment,
            ChangeKind.CHANGE,
            is_important=is_important,
            objectives=[objective],
            values={"ends_on": ends_on},
        )
        carry(ministry, amendment)
    end = PlanVersion.objects.latest("number").recorded_at
    (change,) = important_changes(ministry.year, start, end)
    assert change.amendment.number == 1
    assert important_changes(ministry.year, end, end + timedelta(days=1)) == []


def test_the_other_language_is_marked_outdated(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    amendment = begin(ministry)
    title = {**objective.title, "nl": "Masterplan NCU afronden"}
    propose(ministry, amendment, ChangeKind.CHANGE, objectives=[objective], values={"title": title})
    carry(ministry, amendment)
    objective.refresh_from_db()
    assert isinstance(objective.title, LocalisedText)
    assert objective.title.state("fr") == "outdated"

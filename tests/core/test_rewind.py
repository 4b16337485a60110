"""Records as they stood at an earlier moment."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ibzplan.core.clocks import Clocks
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from ibzplan.core.rewind import as_known, existed
from ibzplan.core.services import history_record, next_instant, record_change
from objectives.planning.choices import PlanState
from objectives.planning.models import OperationalObjective
from objectives.strategy.models import Werf
from personnel.choices import UnitKind
from personnel.models import OrganisationUnit
from tests.factories import Ministry, text

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Return a moment after all that was recorded and before all that will be."""
    with transaction.atomic():
        return next_instant()


@pytest.fixture
def unit(db: None) -> OrganisationUnit:
    """A unit below no other."""
    return _unit("ADCV")


def _unit(code: str) -> OrganisationUnit:
    return OrganisationUnit.objects.create(
        code=code, kind=UnitKind.GENERAL_DIRECTORATE, title=text("Eerst")
    )


def change(unit: OrganisationUnit, **values: Any) -> datetime:
    """Change the unit and return a moment just after it."""
    record_change(actor=None, target=unit, values=values)
    return now()


def test_a_title_edited_twice_reads_as_at_three_moments(unit: OrganisationUnit) -> None:
    first = now()
    second = change(unit, title=LocalisedText({"nl": "Dan", "fr": "Puis"}, {"fr": "unofficial"}))
    third = change(unit, title=text("Nu"), order=7)

    def known(moment: datetime) -> OrganisationUnit:
        return as_known([OrganisationUnit.objects.get(pk=unit.pk)], moment)[0]

    assert known(first).title == text("Eerst")
    assert known(second).title == {"nl": "Dan", "fr": "Puis"}
    assert known(second).title.state("fr") == "unofficial"
    assert (known(second).order, known(third).order) == (0, 7)
    assert known(third).title["nl"] == "Nu"
    entry = HistoryEntry.objects.earliest("at")
    assert known(entry.at).title["nl"] == "Dan", "at its own instant a change is known"


def test_what_the_caller_holds_stays_untouched(unit: OrganisationUnit) -> None:
    before = now()
    parent = _unit("DG")
    change(unit, title=text("Nu"), parent=parent)
    other = _unit("DVZ")
    held = OrganisationUnit.objects.select_related("parent").get(pk=unit.pk)
    then, same = as_known([held, other], before)
    assert (then.title["nl"], then.parent) == ("Eerst", None)
    assert (held.title["nl"], held.parent) == ("Nu", parent)
    assert then is not held
    assert same is other
    assert as_known([held, other], now()) == [held, other]


def test_dates_switches_and_emptied_values_come_back(unit: OrganisationUnit) -> None:
    change(unit, valid_from=date(2025, 3, 1), is_hosted=True, remark=text("Opmerking"))
    before = now()
    change(unit, valid_from=None, is_hosted=False, remark=LocalisedText())
    (then,) = as_known([unit], before)
    assert (then.valid_from, then.is_hosted) == (date(2025, 3, 1), True)
    assert then.remark == text("Opmerking")


def test_a_reference_comes_back_with_one_query_for_all_records(
    unit: OrganisationUnit, django_assert_num_queries: Any
) -> None:
    old, new = _unit("OUD"), _unit("NIEUW")
    units = [unit, *(_unit(f"D{number}") for number in range(5))]
    for one in units:
        change(one, parent=old)
    before = now()
    for one in units:
        change(one, parent=new)
    with django_assert_num_queries(2):  # the history, the parents
        then = as_known(units, before)
        assert [one.parent for one in then] == [old] * 6
    assert {one.parent_id for one in then} == {old.pk}
    assert {one.parent for one in units} == {new}


def test_a_reference_to_a_row_that_is_gone(unit: OrganisationUnit) -> None:
    """Empty when the field can be, else as it is now: a page must not break on it."""
    old = _unit("OUD")
    change(unit, parent=old)
    before = now()
    change(unit, parent=None)
    history_record(
        actor=None,
        target=unit,
        action="changed",
        changes={"kind_of_old": ("a", "b"), "title": (text("Eerst"), text("Eerst"))},
    )
    old.delete()
    (then,) = as_known([unit], before)
    assert (then.parent, then.title["nl"]) == (None, "Eerst")
    assert not hasattr(then, "kind_of_old"), "fields of the past that the model has no more"


def test_one_query_whatever_the_number(
    unit: OrganisationUnit, django_assert_num_queries: Any
) -> None:
    before = now()
    units = [unit, *(_unit(f"D{number}") for number in range(11))]
    for one in units:
        change(one, title=text("Nu"))
    for some in (units[:3], units):
        with django_assert_num_queries(1):
            assert {one.title["nl"] for one in as_known(some, before)} == {"Eerst"}
    with django_assert_num_queries(0):
        assert as_known([], before) == []


def test_what_was_created_later_is_left_out(ministry: Ministry) -> None:
    early = ministry.objective(title="Vroeg")
    before = now()
    late = ministry.objective(title="Laat")
    assert as_known([late, early], before) == [early]
    assert as_known([late, early], now()) == [late, early]
    assert existed(early, before)
    assert not existed(late, before)
    assert existed(late, now())
    assert existed(ministry.werf, LONG_AGO), "nobody recorded that it was made"


def test_what_was_created_last_is_known_now(ministry: Ministry) -> None:
    """Its `created_at` is its instant, not the wall clock, which is already further."""
    before = now()
    objective = ministry.objective()
    assert objective.created_at == Clocks.now().known_at
    stored = OperationalObjective.objects.all()
    assert objective in stored.known_at(Clocks.now().known_at)
    assert objective not in stored.known_at(before)


def test_an_objective_reads_as_it_was_before_its_approval(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    drafted = now()
    ministry.approve(objective)
    approved = now()
    elsewhere = Werf.objects.create(
        objective=ministry.werf.objective, code="2.7", title=text("Elders")
    )
    record_change(actor=None, target=objective, values={"werf": elsewhere, "approved_at": None})
    stored = OperationalObjective.objects.get(pk=objective.pk)
    (draft,) = as_known([stored], drafted)
    assert (draft.state, draft.approved_at, draft.werf) == (PlanState.DRAFT, None, ministry.werf)
    (then,) = as_known([stored], approved)
    assert (then.state, then.werf) == (PlanState.APPROVED, ministry.werf)
    entry = HistoryEntry.objects.get(target_uuid=objective.uuid, action=PlanState.APPROVED)
    assert then.approved_at == entry.at, "to the microsecond"
    assert (stored.werf, stored.approved_at) == (elsewhere, None)


EDITS = st.one_of(
    st.tuples(st.just("title"), st.sampled_from(["", "Een", "Twee", "Drie"])),
    st.tuples(st.just("order"), st.integers(0, 3)),
    st.tuples(st.just("parent"), st.sampled_from([None, "A", "B"])),
    st.tuples(st.just("valid_to"), st.dates() | st.none()),
)


class TestNothingRecordedLaterChangesAnEarlierView(TestCase):
    """The rule of design.md 4.2, for records that keep their history."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 1), EDITS), max_size=8))
    def test_for_any_sequence_of_edits(self, edits: list[tuple[int, tuple[str, Any]]]) -> None:
        parents = {code: _unit(code) for code in "AB"}
        units = [_unit("C"), _unit("D")]
        history_record(actor=None, target=units[0], action="looked")
        seen: list[tuple[datetime, list[dict[str, Any]]]] = []
        for index, (name, value) in edits:
            seen.append((Clocks.now().known_at, shown(units)))
            if name == "title":
                value = LocalisedText({"nl": value})
            elif name == "parent":
                value = parents.get(value)
            record_change(actor=None, target=units[index], values={name: value})
        for moment, view in seen:
            stored = [OrganisationUnit.objects.get(pk=unit.pk) for unit in units]
            assert shown(as_known(stored, moment)) == view


def shown(units: list[OrganisationUnit]) -> list[dict[str, Any]]:
    """Return what a page would show of the units."""
    names = ("title", "order", "parent", "valid_to")
    return [{name: getattr(unit, name) for name in names} for unit in units]

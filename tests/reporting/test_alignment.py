"""The alignment page: the matrix, the gaps, the file; by both clocks and by what a reader sees."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.services.clock import next_instant
from objectives.planning.models import ObjectiveGoal, ObjectiveSecurityLink, OperationalObjective
from objectives.security.models import SecurityObjective, SecurityTheme
from objectives.strategy.choices import PlanKind
from objectives.strategy.models import Goal, Plan, PlanAddendum, StrategicObjective, Werf
from personnel.access import access_of
from personnel.choices import Role
from personnel.models import User
from personnel.services import role_assign
from reporting.selectors.alignment import Alignment, alignment
from reporting.selectors.alignment_matrix import AlignmentFilter
from tests.factories import Ministry, text

QUERIES = 11


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def drugs() -> SecurityObjective:
    """The NVP with one theme and its two objectives; the first one."""
    plan = Plan.objects.create(
        code="NVP2026",
        kind=PlanKind.SECURITY,
        title=text("NVP"),
        starts_on=date(2026, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    theme = SecurityTheme.objects.create(plan=plan, code="1", title=text("Drugs"), is_block=True)
    first, _second = (
        SecurityObjective.objects.create(
            theme=theme, code=f"1-F{number}", title=text(title), level="federal", number=number
        )
        for number, title in ((1, "Beeldvorming"), (2, "Barrières"))
    )
    return first


def _approved(
    ministry: Ministry, title: str = "Masterplan NCU uitvoeren", by: str = "planner_adcv"
) -> OperationalObjective:
    objective = ministry.objective(title=title, by=by)
    ministry.indicator(objective, by=by)
    ministry.approve(objective, head=by.replace("planner", "head"))
    return objective


def _instant() -> datetime:
    with transaction.atomic():
        return next_instant()


def _link(objective: OperationalObjective, target: SecurityObjective) -> ObjectiveSecurityLink:
    return ObjectiveSecurityLink.objects.create(
        objective=objective, security_objective=target, known_from=_instant()
    )


def _read(
    ministry: Ministry, who: str = "corporate", clocks: Clocks | None = None, **filter_: object
) -> Alignment:
    return alignment(
        filter_=AlignmentFilter(plan=ministry.year, **filter_),  # type: ignore[arg-type]
        clocks=clocks or Clocks.now(),
        access=access_of(ministry.users[who]),
    )


def _signed(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def _page(ministry: Ministry, query: str = "", who: str = "corporate") -> str:
    client = _signed(ministry.users[who])
    return client.get(f"{reverse('reporting:alignment')}{query}").content.decode()


def test_a_cell_counts_the_objectives_that_link_row_and_column(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    linked, other = _approved(ministry), _approved(ministry, "Noodcentrale bouwen")
    for target in SecurityObjective.objects.all():
        _link(linked, target)
    page = _read(ministry, open_objective="2", open_theme="1")
    assert [row.line.code for row in page.rows] == ["2", "2.6"]
    assert [line.code for line in page.columns] == ["1", "1-F1", "1-F2"]
    # One objective with two links to a theme counts once there.
    assert [cell.total for cell in page.rows[0].cells] == [1, 1, 1]
    assert page.linked == 1
    assert {one.objective for one in page.readings} == {linked, other}
    assert sum(page.rows[0].cells[0].counts.values()) == 1


def test_a_cell_leads_to_the_list_of_its_objectives(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    _link(_approved(ministry), drugs)
    assert 'row=2&amp;column=1#cell"' in _page(ministry)
    opened = _page(ministry, "?row=2&column=1")
    assert "Operational objectives of 2 for 1" in opened
    assert "1-F1" in opened
    assert 'id="cell"' not in _page(ministry, "?row=2&column=9")


def test_the_filters_choose_whose_objectives_are_counted(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    _link(_approved(ministry), drugs)
    _link(_approved(ministry, "Dossiers afwerken", by="planner_dvz"), drugs)
    assert _read(ministry).linked == 2
    own = _read(ministry, unit=ministry.dvz)
    assert [one.objective.unit.code for one in own.readings] == ["DVZ"]
    of_minister = _read(ministry, minister=ministry.vbz)
    assert [one.objective.unit.code for one in of_minister.readings] == ["ADCV"]
    assert "1 of 1 operational objective" in _page(ministry, "?minister=AM")


def test_what_nobody_works_on_is_told_with_the_way_to_mend_it(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    strategic = ministry.werf.objective
    Goal.objects.create(objective=strategic, code="2.d1", title=text("Sneller ter plaatse"))
    Werf.objects.create(objective=strategic, code="2.7", title=text("Lege werf"))
    addendum = PlanAddendum.objects.create(plan=ministry.plan, code="A1", title=text("Addendum"))
    StrategicObjective.objects.create(
        plan=ministry.plan, code="T1", title=text("Transversaal"), addendum=addendum
    )
    objective = _approved(ministry)
    _link(objective, drugs)
    gaps = _read(ministry).gaps
    assert [one.code for one in gaps.goals] == ["2.d1"]
    assert [one.code for one in gaps.werven] == ["2.7"]
    assert [one.code for one in gaps.security] == ["1-F2"]
    assert [one.code for one in gaps.without_kpi] == ["T1"]
    assert [one.objective for one in gaps.without_goal] == [objective]
    assert gaps.without_indicator == ()
    page = _page(ministry)
    assert reverse("planning:objective", args=[objective.uuid]) in page
    assert reverse("planning:addendum", args=["A1"]) in page
    assert reverse("security:theme", args=["1"]) in page


def test_a_goal_that_someone_works_on_is_no_gap(ministry: Ministry) -> None:
    goal = Goal.objects.create(
        objective=ministry.werf.objective, code="2.d1", title=text("Sneller ter plaatse")
    )
    objective = _approved(ministry)
    ObjectiveGoal.objects.create(objective=objective, goal=goal, known_from=_instant())
    gaps = _read(ministry).gaps
    assert gaps.goals == ()
    assert gaps.without_goal == ()


def test_an_objective_whose_indicator_is_confidential_is_not_told_to_have_none(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    ministry.indicator(objective, is_confidential=True)
    ministry.approve(objective)
    page = _read(ministry, "cabinet_am")
    assert [len(one.indicators) for one in page.readings] == [0]
    assert page.gaps.without_indicator == ()


def test_objectives_that_may_be_the_same_say_by_which_words(ministry: Ministry) -> None:
    _approved(ministry, "Digitale aangifte voor burgers invoeren")
    _approved(ministry, "Digitale aangifte invoeren: burgers en steden", by="planner_dvz")
    ((likeness, *_pair),) = _read(ministry).gaps.alike
    assert likeness.words == ("Digitale", "aangifte", "burgers", "invoeren")
    page = _page(ministry)
    assert "of the words coincide" in page
    assert "Digitale, aangifte, burgers, invoeren" in page


def test_the_page_of_an_earlier_moment_knows_the_links_of_then(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    objective = _approved(ministry)
    before = Clocks.now()
    link = _link(objective, drugs)
    between = Clocks.now()
    ObjectiveSecurityLink.objects.filter(pk=link.pk).update(known_until=_instant())
    told = [_read(ministry, clocks=clocks).linked for clocks in (before, between, Clocks.now())]
    assert told == [0, 1, 0]


def test_a_draft_is_not_part_of_the_plan(ministry: Ministry, drugs: SecurityObjective) -> None:
    _link(ministry.objective(), drugs)
    page = _read(ministry, "planner_adcv")
    assert page.readings == ()
    assert page.linked == 0


def test_who_sees_the_nvp_alone_is_not_told_what_nobody_works_on(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    Werf.objects.create(objective=ministry.werf.objective, code="2.7", title=text("Lege werf"))
    _approved(ministry, "Noodcentrale bouwen")
    _link(_approved(ministry), drugs)
    member = User.objects.create(username="gpi")
    role_assign(actor=None, user=member, role=Role.STEERING_GROUP)
    ministry.users["gpi"] = member
    page = _read(ministry, "gpi")
    assert len(page.readings) == 1
    assert page.gaps.werven == ()
    shown = _page(ministry, who="gpi")
    assert "You see a part of the plan" in shown
    assert "Lege werf" not in shown


def test_the_matrix_is_a_table_that_a_screen_reader_can_read(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    _link(_approved(ministry), drugs)
    page = _page(ministry)
    matrix = page[page.index('<table class="matrix') : page.index("</table>")]
    assert "<caption" in matrix
    assert '<th scope="row"' in matrix
    assert matrix.count('scope="col"') == 2
    assert 'class="alignment-list phone-only"' in page


def test_paper_says_which_product_plan_and_moment(ministry: Ministry) -> None:
    page = _page(ministry, "?reference=2026-06-30&known=2026-07-14")
    head = page[page.index('<p class="print-head">') :]
    head = head[: head.index("</p>")]
    assert "<b>ibzplan</b> · OP 2026" in head
    assert "Reference date 30 June 2026" in head
    assert "As known on 14 July 2026" in head


def test_the_file_holds_what_is_on_screen(ministry: Ministry, drugs: SecurityObjective) -> None:
    _link(_approved(ministry), drugs)
    client = _signed(ministry.users["corporate"])
    address = reverse("reporting:alignment")

    def lines(query: str) -> list[list[str]]:
        answer = client.get(f"{address}?{query}&export=csv")
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert lines("objective=2")[1:] == [
        ["2", "Inrichten", "1"],
        ["2.6", lines("objective=2")[2][1], "1"],
    ]
    (chosen,) = lines("row=2&column=1&table=objectives")[1:]
    assert chosen[2:5] == ["ADCV", "2.6", "1-F1"]
    assert any("1-F2" in line for line in lines("table=gaps"))


def test_it_takes_the_same_queries_with_three_times_the_objectives(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    client, address = _signed(ministry.users["corporate"]), reverse("reporting:alignment")
    _link(_approved(ministry), drugs)

    def asked() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    once = asked()
    for number in range(2):
        _link(_approved(ministry, f"Noodcentrale {number} bouwen"), drugs)
    assert asked() == once
    assert once <= QUERIES


def test_a_minister_at_an_earlier_moment_takes_few_queries(
    ministry: Ministry, drugs: SecurityObjective
) -> None:
    _link(_approved(ministry), drugs)
    client, address = _signed(ministry.users["corporate"]), reverse("reporting:alignment")
    query = {"minister": "VBZ", "known": Clocks.now().known_at.isoformat()}
    client.get(address, query)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address, query)
    assert page.context["page"].linked == 1
    assert len(queries) <= QUERIES


def test_before_there_is_a_plan_the_page_says_so(ministry: Ministry) -> None:
    client = _signed(ministry.users["corporate"])
    assert client.get(f"{reverse('reporting:alignment')}?year=1999").status_code == 404
    assert "not loaded yet" in _page(ministry)

"""The SMART check in the product: what is found, motivated, refused, shown and remembered."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.selectors import history_of
from objectives.indicators.models import Indicator
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.choices import PlanState, Step
from objectives.planning.models import OperationalObjective, SmartMotivation
from objectives.planning.selectors.smart import SmartReading, smart_readings
from objectives.planning.services import (
    ObjectiveSheet,
    objective_move,
    objective_update,
    smart_motivate,
)
from objectives.planning.smart import Aspect, Rule
from personnel.access import access_of
from tests.factories import Ministry, function_of

VAGUE = LocalisedText(
    {"nl": "De werking van de dienst optimaliseren", "fr": "Exécuter le plan directeur NCU"}
)


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Errors speak Dutch, whatever ran before."""
    with translation.override("nl"):
        yield


def sheet(title: LocalisedText = VAGUE, *, is_led: bool = True) -> ObjectiveSheet:
    return ObjectiveSheet(
        title=title,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        holder=function_of("ADCV") if is_led else None,
    )


@pytest.fixture
def draft(ministry: Ministry) -> OperationalObjective:
    """A draft with an indicator, complete but for a title that says nothing."""
    objective = ministry.objective()
    ministry.indicator(objective)
    return change(ministry, objective, sheet())


def change(
    ministry: Ministry, objective: OperationalObjective, to: ObjectiveSheet
) -> OperationalObjective:
    objective.refresh_from_db()
    objective_update(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=to,
        expected_version=objective.version,
    )
    objective.refresh_from_db()
    return objective


def read(
    ministry: Ministry, objective: OperationalObjective, name: str = "planner_adcv"
) -> SmartReading:
    row = OperationalObjective.objects.select_related("plan", "unit").get(pk=objective.pk)
    access = access_of(ministry.users[name])
    return smart_readings([row], clocks=Clocks.now(), access=access)[0]


def motivate(ministry: Ministry, objective: OperationalObjective, text: str, **kwargs: Any) -> None:
    (one,) = read(ministry, objective).advisory
    smart_motivate(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        words={one.key.token: text},
        **kwargs,
    )
    objective.refresh_from_db()


def submit(ministry: Ministry, objective: OperationalObjective) -> None:
    ministry.submit(objective)


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def page(ministry: Ministry, objective: OperationalObjective, name: str, query: str = "") -> str:
    address = reverse("planning:objective", args=[objective.uuid]) + query
    answer = client_of(ministry, name).get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# Submitting ---------------------------------------------------------------------------------------


def test_a_complete_objective_has_no_finding_and_is_submitted(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    found = read(ministry, objective)
    assert not found.findings
    assert found.score.whole == 1
    submit(ministry, objective)
    assert objective.state == PlanState.SUBMITTED


def test_blocking_and_unmotivated_findings_refuse_and_are_all_named(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    change(ministry, draft, sheet(is_led=False))
    with pytest.raises(DomainError) as refused:
        submit(ministry, draft)
    assert refused.value.code == "smart_blocking"
    assert "Geen houder van een managementfunctie" in refused.value.message
    assert "Vage woorden (Nederlandse titel)" in refused.value.message
    draft.refresh_from_db()
    assert draft.state == PlanState.DRAFT


def test_a_motivation_lets_an_advised_objective_through(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    with pytest.raises(DomainError) as refused:
        submit(ministry, draft)
    assert refused.value.code == "smart_unmotivated"
    motivate(ministry, draft, "De titel ligt vast in het regeerakkoord.")
    submit(ministry, draft)
    assert draft.state == PlanState.SUBMITTED


def test_other_words_ask_for_another_motivation_and_the_old_ones_find_theirs_again(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    motivate(ministry, draft, "Vastgelegd.")
    other = LocalisedText({**VAGUE, "nl": "Werk maken van een betere dienstverlening"})
    change(ministry, draft, sheet(other))
    assert read(ministry, draft).unmotivated
    with pytest.raises(DomainError):
        submit(ministry, draft)
    change(ministry, draft, sheet())
    assert not read(ministry, draft).unmotivated


def test_an_empty_word_takes_the_motivation_back(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    motivate(ministry, draft, "Vastgelegd.")
    motivate(ministry, draft, "  ")
    assert read(ministry, draft).unmotivated
    assert SmartMotivation.objects.count() == 2


def test_only_planners_of_the_unit_motivate_and_nobody_overwrites(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    (one,) = read(ministry, draft).advisory
    seen = draft.version
    for name in ("planner_dvz", "corporate", "committee", "auditor"):
        with pytest.raises(NotAllowed):
            smart_motivate(actor=ministry.users[name], objective=draft, words={one.key.token: "Ja"})
    motivate(ministry, draft, "Eerst.", expected_version=seen)
    with pytest.raises(EditConflict):
        motivate(ministry, draft, "Later.", expected_version=seen)
    assert read(ministry, draft).advisory[0].motivation is not None
    with pytest.raises(DomainError) as gone:
        smart_motivate(
            actor=ministry.users["planner_adcv"], objective=draft, words={"weg": "Hallo"}
        )
    assert gone.value.code == "finding_gone"


def test_the_history_keeps_the_word_and_the_view_of_before_has_none(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    before = Clocks.now()
    motivate(ministry, draft, "Vastgelegd.")
    entry = history_of(draft)[0]
    assert (entry.action, entry.reason) == ("motivated:vague_words", "Vastgelegd.")
    row = OperationalObjective.objects.select_related("plan", "unit").get(pk=draft.pk)
    access = access_of(ministry.users["planner_adcv"])
    (then,) = smart_readings([row], clocks=before, access=access)
    assert then.unmotivated
    (now,) = smart_readings([row], clocks=Clocks.now(), access=access)
    assert not now.unmotivated


# What the check is given --------------------------------------------------------------------------


def measure(ministry: Ministry, indicator: Indicator, figures: dict[str, str]) -> None:
    for period, value in figures.items():
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(value)),
        )


def test_a_target_beyond_the_history_is_found_with_the_last_figure(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    measure(ministry, indicator, {"2026-T1": "88.5", "2026-T2": "89", "2026-T3": "89.5"})
    (one,) = read(ministry, objective).findings
    assert one.finding.rule is Rule.JUMP
    assert one.finding.values["last"] == "179/2"
    assert one.key.answers == "target=95"


def test_part_of_a_year_says_nothing_of_a_yearly_total(ministry: Ministry) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective, accumulation="flow", target=Decimal(4000))
    measure(ministry, indicator, {"2026-T1": "1", "2026-T2": "2", "2026-T3": "3"})
    assert read(ministry, objective).findings == ()


def test_a_yearly_indicator_without_source_or_interim_target_is_found(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective, frequency="Y", source=LocalisedText())
    found = read(ministry, objective)
    assert [one.finding.rule for one in found.findings] == [
        Rule.INDICATOR_INCOMPLETE,
        Rule.NO_INTERIM_TARGET,
    ]
    assert found.score.aspects[Aspect.MEASURABLE] == Fraction(3, 4)


def test_who_does_not_see_a_confidential_indicator_does_not_read_its_findings(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective, source=LocalisedText())
    ministry.motivate(objective)
    Indicator.objects.filter(pk=indicator.pk).update(is_confidential=True)
    objective.refresh_from_db()
    submit(ministry, objective)
    own, theirs = read(ministry, objective), read(ministry, objective, "committee")
    assert (len(own.findings), own.withheld) == (1, 0)
    assert (len(theirs.findings), theirs.withheld) == (0, 1)
    assert own.score == theirs.score
    shown = page(ministry, objective, "committee")
    assert "Bezettingsgraad" not in shown
    assert "vertrouwelijke indicatoren" in shown


# The page of the objective ------------------------------------------------------------------------


def test_the_page_marks_the_words_and_takes_the_motivation(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    shown = page(ministry, draft, "planner_adcv")
    assert "<mark>" in shown
    assert "Wacht op een motivering" in shown
    (one,) = read(ministry, draft).advisory
    address = reverse("planning:objective_motivation", args=[draft.uuid])
    typed = {f"why-{one.key.token}": "Vastgelegd in <het> akkoord.", "version": draft.version}
    answer = client_of(ministry, "planner_adcv").post(address, typed)
    assert answer.status_code == 302
    shown = page(ministry, draft, "planner_adcv")
    assert "Vastgelegd in &lt;het&gt; akkoord." in shown
    assert "Wacht op een motivering" not in shown
    submit(ministry, draft)
    seen = page(ministry, draft, "committee")
    assert "Vastgelegd in &lt;het&gt; akkoord." in seen
    assert "Gemotiveerd" in seen
    assert address not in seen


def test_what_was_typed_comes_back_when_someone_saved_or_the_finding_went(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    (one,) = read(ministry, draft).advisory
    address = reverse("planning:objective_motivation", args=[draft.uuid])
    name = f"why-{one.key.token}"
    client = client_of(ministry, "planner_adcv")
    answer = client.post(address, {name: "Mijn woord.", "version": draft.version - 1})
    assert answer.status_code == 422
    assert "Mijn woord." in answer.content.decode()
    assert not SmartMotivation.objects.exists()
    again = client.post(address, {name: "Mijn woord.", "version": draft.version})
    assert again.status_code == 302
    gone = client.post(address, {"why-0000": "Te laat.", "version": draft.version + 1})
    assert gone.status_code == 422
    assert "Te laat." in gone.content.decode()
    assert client.get(address).status_code == 302
    assert client_of(ministry, "auditor").post(address, {}).status_code == 403


def test_an_approved_objective_shows_its_motivations_in_the_history_only(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    motivate(ministry, draft, "Vastgelegd.")
    past = Clocks.now().known_at
    submit(ministry, draft)
    ministry.pass_on(draft)
    objective_move(actor=ministry.users["committee"], objective=draft, step=Step.APPROVE)
    shown = page(ministry, draft, "planner_adcv")
    assert 'id="smart"' not in shown
    assert "Vastgelegd." in shown
    then = page(ministry, draft, "planner_adcv", f"?known={past:%Y-%m-%dT%H:%M:%S.%fZ}")
    assert 'id="smart"' in then
    assert 'name="why-' not in then


# The overview -------------------------------------------------------------------------------------


def overview(ministry: Ministry, name: str, **query: str) -> Any:
    return client_of(ministry, name).get(reverse("planning:smart_overview"), query)


def test_the_overview_counts_by_directorate_what_each_reader_may_see(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    ministry.objective(by="planner_dvz")
    for name, codes, n in (
        ("auditor", ["ADCV", "DVZ"], 2),
        ("corporate", ["ADCV", "DVZ"], 0),
        ("planner_adcv", ["ADCV"], 1),
        ("head_dvz", ["DVZ"], 1),
    ):
        answer = overview(ministry, name)
        assert [one.unit.code for one in answer.context["units"]] == codes
        assert len(answer.context["total"].readings) == n
    adcv, dvz = overview(ministry, "auditor").context["units"]
    assert (adcv.drafts, adcv.blocking, adcv.advisory) == (1, 0, 1)
    assert (dvz.blocking, dvz.aspects[1][2]) == (1, 0)  # no indicator: measurable counts 0
    assert adcv.aspects[0] == (Aspect.SPECIFIC, Fraction(3, 4), Fraction(3, 4))
    assert overview(ministry, "cabinet_vbz").status_code == 403


def test_the_filters_leave_the_objectives_with_such_a_finding(
    ministry: Ministry, draft: OperationalObjective
) -> None:
    ministry.objective(by="planner_dvz")
    for query, n in (
        ({"severity": "blocking"}, 1),
        ({"severity": "open"}, 1),
        ({"aspect": "S"}, 1),
        ({"aspect": "S", "severity": "blocking"}, 0),
        ({"unit": "DVZ"}, 1),
    ):
        assert overview(ministry, "auditor", **query).context["total_left"] == n
    for wrong in ({"aspect": "X"}, {"unit": "NIETS"}, {"year": "1999"}, {"severity": "\x00"}):
        assert overview(ministry, "auditor", **wrong).status_code == 404
    assert overview(ministry, "planner_adcv", unit="DVZ").status_code == 404


def test_three_times_the_objectives_take_as_many_queries(
    ministry: Ministry, draft: OperationalObjective, django_assert_max_num_queries: Any
) -> None:
    client = client_of(ministry, "auditor")
    address = reverse("planning:smart_overview")
    counts = []
    for more in (0, 6):
        for _number in range(more):
            ministry.indicator(ministry.objective())
        client.get(address, {"year": "2026"})  # keeps what seldom changes
        with django_assert_max_num_queries(30) as asked:
            assert client.get(address, {"year": "2026"}).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]

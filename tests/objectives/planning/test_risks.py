"""The risks of an objective: who enters them, what they must say, how its page shows them."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.planning.models import OperationalObjective, Risk
from objectives.planning.risk_texts import SCALE, score_mark
from objectives.planning.selectors.parts import objective_parts
from objectives.planning.services import RiskSheet, risk_add, risk_update, risk_withdraw
from tests.factories import Ministry, text


def sheet(title: str | LocalisedText = "Te weinig kandidaten", **values: Any) -> RiskSheet:
    named = text(title) if isinstance(title, str) else title
    plain: dict[str, Any] = {
        "likelihood": 4,
        "impact": 3,
        "response": "reduce",
        "measure": text("Wervingscampagne"),
    }
    return RiskSheet(title=named, **{**plain, **values})


def add(ministry: Ministry, objective: OperationalObjective, **values: Any) -> Risk:
    return risk_add(
        actor=ministry.users["planner_adcv"], objective=objective, sheet=sheet(**values)
    )


def names(objective: OperationalObjective, **at: Any) -> list[str]:
    moment = at.get("moment") or Clocks.now().known_at
    return [str(risk.title) for risk in objective_parts([objective], moment)[objective.pk].risks]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": LocalisedText()}, "title_nl"),
        ({"likelihood": 0}, "likelihood"),
        ({"impact": 6}, "impact"),
        ({"response": "pray"}, "response"),
        ({"measure": LocalisedText()}, "measure_nl"),
    ],
)
def test_a_risk_says_what_how_likely_and_what_is_done(
    ministry: Ministry, values: dict[str, Any], field: str
) -> None:
    objective = ministry.objective()
    wanted = sheet(**values)
    with pytest.raises(DomainError) as refused:
        risk_add(actor=ministry.users["planner_adcv"], objective=objective, sheet=wanted)
    assert refused.value.field == field
    assert not Risk.objects.exists()


def test_a_risk_that_is_accepted_needs_no_measure(ministry: Ministry) -> None:
    assert add(ministry, ministry.objective(), response="accept", measure=LocalisedText()).pk


def test_only_planners_of_the_unit_while_it_is_open(ministry: Ministry) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    risk = add(ministry, objective)
    with pytest.raises(NotAllowed):
        risk_add(actor=ministry.users["planner_dvz"], objective=objective, sheet=sheet())
    ministry.approve(objective)
    risk.refresh_from_db()
    planner = ministry.users["planner_adcv"]
    for write in (
        lambda: risk_add(actor=planner, objective=objective, sheet=sheet()),
        lambda: risk_update(actor=planner, risk=risk, sheet=sheet("Anders")),
        lambda: risk_withdraw(actor=planner, risk=risk),
    ):
        with pytest.raises(DomainError) as refused:
            write()
        assert refused.value.code == "objective_in_force"


def test_every_change_counts_as_one_of_the_objective_and_stays_readable(
    ministry: Ministry,
) -> None:
    objective, planner = ministry.objective(), ministry.users["planner_adcv"]
    moments = [Clocks.now().known_at]
    versions = [objective.version]

    def done() -> None:
        objective.refresh_from_db()
        moments.append(Clocks.now().known_at)
        versions.append(objective.version)

    risk = add(ministry, objective)
    done()
    risk_update(actor=planner, risk=risk, sheet=sheet("Geen kandidaten"))
    done()
    risk_withdraw(actor=planner, risk=risk, reason="Opgelost")
    done()

    assert versions == sorted(set(versions))
    assert [names(objective, moment=moment) for moment in moments] == [
        [],
        ["Te weinig kandidaten"],
        ["Geen kandidaten"],
        [],
    ]
    said = HistoryEntry.objects.filter(target_uuid=objective.uuid).values_list("action", flat=True)
    assert {"risk_added", "risk_changed", "risk_withdrawn"} <= set(said)


def test_nothing_typed_anew_changes_nothing(ministry: Ministry) -> None:
    objective = ministry.objective()
    risk = add(ministry, objective)
    objective.refresh_from_db()
    version = objective.version
    risk_update(actor=ministry.users["planner_adcv"], risk=risk, sheet=sheet())
    objective.refresh_from_db()
    assert objective.version == version


def test_the_second_writer_does_not_overwrite_the_first(ministry: Ministry) -> None:
    objective = ministry.objective()
    risk = add(ministry, objective)
    other = Risk.objects.get(pk=risk.pk)
    planner, head = ministry.users["planner_adcv"], ministry.users["head_adcv"]
    risk_update(actor=planner, risk=risk, sheet=sheet("Eerste"), expected_version=1)
    with pytest.raises(EditConflict):
        risk_update(actor=head, risk=other, sheet=sheet("Tweede"), expected_version=1)
    assert names(objective) == ["Eerste"]


def test_the_worst_risk_comes_first_on_the_page(ministry: Ministry) -> None:
    objective = ministry.objective()
    for title, likelihood, impact in (("Klein", 1, 2), ("Groot", 5, 5), ("Middelmatig", 3, 3)):
        add(ministry, objective, title=title, likelihood=likelihood, impact=impact)
    client = Client()
    client.force_login(ministry.users["head_adcv"])
    page = client.get(reverse("planning:objective", args=[objective.uuid])).content.decode()
    assert page.index("Groot") < page.index("Middelmatig") < page.index("Klein")
    assert names(objective) == ["Groot", "Middelmatig", "Klein"]


def test_a_higher_score_never_looks_better() -> None:
    order = ["on_track", "at_risk", "off_track"]
    marks = {n * m: order.index(score_mark(n * m)) for n in SCALE for m in SCALE}
    ranked = [marks[score] for score in sorted(marks)]
    assert ranked == sorted(ranked)
    assert set(ranked) == {0, 1, 2}


TYPED = {
    "title_nl": "Te weinig kandidaten",
    "likelihood": "4",
    "impact": "3",
    "response": "reduce",
    "measure_nl": "Wervingscampagne",
}


@pytest.fixture
def planner(ministry: Ministry) -> Client:
    client = Client()
    client.force_login(ministry.users["planner_adcv"])
    return client


def test_save_and_add_another_leads_to_an_empty_form(ministry: Ministry, planner: Client) -> None:
    objective = ministry.objective()
    new = reverse("planning:risk_new", args=[objective.uuid])
    assert planner.post(new, {**TYPED, "again": "1"}).headers["Location"] == new
    back = planner.post(new, TYPED).headers["Location"]
    assert back == reverse("planning:objective", args=[objective.uuid]) + "#risks"
    assert Risk.objects.count() == 2


def test_a_form_sent_twice_makes_one_risk(ministry: Ministry, planner: Client) -> None:
    new = reverse("planning:risk_new", args=[ministry.objective().uuid])
    key = str(planner.get(new).context["form"]["key"].value())
    for _ in range(2):
        planner.post(new, {**TYPED, "key": key})
    assert Risk.objects.count() == 1


def test_what_was_typed_comes_back_with_the_error(ministry: Ministry, planner: Client) -> None:
    new = reverse("planning:risk_new", args=[ministry.objective().uuid])
    page = planner.post(new, {**TYPED, "measure_nl": ""})
    assert page.context["form"].errors["measure_nl"]
    assert "Te weinig kandidaten" in page.content.decode()


def test_both_versions_side_by_side_then_saved_by_choice(
    ministry: Ministry, planner: Client
) -> None:
    risk = add(ministry, ministry.objective())
    address = reverse("planning:risk_edit", args=[risk.uuid])
    risk_update(actor=ministry.users["head_adcv"], risk=risk, sheet=sheet(impact=5))
    page = planner.post(address, {**TYPED, "title_nl": "Mijn tekst", "version": "1"})
    rows = page.context["conflict"]
    assert any(row["mine"] == "Mijn tekst" for row in rows)
    assert any(row["theirs"].startswith("5") and row["mine"].startswith("3") for row in rows)
    again = page.context["form"]["version"].value()
    planner.post(address, {**TYPED, "title_nl": "Mijn tekst", "version": again})
    risk.refresh_from_db()
    assert (risk.title["nl"], risk.impact) == ("Mijn tekst", 3)


def test_a_planner_withdraws_a_risk(ministry: Ministry, planner: Client) -> None:
    risk = add(ministry, ministry.objective())
    address = reverse("planning:risk_withdrawal", args=[risk.uuid])
    assert planner.get(address).status_code == 200
    planner.post(address, {"reason": "Opgelost"})
    assert names(risk.objective) == []
    assert planner.get(address).status_code == 404

"""A head's judgement beside the computed status: who gives it, where it shows, what it changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, NotAllowed
from ibzplan.core.selectors import history_of
from ibzplan.core.services import next_instant
from objectives.indicators.engine import Status, registry
from objectives.indicators.engine.registry import RULE_SETS
from objectives.indicators.periods import parse_period
from objectives.indicators.services import Figure, measurement_record
from objectives.planning.models import OperationalObjective, StatusOverride
from objectives.planning.selectors import objective_readings, werf_reading
from objectives.planning.services import objective_close, objective_update, status_override
from objectives.planning.views import lookup
from objectives.security.models import SecurityObjective, SecurityTheme
from objectives.strategy.models import Plan
from personnel.access import access_of
from tests.factories import Ministry, text
from tests.objectives.planning.test_objectives import sheet

REASON = "Twee zones leveren pas in december."
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Errors speak Dutch, whatever ran before."""
    with translation.override("nl"):
        yield


@pytest.fixture
def judged(ministry: Ministry) -> OperationalObjective:
    """An approved objective whose figures put it on track."""
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.approve(objective)
    for period, value in (("2026-T1", "90"), ("2026-T2", "92"), ("2026-T3", "94")):
        measurement_record(
            actor=ministry.users["planner_adcv"],
            indicator=indicator,
            period=parse_period(period),
            figure=Figure(value=Decimal(value)),
        )
    return objective


def judge(
    ministry: Ministry,
    objective: OperationalObjective,
    status: str = "at_risk",
    *,
    by: str = "head_adcv",
    reason: str = REASON,
    since: date | None = OCTOBER,
    seen: str | None = None,
) -> StatusOverride:
    return status_override(
        actor=ministry.users[by],
        objective=objective,
        status=status,
        reason=reason,
        holds_from=since,
        expected_current=seen,
    )


def client_of(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def page(ministry: Ministry, objective: OperationalObjective, name: str, query: str = "") -> str:
    address = reverse("planning:objective", args=[objective.uuid]) + query
    answer = client_of(ministry, name).get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def clocks_on(day: date) -> Clocks:
    return Clocks(day, Clocks.now().known_at)


# What it changes ----------------------------------------------------------------------------------


def test_it_stands_beside_the_computed_status_and_is_never_rolled_up(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    judge(ministry, judged, "off_track")
    access = access_of(ministry.users["auditor"])
    (reading,) = objective_readings([judged], clocks=clocks_on(OCTOBER), access=access)
    assert reading.status.status == Status.ON_TRACK
    assert reading.status.override is not None
    assert reading.status.override.status == Status.OFF_TRACK
    werf = werf_reading(ministry.werf, [reading])
    assert werf.status.status == Status.ON_TRACK
    assert werf.counts[Status.ON_TRACK] == 1


def test_it_speaks_of_reference_dates_from_its_day_on(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    judge(ministry, judged)
    access = access_of(ministry.users["auditor"])
    for day, holds in ((OCTOBER - timedelta(days=1), False), (OCTOBER, True)):
        (reading,) = objective_readings([judged], clocks=clocks_on(day), access=access)
        assert (reading.override is not None) is holds


def test_taking_it_back_needs_a_judgement_and_a_reason(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    with pytest.raises(DomainError) as nothing:
        judge(ministry, judged, "", reason="Toch niet")
    assert nothing.value.code == "nothing_to_withdraw"
    judge(ministry, judged)
    with pytest.raises(DomainError) as silent:
        judge(ministry, judged, "", reason="  ")
    assert silent.value.field == "reason"
    before = Clocks.now()
    judge(ministry, judged, "", reason="De zones leverden tijdig.")
    access = access_of(ministry.users["auditor"])
    day = timezone.localdate()
    (now,) = objective_readings([judged], clocks=clocks_on(day), access=access)
    (then,) = objective_readings([judged], clocks=Clocks(day, before.known_at), access=access)
    assert now.override is None
    assert then.override is not None
    assert [entry.action for entry in history_of(judged)][:2] == [
        "override_withdrawn",
        "overridden",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": "no_data"}, "status"),
        ({"status": "fine"}, "status"),
        ({"reason": ""}, "reason"),
        ({"since": date(2025, 12, 31)}, "holds_from"),
        ({"since": date(2126, 1, 1)}, "holds_from"),
    ],
)
def test_what_cannot_be_a_judgement_is_refused_at_its_field(
    ministry: Ministry, judged: OperationalObjective, change: dict[str, object], field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        judge(ministry, judged, **change)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not StatusOverride.objects.exists()


@pytest.mark.parametrize("name", ["planner_adcv", "head_dvz", "corporate", "committee", "auditor"])
def test_only_the_head_judges(ministry: Ministry, judged: OperationalObjective, name: str) -> None:
    with pytest.raises(NotAllowed):
        judge(ministry, judged, by=name)
    address = reverse("planning:objective_judgement", args=[judged.uuid])
    data = {"status": "at_risk", "reason": REASON, "holds_from": "2026-10-01", "seen": ""}
    for sent in (data, {}):
        assert client_of(ministry, name).post(address, sent).status_code == 403
    assert not StatusOverride.objects.exists()
    assert 'name="reason"' not in page(ministry, judged, name)


def test_a_draft_and_a_closed_objective_have_nothing_to_judge(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    draft = ministry.objective()
    with transaction.atomic():
        objective_close(actor=None, objective=judged, at=next_instant())
    for objective in (draft, judged):
        with pytest.raises(DomainError) as refused:
            judge(ministry, objective)
        assert refused.value.code == "not_in_force"


def test_saying_it_twice_writes_it_once_and_a_stale_page_is_told(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    first = judge(ministry, judged, seen="")
    assert judge(ministry, judged, seen="") == first
    with pytest.raises(DomainError) as stale:
        judge(ministry, judged, "off_track", seen="")
    assert stale.value.code == "judgement_changed"
    judge(ministry, judged, "off_track", seen=str(first.uuid))
    assert [row.status for row in StatusOverride.objects.all()] == ["at_risk", "off_track"]


# Pages --------------------------------------------------------------------------------------------


def test_a_head_judges_and_takes_it_back_on_the_page(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    head = client_of(ministry, "head_adcv")
    address = reverse("planning:objective_judgement", args=[judged.uuid])
    data = {"status": "at_risk", "reason": REASON, "holds_from": "2026-10-01", "seen": ""}
    answer = head.post(address, data, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("planning:objective", args=[judged.uuid])
    shown = " ".join(answer.content.decode().split())
    assert shown.index("Op schema") < shown.index("Oordeel van het hoofd")
    assert REASON in shown
    assert "head_adcv" in shown
    row = StatusOverride.objects.get()
    back = {
        "action": "take_back",
        "reason": "Toch op tijd.",
        "holds_from": timezone.localdate().isoformat(),
        "seen": str(row.uuid),
    }
    answer = head.post(address, back, follow=True)
    assert "st-override" not in answer.content.decode()
    assert "Toch op tijd." in answer.content.decode()
    assert StatusOverride.objects.count() == 2


def test_what_was_typed_comes_back_with_the_error_at_its_field(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    head = client_of(ministry, "head_adcv")
    address = reverse("planning:objective_judgement", args=[judged.uuid])
    typed = {"status": "at_risk", "reason": REASON, "holds_from": "2025-01-01", "seen": ""}
    answer = head.post(address, typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert REASON in shown
    assert 'value="at_risk" selected' in shown
    (error,) = answer.context["judgement_forms"].judge.errors["holds_from"]
    assert "01/01/2026" in error
    assert head.get(address).headers["Location"] == reverse(
        "planning:objective", args=[judged.uuid]
    )
    other = judge(ministry, judged, "off_track")
    again = head.post(address, {**typed, "holds_from": "2026-10-01"})
    assert again.status_code == 422
    assert f'value="{other.uuid}"' in again.content.decode()  # saving again is a choice now
    assert StatusOverride.objects.count() == 1


def test_the_why_panel_says_what_counts(ministry: Ministry, judged: OperationalObjective) -> None:
    sentence = "De berekende status telt"
    assert sentence not in page(ministry, judged, "cabinet_vbz")
    judge(ministry, judged)
    shown = page(ministry, judged, "cabinet_vbz")
    assert sentence in shown[shown.index('id="why"') :]


@pytest.mark.parametrize(
    ("language", "word"),
    [("nl", "Hoofd: aandacht"), ("fr", "Responsable\N{NO-BREAK SPACE}: à surveiller")],
)
def test_lists_show_a_second_mark_in_words(
    ministry: Ministry, judged: OperationalObjective, language: str, word: str
) -> None:
    addresses = [
        reverse("planning:werf", args=["2.6"]),
        reverse("planning:unit", args=["ADCV"]),
        reverse("reporting:dashboard"),
    ]
    client = client_of(ministry, "auditor")
    client.cookies["django_language"] = language
    note = {"nl": "In een streepjeskader", "fr": "Dans un cadre en pointillés"}[language]
    for address in addresses:
        before = client.get(address).content.decode()
        assert "st-override" not in before
        assert note not in before
    judge(ministry, judged)
    for address in addresses:
        after = client.get(address).content.decode()
        assert word in after
        assert after.count(note) == 1
        assert "st-on_track" in after


def test_as_known_before_shows_what_it_said_then(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    known = Clocks.now().known_at
    judge(ministry, judged)
    shown = page(ministry, judged, "head_adcv", f"?known={known:%Y-%m-%dT%H:%M:%S.%fZ}")
    assert REASON not in shown
    assert 'name="reason"' not in shown  # the past is not written in


def test_texts_are_those_known_then(ministry: Ministry) -> None:
    objective = ministry.objective(title="Eerste titel")
    ministry.indicator(objective)
    known = Clocks.now().known_at
    objective.refresh_from_db()
    objective_update(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=sheet("Tweede titel"),
        expected_version=objective.version,
    )
    past = f"?known={known:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert "Tweede titel" in page(ministry, objective, "planner_adcv")
    shown = page(ministry, objective, "planner_adcv", past)
    assert "Eerste titel" in shown
    assert "Tweede titel" not in shown
    unit = reverse("planning:unit", args=["ADCV"])
    listed = client_of(ministry, "planner_adcv").get(unit + past).content.decode()
    assert "Eerste titel" in listed
    assert "Tweede titel" not in listed


def test_before_it_existed_the_page_says_so(ministry: Ministry) -> None:
    known = Clocks.now().known_at
    objective = ministry.objective()
    ministry.indicator(objective)
    past = f"?known={known:%Y-%m-%dT%H:%M:%S.%fZ}"
    shown = page(ministry, objective, "planner_adcv", past)
    assert "bestond deze doelstelling nog niet" in shown
    assert 'id="why"' not in shown
    unit = reverse("planning:unit", args=["ADCV"])
    listed = client_of(ministry, "planner_adcv").get(unit + past).content.decode()
    assert objective.code not in listed


def test_a_cabinet_does_not_read_the_draft_of_what_is_approved_now(ministry: Ministry) -> None:
    objective = ministry.objective(title="Ruwe titel")
    ministry.indicator(objective)
    known = Clocks.now().known_at
    objective.refresh_from_db()
    objective_update(
        actor=ministry.users["planner_adcv"],
        objective=objective,
        sheet=sheet("Nette titel"),
        expected_version=objective.version,
    )
    ministry.approve(objective)
    past = f"?known={known:%Y-%m-%dT%H:%M:%S.%fZ}"
    shown = page(ministry, objective, "cabinet_vbz", past)
    assert "nog niet goedgekeurd" in shown
    assert "Ruwe titel" not in shown
    assert "Ruwe titel" in page(ministry, objective, "planner_adcv", past)
    assert "Ruwe titel" in page(ministry, objective, "auditor", past)
    for address in (
        reverse("planning:unit", args=["ADCV"]),
        reverse("planning:werf", args=["2.6"]),
    ):
        listed = client_of(ministry, "cabinet_vbz").get(address + past).content.decode()
        assert "titel" not in listed.lower()


def test_a_judgement_is_taken_back_from_its_first_day_on(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    judge(ministry, judged)
    back = judge(ministry, judged, "", reason="Vergissing.", since=None)
    assert back.holds_from == OCTOBER
    assert judge(ministry, judged, "", reason="Vergissing.", since=None) == back  # pressed twice
    with pytest.raises(DomainError, match="geen oordeel") as refused:
        judge(ministry, judged, "", reason="Nog eens.", since=OCTOBER)
    assert refused.value.code == "nothing_to_withdraw"


def test_what_was_taken_back_from_today_can_still_be_taken_back_for_earlier_days(
    ministry: Ministry, judged: OperationalObjective
) -> None:
    judge(ministry, judged)
    judge(ministry, judged, "", reason="Toch op tijd.", since=timezone.localdate())
    past = "?reference=2026-10-15"
    assert "st-override" in page(ministry, judged, "cabinet_vbz", past)
    answer = client_of(ministry, "head_adcv").get(reverse("planning:objective", args=[judged.uuid]))
    form = answer.context["judgement_forms"].take_back
    assert form.fields["holds_from"].initial == OCTOBER
    judge(ministry, judged, "", reason="Het was een vergissing.", since=OCTOBER)
    assert "st-override" not in page(ministry, judged, "cabinet_vbz", past)
    answer = client_of(ministry, "head_adcv").get(reverse("planning:objective", args=[judged.uuid]))
    assert answer.context["judgement_forms"].take_back is None


def test_the_objectives_of_a_werf_go_by_the_rule_version_asked(
    ministry: Ministry, judged: OperationalObjective, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = RULE_SETS[1]
    newer = {
        **RULE_SETS,
        2: replace(
            rules,
            objective=lambda *given, **told: replace(
                rules.objective(*given, **told), rule_version=2
            ),
            werf=lambda *given, **told: replace(rules.werf(*given, **told), rule_version=2),
        ),
    }
    for module in (registry, lookup):
        monkeypatch.setattr(module, "RULE_SETS", newer)
    answer = client_of(ministry, "auditor").get(reverse("planning:werf", args=["2.6"]) + "?rule=2")
    (row,) = answer.context["objectives"]
    assert row.status.rule_version == answer.context["reading"].status.rule_version == 2


def test_what_an_objective_contributed_to_stays_on_the_page_of_then(
    ministry: Ministry, security: SecurityObjective
) -> None:
    objective = ministry.objective()
    ministry.indicator(objective)
    planner = ministry.users["planner_adcv"]

    def contribute(*rows: SecurityObjective) -> datetime:
        objective.refresh_from_db()
        objective_update(
            actor=planner,
            objective=objective,
            sheet=sheet("Masterplan NCU uitvoeren"),
            expected_version=objective.version,
            security_objectives=rows,
        )
        return Clocks.now().known_at

    linked, taken_away = contribute(security), contribute()
    contribute(security)
    for moment, holds in ((linked, True), (taken_away, False)):
        shown = page(ministry, objective, "planner_adcv", f"?known={moment:%Y-%m-%dT%H:%M:%S.%fZ}")
        assert (str(security.title) in shown) is holds
    assert str(security.title) in page(ministry, objective, "planner_adcv")
    assert objective.security_links.count() == 2


@pytest.fixture
def security() -> SecurityObjective:
    """An objective of the NVP."""
    plan = Plan.objects.create(
        code="NVP",
        kind="security",
        title=text("Nationaal veiligheidsplan"),
        starts_on=date(2022, 1, 1),
        ends_on=date(2029, 12, 31),
    )
    theme = SecurityTheme.objects.create(plan=plan, code="T1", title=text("Thema"))
    return SecurityObjective.objects.create(
        theme=theme, level="federal", number=1, code="V1", title=text("Weerbare noodcentrales")
    )

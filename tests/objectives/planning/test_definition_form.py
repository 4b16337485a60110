"""The definition form: what planners type comes back, whole, with its errors at their place."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ibzplan.core.errors import EditConflict
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import HistoryEntry
from objectives.indicators.models import Indicator, Obligation, Target
from objectives.indicators.selectors.definitions import definition_held, series_breaks
from objectives.indicators.services import IndicatorSheet, indicator_define, sheet_of
from objectives.planning.choices import Step
from objectives.planning.forms import DefineForm
from objectives.planning.forms.definition_text import (
    breakdowns_read,
    breakdowns_written,
    levels_read,
    levels_written,
)
from objectives.planning.models import ObjectiveIndicator
from objectives.planning.services import objective_move
from tests.factories import Ministry, text

REGIONS = """regio: Gewest | Région (telt op)
  bru: Brussel | Bruxelles
  vla: Vlaanderen | Flandre
  wal: Wallonië | Wallonie

geslacht: Geslacht
  v: Vrouw | Femme
  m: Man"""


def signed_in(ministry: Ministry, name: str) -> Client:
    client = Client()
    client.force_login(ministry.users[name])
    return client


def said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a browser sends: an unticked box is left out, and zero is a value."""
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


# -- lines of text


def test_breakdowns_come_back_as_they_were_typed() -> None:
    stored = breakdowns_read(REGIONS)
    assert [row["adds_up"] for row in stored] == [True, False]
    assert stored[0]["members"][2] == {
        "code": "wal",
        "title": {"nl": "Wallonië", "fr": "Wallonie"},
    }
    for language in ("nl", "fr", "en"):
        with override(language):
            assert breakdowns_read(breakdowns_written(stored), stored) == stored
    with override("nl"):
        assert breakdowns_written(stored) == REGIONS.replace("\n\n", "\n")


def test_a_dash_does_for_an_indent_and_capitals_for_a_code() -> None:
    assert breakdowns_read("Regio: Gewest\r\n- BRU: Brussel\r\n- vla: Vlaanderen") == (
        breakdowns_read("regio: Gewest\n\tbru: Brussel\n\tvla: Vlaanderen")
    )


def test_an_outdated_translation_stays_marked() -> None:
    outdated = {"nl": "Brussel", "fr": "Bruxelles", "states": {"fr": "outdated"}}
    stored = breakdowns_read(REGIONS)
    stored[0]["members"][0]["title"] = outdated
    with override("nl"):
        again = breakdowns_read(breakdowns_written(stored), stored)
    assert again[0]["members"][0]["title"] == outdated


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("  bru: Brussel", 1),
        ("\nregio Gewest", 2),
        ("regio: Gewest\n  bru: Brussel\n  bru: Bruxelles", 3),
        ("regio: Gewest\n  bru: Brussel", 1),
        ("regio: Gewest\n  één: Brussel\n  b: Twee", 2),
        ("regio: | Région\n  a: A\n  b: B", 1),
        ("regio: Gewest | Région | Region\n  a: A\n  b: B", 1),
    ],
)
def test_an_error_names_the_line(typed: str, line: int) -> None:
    with override("nl"), pytest.raises(ValidationError) as error:
        breakdowns_read(typed)
    assert error.value.messages[0].startswith(f"Regel {line}:")


def test_levels_come_back_as_they_were_typed() -> None:
    typed = "Aanvang | Départ\nBezig\nKlaar | Terminé"
    assert levels_written(levels_read(typed)) == typed
    with pytest.raises(ValidationError):
        levels_read("Aanvang\n| Terminé")


# -- a new indicator

NEW: dict[str, str] = {
    "title_nl": "Doorlooptijd",
    "target_kind": "decrease",
    "indicator_type": "outcome",
    "unit_nl": "dagen",
    "unit_fr": "jours",
    "decimals": "1",
    "frequency": "T",
    "accumulation": "level",
    "trajectory": "linear",
    "baseline": "40,5",
    "baseline_date": "2025-12-31",
    "target": "30",
    "target_due_on": "2026-12-31",
    "source_nl": "Dossierregister",
    "source_fr": "Registre des dossiers",
    "weight": "2",
    "definition_nl": "Dagen tussen aanvraag en beslissing.\r\nWerkdagen tellen.",
    "exclusions_nl": "Ingetrokken aanvragen",
    "misuse_risk_nl": "Moeilijke dossiers laten liggen",
    "compiler": "Cel statistiek",
    "days_until_due": "0",
    "grace_days": "",
    "threshold_on_track": "0,95",
    "disaggregations": REGIONS,
    "interim_2_due_on": "2026-06-30",
    "interim_2_value": "36",
}


def make(ministry: Ministry, **changes: str) -> Any:
    objective = ministry.objective()
    address = reverse("planning:indicator_new", args=[objective.uuid])
    return signed_in(ministry, "planner_adcv").post(address, {**NEW, **changes})


def test_every_part_of_the_sheet_is_kept(ministry: Ministry) -> None:
    assert make(ministry).status_code == 302
    indicator = Indicator.objects.get()
    sheet = sheet_of(indicator)
    assert sheet.definition["nl"] == "Dagen tussen aanvraag en beslissing.\nWerkdagen tellen."
    assert (sheet.indicator_type, sheet.compiler) == ("outcome", "Cel statistiek")
    assert (sheet.days_until_due, sheet.grace_days) == (0, 5)
    assert sheet.threshold_on_track == Decimal("0.95")
    assert sheet.source["fr"] == "Registre des dossiers"
    assert [row["code"] for row in sheet.disaggregations] == ["regio", "geslacht"]
    targets = Target.objects.order_by("due_on").values_list("due_on", "value", "is_final")
    assert list(targets) == [
        (date(2026, 6, 30), Decimal(36), False),
        (date(2026, 12, 31), Decimal(30), True),
    ]


def test_the_form_reads_back_what_it_wrote(ministry: Ministry) -> None:
    make(ministry)
    indicator = Indicator.objects.get()
    initial = DefineForm.initial_of(indicator, indicator.definitions.get())
    form = DefineForm(said(initial), before=sheet_of(indicator), initial=initial)
    assert form.is_valid(), form.errors
    assert form.sheet().columns() == sheet_of(indicator).columns()
    assert not form.has_changed()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"interim_2_due_on": "2026-12-31"}, "interim_2_due_on"),
        ({"interim_2_value": "42"}, "interim_2_value"),
        ({"interim_1_value": "38"}, "interim_1_due_on"),
        ({"interim_3_due_on": "2026-06-30", "interim_3_value": "35"}, "interim_3_due_on"),
        ({"unit_nl": "%", "period_aggregation": "sum"}, "period_aggregation"),
        ({"possible_low": "50"}, "baseline"),
        ({"disaggregations": "regio: Gewest"}, "disaggregations"),
        ({"threshold_at_risk": "0,99"}, "threshold_at_risk"),
    ],
)
def test_an_error_stands_at_its_field_and_opens_its_group(
    ministry: Ministry, changes: dict[str, str], field: str
) -> None:
    answer = make(ministry, **changes)
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert not Indicator.objects.exists()
    group = next(g for g in form.groups() if field in {f.name for f in [*g.fields, *g.rare]})
    assert group.is_open or field in {f.name for f in group.fields}
    assert "Moeilijke dossiers laten liggen" in answer.content.decode()


ORDINAL = {
    "target_kind": "ordinal",
    "baseline": "",
    "target": "",
    "interim_2_due_on": "",
    "interim_2_value": "",
    "disaggregations": "",
    "levels": "Aanvang | Départ\nBezig | En cours\nKlaar | Terminé",
}


@pytest.mark.parametrize(
    ("typed", "level"), [("", 2), ("1", 1), ("bezig", 1), ("En Cours", 1), ("départ", 0)]
)
def test_the_level_to_reach_is_chosen_by_name_or_number(
    ministry: Ministry, typed: str, level: int
) -> None:
    assert make(ministry, **ORDINAL, target_level=typed).status_code == 302
    assert Target.objects.get().level == level


@pytest.mark.parametrize("typed", ["3", "Voltooid", "-1"])
def test_an_unknown_level_is_named(ministry: Ministry, typed: str) -> None:
    form = make(ministry, **ORDINAL, target_level=typed).context["form"]
    assert typed in form.errors["target_level"][0]


# -- another version


@pytest.fixture
def indicator(ministry: Ministry) -> Indicator:
    return ministry.indicator(ministry.objective(), source=text("Register"))


def typed(indicator: Indicator, **changes: str) -> dict[str, str]:
    indicator = Indicator.objects.get(pk=indicator.pk)
    newest = indicator.definitions.order_by("recorded_at", "pk").last()
    assert newest is not None
    initial = DefineForm.initial_of(indicator, newest)
    return {**{name: str(value) for name, value in said(initial).items()}, **changes}


def test_a_planner_changes_the_definition_of_a_draft(
    ministry: Ministry, indicator: Indicator
) -> None:
    address = reverse("planning:indicator_define", args=[indicator.uuid])
    client = signed_in(ministry, "planner_adcv")
    assert "Bezettingsgraad" in client.get(address).content.decode()
    answer = client.post(address, typed(indicator, title_nl="Bezetting", exclusions_nl="Stages"))
    assert answer.status_code == 302
    indicator.refresh_from_db()
    assert (indicator.title["nl"], indicator.exclusions["nl"]) == ("Bezetting", "Stages")
    assert indicator.title.state("fr") == "outdated"
    assert indicator.definitions.count() == 2


def test_two_writers_see_both_versions_and_lose_nothing(
    ministry: Ministry, indicator: Indicator
) -> None:
    mine = typed(indicator, title_nl="Tweede", limitations_nl="Zonder zieken", tolerance="0")
    sheet = sheet_of(indicator)
    values = {name: getattr(sheet, name) for name in type(sheet).__dataclass_fields__}
    indicator_define(
        actor=ministry.users["head_adcv"],
        indicator=Indicator.objects.get(pk=indicator.pk),
        sheet=IndicatorSheet(**{**values, "title": text("Eerste")}),
    )
    client = signed_in(ministry, "planner_adcv")
    address = reverse("planning:indicator_define", args=[indicator.uuid])
    answer = client.post(address, mine)
    shown = {str(row["label"]): (row["theirs"], row["mine"]) for row in answer.context["conflict"]}
    assert ("Eerste", "Tweede") in shown.values()
    assert ("", "Zonder zieken") in shown.values()
    assert ("", "0") in shown.values()
    page = answer.content.decode()
    assert "Zonder zieken" in page
    again = {**mine, "version": answer.context["form"]["version"].value()}
    assert client.post(address, again).status_code == 302
    assert Indicator.objects.get(pk=indicator.pk).title["nl"] == "Tweede"


def test_the_head_gives_a_reason_once_it_is_approved(
    ministry: Ministry, indicator: Indicator
) -> None:
    ministry.approve(ObjectiveIndicator.objects.get().objective)
    address = reverse("planning:indicator_define", args=[indicator.uuid])
    assert signed_in(ministry, "planner_adcv").get(address).status_code == 403
    head = signed_in(ministry, "head_adcv")
    new = typed(indicator, method_nl="Uit het nieuwe register", valid_from="2026-07-01")
    new["is_series_break"] = "on"
    assert "reason" in head.post(address, new).context["form"].errors
    answer = head.post(address, {**new, "reason": "Nieuw register"})
    assert answer.status_code == 302
    version = Indicator.objects.get().definitions.get(number=2)
    assert (version.valid_from, version.is_series_break) == (date(2026, 7, 1), True)
    # the next form starts from that day, and neither a reason nor a break is filled in
    form = head.get(address).context["form"]
    assert form.initial["valid_from"] == date(2026, 7, 1)
    assert not any(form[name].value() for name in ("reason", "is_series_break"))


def breaks_of(indicator: Indicator) -> list[date]:
    return [one.on for one in series_breaks(indicator.definitions.all())]


def test_a_typing_error_put_right_moves_no_series_break(
    ministry: Ministry, indicator: Indicator
) -> None:
    """The break that there is stays, and no other day gets one, unless a box is ticked."""
    address = reverse("planning:indicator_define", args=[indicator.uuid])
    client = signed_in(ministry, "planner_adcv")
    new = typed(indicator, method_nl="Uit het nieuwe register", valid_from="2026-07-01")
    assert client.post(address, {**new, "is_series_break": "on"}).status_code == 302
    assert breaks_of(indicator) == [date(2026, 7, 1)]

    typing_error = typed(indicator, method_nl="Zonder tikfout")
    assert client.post(address, typing_error).status_code == 302
    later = typed(indicator, method_nl="Zonder tikfouten", valid_from="2026-10-01")
    assert client.post(address, later).status_code == 302
    assert breaks_of(indicator) == [date(2026, 7, 1)]
    assert indicator.definitions.count() == 4


def test_a_series_break_is_taken_back_on_its_own_day(
    ministry: Ministry, indicator: Indicator
) -> None:
    address = reverse("planning:indicator_define", args=[indicator.uuid])
    client = signed_in(ministry, "planner_adcv")
    assert "takes_break_back" not in client.get(address).context["form"].fields
    new = typed(indicator, method_nl="Anders", valid_from="2026-07-01")
    assert client.post(address, {**new, "is_series_break": "on"}).status_code == 302
    assert "01/07/2026" in client.get(address).content.decode()
    again = {
        **typed(indicator),
        "takes_break_back": "on",
    }
    both = client.post(address, {**again, "is_series_break": "on"})
    assert "takes_break_back" in both.context["form"].errors
    other = client.post(address, {**again, "valid_from": "2026-10-01"})
    assert "valid_from" in other.context["form"].errors
    assert client.post(address, again).status_code == 302
    assert breaks_of(indicator) == []


def test_a_mistyped_year_is_refused_and_blocks_nothing(
    ministry: Ministry, indicator: Indicator
) -> None:
    """A year that no plan reaches is refused; one that has not begun yet can be replaced."""
    address = reverse("planning:indicator_define", args=[indicator.uuid])
    client = signed_in(ministry, "planner_adcv")
    far = client.post(address, typed(indicator, method_nl="Anders", valid_from="2062-07-01"))
    assert "valid_from" in far.context["form"].errors
    wrong = typed(indicator, method_nl="Anders", valid_from="2027-07-01")
    assert client.post(address, wrong).status_code == 302
    right = typed(indicator, valid_from="2026-07-01")
    assert "reason" in client.post(address, right).context["form"].errors
    answer = client.post(address, {**right, "reason": "Verkeerd jaar ingevuld"})
    assert answer.status_code == 302
    days = {}
    for day in (date(2026, 6, 30), date(2026, 7, 1), date(2027, 8, 1)):
        held = definition_held(indicator, indicator.definitions.all(), day)
        assert held.version is not None
        days[day] = held.version.number
    assert list(days.values()) == [1, 3, 3]


# -- weight and withdrawal


def test_a_planner_weighs_and_withdraws(ministry: Ministry, indicator: Indicator) -> None:
    objective = ObjectiveIndicator.objects.get().objective
    client = signed_in(ministry, "planner_adcv")
    page = client.get(reverse("planning:objective", args=[objective.uuid])).content.decode()
    weigh, withdraw = (
        reverse(name, args=[objective.uuid, indicator.uuid])
        for name in ("planning:indicator_weight", "planning:indicator_withdrawal")
    )
    define = reverse("planning:indicator_define", args=[indicator.uuid])
    assert all(address in page for address in (weigh, withdraw, define))
    assert client.post(weigh, {"weight": "101"}).context["form"].errors["weight"]
    assert client.post(weigh, {"weight": "7", "is_key": "on"}).status_code == 302
    link = ObjectiveIndicator.objects.current().get()
    assert (link.weight, link.is_key) == (7, True)

    assert client.get(withdraw).status_code == 200
    assert client.post(withdraw, {"reason": " "}).context["form"].errors["reason"]
    assert ObjectiveIndicator.objects.current().exists()
    assert client.post(withdraw, {"reason": "Niet meetbaar"}).status_code == 302
    assert not ObjectiveIndicator.objects.current().exists()
    assert not Obligation.objects.current().exists()
    assert HistoryEntry.objects.get(action="indicator_withdrawn").reason == "Niet meetbaar"
    assert client.get(withdraw).status_code == 404


def test_nobody_else_weighs_or_withdraws(ministry: Ministry, indicator: Indicator) -> None:
    objective = ObjectiveIndicator.objects.get().objective
    for name in ("planning:indicator_weight", "planning:indicator_withdrawal"):
        address = reverse(name, args=[objective.uuid, indicator.uuid])
        answers = {
            role: signed_in(ministry, role).post(address, {"weight": "3", "reason": "x"})
            for role in ("planner_dvz", "auditor", "cabinet_vbz")
        }
        assert {role: answer.status_code for role, answer in answers.items()} == {
            "planner_dvz": 404,
            "auditor": 403,
            "cabinet_vbz": 404,
        }
    assert ObjectiveIndicator.objects.current().get().weight == 1


def test_a_copied_definition_keeps_what_the_form_does_not_show() -> None:
    german = LocalisedText({"nl": "Dagen", "fr": "Jours", "de": "Tage"}, {"fr": "outdated"})
    before = IndicatorSheet(title=german, unit_of_measure=german, target_kind="milestone")
    form = DefineForm(
        {**said(DefineForm.values_of(before)), "source_nl": "Register"}, before=before
    )
    assert form.is_valid(), form.errors
    assert form.sheet().title == german
    assert form.sheet().title.state("fr") == "outdated"


# -- sent twice, and seen by whoever approves


def test_a_form_sent_twice_makes_one_indicator(ministry: Ministry) -> None:
    objective = ministry.objective()
    address = reverse("planning:indicator_new", args=[objective.uuid])
    client = signed_in(ministry, "planner_adcv")
    key = client.get(address).context["form"]["key"].value()
    typed = {**NEW, "key": str(key)}
    first, second = (client.post(address, typed) for _time in (1, 2))
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Indicator.objects.count() == objective.indicator_links.count() == 1


def test_the_key_of_another_units_indicator_makes_none(ministry: Ministry) -> None:
    other = ministry.indicator(ministry.objective(by="planner_dvz"), by="planner_dvz")
    answer = make(ministry, key=str(other.uuid))
    assert answer.context["form"].non_field_errors()
    assert Indicator.objects.count() == 1


def test_a_definition_changed_after_submission_is_seen_before_it_is_approved(
    ministry: Ministry,
) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    ministry.submit(objective)
    ministry.pass_on(objective)
    seen = objective.version
    initial = said(DefineForm.initial_of(indicator, indicator.definitions.get()))
    answer = signed_in(ministry, "planner_adcv").post(
        reverse("planning:indicator_define", args=[indicator.uuid]),
        {**initial, "source_nl": "Register", "title_nl": "Andere naam", "reason": "Duidelijker"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    with pytest.raises(EditConflict):
        objective_move(
            actor=ministry.users["committee"],
            objective=objective,
            step=Step.APPROVE,
            expected_version=seen,
        )


# -- how the form stands on the page


@pytest.mark.parametrize("name", ["indicator_define", "indicator_new"])
def test_dutch_and_french_stand_beside_each_other_in_reading_order(
    ministry: Ministry, name: str
) -> None:
    objective = ministry.objective()
    indicator = ministry.indicator(objective)
    key = indicator.uuid if name == "indicator_define" else objective.uuid
    page = signed_in(ministry, "planner_adcv").get(reverse(f"planning:{name}", args=[key]))
    groups = page.context["form"].groups()
    cells = [cell for group in groups for cell in [*group.cells, *group.rare_cells]]
    assert {cell.field.name for cell in cells} == {
        field.name for field in page.context["form"].visible_fields()
    }
    for dutch, french in pairwise(cells):
        if dutch.width == "nl":
            assert french.width == "fr"
            assert french.field.name == dutch.field.name.replace("_nl", "_fr")
    html = page.content.decode()
    for cell in cells:
        assert f'for="{cell.field.id_for_label}"' in html

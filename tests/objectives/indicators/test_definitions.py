"""Versions of a definition: who changes it, when a reason or a series break is needed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from ibzplan.core.clocks import Clocks
from ibzplan.core.errors import DomainError, EditConflict, NotAllowed
from ibzplan.core.localised import LocalisedText
from objectives.indicators.models import Indicator, IndicatorDefinition
from objectives.indicators.periods import parse_period
from objectives.indicators.selectors import IndicatorReading, indicator_readings
from objectives.indicators.services import (
    Figure,
    IndicatorSheet,
    indicator_define,
    may_define,
    measurement_record,
    sheet_of,
    target_lift,
    target_set,
)
from objectives.planning.models import OperationalObjective
from objectives.planning.services import indicator_add
from personnel.access import access_of
from tests.factories import Ministry, text

JULY = date(2026, 7, 1)


@pytest.fixture
def objective(ministry: Ministry) -> OperationalObjective:
    return ministry.objective()


@pytest.fixture
def indicator(ministry: Ministry, objective: OperationalObjective) -> Indicator:
    return ministry.indicator(objective)


def define(
    ministry: Ministry, indicator: Indicator, *, by: str = "planner_adcv", **values: Any
) -> IndicatorDefinition | None:
    """Change parts of the newest definition."""
    options = {
        name: values.pop(name)
        for name in ("reason", "valid_from", "is_series_break", "expected_version")
        if name in values
    }
    fresh = Indicator.objects.get(pk=indicator.pk)
    sheet = sheet_of(fresh)
    changed = {name: getattr(sheet, name) for name in type(sheet).__dataclass_fields__}
    return indicator_define(
        actor=ministry.users[by],
        indicator=fresh,
        sheet=type(sheet)(**{**changed, **values}),
        **options,
    )


def record(ministry: Ministry, indicator: Indicator, period: str = "2026-T1") -> None:
    measurement_record(
        actor=ministry.users["planner_adcv"],
        indicator=indicator,
        period=parse_period(period),
        figure=Figure(value=Decimal(90)),
    )


def read(ministry: Ministry, indicator: Indicator, day: date) -> IndicatorReading:
    fresh = Indicator.objects.get(pk=indicator.pk)
    clocks = Clocks(day, Clocks.now().known_at)
    access = access_of(ministry.users["auditor"])
    return indicator_readings([fresh], year=2026, clocks=clocks, access=access)[indicator.pk]


def refused(ministry: Ministry, indicator: Indicator, **values: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as error:
        define(ministry, indicator, **values)
    return error.value.code, error.value.field


def test_saving_without_a_change_makes_no_version(ministry: Ministry, indicator: Indicator) -> None:
    assert define(ministry, indicator) is None
    assert indicator.definitions.count() == 1


def test_planners_change_a_draft_and_the_head_what_is_approved(
    ministry: Ministry, objective: OperationalObjective, indicator: Indicator
) -> None:
    assert define(ministry, indicator, title=text("Bezetting")) is not None
    ministry.approve(objective)
    with pytest.raises(NotAllowed):
        define(ministry, indicator, title=text("Nog eens"), reason="duidelijker")
    assert refused(ministry, indicator, by="head_adcv", title=text("Nog eens"))[1] == "reason"
    assert define(ministry, indicator, by="head_adcv", title=text("Nog eens"), reason="duidelijker")
    indicator.refresh_from_db()
    who = {name for name, user in ministry.users.items() if may_define(user, indicator)}
    assert who == {"head_adcv"}


def test_another_unit_in_a_series_with_figures_needs_a_break(
    ministry: Ministry, indicator: Indicator
) -> None:
    record(ministry, indicator)
    hours = LocalisedText({"nl": "uren", "fr": "heures"})
    other: dict[str, Any] = {"unit_of_measure": hours, "reason": "anders"}
    assert refused(ministry, indicator, **other, valid_from=JULY) == (
        "series_break_required",
        "is_series_break",
    )
    assert refused(ministry, indicator, **other, is_series_break=True)[1] == "valid_from"
    define(ministry, indicator, **other, valid_from=JULY, is_series_break=True)
    before, after = (read(ministry, indicator, day) for day in (date(2026, 6, 30), JULY))
    assert str(before.indicator.unit_of_measure) == "%"
    assert after.indicator.unit_of_measure["nl"] == "uren"
    assert [one.on for one in after.breaks] == [JULY]


def test_a_quick_second_change_keeps_the_break(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator)
    define(ministry, indicator, valid_from=JULY, is_series_break=True, reason="nieuwe telling")
    define(ministry, indicator, title=text("Zonder tikfout"), reason="tikfout")
    reading = read(ministry, indicator, date(2026, 9, 30))
    assert [one.on for one in reading.breaks] == [JULY]
    assert reading.indicator.title["nl"] == "Zonder tikfout"
    assert reading.definition is not None
    assert reading.definition.number == 3


def test_a_break_is_not_taken_back_while_the_unit_differs(
    ministry: Ministry, indicator: Indicator
) -> None:
    record(ministry, indicator)
    unit = LocalisedText({"nl": "uren", "fr": "heures"})
    define(
        ministry,
        indicator,
        unit_of_measure=unit,
        valid_from=JULY,
        is_series_break=True,
        reason="anders",
    )
    assert refused(ministry, indicator, is_series_break=False, reason="toch niet") == (
        "series_break_required",
        "is_series_break",
    )


def test_a_break_alone_is_a_change(ministry: Ministry, indicator: Indicator) -> None:
    define(ministry, indicator, valid_from=JULY, is_series_break=True, reason="nieuw register")
    assert [one.reason for one in read(ministry, indicator, JULY).breaks] == ["nieuw register"]
    define(ministry, indicator, is_series_break=False, reason="toch vergelijkbaar")
    assert read(ministry, indicator, JULY).breaks == ()


def test_a_version_before_the_newest_is_refused(ministry: Ministry, indicator: Indicator) -> None:
    define(ministry, indicator, title=text("Vanaf juli"), valid_from=JULY)
    code, field = refused(ministry, indicator, title=text("Vanaf mei"), valid_from=date(2026, 5, 1))
    assert (code, field) == ("valid_before_version", "valid_from")


def test_the_second_writer_is_told_first(ministry: Ministry, indicator: Indicator) -> None:
    define(ministry, indicator, title=text("Eerste"), expected_version=indicator.version)
    with pytest.raises(EditConflict) as conflict:
        define(ministry, indicator, baseline=None, title=text("Tweede"), expected_version=1)
    assert conflict.value.theirs["title"]["nl"] == "Eerste"


def test_a_translation_of_the_unit_is_no_other_unit(ministry: Ministry) -> None:
    dutch_only = ministry.indicator(
        ministry.objective(), unit_of_measure=LocalisedText({"nl": "dagen"})
    )
    record(ministry, dutch_only)
    both = LocalisedText({"nl": "dagen", "fr": "jours"})
    assert define(ministry, dutch_only, unit_of_measure=both, reason="vertaald")


def test_figures_of_a_value_never_become_ratios(ministry: Ministry, indicator: Indicator) -> None:
    record(ministry, indicator)
    assert refused(ministry, indicator, is_ratio=True, reason="anders")[1] == "is_ratio"
    kind = refused(ministry, indicator, target_kind="milestone", baseline=None, reason="anders")
    assert kind == ("figures_would_not_fit", "target_kind")


def test_levels_with_figures_are_added_at_the_end_only(
    ministry: Ministry, objective: OperationalObjective
) -> None:
    planner = ministry.users["planner_adcv"]
    levels = [{"nl": "Aanvang"}, {"nl": "Bezig"}]
    series = indicator_add(
        actor=planner,
        objective=objective,
        sheet=IndicatorSheet(
            title=text("Rijpheid"),
            unit_of_measure=LocalisedText(),
            target_kind="ordinal",
            levels=levels,
        ),
        target_level=1,
    )
    measurement_record(
        actor=planner,
        indicator=series,
        period=parse_period("2026-T1"),
        figure=Figure(level=1),
    )
    moved = [{"nl": "Aanvang"}, {"nl": "Voorbereid"}, {"nl": "Bezig"}]
    assert refused(ministry, series, levels=moved, reason="fijner")[0] == "levels_moved"
    twice = [*levels, {"nl": "Bezig"}]
    assert refused(ministry, series, levels=twice, reason="meer") == ("level_twice", "levels")
    one = levels[:1]
    assert refused(ministry, series, levels=one, reason="minder")[1] == "levels"
    assert define(ministry, series, levels=[*levels, {"nl": "Klaar"}], reason="meer")


def test_a_baseline_beyond_the_running_target_is_refused(
    ministry: Ministry, indicator: Indicator
) -> None:
    with override("nl"), pytest.raises(DomainError) as error:
        define(ministry, indicator, baseline=Decimal(97))
    assert error.value.field == "baseline"
    assert "95" in error.value.message
    assert define(ministry, indicator, baseline=Decimal(89))
    assert Indicator.objects.get(pk=indicator.pk).baseline == 89


def test_a_lifted_target_does_not_stand_in_the_way(
    ministry: Ministry, indicator: Indicator
) -> None:
    planner = ministry.users["planner_adcv"]
    interim = target_set(
        actor=planner,
        indicator=indicator,
        due_on=date(2026, 6, 30),
        value=Decimal(91),
        is_final=False,
        plan_year=2026,
        reason="tussenstap",
    )
    assert refused(ministry, indicator, baseline=Decimal(92))[1] == "baseline"
    target_lift(actor=planner, target=interim, plan_year=2026, reason="niet nodig")
    assert define(ministry, indicator, baseline=Decimal(92))


def test_a_direction_against_the_running_target_is_refused(
    ministry: Ministry, indicator: Indicator
) -> None:
    assert refused(ministry, indicator, target_kind="decrease")[1] == "target_kind"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"threshold_at_risk": Decimal("0.95")}, "threshold_at_risk"),
        ({"threshold_on_track": Decimal("0.6")}, "threshold_on_track"),
        ({"threshold_on_track": Decimal("-0.9")}, "threshold_on_track"),
    ],
)
def test_thresholds_are_compared_with_the_usual_ones(
    ministry: Ministry, indicator: Indicator, values: dict[str, Any], field: str
) -> None:
    assert refused(ministry, indicator, **values)[1] == field


def test_an_interim_target_lies_before_the_final_one(
    ministry: Ministry, indicator: Indicator
) -> None:
    planner = ministry.users["planner_adcv"]
    for day in (date(2026, 12, 31), date(2027, 3, 31)):
        with pytest.raises(DomainError) as error:
            target_set(
                actor=planner,
                indicator=indicator,
                due_on=day,
                value=Decimal(92),
                is_final=False,
                plan_year=2026,
                reason="tussenstap",
            )
        assert error.value.field == "target_due_on"


def test_confidentiality_alone_is_no_new_version(ministry: Ministry, indicator: Indicator) -> None:
    assert define(ministry, indicator, is_confidential=True) is None
    assert Indicator.objects.get(pk=indicator.pk).is_confidential
    assert indicator.definitions.count() == 1

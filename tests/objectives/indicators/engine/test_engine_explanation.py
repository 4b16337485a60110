"""Why is this amber? The steps must answer; and the engine must stand alone."""

import ast
from datetime import date
from fractions import Fraction
from pathlib import Path

from objectives.indicators import engine
from objectives.indicators.engine import (
    Accumulation,
    IndicatorStatus,
    Point,
    RollupStatus,
    Status,
    StepCode,
    TargetKind,
    WeightedIndicator,
    evaluate_indicator,
    evaluate_objective,
    expected_at,
    figure_series,
)
from tests.objectives.indicators.engine.engine_builders import (
    T1,
    T2,
    T4,
    indicator,
    interim,
    judged,
    on_eve,
    quarters,
)


def step(result: IndicatorStatus | RollupStatus, code: StepCode) -> dict[str, str]:
    return next(dict(one.values) for one in result.steps if one.code is code)


def test_why_is_this_amber() -> None:
    given = indicator(
        slots=quarters(20, 40), at=T2, baseline=on_eve(0), interim=interim(25, 50), target=100
    )
    result = evaluate_indicator(given)
    assert result.status is Status.AT_RISK
    assert result.rule_version == 1
    assert [one.code for one in result.steps] == [
        StepCode.REFERENCE,
        StepCode.ACTUAL,
        StepCode.TARGET,
        StepCode.START,
        StepCode.EXPECTED,
        StepCode.DISTANCE,
        StepCode.ATTAINMENT,
        StepCode.THRESHOLDS,
    ]
    assert step(result, StepCode.REFERENCE) == {
        "reference_date": "2026-06-30",
        "slots": "4",
        "counted": "2",
    }
    assert step(result, StepCode.ACTUAL)["value"] == "40"
    assert step(result, StepCode.EXPECTED) == {"value": "50", "on": "2026-06-30", "shape": "linear"}
    assert step(result, StepCode.DISTANCE) == {"value": "50", "basis": "trajectory"}
    assert step(result, StepCode.ATTAINMENT) == {"value": "4/5"}
    assert step(result, StepCode.THRESHOLDS) == {
        "on_track_from": "9/10",
        "at_risk_from": "7/10",
        "status": "at_risk",
    }


def test_a_cap_says_what_it_capped() -> None:
    given = indicator(slots=quarters(25), at=T4, baseline=on_eve(0), target=50)
    result = evaluate_indicator(given)
    assert step(result, StepCode.STALE)["period_end"] == "2026-09-30"
    assert step(result, StepCode.CAP) == {
        "reason": "capped_stale",
        "before": "on_track",
        "status": "at_risk",
    }


def test_a_milestone_says_which_day_it_was_judged_on() -> None:
    given = indicator(TargetKind.MILESTONE, quarters({"forecast_on": T4}), T1, due_on=T2)
    assert step(evaluate_indicator(given), StepCode.MILESTONE_OPEN) == {
        "judged_on": "2026-12-31",
        "due_on": "2026-06-30",
        "forecast_on": "2026-12-31",
        "days_late": "184",
        "status": "off_track",
    }


def test_an_objective_says_what_each_child_brought() -> None:
    result = evaluate_objective(
        [
            WeightedIndicator(judged(Status.ON_TRACK, 2)),
            WeightedIndicator(judged(Status.NOT_STARTED)),
        ]
    )
    assert [dict(one.values) for one in result.steps] == [
        {
            "position": "0",
            "weight": "1",
            "status": "on_track",
            "value": "1",
            "attainment": "2",
        },
        {"position": "1", "weight": "1", "status": "not_started"},
        {
            "children": "2",
            "due_weight": "1",
            "weight_without_figure": "0",
            "mean": "1",
            "on_track_from": "9/10",
            "at_risk_from": "7/10",
            "status": "on_track",
        },
    ]


def test_an_expected_value_names_the_two_points_it_lies_between() -> None:
    given = indicator(
        slots=quarters(10, 90), at=T2, baseline=on_eve(0), interim=interim(25), target=100
    )
    # 91 of the 275 days from the end of March to the end of the year.
    assert step(evaluate_indicator(given), StepCode.EXPECTED) == {
        "value": str(25 + Fraction(91, 275) * 75),
        "on": "2026-06-30",
        "shape": "linear",
        "from_on": "2026-03-31",
        "from_value": "25",
        "to_on": "2026-12-31",
        "to_value": "100",
    }


def test_a_start_says_why_it_is_there() -> None:
    amount = indicator(
        slots=quarters(10),
        at=T1,
        baseline=on_eve(700),
        target=100,
        accumulation=Accumulation.FLOW,
        starts_on=date(2026, 1, 1),
    )
    level = indicator(slots=quarters(10), at=T1, baseline=on_eve(700), target=100)
    total = indicator(slots=quarters(10), at=T1, target=100, accumulation=Accumulation.TO_DATE)
    unknown = indicator(slots=quarters(10), at=T1, target=100)
    assert [step(evaluate_indicator(one), StepCode.START) for one in (amount, level, total)] == [
        {"value": "0", "basis": "flow", "on": "2025-12-31"},
        {"value": "700", "basis": "baseline", "on": "2025-12-31"},
        {"value": "0", "basis": "running_total", "on": "2025-12-31"},
    ]
    assert step(evaluate_indicator(unknown), StepCode.START) == {
        "value": "100",
        "basis": "first_target",
    }


def test_a_chart_gets_its_lines() -> None:
    given = indicator(slots=quarters(3, 5), at=T2, baseline=on_eve(0), target=365)
    assert figure_series(given) == (Point(T1, Fraction(3)), Point(T2, Fraction(5)))
    assert expected_at(given, T1) == 90
    assert expected_at(indicator(target=None), T1) is None


def test_every_public_name_exists_and_is_explained() -> None:
    for name in engine.__all__:
        public = getattr(engine, name)
        if callable(public):
            assert public.__doc__, name


def test_the_engine_imports_nothing_but_itself_and_the_standard_library() -> None:
    folder = Path(engine.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                own = name.startswith("objectives.indicators.engine")
                assert own or name.split(".")[0] in STANDARD, (path.name, name)


STANDARD = {
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "itertools",
    "types",
    "typing",
}

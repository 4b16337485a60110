"""What differs between two snapshots, by hand-made pairs of them."""

from typing import Any

import pytest

from reporting.snapshot.compare import compare_snapshots
from tests.reporting.snapshots import (
    T1,
    T2,
    T3,
    Part,
    indicator,
    objective,
    quantity,
    slot,
    snapshot,
    text,
)


def moved(before: Part, after: Part, **kwargs: Any) -> list[tuple[str, str]]:
    """Return code and kind of what moved, in the order in which it is read."""
    found = compare_snapshots(before, after, everything=False, **kwargs)
    return [(row["code"], row["kind"]) for row in found.changes]


def causes(before: Part, after: Part, *, everything: bool = False) -> list[Part]:
    """Return the causes of the one objective that moved."""
    (change,) = compare_snapshots(before, after, everything=everything).changes
    return list(change["causes"])


def kinds(rows: list[Part]) -> list[str]:
    return [row["kind"] for row in rows]


def with_figures(*values: str, **more: Any) -> tuple[Part, Part]:
    """Return an indicator with a figure a quarter, and its facts."""
    keys = [f"f:m{number}" for number in range(len(values))]
    rows = [slot(*when, key) for when, key in zip((T1, T2, T3), keys, strict=False)]
    facts = {key: quantity(value) for key, value in zip(keys, values, strict=True)}
    return indicator("i1", *rows, **more), facts


def test_the_same_snapshot_has_no_changes() -> None:
    one, facts = with_figures("1", "2")
    same = snapshot(objective("2.6.1", one), facts=facts)
    assert compare_snapshots(same, same).is_empty


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("on_track", "at_risk", "worsened"),
        ("off_track", "at_risk", "improved"),
        ("on_track", "achieved", "improved"),
        ("not_started", "off_track", "other"),
        ("at_risk", "no_data", "other"),
        ("on_track", "on_track", None),
    ],
)
def test_kinds_of_movement(old: str, new: str, kind: str | None) -> None:
    before, after = (snapshot(objective("2.6.1", status=status)) for status in (old, new))
    assert moved(before, after) == ([("2.6.1", kind)] if kind else [])


def test_worst_news_first_then_what_came_and_went() -> None:
    def plan(**statuses: str) -> Part:
        return snapshot(*(objective(code, status=status) for code, status in statuses.items()))

    before = plan(a="on_track", b="achieved", c="off_track", d="at_risk", gone="on_track")
    after = plan(a="at_risk", b="off_track", c="at_risk", d="achieved", new="on_track")
    assert moved(before, after) == [
        ("b", "worsened"),
        ("a", "worsened"),
        ("d", "improved"),
        ("c", "improved"),
        ("new", "added"),
        ("gone", "removed"),
    ]


def test_a_movement_names_the_figure_of_both_reports() -> None:
    old, old_facts = with_figures("60", "58")
    new, new_facts = with_figures("60", "58", "41", status="off_track", expected="f:e")
    before = snapshot(objective("2.6.1", old), facts=old_facts, on="2026-06-30")
    after = snapshot(
        objective("2.6.1", new, status="off_track"), facts=new_facts | {"f:e": quantity("70")}
    )
    (cause,) = causes(before, after)
    assert (cause["kind"], cause["from"], cause["to"]) == ("indicator", "on_track", "off_track")
    assert (cause["was"], cause["now"], cause["expected"]) == ("f:before:m1", "f:m2", "f:e")
    assert [one["periodStart"] for one in cause["wasPeriods"] + cause["periods"]] == [T2[0], T3[0]]
    found = compare_snapshots(before, after, everything=False)
    assert found.facts == {"f:before:m1": quantity("58")}


def test_a_flow_speaks_of_the_periods_so_far() -> None:
    more = {"accumulation": "flow", "actual": "f:sum"}
    old, old_facts = with_figures("1", measuredTo=T1[1], **more)
    new, new_facts = with_figures("1", "2", "4", measuredTo=T3[1], status="at_risk", **more)
    before = snapshot(objective("a", old), facts=old_facts | {"f:sum": quantity("1")})
    after = snapshot(
        objective("a", new, status="at_risk"), facts=new_facts | {"f:sum": quantity("7")}
    )
    (cause,) = causes(before, after)
    assert [one["periodStart"] for one in cause["periods"]] == [T1[0], T3[0]]
    assert [one["periodStart"] for one in cause["wasPeriods"]] == [T1[0]]
    assert (cause["was"], cause["now"]) == ("f:before:sum", "f:sum")


def test_a_figure_that_failed_to_come_is_named() -> None:
    old, facts = with_figures("60", "58")
    rows = [*old["slots"], slot(*T3)]
    new = indicator("i1", *rows, stale=True, status="at_risk")
    before = snapshot(objective("a", old), facts=facts)
    after = snapshot(objective("a", new, status="at_risk"), facts=facts)
    (cause,) = causes(before, after)
    assert (cause["kind"], cause["dueOn"]) == ("missing", T3[1])


def test_adjustments_without_a_movement() -> None:
    facts = {"f:t": quantity("90")}
    old = indicator("i1", target={"fact": "f:t", "dueOn": "2026-12-31"})
    new = indicator(
        "i1",
        target={"fact": "f:t", "dueOn": "2026-12-31", "reason": "W3: Krappe arbeidsmarkt"},
        weight=3,
        isKey=True,
        definitionVersion={"number": 2, "validFrom": None},
        definitionChanges=[{"number": 2, "reason": "Nieuwe telling"}],
    )
    judged = {"status": "at_risk", "reason": "Vertraging", "since": "2026-08-01"}
    amendments = [
        {
            "id": "w3",
            "number": 3,
            "changes": [
                {"kind": "target", "objectives": ["a"], "motivation": "Krappe arbeidsmarkt"},
                {"kind": "owner", "objectives": ["a"], "motivation": "Andere dienst"},
                {"kind": "risk", "objectives": ["a"], "motivation": "Nieuw risico"},
                {"kind": "change", "objectives": ["b"], "motivation": "Iets anders"},
            ],
        }
    ]
    before = snapshot(objective("a", old), facts=facts, amendments=[])
    after = snapshot(
        objective("a", new, judgement=judged, unit="DVZ"),
        facts={"f:t": quantity("85")},
        amendments=amendments,
    )
    assert moved(before, after) == [("a", "adjusted")]
    rows = causes(before, after)
    assert [(row["kind"], row["text"], row["amendment"]) for row in rows] == [
        ("target", "Krappe arbeidsmarkt", 3),
        ("definition", "Nieuwe telling", None),
        ("weight", None, None),
        ("key", None, None),
        ("owner", "Andere dienst", 3),
        ("judgement", "Vertraging", None),
        ("amendment", "Nieuw risico", 3),
    ]
    told = compare_snapshots(before, after, everything=False).facts
    assert told["f:weight:a:i1"]["display"] == "3"
    assert told["f:before:weight:a:i1"]["display"] == "1"


def test_an_amendment_that_was_told_before_is_not_told_again() -> None:
    amendments = [
        {
            "id": "w1",
            "number": 1,
            "changes": [{"kind": "risk", "objectives": ["a"], "motivation": "Oud"}],
        }
    ]
    before, after = (snapshot(objective("a"), amendments=amendments) for _turn in range(2))
    assert moved(before, after) == []


def test_indicators_that_came_went_or_became_confidential() -> None:
    def plan(left_out: int, *names: str) -> Part:
        rows = [indicator(name) for name in names]
        return snapshot(
            objective("a", *rows, confidential="f:c"),
            facts={"f:c": {"kind": "count", "value": str(left_out), "display": str(left_out)}},
        )

    both = [(row["kind"], row["code"]) for row in causes(plan(0, "x"), plan(0, "y"))]
    assert both == [("indicator_added", "y"), ("indicator_removed", "x")]
    (hidden,) = causes(plan(0, "x", "y"), plan(1, "x"))
    assert (hidden["kind"], hidden["title"]) == ("confidential", None)


def test_an_indicator_that_became_confidential_is_never_named() -> None:
    """Not either when another one came out of confidence, or was taken away, at the same time."""

    def plan(left_out: int, *rows: Part, **more: Any) -> Part:
        return snapshot(
            objective("a", *rows, confidential="f:c", **more),
            facts={"f:c": {"kind": "count", "value": str(left_out), "display": str(left_out)}},
            on="2026-06-30",
        )

    before = plan(1, indicator("x"), indicator("z"))
    then, since = "2026-01-01T00:00:00+00:00", "2026-08-01T00:00:00+00:00"
    opened = plan(1, indicator("y", usedSince=then), indicator("z"), takenAway=[])
    assert causes_of(before, opened) == []
    swapped = plan(1, indicator("y", usedSince=since), takenAway=["z"])
    assert causes_of(before, swapped) == [("indicator_added", "y"), ("indicator_removed", "z")]
    # A report of before version 7 does not tell which: then none is named.
    assert causes_of(before, plan(1, indicator("y"), indicator("z"))) == []


def causes_of(before: Part, after: Part) -> list[tuple[str, str]]:
    """Return kind and code of the causes; nothing where nothing moved."""
    changes = compare_snapshots(before, after, everything=False).changes
    return [(one["kind"], one["code"]) for row in changes for one in row["causes"]]


def test_of_another_plan_year_only_what_continues_one_is_compared() -> None:
    old, old_facts = with_figures("1", "2", "4", accumulation="flow", actual="f:sum")
    old["measuredTo"] = T3[1]
    new = indicator("i1", slot("2027-01-01", "2027-03-31", "f:new"), status="at_risk")
    before = snapshot(
        objective("a", old),
        objective("b"),
        objective("c"),
        facts=old_facts | {"f:sum": quantity("7")},
    )
    after = snapshot(
        objective("d", new, status="at_risk", startsOn="2027-01-01", continues=["a"]),
        objective("e", status="at_risk", continues=["b", "c"]),
        objective("f"),
        facts={"f:new": quantity("60")},
        on="2027-03-31",
        plan={"year": 2027},
    )
    assert moved(before, after) == [("d", "worsened")]
    (cause,) = causes(before, after)
    assert cause["kind"] == "indicator"
    assert [one["periodStart"] for one in cause["wasPeriods"]] == [T1[0], T3[0]]
    same = snapshot(
        objective("d", old, startsOn="2027-01-01", continues=["a"]),
        facts=old_facts | {"f:sum": quantity("7")},
        plan={"year": 2027},
    )
    assert moved(before, same) == []


def test_milestones_of_indicators_and_of_activities() -> None:
    def date_fact(role: str, day: str) -> Part:
        return {"kind": "date", "role": role, "value": day, "display": day}

    def plan(role: str, day: str, done: str | None, on: str, **more: Any) -> Part:
        steps = [
            {"id": "s1", "title": text("Gegund"), "dueOn": "2026-08-31", "doneOn": done}
            | {"forecastOn": None},
            {"id": "s2", "title": text("Test"), "dueOn": "2026-09-15", "doneOn": None}
            | {"forecastOn": None},
        ]
        row = indicator(
            "i1",
            slot(*(T2 if on < T3[0] else T3), f"f:{on}"),
            kind="milestone",
            target={"fact": "f:due", "dueOn": "2026-11-30"},
        )
        return snapshot(
            objective("a", row, activities=[{"id": "x", "milestones": steps}], **more),
            facts={f"f:{on}": date_fact(role, day), "f:due": date_fact("due", "2026-11-30")},
            on=on,
        )

    before = plan("expected", "2026-11-15", None, "2026-06-30")
    after = plan("expected", "2026-12-20", "2026-09-01", "2026-09-30", status="at_risk")
    later, done, missed = causes(before, after)
    assert (later["kind"], later["forecastOn"], later["wasForecastOn"]) == (
        "milestone_expected",
        "2026-12-20",
        "2026-11-15",
    )
    assert (done["kind"], done["title"], done["doneOn"]) == (
        "milestone_done",
        text("Gegund"),
        "2026-09-01",
    )
    assert (missed["kind"], missed["title"]) == ("milestone_not_done", text("Test"))


def test_restated_is_what_was_shown_and_is_another_figure() -> None:
    old, old_facts = with_figures("60", "58")
    new, new_facts = with_figures("60", "55", "70")
    new["slots"][1] |= {
        "correctionReason": "Dubbel geteld",
        "recordedAt": "2026-08-14T22:30:00+00:00",
    }
    before = snapshot(objective("a", old), facts=old_facts, on="2026-06-30")
    after = snapshot(objective("a", new), facts=new_facts)
    found = compare_snapshots(before, after, everything=False)
    assert found.restated == [
        {
            "id": "i1",
            "code": "i1",
            "title": text("Indicator i1"),
            "unit": "ADCV",
            "periodStart": T2[0],
            "resolution": "T",
            "breakdown": [],
            "was": "f:before:m1",
            "now": "f:m1",
            "nowState": "measured",
            "reason": "Dubbel geteld",
            "changedOn": "2026-08-15",  # in Brussels
            "reportedOn": "2026-06-30",
        }
    ]
    assert found.facts["f:before:m1"]["display"] == "58"
    assert found.changes == []  # on the dashboard it moved nothing either


def test_not_restated() -> None:
    """More decimals, another name of the unit, or a period that the later date leaves out."""
    old, _facts = with_figures("60", "58")
    new, _facts = with_figures("60", "58")
    exact = quantity("58") | {"display": "58.0", "decimals": 1, "unit": {"nl": "hulpzones"}}
    before = snapshot(objective("a", old), facts={"f:m0": quantity("60"), "f:m1": quantity("58")})
    after = snapshot(objective("a", new), facts={"f:m0": quantity("60"), "f:m1": exact})
    assert compare_snapshots(before, after, everything=False).is_empty
    earlier = snapshot(
        objective("a", new), facts={"f:m0": quantity("60"), "f:m1": quantity("1")}, on="2026-03-31"
    )
    assert compare_snapshots(before, earlier, everything=False).restated == []


def test_a_figure_that_was_withdrawn_and_a_part_of_one() -> None:
    part = {"key": "r=bxl", "fact": "f:p", "titles": [{"dimension": {}, "member": {}}]}
    old = indicator("i1", slot(*T1, "f:m0", breakdown=[part]), slot(*T2, "f:m1"))
    new = indicator(
        "i1",
        slot(*T1, "f:m0", breakdown=[part]),
        slot(*T2, valueState="notApplicable", notApplicableReason="Geen meting"),
    )
    facts = {"f:m0": quantity("60"), "f:m1": quantity("58"), "f:p": quantity("20")}
    before = snapshot(objective("a", old), facts=facts)
    after = snapshot(objective("a", new), facts=facts | {"f:p": quantity("30")})
    first, second = compare_snapshots(before, after, everything=False).restated
    assert (first["was"], first["now"], first["breakdown"]) == (
        "f:before:p",
        "f:p",
        part["titles"],
    )
    assert (second["now"], second["nowState"], second["reason"], second["changedOn"]) == (
        None,
        "notApplicable",
        "Geen meting",
        None,
    )


def test_everything_tells_texts_figures_and_other_parts() -> None:
    old, facts = with_figures("60")
    new, new_facts = with_figures("60", "58")
    told = {"periodStart": T1[0], "resolution": "T", "done": text("Veel"), "planned": {}}
    before = snapshot(
        objective("a", old, endsOn="2026-12-31", narratives=[told], risks=[]),
        facts=facts,
        late=["x"],
    )
    after = snapshot(
        objective(
            "a",
            new,
            title=text("Andere titel"),
            endsOn="2026-11-30",
            narratives=[told | {"obstacles": text("Vertraging")}],
            risks=[{"title": text("Storm")}],
        ),
        facts=new_facts,
        late=[],
    )
    assert kinds(causes(before, after)) == ["field", "explained"]
    rows = causes(before, after, everything=True)
    assert [(row["kind"], row["code"]) for row in rows] == [
        ("field", "endsOn"),
        ("explained", "ADCV"),
        ("text", "title"),
        ("text", "narrative.obstacles"),
        ("figure", "i1"),
        ("part", "risks"),
    ]
    found = compare_snapshots(before, after)
    assert [row["part"] for row in found.others] == ["late"]


def test_everything_is_silent_about_ids_dates_of_keeping_and_new_translations() -> None:
    old, facts = with_figures("60")
    new, _facts = with_figures("60")
    new["slots"][0] |= {"fact": "f:other", "recordedAt": "2026-10-01T08:00:00+00:00"}
    new["latest"] = new["slots"][0]
    new["title"] = {**new["title"], "de": "Indikator"}
    before = snapshot(objective("a", old), facts=facts)
    after = snapshot(objective("a", new), facts={"f:other": quantity("60")})
    assert compare_snapshots(before, after).is_empty


def test_what_an_earlier_schema_did_not_tell_differs_from_nothing() -> None:
    new, facts = with_figures("60")
    old = {key: new[key] for key in new if not key.startswith("definition")}
    full = objective("a", new, narratives=[], risks=[], activities=[], means=text("Mensen"))
    poor = {key: full[key] for key in full if key not in ("holder", "judgement")}
    before = snapshot(
        {key: poor[key] for key in poor if key not in ("narratives", "risks", "means")}
        | {"indicators": [old]},
        facts=facts,
    )
    before.pop("questions")
    after = snapshot(full, facts=facts, amendments=[], alignment={}, ruleVersion=1)
    assert compare_snapshots(before, after).is_empty
    typed = objective("a", old, holder="Directeur-generaal Jan")
    assert compare_snapshots(snapshot(typed, facts=facts), after).is_empty


def test_a_report_on_a_plan_as_a_whole_names_each_objective_once() -> None:
    def plan(status: str) -> Part:
        row = objective("a", indicator("i1"), status=status)
        served = [{"code": code, "operational": ["a"]} for code in ("1-F1", "1-L1")]
        found = snapshot(objectives=[row], securityObjectives=served, plan={})
        del found["strategicObjectives"]
        return found

    assert moved(plan("on_track"), plan("off_track")) == [("a", "worsened")]


def test_another_edition_names_what_nothing_else_tells() -> None:
    old, facts = with_figures("60", baseline={"fact": "f:base", "on": "2025-12-31"})
    before, after = (
        snapshot(objective("a", old), facts=facts | {"f:base": quantity(value)})
        for value in ("40", "45")
    )
    (row,) = causes(before, after, everything=True)
    assert (row["kind"], row["code"]) == ("part", "i1")
    later = {**after, "referenceDate": "2026-12-31"}  # then it may follow from the date
    assert compare_snapshots(before, later).is_empty
    stale = [snapshot(objective("a", stale=value)) for value in (False, True)]
    assert [row["code"] for row in causes(*stale, everything=True)] == ["objective"]


def test_activities_are_named_when_more_than_a_milestone_differs() -> None:
    def plan(done: str | None, title: str) -> Part:
        step = {"id": "s", "title": text("Gegund"), "dueOn": "2026-08-31", "doneOn": done}
        steps = [step | {"forecastOn": None, "state": "done" if done else "open"}]
        return snapshot(
            objective("a", activities=[{"id": "x", "title": text(title), "milestones": steps}])
        )

    before = plan(None, "Aankoop")
    done, other = plan("2026-09-01", "Aankoop"), plan("2026-09-01", "Huur")
    assert kinds(causes(before, done, everything=True)) == ["milestone_done"]
    assert kinds(causes(before, other, everything=True)) == ["milestone_done", "part"]

"""Questions in the API: who reads them, and as they stood at a moment."""

from datetime import timedelta

import pytest

from ibzplan.core.models import Question
from ibzplan.core.services import record_change
from personnel.models import User
from tests.api.conftest import Get, World, moment, text

pytestmark = pytest.mark.urls("tests.api.urlconf")


def test_both_sides_read_it_and_never_another_cabinet(world: World, get: Get) -> None:
    question = world.question(world.objective("O1", "ADVP"), minister="BZ")
    world.users["nobody"] = User.objects.create(username="nobody")

    seen = {user: len(get(user, "questions").json()["items"]) for user in (*world.users,)}

    assert seen == {
        "planner": 1,
        "other planner": 0,
        "cabinet": 1,
        "other cabinet": 0,
        "corporate": 1,
        "auditor": 1,
        "nobody": 0,
    }
    assert get("cabinet", f"questions/{question.uuid}").status_code == 200
    assert get("other cabinet", f"questions/{question.uuid}").status_code == 404


def test_what_is_confidential_brings_no_question(world: World, get: Get) -> None:
    secret = world.indicator("SECRET", "ADVP", is_confidential=True)
    world.question(secret, minister="BZ")

    assert get("cabinet", "questions").json()["total"] == 1
    assert get("auditor", "questions").json()["total"] == 1
    assert get("other planner", "questions").json()["total"] == 0


def test_as_of_tells_what_stood_then(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP")
    world.question(objective, minister="BZ", day="2026-01-05")
    record_change(actor=None, target=objective, values={"title": text("Anders genoemd")})

    def told(**clocks: str) -> list[tuple[str, int, str, bool]]:
        items = get("auditor", "questions", **clocks).json()["items"]
        return [
            (one["state"], len(one["answers"]), one["about"]["title"]["nl"], one["late"])
            for one in items
        ]

    assert told(asOf="2026-01-04") == []
    assert told(asOf="2026-01-06") == [("open", 0, "Objective O1", True)]
    assert told(asOf="2026-01-06", referenceDate="2026-01-05") == [
        ("open", 0, "Objective O1", False)
    ]
    assert told(asOf="2026-01-09") == [("answered", 1, "Objective O1", False)]
    assert told() == [("answered", 1, "Anders genoemd", False)]


def test_filters(world: World, get: Get) -> None:
    objective, indicator = world.objective("O1", "ADVP"), world.indicator("I1", "ADVP")
    world.question(objective, minister="BZ")
    taken_back = world.question(indicator, minister="AM")
    taken_back.answers.all().delete()
    Question.objects.filter(pk=taken_back.pk).update(
        withdrawn_at=moment("2026-01-05") + timedelta(days=1)
    )

    def found(**query: str) -> list[str]:
        answer = get("auditor", "questions", **query)
        assert answer.status_code == 200, answer.content
        return sorted(one["about"]["code"] for one in answer.json()["items"])

    assert found() == ["I1", "O1"]
    assert found(state="withdrawn") == ["I1"]
    assert found(state="answered") == ["O1"]
    assert found(state="open") == []
    assert found(state="open", asOf="2026-01-05T12:00:00Z") == ["I1", "O1"]
    assert found(kind="question") == ["I1", "O1"]
    assert found(kind="request") == []
    assert found(minister="BZ") == ["O1"]
    assert found(minister=str(world.ministers["AM"].uuid)) == ["I1"]
    assert found(about=str(objective.uuid)) == ["O1"]
    for wrong in ({"state": "late"}, {"about": "O1"}, {"unit": "ADVP"}):
        assert get("auditor", "questions", **wrong).status_code == 400

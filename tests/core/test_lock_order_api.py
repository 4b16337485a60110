"""The one lock order holds for what comes in through the API: see test_lock_order."""

import pytest
from django.test import Client

from objectives.planning.models import OperationalObjective
from tests.api.writers import indicator_body, measured, objective_body
from tests.core.lock_order import assert_clock_first
from tests.factories import Ministry

pytestmark = pytest.mark.urls("tests.api.urlconf")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
@pytest.mark.parametrize(
    "path", ["operationalObjectives", "indicators", "targets", "measurements", "measurements/batch"]
)
def test_a_write_takes_the_clock_first(
    ministry: Ministry, path: str, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    indicator = measured(ministry)
    figure = {"indicator": indicator.code, "period": "2026-T1", "value": 90}
    interim = {"indicator": indicator.code, "dueOn": "2026-06-30", "value": 90, "final": False}
    bodies = {
        "operationalObjectives": objective_body(),
        "indicators": indicator_body(OperationalObjective.objects.get()),
        "targets": interim,
        "measurements": figure,
        "measurements/batch": {"items": [figure]},
    }
    client = Client()
    client.force_login(ministry.users["planner_adcv"])

    def call() -> None:
        told = client.post(
            f"/api/v1/{path}", bodies[path], content_type="application/json", headers=key
        )
        assert told.status_code == 201, told.content

    assert_clock_first(call, monkeypatch)


def test_a_change_takes_the_clock_first(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    objective = ministry.objective()
    client = Client()
    client.force_login(ministry.users["planner_adcv"])

    def call() -> None:
        told = client.patch(
            f"/api/v1/operationalObjectives/{objective.uuid}",
            {"endsOn": "2026-11-30"},
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        assert told.status_code == 200, told.content

    assert_clock_first(call, monkeypatch)

"""The health answer."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

pytestmark = [pytest.mark.urls("tests.api.urlconf"), pytest.mark.django_db]


@pytest.fixture
def broker(settings: Any, tmp_path: Path) -> Path:
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path)}
    return tmp_path


def test_up_without_signing_in(broker: Path) -> None:
    response = Client().get("/health")

    assert response.status_code == 200
    assert response.json()["status"] == "UP"
    assert "no-store" in response.headers["Cache-Control"]


def test_without_a_broker_pages_still_work(broker: Path) -> None:
    broker.rmdir()

    response = Client().get("/health")

    assert response.status_code == 200
    assert response.json() == {
        "status": "DEGRADED",
        "details": {"database": {"status": "UP"}, "broker": {"status": "DOWN"}},
    }


def test_a_redis_that_does_not_answer_degrades(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert Client().get("/health").json()["status"] == "DEGRADED"


def test_without_a_database_it_is_down(broker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr(connection, "cursor", refuse)

    response = Client().get("/health")

    assert response.status_code == 503
    assert response.json()["status"] == "DOWN"


def test_it_is_only_read() -> None:
    assert Client().post("/health").status_code == 405

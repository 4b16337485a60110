"""A request that comes again: under its key it writes once, whatever happens on the way."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from ibzplan.core.api.renderers import to_json
from ibzplan.core.models import IdempotentRequest
from ibzplan.core.services.idempotency import KEPT_DAYS, request_answered, request_keep
from ibzplan.core.tasks import expire_idempotent_requests
from objectives.indicators.models import Indicator, Measurement
from objectives.planning.models import OperationalObjective
from tests.api.writers import Writer, issues, measured, objective_body
from tests.core.connections import copy_to_file, own_connection
from tests.factories import Ministry, make_ministry

pytestmark = pytest.mark.urls("tests.api.urlconf")

KEY = "7f6d9f0e-4d9f-4f4e-9d0a-0d4f5f1f3c11"


def figure(indicator: Indicator, **more: Any) -> dict[str, Any]:
    return {"indicator": indicator.code, "period": "2026-T1", "value": 90, **more}


def test_a_retry_gets_the_first_answer(writer: Writer) -> None:
    first = writer.post("operationalObjectives", objective_body(), Idempotency_Key=KEY)
    again = writer.post("operationalObjectives", objective_body(), Idempotency_Key=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert OperationalObjective.objects.count() == 1


def test_without_a_key_a_request_is_another_one(writer: Writer) -> None:
    writer.post("operationalObjectives", objective_body())
    writer.post("operationalObjectives", objective_body())

    assert OperationalObjective.objects.count() == 2


def test_a_change_is_answered_again_though_the_tag_is_old_by_now(
    writer: Writer, ministry: Ministry
) -> None:
    path = f"operationalObjectives/{ministry.objective().uuid}"
    etag = writer.get(path).headers["ETag"]
    change = {"endsOn": "2026-11-30"}

    first = writer.patch(path, change, If_Match=etag, Idempotency_Key=KEY)
    again = writer.patch(path, change, If_Match=etag, Idempotency_Key=KEY)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["ETag"] == first.headers["ETag"] != etag


def test_a_key_is_for_one_request(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)
    writer.post("measurements", figure(indicator), Idempotency_Key=KEY)

    other_body = writer.post("measurements", figure(indicator, value=91), Idempotency_Key=KEY)
    other_path = writer.post(
        "measurements/batch", {"items": [figure(indicator)]}, Idempotency_Key=KEY
    )
    other_client = writer.post("measurements", figure(indicator), "head_adcv", Idempotency_Key=KEY)

    for refused in (other_body, other_path):
        assert refused.status_code == 422
        assert refused.json()["type"].endswith(":idempotencyKeyReused")
        assert issues(refused) == [("Idempotency-Key", KEY)]
    # Another client's key is its own; this one finds the figure there already.
    assert other_client.status_code == 200
    assert "Idempotency-Replayed" not in other_client.headers
    assert Measurement.objects.count() == 1


def test_what_was_refused_is_tried_anew(writer: Writer, ministry: Ministry) -> None:
    indicator = measured(ministry)

    refused = writer.post("measurements", figure(indicator, value=1.25), Idempotency_Key=KEY)
    done = writer.post("measurements", figure(indicator), Idempotency_Key=KEY)

    assert (refused.status_code, done.status_code) == (400, 201)


def test_a_fault_on_the_way_keeps_neither_the_row_nor_the_answer(
    writer: Writer, ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    indicator = measured(ministry)

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("ibzplan.core.api.idempotency.request_keep", fail)
        lost = writer.post("measurements", figure(indicator), Idempotency_Key=KEY)
    assert lost.status_code == 500
    assert not Measurement.objects.exists()

    done = writer.post("measurements", figure(indicator), Idempotency_Key=KEY)

    assert done.status_code == 201
    assert Measurement.objects.count() == 1


def test_a_key_is_visible_ascii(writer: Writer) -> None:
    for key in ("", "a b", "x" * 256, "caf\xe9"):
        response = writer.post("operationalObjectives", objective_body(), Idempotency_Key=key)

        assert response.status_code == 400
        assert [name for name, _value in issues(response)] == ["Idempotency-Key"]
        assert response.json()["issues"][0]["in"] == "header"


def test_answers_are_kept_for_a_week(writer: Writer) -> None:
    writer.post("operationalObjectives", objective_body(), Idempotency_Key=KEY)
    assert expire_idempotent_requests() == 0

    long_ago = timezone.now() - timedelta(days=KEPT_DAYS, minutes=1)
    IdempotentRequest.objects.update(kept_at=long_ago)

    assert expire_idempotent_requests() == 1


def test_the_answer_to_a_large_batch_is_kept_small(writer: Writer) -> None:
    named = [(uuid4(), "https://ibzplan.example.org/api/v1/measurements") for _row in range(10_000)]
    items = [{"id": one, "href": f"{address}/{one}"} for one, address in named]
    body = to_json({"items": items, "total": len(items)}).encode()
    actor = writer.ministry.users["planner_adcv"]
    me = actor.uuid

    request_keep(
        actor=actor, client=me, key=KEY, fingerprint="f", status=201, headers={}, body=body
    )
    with transaction.atomic():
        kept = request_answered(client=me, key=KEY)

    assert kept is not None
    assert kept.answer == body
    assert len(kept.body) < len(body) / 4


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_one_row(tmp_path: Path) -> None:
    ministry = make_ministry()
    indicator = measured(ministry)
    writer = Writer(ministry)
    writer.headers("planner_adcv")
    file = tmp_path / "copy.sqlite3"
    copy_to_file(file)

    def post(_n: int) -> tuple[int, str, str]:
        with own_connection(file):
            told = writer.post("measurements", figure(indicator), Idempotency_Key=KEY)
            replayed = told.headers.get("Idempotency-Replayed", "")
            return told.status_code, hashlib.sha256(told.content).hexdigest(), replayed

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(post, range(4)))

    assert len({(status, content) for status, content, _replayed in answers}) == 1
    assert [replayed for _status, _content, replayed in answers] == ["", "true", "true", "true"]
    with own_connection(file):
        assert Measurement.objects.filter(indicator__code=indicator.code).count() == 1
        assert IdempotentRequest.objects.count() == 1
    connection.close()

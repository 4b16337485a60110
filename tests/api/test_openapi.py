"""The API describes itself, and the description is what it does."""

from typing import Any

import pytest
import yaml
from django.test import Client

from ibzplan.api_urls import COLLECTIONS
from tests.api.conftest import Get, World

pytestmark = pytest.mark.urls("tests.api.urlconf")


@pytest.fixture
def document() -> Any:
    response = Client().get("/doc/openapi.yaml")
    assert response.status_code == 200
    return yaml.safe_load(response.content)


def test_every_collection_is_described_with_all_its_parameters(document: Any) -> None:
    for collection in COLLECTIONS:
        described = document["paths"][f"/{collection.name}"]["get"]["parameters"]
        named = {p["name"] for p in described if p.get("in") == "query"}
        assert named == collection.list_parameters
        assert f"/{collection.name}/{{id}}" in document["paths"]


def test_every_reference_leads_somewhere(document: Any) -> None:
    named = {
        f"#/components/{part}/{name}"
        for part, parts in document["components"].items()
        for name in parts
    }

    def references(value: Any) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [r for below in value.values() for r in references(below)]
        return [r for below in value for r in references(below)] if isinstance(value, list) else []

    assert set(references(document)) <= named


def test_zero_may_be_absent_only_where_there_is_no_figure(document: Any) -> None:
    item = document["components"]["schemas"]["MeasurementItem"]

    assert item["properties"]["value"] == {"type": "number"}
    assert "value" not in item["required"]
    assert {"id", "href", "period", "valueState", "provisional"} <= set(item["required"])


def test_an_item_has_what_the_description_requires(document: Any, world: World, get: Get) -> None:
    world.figure(world.indicator("I1", "ADVP"), "2026-T1", "0", day="2026-04-02")
    schema = document["components"]["schemas"]["MeasurementItem"]

    item = get("auditor", "measurements").json()["items"][0]

    assert set(schema["required"]) <= set(item) <= set(schema["properties"])

"""Operational objectives in the API, as they stood at a moment."""

import pytest

from ibzplan.core.services import record_change
from objectives.planning.models import ObjectiveIndicator
from tests.api.conftest import Get, World, codes, moment, text

pytestmark = pytest.mark.urls("tests.api.urlconf")


def test_an_objective_says_what_it_said_then(world: World, get: Get) -> None:
    objective = world.objective("O1", "ADVP")
    record_change(
        actor=None,
        target=objective,
        values={"title": text("Nieuwe titel"), "holder": "Directeur", "state": "closed"},
        at=moment("2026-05-01"),
    )

    def title(**query: str) -> tuple[str, str | None, str]:
        item = get("cabinet", "operationalObjectives", **query).json()["items"][0]
        one = get("cabinet", f"operationalObjectives/{objective.uuid}", **query).json()
        assert one == item
        return item["title"]["nl"], item.get("holder"), item["state"]

    assert title() == ("Nieuwe titel", "Directeur", "closed")
    assert title(asOf="2026-04-30") == ("Objective O1", None, "approved")
    assert title(asOf="2026-05-01T10:00:00Z") == title()


def test_weights_and_links_are_those_of_then(world: World, get: Get) -> None:
    objective, indicator = world.objective("O1", "ADVP"), world.indicator("I1", "ADVP")
    world.link(objective, indicator)
    changed = moment("2026-03-01")
    ObjectiveIndicator.objects.update(known_until=changed)
    ObjectiveIndicator.objects.create(
        objective=objective,
        indicator=indicator,
        weight=3,
        is_key=True,
        known_from=changed,
        known_until=moment("2026-09-01"),
    )

    def links(**query: str) -> list[tuple[str, int, bool]]:
        item = get("auditor", "operationalObjectives", **query).json()["items"][0]
        return [(link["code"], link["weight"], link["key"]) for link in item["indicators"]]

    def using(**query: str) -> list[str]:
        return codes(get("auditor", "operationalObjectives", indicator="I1", **query))

    assert links(asOf="2026-02-28") == [("I1", 1, False)]
    assert links(asOf="2026-03-01T10:00:00Z") == [("I1", 3, True)]
    assert links() == []
    assert (using(asOf="2026-03-02"), using()) == (["O1"], [])


def test_the_filter_by_indicator_betrays_no_confidential_one(world: World, get: Get) -> None:
    secret = world.indicator("SECRET", "ADVP", is_confidential=True)
    world.link(world.objective("O1", "ADVP"), secret)

    assert codes(get("cabinet", "operationalObjectives", indicator="SECRET")) == ["O1"]
    for name in ("SECRET", str(secret.uuid)):
        assert codes(get("other cabinet", "operationalObjectives", indicator=name)) == []

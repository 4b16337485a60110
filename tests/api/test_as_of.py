"""The plans' structure, units and ministers as they stood at an earlier moment (`asOf`)."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ibzplan.api_urls import COLLECTIONS
from ibzplan.core.api.rewound import RegisterCollection
from ibzplan.core.models import Record
from ibzplan.core.services import history_record, record_change
from ibzplan.core.steady import forget
from objectives.security.models import (
    AttentionPoint,
    EnablingCondition,
    FrameworkMention,
    KivDimension,
    PolicyFramework,
    SecurityObjective,
    SecurityTheme,
    ThemeKivLink,
)
from objectives.strategy.models import (
    Goal,
    Mission,
    PlanElement,
    StrategicObjective,
    Werf,
    WerfElement,
    WerfUnit,
)
from personnel.models import (
    MinisterUnit,
    OfficeHolder,
    OrganisationUnit,
    SupervisingMinister,
    UnitTransfer,
)
from tests.api.conftest import Get, World, codes, entry, moment, text
from tests.api.test_bulk import lines, table
from tests.api.test_lists import fill

pytestmark = pytest.mark.urls("tests.api.urlconf")

REGISTERS = [one for one in COLLECTIONS if isinstance(one, RegisterCollection)]
NAMES = [one.name for one in REGISTERS]
MODELS: dict[str, type[Record]] = {
    "missions": Mission,
    "strategicObjectives": StrategicObjective,
    "goals": Goal,
    "werven": Werf,
    "securityThemes": SecurityTheme,
    "securityObjectives": SecurityObjective,
    "kivDimensions": KivDimension,
    "policyFrameworks": PolicyFramework,
    "enablingConditions": EnablingCondition,
    "organisationUnits": OrganisationUnit,
    "ministers": SupervisingMinister,
}
BEFORE, LOADED, THEN, CHANGED = "2026-01-09", "2026-01-10", "2026-02-01", "2026-03-01"


@pytest.fixture
def old(world: World) -> World:
    """Return a world of which the plans and the organisation were loaded in January."""
    world.plan_entries(1)
    load(LOADED)
    return world


def load(day: str) -> None:
    """Let all that is there have come with a load on that day."""
    for model in apps.get_models():
        if issubclass(model, Record) and model._meta.app_label in (
            "strategy",
            "security",
            "personnel",
        ):
            model._default_manager.update(created_at=moment(day))


def change(world: World, target: Record, day: str = CHANGED, **values: Any) -> None:
    record_change(actor=world.users["corporate"], target=target, values=values, at=moment(day))


def relist(target: Record, name: str, were: list[Any], *, day: str = CHANGED) -> None:
    """Note that a list of a record is another one since that day."""
    history_record(
        actor=None, target=target, action="loaded", changes={name: (were, [])}, at=moment(day)
    )


def one(get: Get, name: str, target: Record, **query: str) -> dict[str, Any]:
    response = get("auditor", f"{name}/{target.uuid}", **query)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def codes_below(items: list[dict[str, Any]]) -> list[str]:
    return [item["code"] for item in items]


def test_every_list_of_the_structure_goes_by_its_moment() -> None:
    assert set(MODELS) == set(NAMES)
    for collection in REGISTERS:
        for name, declared in collection.filterset.base_filters.items():
            assert callable(getattr(declared, "holds", None)), (collection.name, name)


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_those_of_then_wherever_they_are_read(old: World, get: Get, name: str) -> None:
    target = MODELS[name]._default_manager.order_by("pk").last()
    assert target is not None
    path = f"{name}/{target.uuid}"
    first = get("auditor", path)
    whole = get("auditor", name).json()["items"]
    change(old, target, title=text("Hernoemd", "Renommé"))
    change(old, target, day="2026-05-01", title=text("Nog eens", "Encore"))

    then = get("auditor", path, asOf=THEN)
    page = get("auditor", name, asOf=THEN).json()

    assert then.json() == first.json()
    assert then.headers["ETag"] == first.headers["ETag"]
    assert page["items"] == whole
    assert page["total"] == len(whole)
    assert one(get, name, target, asOf="2026-04-01")["title"]["fr"] == "Renommé"
    assert one(get, name, target, asOf="2026-05-01T10:00:00Z")["title"]["fr"] == "Encore"
    assert one(get, name, target)["title"]["fr"] == "Encore"
    seen = get("auditor", path, asOf=THEN, headers={"If-None-Match": then.headers["ETag"]})
    assert seen.status_code == 304


@pytest.mark.parametrize("name", NAMES)
def test_what_a_load_brought_was_not_known_before_it(old: World, get: Get, name: str) -> None:
    target = MODELS[name]._default_manager.order_by("pk").last()
    assert target is not None

    page = get("auditor", name, asOf=BEFORE)

    assert (page.status_code, page.json()["items"], page.json()["total"]) == (200, [], 0)
    assert get("auditor", f"{name}/{target.uuid}", asOf=BEFORE).status_code == 404
    # The instant of the load is the first at which it is known.
    assert str(target.uuid) in [
        item["id"] for item in get("auditor", name, asOf=f"{LOADED}T10:00:00Z").json()["items"]
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_an_earlier_moment_says_what_its_pages_say(
    old: World, get: Get, name: str
) -> None:
    target = MODELS[name]._default_manager.order_by("pk").last()
    assert target is not None
    change(old, target, title=text("Hernoemd", "Renommé"))

    for query in ({"asOf": THEN}, {"asOf": BEFORE}, {"asOf": "2026-04-01"}):
        items = get("auditor", name, **query).json()["items"]
        rows = table(get, "auditor", name, **query)
        assert [row["id"] for row in rows] == [item["id"] for item in items]
        assert [row["title_fr"] for row in rows] == [i["title"].get("fr", "") for i in items]
        assert lines(get, "auditor", name, **query) == items


@pytest.mark.parametrize("name", NAMES)
def test_queries_of_an_earlier_moment_do_not_grow_with_rows(
    world: World, get: Get, name: str
) -> None:
    fill(world, "A", 2)
    get("auditor", name)  # notes the token's first use
    counts, totals = [], []
    for prefix in ("B", "C"):
        load(LOADED)
        for target in MODELS[name]._default_manager.all():
            if target.version == 1:
                change(world, target, title=text("Hernoemd"))
        forget()
        with CaptureQueriesContext(connection) as queries:
            response = get("auditor", name, asOf=THEN)
        counts.append(len(queries))
        totals.append(len(response.json()["items"]))
        fill(world, prefix, 6)

    assert totals[1] > totals[0] > 0
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", [one.name for one in REGISTERS if one.is_searched])
def test_words_are_looked_for_in_the_texts_of_then(old: World, get: Get, name: str) -> None:
    target = MODELS[name]._default_manager.order_by("pk").last()
    assert target is not None
    change(old, target, title=text("Éénmalig eerst"), day="2026-01-20")
    change(old, target, title=text("Daarna anders"), search_key="daarna anders")

    def found(words: str, **query: str) -> list[str]:
        return [item["id"] for item in get("auditor", name, q=words, **query).json()["items"]]

    assert found("eenmalig EERST", asOf=THEN) == [str(target.uuid)]
    assert found("daarna", asOf=THEN) == []
    assert found("daarna") == [str(target.uuid)]


def test_a_filter_goes_by_what_was_so_then(old: World, get: Get) -> None:
    directorate, other = old.units["ADVP"], old.units["DVZ"]
    change(old, other, parent=directorate)
    theme = SecurityTheme.objects.get(code="X00")
    change(old, theme, is_block=True)

    def found(name: str, **query: str) -> list[str]:
        return codes(get("auditor", name, **query))

    assert found("organisationUnits", parent="ADVP") == ["DVZ"]
    assert found("organisationUnits", parent=str(directorate.uuid), asOf=THEN) == []
    assert found("organisationUnits", parent=str(directorate.uuid), asOf="2026-04-01") == ["DVZ"]
    assert "parent" not in one(get, "organisationUnits", other, asOf=THEN)
    assert found("organisationUnits", kind="generalDirectorate", asOf=THEN) == ["ADVP", "DVZ"]
    assert found("securityThemes", block="true") == ["X00"]
    assert found("securityThemes", block="true", asOf=THEN) == []
    assert found("securityThemes", code="X00", plan="SP", block="false", asOf=THEN) == ["X00"]
    assert found("goals", strategicObjective="SD1", asOf=THEN) == ["D1"]
    refused = get("auditor", "securityThemes", block="perhaps", asOf=THEN)
    assert refused.status_code == 400


def test_a_unit_is_there_on_the_reference_date_as_was_known_then(old: World, get: Get) -> None:
    unit, minister = old.units["ADVP"], old.ministers["BZ"]
    link = MinisterUnit.objects.get(unit=unit)
    # In March it is recorded that the unit ended with the year before.
    change(old, unit, valid_to=date(2025, 12, 31))
    change(old, link, valid_to=date(2025, 12, 31))

    def units(**query: str) -> list[str]:
        return codes(get("auditor", "organisationUnits", **query))

    assert units(asOf=THEN) == ["ADVP", "DVZ"]
    assert units(asOf="2026-04-01") == ["DVZ"]
    assert units(asOf="2026-04-01", referenceDate="2025-06-30") == ["ADVP", "DVZ"]
    assert units(asOf=THEN, minister="BZ") == ["ADVP"]
    assert units(asOf="2026-04-01", minister="BZ") == []
    assert codes(get("auditor", "ministers", asOf=THEN, unit="ADVP")) == ["BZ"]
    assert codes(get("auditor", "ministers", asOf="2026-04-01", unit=str(unit.uuid))) == []
    assert codes_below(one(get, "ministers", minister, asOf=THEN)["units"]) == ["ADVP"]
    assert "validTo" not in one(get, "organisationUnits", unit, asOf=THEN)
    for query in ({}, {"asOf": THEN}, {"asOf": "2026-04-01"}):
        assert units(includeHistory="true", **query) == ["ADVP", "DVZ"]


def test_a_unit_is_below_the_one_of_the_reference_date(old: World, get: Get) -> None:
    below, left, joined = old.units["ADVP"], old.units["DVZ"], old.unit("NEW", "AM")
    load(LOADED)
    OrganisationUnit.objects.filter(pk=below.pk).update(parent=left)
    UnitTransfer.objects.create(
        target_type=below.type_name(),
        target_uuid=below.uuid,
        from_unit=left,
        to_unit=joined,
        takes_effect_on=date(2026, 2, 15),
        recorded_at=moment(CHANGED),
    )
    change(old, below, parent=joined)

    def found(parent: str, **query: str) -> list[str]:
        return codes(get("auditor", "organisationUnits", parent=parent, **query))

    for query in ({"referenceDate": "2026-02-14"}, {"asOf": THEN, "referenceDate": "2026-02-20"}):
        assert (found("DVZ", **query), found("NEW", **query)) == (["ADVP"], [])
        assert one(get, "organisationUnits", below, **query)["parent"]["code"] == "DVZ"
    for query in ({}, {"referenceDate": "2026-02-15"}, {"asOf": "2026-04-01"}):
        assert (found("DVZ", **query), found("NEW", **query)) == ([], ["ADVP"])
        assert one(get, "organisationUnits", below, **query)["parent"]["code"] == "NEW"


def test_an_office_has_the_holder_and_the_units_of_then(old: World, get: Get) -> None:
    minister = old.ministers["BZ"]
    holder = OfficeHolder.objects.get(minister=minister)
    change(old, holder, name="Known by another name")
    OfficeHolder.objects.create(minister=minister, name="Next", holds_from=date(2026, 1, 15))
    MinisterUnit.objects.create(minister=minister, unit=old.units["DVZ"])

    then, now = one(get, "ministers", minister, asOf=THEN), one(get, "ministers", minister)

    assert (then["holder"]["name"], codes_below(then["units"])) == ("Holder of BZ", ["ADVP"])
    assert (now["holder"]["name"], codes_below(now["units"])) == ("Next", ["ADVP", "DVZ"])


def test_a_werf_has_the_units_and_elements_of_then(old: World, get: Get) -> None:
    werf = Werf.objects.get(code="X00")
    first, second = old.units["ADVP"], old.units["DVZ"]
    pillar = WerfElement.objects.get(werf=werf)
    change(old, pillar, title=text("Andere pijler"))
    WerfElement.objects.create(werf=werf, kind="pillar", **entry("Nieuw", "P9", 9))
    # A reorganisation adds a unit, and tells the codes; then a load puts the list the other way
    # round, and tells the UUIDs.
    WerfUnit.objects.create(werf=werf, unit=second, order=1)
    relist(werf, "units", ["ADVP"])
    WerfUnit.objects.filter(werf=werf).delete()
    WerfUnit.objects.create(werf=werf, unit=second)
    both = [{"unit": str(first.uuid)}, {"unit": str(second.uuid)}]
    relist(werf, "units", both, day="2026-05-01")

    def units(**query: str) -> list[str]:
        return codes_below(one(get, "werven", werf, **query)["units"])

    assert (units(asOf=THEN), units(asOf="2026-04-01"), units()) == (
        ["ADVP"],
        ["ADVP", "DVZ"],
        ["DVZ"],
    )
    elements = one(get, "werven", werf, asOf=THEN)["elements"]
    assert [element["title"]["nl"] for element in elements] == ["Pijler"]
    assert codes(get("auditor", "werven", unit="DVZ")) == ["X00"]
    assert codes(get("auditor", "werven", unit="DVZ", asOf=THEN)) == []
    assert codes(get("auditor", "werven", unit=str(first.uuid), asOf=THEN)) == ["X00"]


def test_a_theme_names_the_dimensions_of_then_and_they_name_it(old: World, get: Get) -> None:
    theme, dimension = SecurityTheme.objects.get(code="X00"), KivDimension.objects.get(code="X00")
    another = KivDimension.objects.create(plan=old.plan, **entry("Andere", "K9", 9))
    late = SecurityTheme.objects.create(plan=old.plan, **entry("Later", "T9", 9))
    KivDimension.objects.update(created_at=moment(LOADED))
    ThemeKivLink.objects.create(theme=late, dimension=dimension, source_line=9)
    ThemeKivLink.objects.filter(theme=theme).delete()
    ThemeKivLink.objects.create(theme=theme, dimension=another, source_line=8)
    relist(theme, "kiv", [{"dimension": str(dimension.uuid), "source_line": 7}])

    def named(**query: str) -> tuple[list[str], list[str], list[str]]:
        return (
            codes_below(one(get, "securityThemes", theme, **query)["kivDimensions"]),
            codes_below(one(get, "kivDimensions", dimension, **query)["themes"]),
            codes_below(one(get, "kivDimensions", another, **query)["themes"]),
        )

    assert named(asOf=THEN) == (["X00"], ["X00"], [])
    assert named() == (["K9"], ["T9"], ["X00"])
    found = get("auditor", "securityThemes", kivDimension="X00", asOf=THEN)
    assert codes(found) == ["X00"]


def test_a_framework_has_the_mentions_of_then(old: World, get: Get) -> None:
    framework, theme = PolicyFramework.objects.get(code="X00"), old.theme
    FrameworkMention.objects.filter(framework=framework).delete()
    were = {"theme": str(theme.uuid), "dimension": None, "printed": "Zo gedrukt", "source_line": 3}
    relist(framework, "mentions", [{**were, "source_line": 12}, were])

    then = one(get, "policyFrameworks", framework, asOf=THEN)["mentions"]

    assert [(m["theme"]["code"], m["printed"], m["sourceLine"]) for m in then] == [
        ("T1", "Zo gedrukt", 3),
        ("T1", "Zo gedrukt", 12),
    ]
    assert one(get, "policyFrameworks", framework)["mentions"] == []


def test_points_and_lines_say_what_they_said_then(old: World, get: Get) -> None:
    objective = StrategicObjective.objects.get(code="SD1")
    line = PlanElement.objects.create(
        plan=old.plan, kind="coalition_line", **entry("Regel", "R1", 1)
    )
    PlanElement.objects.update(created_at=moment(LOADED))
    StrategicObjective.objects.update(coalition_line=line)
    change(old, line, title=text("Regel, herschreven"))
    theme = SecurityTheme.objects.get(code="X00")
    AttentionPoint.objects.create(theme=theme, **entry("Nieuw", "A9", 9))
    change(old, AttentionPoint.objects.get(code="X00"), title=text("Ander punt"))

    then = one(get, "strategicObjectives", objective, asOf=THEN)
    points = one(get, "securityThemes", theme, asOf=THEN)["attentionPoints"]

    assert then["coalitionLine"]["nl"] == "Regel"
    assert [point["title"]["nl"] for point in points] == ["Aandacht"]
    assert len(one(get, "securityThemes", theme)["attentionPoints"]) == 2


def test_what_something_of_then_refers_to_is_embedded_as_it_stood(world: World, get: Get) -> None:
    """Also where the record is older than the load of the plans, as those of a demonstration."""
    goal = world.objective("O1", "ADVP")
    goal.created_at = moment("2025-12-01")
    goal.save()
    load(LOADED)
    change(world, world.werf, title=text("Hernoemd"))

    def shown(day: str) -> tuple[str, list[str]]:
        page = get("auditor", "operationalObjectives", embed="werf,unit", asOf=day).json()
        item = page["items"][0]
        werf = page["embedded"][item["werf"]["href"]]
        unit = page["embedded"][item["unit"]["href"]]
        return werf["title"]["nl"], codes_below(unit["ministers"])

    assert shown(THEN) == ("Werf", ["BZ"])
    assert shown("2026-01-05") == ("Werf", ["BZ"])
    assert shown("2026-04-01") == ("Hernoemd", ["BZ"])

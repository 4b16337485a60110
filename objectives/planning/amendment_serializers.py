"""How the API shows amendments of plans in force, with what they propose."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from ibzplan.core.api.links import Links
from ibzplan.core.api.shapes import Localised, Reference, localised, reference
from ibzplan.core.filtersets import camel
from objectives.planning.models import Amendment, AmendmentChange, OperationalObjective
from objectives.planning.selectors.going_along import values_seen
from objectives.planning.serializers import YearReference, year_reference


class ChangedValue(TypedDict):
    """What a change does to one member, in the words of a consolidated version of the plan.

    `old` and `new` are a code, a number, an ISO date, a text per language or a list of these;
    absent where there is none. Of a part `name` is its kind and identity: `risk:<id>`.
    """

    name: str
    old: Any | None
    new: Any | None


class AmendmentChangeItem(TypedDict):
    """One proposed change with its motivation.

    `objectives` are those that it speaks of, `results` those that come into force with it.
    `important` is absent while nobody said; the next progress report explains important ones.
    """

    id: UUID
    kind: str
    objectives: list[Reference]
    results: list[Reference]
    indicator: Reference | None
    values: list[ChangedValue]
    motivation: str | None
    important: bool | None


class AmendmentItem(TypedDict):
    """An amendment of a plan in force; without `unit` the corporate cell proposes it.

    `important` says that one of its changes is.
    """

    id: UUID
    code: str
    href: str
    operationalPlan: YearReference
    number: int
    title: Localised | None
    motivation: Localised | None
    state: str
    unit: Reference | None
    important: bool
    changes: list[AmendmentChangeItem]
    submittedAt: datetime | None
    decidedAt: datetime | None
    fictional: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What the user may see of what amendments name: keys of objectives, codes of indicators."""

    objectives: Collection[int]
    indicator_codes: Collection[str]


def amendment_item(
    amendment: Amendment,
    changes: list[AmendmentChange],
    seen: Seen,
    links: Links,
) -> AmendmentItem:
    """Needs `plan` and `unit`; `changes` with what they speak of."""
    plan, unit = amendment.plan, amendment.unit
    return {
        "id": amendment.uuid,
        "code": f"{plan.year}-W{amendment.number}",
        "href": links.to("amendments", amendment.uuid),
        "operationalPlan": year_reference(plan, links),
        "number": amendment.number,
        "title": localised(amendment.title),
        "motivation": localised(amendment.motivation),
        "state": camel(amendment.state),
        "unit": reference(links, "organisationUnits", unit.uuid, unit.code) if unit else None,
        "important": any(change.is_important for change in changes),
        "changes": [_change(change, seen, links) for change in changes],
        "submittedAt": amendment.submitted_at,
        "decidedAt": amendment.decided_at,
        "fictional": amendment.is_demo,
    }


def _change(change: AmendmentChange, seen: Seen, links: Links) -> AmendmentChangeItem:
    indicator = change.indicator
    return {
        "id": change.uuid,
        "kind": camel(change.kind),
        "objectives": _references(change.objectives.all(), seen.objectives, links),
        "results": _references(change.results.all(), seen.objectives, links),
        "indicator": (
            reference(links, "indicators", indicator.uuid, indicator.code) if indicator else None
        ),
        "values": [
            {"name": camel(name), "old": _written(old), "new": _written(new)}
            for name, (old, new) in values_seen(change, seen.indicator_codes).items()
        ],
        "motivation": change.motivation or None,
        "important": change.is_important,
    }


def _references(
    objectives: Collection[OperationalObjective], seen: Collection[int], links: Links
) -> list[Reference]:
    return [
        reference(links, "operationalObjectives", row.uuid, row.code)
        for row in objectives
        if row.pk in seen
    ]


def _written(value: Any) -> Any:
    """Return a stored value with the names of its members as the API writes them."""
    if isinstance(value, dict):
        return {camel(name): _written(below) for name, below in value.items()}
    return [_written(below) for below in value] if isinstance(value, list) else value

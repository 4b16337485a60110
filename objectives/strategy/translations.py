"""What waits for translation in the plans: the corporate cell translates it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ibzplan.core import translations
from ibzplan.core.steady import steady
from ibzplan.core.translations import TextSource, Translated
from objectives.strategy.models import (
    CommunicationAction,
    Goal,
    Mission,
    Plan,
    PlanAddendum,
    PlanElement,
    PlanEntry,
    StrategicObjective,
    Werf,
    WerfElement,
)
from personnel.access import Access
from personnel.choices import Role
from personnel.translations import search_key

NAMED: Final = {"title": _("Name"), "description": _("Description")}


@steady
def _entries(model: type[PlanEntry], *related: str) -> tuple[PlanEntry, ...]:
    """Return the rows of a table of the plans: a few hundred at most."""
    return tuple(model._default_manager.select_related(*related).order_by("order", "pk"))


def register_entries(
    kind: str,
    order: int,
    label: Promise | str,
    model: type[PlanEntry],
    url: Callable[[Any], str],
    more_fields: Mapping[str, Promise | str] | None = None,
    related: tuple[str, ...] = (),
) -> None:
    """Register one table of entries of a plan; `related` are the rows that its address needs."""

    def rows(access: Access) -> Iterable[Translated]:
        if not access.has(Role.CORPORATE):
            return
        for row in _entries(model, *related):
            yield Translated(row, f"{row.code} {row.title}", "", url(row))

    translations.register(
        TextSource(
            kind=kind,
            order=order,
            label=label,
            fields={**NAMED, **(more_fields or {})},
            rows=rows,
            derived=search_key,
        )
    )


def _objective_url(row: StrategicObjective) -> str:
    return f"{reverse('strategy:objective', args=[row.code])}?plan={row.plan.code}"


def _goal_url(row: Goal) -> str:
    return f"{_objective_url(row.objective)}#goal-{row.code}"


def _werf_url(row: Werf) -> str:
    return f"{reverse('strategy:werf', args=[row.code])}?plan={row.objective.plan.code}"


def _element_url(row: WerfElement) -> str:
    return f"{_werf_url(row.werf)}#element-{row.code}"


def _addendum_url(row: PlanAddendum) -> str:
    return f"{reverse('planning:addendum', args=[row.code])}?plan={row.plan.code}"


def _overview(_row: PlanEntry) -> str:
    return reverse("strategy:overview")


def register_all() -> None:
    """Register the tables of the strategic plan; parts to read are shared with the NVP."""
    law = {"law": _("Law")}
    register_entries("plans", 60, _("Plans"), Plan, _overview, {"replaces": _("Replaces"), **law})
    register_entries("missions", 61, _("Missions"), Mission, _overview, law)
    register_entries("elements", 62, _("Parts of the plans"), PlanElement, _overview)
    register_entries(
        "strategic-objectives",
        63,
        _("Strategic objectives"),
        StrategicObjective,
        _objective_url,
        related=("plan",),
    )
    register_entries("goals", 64, _("Goals"), Goal, _goal_url, related=("objective__plan",))
    register_entries("werven", 65, _("Werven"), Werf, _werf_url, related=("objective__plan",))
    register_entries(
        "werf-elements",
        66,
        _("Commitments and pillars"),
        WerfElement,
        _element_url,
        related=("werf__objective__plan",),
    )
    register_entries(
        "communication",
        67,
        _("Communication plan"),
        CommunicationAction,
        lambda _row: reverse("strategy:communication"),
        {
            "purpose": _("Purpose"),
            "audience": _("Audience"),
            "timing": _("Timing"),
            "message": _("Message"),
            "channel": _("Channel"),
            "material": _("Material"),
        },
    )
    register_entries("addenda", 68, _("Addenda"), PlanAddendum, _addendum_url, related=("plan",))

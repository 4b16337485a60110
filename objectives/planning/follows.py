"""Operational objectives and indicators can be followed by whoever may see them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core.follows import registry
from ibzplan.core.subjects import Subject
from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective
from objectives.planning.remarks import find_objective
from personnel.access import access_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


def _find_indicator(user: "User | AnonymousUser", uuid: UUID) -> Indicator | None:
    rows = Indicator.objects.visible_to(access_of(user))
    found: Indicator | None = rows.filter(uuid=uuid).first()
    return found


def _objectives(uuids: Sequence[UUID], user: "User | AnonymousUser") -> Mapping[UUID, Subject]:
    rows = OperationalObjective.objects.visible_to(access_of(user)).filter(uuid__in=uuids)
    return {
        row.uuid: Subject(f"{row.code} {row.title}", reverse("planning:objective", args=[row.uuid]))
        for row in rows
    }


def _indicators(uuids: Sequence[UUID], user: "User | AnonymousUser") -> Mapping[UUID, Subject]:
    rows = Indicator.objects.visible_to(access_of(user)).filter(uuid__in=uuids)
    return {
        row.uuid: Subject(f"{row.code} {row.title}", reverse("planning:indicator", args=[row.uuid]))
        for row in rows
    }


def register_all() -> None:
    """Let both be followed."""
    registry.register(
        OperationalObjective.type_name(),
        registry.Followable(
            order=20,
            label=_("Operational objectives"),
            find=find_objective,
            describe=_objectives,
        ),
    )
    registry.register(
        Indicator.type_name(),
        registry.Followable(
            order=30, label=_("Indicators"), find=_find_indicator, describe=_indicators
        ),
    )

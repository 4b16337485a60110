"""Werven can be followed: everyone reads the strategic plan."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ibzplan.core.follows import registry
from ibzplan.core.subjects import Subject
from objectives.strategy.models import Werf

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from personnel.models import User


def _find(_user: "User | AnonymousUser", uuid: UUID) -> Werf | None:
    return Werf.objects.filter(uuid=uuid).first()


def _describe(uuids: Sequence[UUID], _user: "User | AnonymousUser") -> Mapping[UUID, Subject]:
    rows = Werf.objects.filter(uuid__in=uuids).select_related("objective__plan")
    return {row.uuid: Subject(f"{row.code} {row.title}", werf_address(row)) for row in rows}


def werf_address(werf: Werf) -> str:
    """Return the path of a werf's page; `werf` comes with its objective and plan.

    Its plan is named: another strategic plan can have a werf of the same code.
    """
    return f"{reverse('strategy:werf', args=[werf.code])}?plan={werf.objective.plan.code}"


def register_all() -> None:
    """Let werven be followed."""
    registry.register(
        Werf.type_name(),
        registry.Followable(order=10, label=_("Werven"), find=_find, describe=_describe),
    )

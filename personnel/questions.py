"""Who asks, answers and reads questions between cabinets and units, by role (design.md 9)."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from ibzplan.core.choices import QuestionKind
from ibzplan.core.localised import LocalisedText
from ibzplan.core.models import Question
from ibzplan.core.questions import registry
from ibzplan.core.questions.registry import Side
from personnel.access import Access, access_of, minister_unit_ids
from personnel.choices import Role
from personnel.models import RoleAssignment, User
from personnel.structure import all_ministers, all_units

_READERS_OF_ALL = (Role.CORPORATE, Role.COMMITTEE, Role.AUDITOR)
_FROM_CABINET = (QuestionKind.QUESTION, QuestionKind.DECISION)


def takes_part(access: Access) -> bool:
    """Tell whether questions are for this user: both sides, and who reads all of them."""
    return access.has(Role.CABINET, *_READERS_OF_ALL) or _plans(access)


def _plans(access: Access) -> bool:
    """Tell whether a person plans for units: a program that writes their figures asks nothing."""
    return access.has(Role.PLANNER, Role.HEAD) and not access.has(Role.API_CLIENT)


def reads(access: Access) -> Q:
    """Return the condition of the questions that the user's roles let them read.

    A cabinet reads those of its own minister. A unit reads those that it was asked, and those
    about what it has now. A token that is narrowed reads of these what its units have now, and
    where it names ministers only what is between these and the units.
    """
    return _within(access) & _by_role(access)


def _within(access: Access) -> Q:
    if access.only_unit_ids is None:
        return Q()
    found = registry.owned_by(access.only_unit_ids)
    if access.only_minister_ids:
        offices = [row.uuid for row in all_ministers() if row.pk in access.only_minister_ids]
        found &= Q(minister_uuid__in=offices)
    return found


def _by_role(access: Access) -> Q:
    if access.has(*_READERS_OF_ALL):
        return Q()
    found = Q(pk=None)
    if access.has(Role.CABINET):
        found |= Q(minister_uuid__in=_office_uuids(access))
    if _plans(access):
        units = [unit.uuid for unit in all_units() if unit.pk in access.unit_ids]
        found |= Q(unit_uuid__in=units) | registry.owned_by(access.unit_ids)
    return found


def to_answer(access: Access) -> Q:
    """Return the condition of the questions that wait for this user's answer."""
    found = Q(pk=None)
    if Role.CABINET in access.roles:
        found |= Q(kind=QuestionKind.REQUEST, minister_uuid__in=_office_uuids(access))
    if Role.HEAD in access.roles:
        found |= Q(kind__in=_FROM_CABINET) & registry.owned_by(access.head_unit_ids)
    if Role.PLANNER in access.roles:
        found |= Q(kind=QuestionKind.QUESTION) & registry.owned_by(access.unit_ids)
    return found


def kinds(access: Access, unit_id: int) -> tuple[str, ...]:
    """Return what the user may put about something that the unit has."""
    if Role.CABINET in access.roles and unit_id in access.minister_unit_ids:
        return tuple(kind.value for kind in _FROM_CABINET)
    if access.heads(unit_id) or access.has(Role.CORPORATE):
        return (QuestionKind.REQUEST.value,)
    return ()


def offices(access: Access, kind: str, unit_id: int) -> dict[UUID, LocalisedText]:
    """Return the ministers' offices of the unit: one's own, or for a request all of them."""
    return {
        row.uuid: row.short_title
        for row in all_ministers()
        if (kind == QuestionKind.REQUEST or row.pk in access.minister_ids)
        and unit_id in minister_unit_ids(frozenset({row.pk}))
    }


def answers(access: Access, question: Question, unit_id: int) -> bool:
    """Tell whether the user answers: the head, to a question a planner too; to a request the
    cabinet of that minister.
    """
    if question.kind == QuestionKind.REQUEST:
        return question.minister_uuid in _office_uuids(access)
    if question.kind == QuestionKind.QUESTION and access.plans_for(unit_id):
        return True
    return access.heads(unit_id)


def withdraws(access: Access, question: Question, unit_id: int) -> bool:
    """Tell whether the user is of the side that asks."""
    if question.kind == QuestionKind.REQUEST:
        return access.heads(unit_id) or access.has(Role.CORPORATE)
    return question.minister_uuid in _office_uuids(access)


def _office_uuids(access: Access) -> list[UUID]:
    if Role.CABINET not in access.roles:
        return []
    return [row.uuid for row in all_ministers() if row.pk in access.minister_ids]


def told(side: Side, unit_id: int, minister_uuid: UUID) -> Iterable[User]:
    """Return the accounts of one side: one query. Of a unit without a head it is that above."""
    if side == Side.CABINET:
        rows = _assignments(Q(role=Role.CABINET, minister__uuid=minister_uuid))
        return list({row.user_id: row.user for row in rows}.values())
    wanted = (Role.HEAD,) if side == Side.HEAD else (Role.HEAD, Role.PLANNER)
    above = _with_those_above(unit_id)
    rows = _assignments(Q(role__in=wanted, unit__in=above))
    people: dict[int, User] = {}
    for role in wanted:
        of_role = [row for row in rows if row.role == role]
        nearest = min((above.index(row.unit_id or 0) for row in of_role), default=None)
        for row in of_role:
            if above.index(row.unit_id or 0) == nearest:
                people[row.user_id] = row.user
    return list(people.values())


def _assignments(which: Q) -> list[RoleAssignment]:
    rows = RoleAssignment.objects.filter(which, user__is_active=True, user__is_client=False)
    return list(rows.select_related("user").order_by("user__username", "pk"))


def _with_those_above(unit_id: int) -> list[int]:
    """Return the unit and those above it, the nearest first."""
    parents = {unit.pk: unit.parent_id for unit in all_units()}
    found: list[int] = []
    at: int | None = unit_id
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return found


def register_all() -> None:
    """Say what roles let people do with questions."""
    registry.register_parties(
        registry.Parties(
            access_of=access_of,
            takes_part=takes_part,
            reads=reads,
            to_answer=to_answer,
            kinds=kinds,
            offices=offices,
            answers=answers,
            withdraws=withdraws,
            told=told,
            ministers=lambda: {row.uuid: (row.code, row.short_title) for row in all_ministers()},
            units=lambda: {row.uuid: (row.code, row.title) for row in all_units()},
        )
    )

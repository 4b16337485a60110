"""What a user may see and do, worked out once per request (design.md section 9)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils import timezone

from ibzplan.core.choices import TokenScope
from ibzplan.core.rewind import as_known
from ibzplan.core.steady import steady
from personnel.choices import COMMON_KINDS, Role
from personnel.models import MinisterUnit, OrganisationUnit, User
from personnel.structure import all_minister_units, all_ministers, all_roles, all_units
from personnel.transfers import units_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.auth.models import AnonymousUser


# Roles that plan, or answer, for the unit that they are bound to.
UNIT_ROLES: Final = (Role.PLANNER, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Access:
    """The roles of a user and the units and ministers they reach. Ids are database keys.

    `unit_ids` are the units for which the user plans or that they head, with those below.
    """

    roles: frozenset[str] = frozenset()
    unit_ids: frozenset[int] = frozenset()
    head_unit_ids: frozenset[int] = frozenset()
    minister_ids: frozenset[int] = frozenset()
    minister_unit_ids: frozenset[int] = frozenset()
    is_superuser: bool = False
    # What a key is narrowed to; None: everything that the user reaches. One that names ministers
    # and units is good for those of the units that are of the ministers (see reach_of).
    only_unit_ids: frozenset[int] | None = None
    only_minister_ids: frozenset[int] | None = None
    # Whether it names units: then it is good for nothing that is of a minister as a whole.
    names_units: bool = False

    def within(self, unit: str) -> Q:
        """Return the condition that `unit` names a unit that a token is good for; else none."""
        return Q() if self.only_unit_ids is None else Q(**{f"{unit}__in": self.only_unit_ids})

    def within_ministers(self, minister: str) -> Q:
        """Return the condition that a token is good for the whole of what `minister` names; else
        none.
        """
        if self.only_minister_ids is None:
            return Q()
        whole = () if self.names_units else self.only_minister_ids
        return Q(**{f"{minister}__in": whole})

    def reaches(self, unit_id: int) -> bool:
        """Tell whether a token is good for the unit; always without one."""
        return self.only_unit_ids is None or unit_id in self.only_unit_ids

    def has(self, *roles: str) -> bool:
        """Tell whether the user has one of the roles."""
        return self.is_superuser or bool(self.roles.intersection(roles))

    def plans_for(self, unit_id: int) -> bool:
        """Tell whether the user enters objectives and figures of the unit."""
        own = self.is_superuser or (self.has(Role.PLANNER, Role.HEAD) and unit_id in self.unit_ids)
        return own and self.reaches(unit_id)

    def heads(self, unit_id: int) -> bool:
        """Tell whether the user validates and submits for the unit."""
        return (self.is_superuser or unit_id in self.head_unit_ids) and self.reaches(unit_id)

    @property
    def sees_drafts(self) -> bool:
        """Auditors read everything."""
        return self.has(Role.AUDITOR)

    @property
    def sees_submitted(self) -> bool:
        """Corporate cell and direction committee see what was submitted to them."""
        return self.has(Role.AUDITOR, Role.CORPORATE, Role.COMMITTEE)

    @property
    def validated_only_outside(self) -> bool:
        """Cabinet staff see provisional figures of their own minister's units only."""
        return Role.CABINET in self.roles and not self.has(
            Role.AUDITOR, Role.CORPORATE, Role.COMMITTEE
        )


def _with_descendants(
    unit_ids: set[int],
    units: "Sequence[OrganisationUnit]",
    *,
    on: date | None = None,
    known_at: datetime | None = None,
) -> frozenset[int]:
    """Return these units with those below, on the day `on` as known at `known_at`: now, without.

    `units` are all of them, as they stood then.
    """
    if not unit_ids:
        return frozenset()
    above = {unit.pk: unit.parent_id for unit in units}
    if on is not None:
        then = units_on(
            OrganisationUnit.type_name(),
            [unit.uuid for unit in units],
            reference_date=on,
            known_at=known_at or timezone.now(),
        )
        above.update({unit.pk: then[unit.uuid].pk for unit in units if unit.uuid in then})
    children: dict[int | None, list[int]] = {}
    for pk, parent_id in above.items():
        children.setdefault(parent_id, []).append(pk)
    found, waiting = set(unit_ids), list(unit_ids)
    while waiting:
        for child in children.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)


def _with_those_below(unit_ids: set[int]) -> frozenset[int]:
    """Return these units with those below, now: no query for none."""
    return _with_descendants(unit_ids, all_units()) if unit_ids else frozenset()


def minister_unit_ids(
    minister_ids: frozenset[int] | set[int],
    *,
    on: date | None = None,
    known_at: datetime | None = None,
) -> frozenset[int]:
    """Return the units that answer to the ministers, with those below and the common ones.

    On the day `on` (today by default), by what was known at `known_at`: a unit can go over to
    another minister, and under another unit. With `known_at` it takes two queries or three, none
    when it is known (see steady).
    """
    if not minister_ids:
        return frozenset()
    if known_at is not None:
        return _units_known(frozenset(minister_ids), on or timezone.localdate(), on, known_at)
    return _minister_units(minister_ids, on or timezone.localdate(), on, None)


@steady
def _units_known(
    minister_ids: frozenset[int], day: date, on: date | None, known_at: datetime
) -> frozenset[int]:
    return _minister_units(minister_ids, day, on, known_at)


def _minister_units(
    minister_ids: frozenset[int] | set[int],
    day: date,
    on: date | None,
    known_at: datetime | None,
) -> frozenset[int]:
    links, units = _known_structure(known_at)
    direct = {
        link.unit_id
        for link in links
        if link.minister_id in minister_ids
        and (link.valid_from or day) <= day <= (link.valid_to or day)
    }
    common = frozenset(unit.pk for unit in units if unit.kind in COMMON_KINDS)
    return _with_descendants(direct - common, units, on=on, known_at=known_at) | common


def _known_structure(
    known_at: datetime | None,
) -> "tuple[Sequence[MinisterUnit], Sequence[OrganisationUnit]]":
    """Return who answers to whom and all units, as they stood; None is now."""
    if known_at is None:
        return all_minister_units(), all_units()
    then: list[MinisterUnit | OrganisationUnit] = as_known(
        [*all_minister_units(), *all_units()], known_at
    )
    return (
        [row for row in then if isinstance(row, MinisterUnit)],
        [row for row in then if isinstance(row, OrganisationUnit)],
    )


def signed_in(user: "User | AnonymousUser") -> User:
    """Return the account behind a request that LoginRequiredMiddleware let through."""
    assert isinstance(user, User)  # noqa: S101 (the middleware lets no one else in)
    return user


def access_of(user: "User | AnonymousUser") -> Access:
    """Return the user's access; kept on the user object, so one request asks once."""
    if not user.is_authenticated or not user.is_active:
        return Access()
    known = getattr(user, "_access", None)
    if isinstance(known, Access):
        return known
    account: User = user
    rows = all_roles().get(account.pk, ())
    heads = {unit for role, unit, _m in rows if unit and role == Role.HEAD}
    # A unit that another role names gives no right to plan or read there.
    units = {unit for role, unit, _m in rows if unit and role in UNIT_ROLES}
    ministers = frozenset(minister for _r, _u, minister in rows if minister)
    access = Access(
        roles=frozenset(role for role, _u, _m in rows),
        unit_ids=_with_those_below(units),
        head_unit_ids=_with_those_below(heads),
        minister_ids=ministers,
        minister_unit_ids=minister_unit_ids(ministers),
        is_superuser=account.is_superuser,
    )
    access = _narrowed(_with_what_a_client_writes(access, account), account)
    account._access = access  # type: ignore[attr-defined]
    return access


def reach_of(*, minister_uuids: Collection[str], unit_uuids: Collection[str]) -> frozenset[int]:
    """Return the units that a key is good for when it names these ministers, units, or both.

    Units count with those below them, ministers with their units and the common ones. Of a key
    that names both these are the units that are in both: each narrows it further.
    """
    of_units = _with_those_below({one.pk for one in all_units() if str(one.uuid) in unit_uuids})
    if not minister_uuids:
        return of_units
    ministers = {one.pk for one in all_ministers() if str(one.uuid) in minister_uuids}
    of_ministers = minister_unit_ids(ministers)
    return of_ministers & of_units if unit_uuids else of_ministers


def _with_what_a_client_writes(access: Access, account: User) -> Access:
    """Return the access of a client that writes: it plans for the units that its key names.

    The key of a client is made on the server. What a person's key may write is what the person may.
    """
    token = account.acts_with
    if token is None or not account.is_client or Role.API_CLIENT not in access.roles:
        return access
    if not token.unit_uuids or not token.allows(TokenScope.WRITE):
        return access
    reach = reach_of(minister_uuids=token.minister_uuids, unit_uuids=token.unit_uuids)
    return replace(
        access, roles=access.roles | {Role.PLANNER.value}, unit_ids=access.unit_ids | reach
    )


def _narrowed(access: Access, account: User) -> Access:
    """Return what the token that the account acts with leaves of its access."""
    token = account.acts_with
    if token is None or not token.is_narrowed:
        return access
    only = reach_of(minister_uuids=token.minister_uuids, unit_uuids=token.unit_uuids)
    ministers = {one.pk for one in all_ministers() if str(one.uuid) in token.minister_uuids}
    return replace(
        access,
        unit_ids=access.unit_ids & only,
        head_unit_ids=access.head_unit_ids & only,
        minister_unit_ids=access.minister_unit_ids & only,
        only_unit_ids=only,
        only_minister_ids=frozenset(ministers),
        names_units=bool(token.unit_uuids),
    )

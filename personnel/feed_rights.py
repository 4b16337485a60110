"""The rights of a user, written down in a cursor of the change feed and read back from it.

What a user could see when a cursor was made is worked out again from it, so that what is hidden
since can be told. Units and ministers are named by the first bytes of their UUIDs: a cursor is
signed, not secret, and has to stand in an address.
"""

import copy
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ibzplan.core.api.feed_cursor import Rights, register_rights
from ibzplan.core.models import Record
from personnel.access import Access, access_of
from personnel.models import User
from personnel.structure import all_ministers, all_units

_NAME_BYTES: Final = 5
# Sets of Access in the order of their bits; the last one is None without a narrowed token.
_OF_UNITS: Final = ("unit_ids", "head_unit_ids", "minister_unit_ids", "only_unit_ids")
_OF_MINISTERS: Final = ("minister_ids", "only_minister_ids")
# How a narrowed token that names units is told from one that names ministers only.
_NAMES_UNITS: Final = 2


def register_all() -> None:
    """Let the change feed write rights down."""
    register_rights(Rights(rights_told, user_with))


def rights_told(user: User) -> str:
    """Return the rights of a user as text: equal rights give equal texts."""
    access = access_of(user)
    content = [
        sorted(access.roles),
        int(access.is_superuser),
        _sets_told(access, _OF_UNITS, all_units()),
        _sets_told(access, _OF_MINISTERS, all_ministers()),
        int(access.only_unit_ids is not None),
        _narrowing_told(access),
    ]
    return json.dumps(content, separators=(",", ":"))


def user_with(user: User, told: str) -> User | None:
    """Return the user with the rights that `rights_told` wrote down; None for what is no such text.

    A unit that is gone since is left out: nothing can be its own any more.
    """
    try:
        roles, is_superuser, of_units, of_ministers, narrows_units, narrows_ministers = json.loads(
            told
        )
        units = _sets_read(of_units, _OF_UNITS, all_units())
        ministers = _sets_read(of_ministers, _OF_MINISTERS, all_ministers())
    except (ValueError, TypeError):
        return None
    then = copy.copy(user)
    then._access = Access(  # type: ignore[attr-defined]
        roles=frozenset(roles),
        unit_ids=units["unit_ids"],
        head_unit_ids=units["head_unit_ids"],
        minister_ids=ministers["minister_ids"],
        minister_unit_ids=units["minister_unit_ids"],
        is_superuser=bool(is_superuser),
        only_unit_ids=units["only_unit_ids"] if narrows_units else None,
        only_minister_ids=ministers["only_minister_ids"] if narrows_ministers else None,
        names_units=narrows_ministers == _NAMES_UNITS,
    )
    return then


def _narrowing_told(access: Access) -> int:
    """Return 0 without a narrowed token, 2 when it names units."""
    if access.only_minister_ids is None:
        return 0
    return _NAMES_UNITS if access.names_units else 1


def _name(record: Record) -> bytes:
    return record.uuid.bytes[:_NAME_BYTES]


def _sets_told(access: Access, names: Sequence[str], records: Iterable[Record]) -> str:
    """Return for each record in one of the sets its name, and a byte that tells in which."""
    sets = [getattr(access, name) or frozenset() for name in names]
    found = []
    for record in sorted(records, key=_name):
        mask = sum(1 << n for n, keys in enumerate(sets) if record.pk in keys)
        if mask:
            found.append(_name(record) + bytes([mask]))
    return urlsafe_b64encode(b"".join(found)).decode()


def _sets_read(
    told: str, names: Sequence[str], records: Iterable[Record]
) -> Mapping[str, frozenset[int]]:
    """Return the sets that `_sets_told` wrote down. Raises ValueError where a name fits two."""
    content = urlsafe_b64decode(told)
    by_name: dict[bytes, int] = {}
    for record in records:
        if by_name.setdefault(_name(record), record.pk) != record.pk:
            raise ValueError(told)
    found: dict[str, set[int]] = {name: set() for name in names}
    for start in range(0, len(content), _NAME_BYTES + 1):
        pk = by_name.get(content[start : start + _NAME_BYTES])
        mask = content[start + _NAME_BYTES]
        for n, name in enumerate(names):
            if pk is not None and mask >> n & 1:
                found[name].add(pk)
    return {name: frozenset(keys) for name, keys in found.items()}

"""Reading a JSON body by its shape: exact numbers, no unknown member, every fault at once.

A shape is a TypedDict; what a member can hold follows from its hint, with `Limits` where the type
alone does not say it. The OpenAPI document is made from the same hints (`openapi_bodies`).

In a body that makes something, null is the same as leaving a member out. In one that changes
something (a merge patch, RFC 7396) null clears a member whose hint has None, and a localised text
changes only in the languages that it names.
"""

import re
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import EnumType
from functools import cache
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ibzplan.core.api.json_body import fault, json_value
from ibzplan.core.api.problems import UNKNOWN_INPUT, InvalidInput, Issue
from ibzplan.core.api.shapes import Localised
from ibzplan.core.filtersets import camel
from ibzplan.core.localised import LocalisedText

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
# What fits in a column of whole numbers on both databases.
INTEGER_MOST: Final = 2_147_483_647
# The shape of every stored quantity: digits before the mark, and after it.
NUMBER_DIGITS: Final = 11
NUMBER_DECIMALS: Final = 4
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a member can hold beyond its type; `meaning` describes it in the OpenAPI document.

    `digits` and `decimals` are those of a stored quantity: digits before the mark, and after it.
    `pattern` describes the whole text, in the syntax that JSON Schema shares with Python; then
    `example` is one that fits.
    """

    meaning: str = ""
    least_characters: int = 0
    most_characters: int | None = None
    pattern: str = ""
    example: str = ""
    low: int | None = None
    high: int | None = None
    digits: int | None = None
    decimals: int | None = None
    most_items: int | None = None


NO_LIMITS: Final = Limits()

# A record named by its UUID or by its official code.
Named: TypeAlias = Annotated[str, Limits("Its code or its id.", 1, 80)]
Text: TypeAlias = Annotated[str, Limits(most_characters=4000)]

_Issues: TypeAlias = list[Issue]
# Takes the value, its path and the list that faults go to; what it returns counts without faults.
_Reader: TypeAlias = Callable[[Any, str, _Issues], Any]


def read_body(shape: Any, raw: bytes, *, is_patch: bool = False) -> dict[str, Any]:
    """Return a body as its shape says. Raises InvalidInput with every fault."""
    issues: _Issues = []
    body: dict[str, Any] = _reader(shape, is_patch)(json_value(raw), "", issues)
    if issues:
        raise InvalidInput(issues)
    return body


def read_rows(
    shape: Any, raw: bytes, *, most: int
) -> tuple[list[dict[str, Any] | None], list[Issue]]:
    """Return the rows of `{"items": [...]}`, and the faults in them; a row with one is None.

    Raises InvalidInput when the body is anything else, holds no row, or more than `most`.
    """
    value = json_value(raw)
    issues: _Issues = []
    if not isinstance(value, dict):
        raise InvalidInput([fault("", value, _("Give an object."))])
    issues += _unknown(value, {"items"}, "")
    items: Any = value.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= most:
        count = _("Give a list of 1 to %(most)s rows.") % {"most": most}
        issues.append(fault("items", items, count))
    if issues:
        raise InvalidInput(issues)
    read = _reader(shape, False)  # noqa: FBT003 (a cached function takes its key by place)
    rows: list[dict[str, Any] | None] = []
    for place, item in enumerate(items):
        before = len(issues)
        row = read(item, f"items[{place}]", issues)
        rows.append(row if len(issues) == before else None)
    return rows, issues


@cache
def _reader(hint: Any, is_patch: bool, limits: Limits = NO_LIMITS) -> _Reader:  # noqa: FBT001
    """Return what reads a value of a hint, without the None that it may have."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _reader(arguments[0], is_patch, arguments[1])
    if origin in (Union, types.UnionType):
        plain = next(one for one in arguments if one is not types.NoneType)
        return _reader(plain, is_patch, limits)
    if origin is Literal:
        return _one_of({str(value): value for value in arguments})
    if isinstance(hint, EnumType):
        members: list[Any] = list(hint)
        return _one_of({camel(str(one.value)): str(one.value) for one in members})
    if origin is list:
        return _list(_reader(arguments[0], False), limits)  # noqa: FBT003 (as above)
    if hint is Localised:
        return _localised(limits, is_patch=is_patch)
    if is_typeddict(hint):
        return _object(hint, is_patch=is_patch)
    return _SIMPLE[hint](limits)


def allows_none(hint: Any) -> bool:
    """Tell whether a hint has None among what it allows."""
    return types.NoneType in get_args(hint)


def hints_of(shape: Any) -> Mapping[str, Any]:
    """Return the hints of a shape's members, with their limits."""
    return get_type_hints(shape, include_extras=True)


def _unknown(value: Mapping[str, Any], known: Any, path: str) -> _Issues:
    detail = _("There is no such member here. Known: %(names)s.")
    return [
        fault(_below(path, name), value[name], detail % {"names": ", ".join(sorted(known))},
               UNKNOWN_INPUT)
        for name in value
        if name not in known
    ]  # fmt: skip


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _object(shape: Any, *, is_patch: bool) -> _Reader:
    hints = hints_of(shape)
    readers = {name: _reader(hint, is_patch) for name, hint in hints.items()}
    clearable = {name for name, hint in hints.items() if allows_none(hint)}
    needed = frozenset() if is_patch else shape.__required_keys__

    def read(value: Any, path: str, issues: _Issues) -> dict[str, Any]:
        if not isinstance(value, dict):
            issues.append(fault(path, value, _("Give an object.")))
            return {}
        if not readers.keys() >= value.keys():
            issues += _unknown(value, readers.keys(), path)
        found = {}
        for name, reader in readers.items():
            given = value.get(name)
            if given is not None:
                found[name] = reader(given, _below(path, name), issues)
            elif name in needed:
                issues.append(fault(_below(path, name), None, _("This member is needed.")))
            elif is_patch and name in value:
                if name not in clearable:
                    issues.append(fault(_below(path, name), None, _("This cannot be empty.")))
                found[name] = None
        return found

    return read


def _list(reader: _Reader, limits: Limits) -> _Reader:
    def read(value: Any, path: str, issues: _Issues) -> list[Any]:
        if not isinstance(value, list):
            issues.append(fault(path, value, _("Give a list.")))
            return []
        if limits.most_items is not None and len(value) > limits.most_items:
            detail = ngettext(
                "Give at most %(count)s row.", "Give at most %(count)s rows.", limits.most_items
            )
            issues.append(fault(path, None, detail % {"count": limits.most_items}))
            return []
        return [reader(one, f"{path}[{place}]", issues) for place, one in enumerate(value)]

    return read


def _one_of(known: Mapping[str, Any]) -> _Reader:
    def read(value: Any, path: str, issues: _Issues) -> Any:
        if isinstance(value, str) and value in known:
            return known[value]
        detail = _("Give one of these: %(names)s.") % {"names": ", ".join(known)}
        issues.append(fault(path, value, detail))
        return None

    return read


def _localised(limits: Limits, *, is_patch: bool) -> _Reader:
    """Read a text per language: a LocalisedText, or in a patch the languages that change."""
    text = _text(limits)
    languages = hints_of(Localised)

    def read(value: Any, path: str, issues: _Issues) -> Any:
        if not isinstance(value, dict):
            issues.append(fault(path, value, _('Give a text per language: {"nl": "…"}.')))
            return LocalisedText()
        issues += _unknown(value, languages, path)
        texts = {
            name: "" if one is None else text(one, _below(path, name), issues)
            for name, one in value.items()
        }
        return texts if is_patch else LocalisedText(texts)

    return read


def _text(limits: Limits) -> _Reader:
    pattern = re.compile(limits.pattern) if limits.pattern else None

    def read(value: Any, path: str, issues: _Issues) -> str:
        detail = ""
        if not isinstance(value, str):
            detail = _("Give a text.")
        elif "\x00" in value or not _is_encodable(value):
            detail = _("Leave out the NUL character and half surrogate pairs.")
        elif limits.most_characters is not None and len(value) > limits.most_characters:
            detail = _("At most %(limit)s characters; these are %(count)s.") % {
                "limit": limits.most_characters,
                "count": len(value),
            }
        elif len(value) < limits.least_characters:
            detail = _("This cannot be empty.")
        elif pattern is not None and not pattern.fullmatch(value):
            detail = _("This is not written as it should be. For instance: %(example)s.") % {
                "example": limits.example
            }
        if detail:
            issues.append(fault(path, value, detail))
            return ""
        return str(value)

    return read


def _is_encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _truth(_limits: Limits) -> _Reader:
    def read(value: Any, path: str, issues: _Issues) -> bool:
        if not isinstance(value, bool):
            issues.append(fault(path, value, _("Give true or false.")))
        return value is True

    return read


def _whole(limits: Limits) -> _Reader:
    low = -INTEGER_MOST if limits.low is None else limits.low
    high = INTEGER_MOST if limits.high is None else limits.high

    def read(value: Any, path: str, issues: _Issues) -> int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 20:
            is_whole = value == value.to_integral_value()
        if not is_whole or not low <= value <= high:
            detail = _("Give a whole number from %(low)s to %(high)s.")
            issues.append(fault(path, value, detail % {"low": low, "high": high}))
            return 0
        return int(value)

    return read


def _number(limits: Limits) -> _Reader:
    digits = NUMBER_DIGITS if limits.digits is None else limits.digits
    decimals = NUMBER_DECIMALS if limits.decimals is None else limits.decimals
    too_large = Decimal(10) ** digits

    def read(value: Any, path: str, issues: _Issues) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            issues.append(fault(path, value, _("Give a number, without quotation marks.")))
            return Decimal(0)
        exact = Decimal(value)
        if abs(exact) >= too_large or _decimals_of(exact) > decimals:
            detail = _(
                "Give a number with at most %(digits)s digits before the mark and %(decimals)s "
                "after it."
            )
            issues.append(fault(path, value, detail % {"digits": digits, "decimals": decimals}))
            return Decimal(0)
        # 1e5 is stored and shown as 100000; -0.0 as 0.
        return Decimal(format(exact, "f")) if exact else Decimal(0)

    return read


def _decimals_of(value: Decimal) -> int:
    """Return the decimals that a number needs: 1.50 needs one. A large exponent costs nothing."""
    _sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or not any(digits):
        return 0
    trailing = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return max(0, -exponent - trailing)


def _day(_limits: Limits) -> _Reader:
    def read(value: Any, path: str, issues: _Issues) -> date | None:
        day = None
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                day = date.fromisoformat(value)
            except ValueError:
                day = None
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            issues.append(fault(path, value, _("Give a date such as 2026-10-14.")))
            return None
        return day

    return read


def _uuid(_limits: Limits) -> _Reader:
    def read(value: Any, path: str, issues: _Issues) -> UUID | None:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            issues.append(fault(path, value, _("Give the id of a resource: a UUID.")))
            return None
        return UUID(value)

    return read


_SIMPLE: Final[Mapping[Any, Callable[[Limits], _Reader]]] = {
    str: _text,
    bool: _truth,
    int: _whole,
    Decimal: _number,
    date: _day,
    UUID: _uuid,
}

"""JSON as it was sent: exact numbers, no member twice, nothing that breaks an answer."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _

from ibzplan.core.api.problems import NOT_TOGETHER, SCHEMA_VIOLATION, InvalidInput, Issue

# As long a number as any type needs; a longer one is not made, only refused.
_NUMBER_MOST_CHARACTERS: Final = 60
# How much of a wrong value an issue repeats.
_SHOWN_MOST_CHARACTERS: Final = 200


class _Twice(ValueError):
    """An object names a member twice."""


def shown(value: Any) -> Any:
    """Return what an issue repeats of a wrong value: short, and with a JSON form of its own."""
    if isinstance(value, str):
        short = value[:_SHOWN_MOST_CHARACTERS]
        return short.encode("utf-8", "replace").decode()
    if isinstance(value, Decimal):
        text = str(value)
        is_plain = value.is_finite() and abs(value.adjusted()) < _NUMBER_MOST_CHARACTERS
        return value if is_plain and len(text) < _NUMBER_MOST_CHARACTERS else shown(text)
    return value if isinstance(value, bool | int) else None


def fault(path: str, value: Any, detail: str, kind: str = SCHEMA_VIOLATION) -> Issue:
    """Return what is wrong with one member of the body, named by its path."""
    return Issue(kind, shown(path), detail, shown(value), "body")


def misfit(path: str, value: Any, detail: str) -> Issue:
    """Return what is wrong with a member that could be so, but not beside the rest of the body."""
    return fault(path, value, detail, NOT_TOGETHER)


def json_value(raw: bytes) -> Any:
    """Return the JSON value of a body; numbers are int or Decimal. Raises InvalidInput."""
    try:
        return json.loads(
            raw.decode(),
            parse_float=_exact,
            parse_int=_exact,
            parse_constant=_no_constant,
            object_pairs_hook=_members,
        )
    except _Twice as error:
        name = str(error)
        raise InvalidInput([fault(name, None, _("This member stands there twice."))]) from error
    except (ValueError, RecursionError) as error:
        detail = _("This is no JSON (RFC 8259) in UTF-8, or it is nested too deeply.")
        raise InvalidInput([fault("", None, detail)]) from error


def _exact(text: str) -> int | Decimal:
    """Return a number exactly; never by way of a float."""
    if len(text) <= _NUMBER_MOST_CHARACTERS and text.lstrip("-").isdecimal():
        return int(text)
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found

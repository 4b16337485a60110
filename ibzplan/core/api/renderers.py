"""Values as JSON bytes: UTF-8, exact decimals, nulls left out (design.md sections 4.5 and 8)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from json.encoder import encode_basestring as quoted
from math import isfinite
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer


def exact_number(value: Decimal) -> str:
    """Return a decimal as plain text without trailing zeros: 1250.500000 gives 1250.5.

    Raises ValueError for what is no number.
    """
    if not value.is_finite():
        raise ValueError(f"{value} has no JSON form")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def moment_text(moment: datetime) -> str:
    """Return a date-time in UTC with its offset; it may be given back as `asOf` unchanged."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class WrittenJSON(str):
    """What is JSON already: it goes into the answer as it is."""

    __slots__ = ()


def to_json(value: Any) -> str:
    """Return `value` as JSON text. In objects a null is left out; 0, false and "" stay.

    Written by hand because the standard encoder knows no exact decimals, and because the walk
    that drops the nulls can as well write what it finds.
    """
    if isinstance(value, str):
        return value if isinstance(value, WrittenJSON) else quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        members = (
            f"{quoted(str(key))}:{to_json(item)}" for key, item in value.items() if item is not None
        )
        return "{" + ",".join(members) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(map(to_json, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return exact_number(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"{value} has no JSON form")
        return float.__repr__(value)
    if isinstance(value, datetime):
        return quoted(moment_text(value))
    if isinstance(value, date):
        return quoted(value.isoformat())
    if isinstance(value, UUID | Promise):
        return quoted(str(value))
    raise TypeError(f"{type(value).__name__} has no JSON form")


class JSONRenderer(BaseRenderer):
    """The API's JSON."""

    media_type = "application/json"
    format = "json"
    charset = None  # JSON is UTF-8 by definition
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the bytes of `data`; an answer without data has none."""
        return b"" if data is None else to_json(data).encode()

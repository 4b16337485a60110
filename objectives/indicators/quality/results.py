"""What a check answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .codes import SEVERITIES, Check, Severity

FindingValue = Fraction | date | str | int | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. Values are exact text: a fraction as "17/20", a date in ISO."""

    check: Check
    severity: Severity
    values: Mapping[str, str]


def found(check: Check, **values: FindingValue) -> Finding:
    """A finding with the severity of its check. Values that are None are left out."""
    texts = {key: _text(value) for key, value in values.items() if value is not None}
    return Finding(check, SEVERITIES[check], texts)


def _text(value: FindingValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

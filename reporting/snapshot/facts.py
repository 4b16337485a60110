"""Facts: every figure of a report once, under an id that text, table and annex refer to.

A fact holds no word of the interface, so that a corrected translation never changes a snapshot:
`value` is exact, `display` is it rounded as it is to be shown, with a point and without grouping.
The renderer adds the separators of its language and the unit.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from ibzplan.core.localised import LocalisedText
from objectives.indicators import engine

Fact = dict[str, Any]

SHARE_DECIMALS: Final = 0
ATTAINMENT_DECIMALS: Final = 2


def measurement_key(uuid: UUID) -> str:
    """Return the id of the fact that a measurement is."""
    return f"f:{uuid}"


def measurements_shown(snapshot: Mapping[str, Any]) -> frozenset[UUID]:
    """Return the measurements whose own figure a snapshot shows."""
    return frozenset(
        uuid
        for key in snapshot.get("facts", {})
        if (uuid := _uuid_in(key)) is not None and measurement_key(uuid) == key
    )


def _uuid_in(key: str) -> UUID | None:
    try:
        return UUID(key.removeprefix("f:"))
    except ValueError:
        return None


class FactBook:
    """Collects facts; an id stands for one fact only, however often it is used."""

    def __init__(self) -> None:
        """Start empty."""
        self.facts: dict[str, Fact] = {}

    def _add(self, key: str, fact: Fact) -> str:
        known = self.facts.setdefault(key, fact)
        if known != fact:
            raise ValueError(f"{key} would be {fact} and is {known} already")
        return key

    def quantity(
        self,
        key: str,
        value: Fraction | None,
        *,
        decimals: int,
        unit: LocalisedText | None = None,
        **parts: str,
    ) -> str | None:
        """Add a number in its unit; return its id, or None when there is no number."""
        if value is None:
            return None
        fact: Fact = {
            "kind": "quantity",
            "value": str(value),
            "decimals": decimals,
            "display": engine.render_decimal(value, decimals),
            **parts,
        }
        if unit:
            fact["unit"] = unit.as_json()
        return self._add(key, fact)

    def count(self, key: str, value: int) -> str:
        """Add a number of things."""
        return self._add(key, {"kind": "count", "value": str(value), "display": str(value)})

    def share(self, key: str, value: Fraction | None) -> str | None:
        """Add a share of one, shown as a whole percentage."""
        if value is None:
            return None
        shown = engine.render_decimal(value * 100, SHARE_DECIMALS)
        return self._add(key, {"kind": "share", "value": str(value), "display": shown})

    def day(self, key: str, value: date | None, role: str) -> str | None:
        """Add a date that is a figure: a milestone done, expected or due."""
        if value is None:
            return None
        text = value.isoformat()
        return self._add(key, {"kind": "date", "role": role, "value": text, "display": text})

    def level(self, key: str, value: int | None, names: list[Any]) -> str | None:
        """Add an ordinal level with its name in every language."""
        if value is None:
            return None
        name = LocalisedText.from_json(names[value]) if 0 <= value < len(names) else {}
        shown = str(value)
        fact: Fact = {"kind": "level", "value": shown, "display": shown, "name": dict(name)}
        return self._add(key, fact)

    def counts(self, owner: str, counts: Mapping[engine.Status, int]) -> dict[str, str]:
        """Add a distribution; return a fact id per status, all six present."""
        return {
            status.value: self.count(f"f:count:{owner}:{status.value}", number)
            for status, number in counts.items()
        }

    def steps(self, owner: str, steps: tuple[engine.Step, ...]) -> list[str]:
        """Add the steps that explain a status: codes and exact values, no sentences."""
        return [
            self._add(
                f"f:why:{owner}:{number}",
                {"kind": "step", "code": step.code.value, "values": dict(step.values)},
            )
            for number, step in enumerate(steps)
        ]

"""What the API tells of a plan year by both clocks, as a report in Dutch prints it."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from django.test import Client
from django.utils import translation

from ibzplan.core.numbers import format_quantity
from objectives.indicators.choices import Status
from reporting.models import ProgressReport

Item = dict[str, Any]

# Between two figures of an indicator's row stand units and words; no other row fits in between.
GAP: Final = ".{1,350}?"
NONE: Final = "\N{EN DASH}"


@dataclass(frozen=True)
class Told:
    """The answers of the API at the two moments of a report."""

    client: Client
    report: ProgressReport

    def items(self, collection: str, **query: str) -> list[Item]:
        """Return all items of a collection; numbers are exact."""
        clocks = {
            "asOf": self.report.known_at.isoformat().replace("+00:00", "Z"),
            "referenceDate": self.report.reference_date.isoformat(),
            "pageSize": "1000",
        }
        answer = self.client.get(f"/api/v1/{collection}", {**clocks, **query})
        assert answer.status_code == 200, answer.content
        told = json.loads(answer.content, parse_float=Decimal)
        assert told["total"] == len(told["items"])
        items: list[Item] = told["items"]
        return items

    @cached_property
    def statuses(self) -> dict[str, Item]:
        """Return those of the plan year's objectives and indicators, by their id."""
        year = str(self.report.reference_date.year)
        return {one["id"]: one for one in self.items("statuses", year=year)}

    @cached_property
    def indicators(self) -> dict[str, Item]:
        return {one["id"]: one for one in self.items("indicators")}

    @cached_property
    def targets(self) -> dict[str, Item]:
        """Return the final target of this plan year, by indicator."""
        rows = self.items("targets", planYear=str(self.report.reference_date.year))
        return {one["indicator"]["id"]: one for one in rows if one["final"]}

    @cached_property
    def figures(self) -> dict[str, dict[str, Item]]:
        """Return the figures of the whole by indicator and period, the latest period last."""
        found: dict[str, dict[str, Item]] = {}
        for one in sorted(self.items("measurements"), key=lambda row: str(row["periodEnd"])):
            if "breakdown" not in one:
                found.setdefault(one["indicator"]["id"], {})[one["period"]] = one
        return found

    def indicator_row(self, uuid: str, short_code: str) -> str:
        """Return a pattern of an indicator's row, from its code to its last figure."""
        indicator, status = self.indicators[uuid], self.statuses[uuid]
        figures = self.figures.get(uuid, {})
        row = [re.escape(f"{short_code} {indicator['title']['nl']}")]
        row += [
            rf"{slot['period'][5:]}: (?:\w+ op )?{self._figure(indicator, figures[slot['period']])}"
            for slot in status["slots"]
            if slot["valueState"] == "measured"
        ]
        if indicator["targetKind"] in ("increase", "decrease"):
            actual = self._number(indicator, status.get("actual"))
            if "actual" not in status and figures:  # the latest figure, of however long ago
                actual = self._figure(indicator, [*figures.values()][-1])
            row += [
                self._number(indicator, indicator.get("baseline")),
                actual,
                self._number(indicator, status.get("expected")),
                self._number(indicator, self.targets[uuid]["value"]),
            ]
        row.append(re.escape(_label(status["status"])))
        return GAP.join(row)

    def objective_head(self, uuid: str, title: str) -> str:
        """Return a pattern of an objective's head: its code, its title and its status."""
        status = self.statuses[uuid]
        return re.escape(f"{status['code']} {title} {_label(status['status'])}")

    def _figure(self, indicator: Item, figure: Item) -> str:
        if indicator["targetKind"] == "milestone":
            day = date.fromisoformat(figure.get("doneOn") or figure["forecastOn"])
            return f"{day:%d/%m/%Y}"
        if indicator["targetKind"] == "ordinal":
            return re.escape(str(indicator["levels"][figure["level"]]["nl"]))
        if "value" in figure:
            return self._number(indicator, figure["value"])
        share = Fraction(figure["numerator"]) / Fraction(figure["denominator"])
        return self._number(indicator, share * indicator["ratioScale"])

    def _number(self, indicator: Item, value: Decimal | Fraction | int | None) -> str:
        """Return a number with the indicator's decimals, its white space as in read text."""
        if value is None:
            return NONE
        with translation.override("nl"):
            shown = format_quantity(value, indicator["decimals"])
        return rf"(?<!\d){re.escape(' '.join(shown.split()))}(?![\d,])"


def _label(status: str) -> str:
    """Return the Dutch word of a status, as the API writes it: onTrack."""
    name = re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", status)
    with translation.override("nl"):
        return str(Status(name).label)

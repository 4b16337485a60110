"""Reads fixtures/demo/means.yaml: what is said of credits, of people and of shares of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reporting.demo.entries import Day, day_read


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedContent:
    """What the adjusted budget gives a line, in percent of the initial one, and why."""

    line: str
    percent: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedContent:
    """The execution of a quarter of last year, recorded first as `percent` of what it was."""

    line: str
    quarter: int
    percent: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingContent:
    """Why figures are entered, and of which line so many more people went than the days tell."""

    reason: str
    plan_reason: str
    flow_reason: str
    unbalanced_line: str
    unbalanced_persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliceContent:
    """A later value of a figure of the NVP, `years` after the running year."""

    figure: str
    years: int
    on: Day
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharesContent:
    """Shares of one line, of credits or of staffing, for the first objectives of a unit."""

    credits: str
    staffing: str
    unit: str
    shares: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansContent:
    """All of the file."""

    credits_reason: str
    adjusted: tuple[AdjustedContent, ...]
    corrected: CorrectedContent
    staffing: StaffingContent
    police_plan: str
    police: tuple[PoliceContent, ...]
    shares: tuple[SharesContent, ...]


def means_read(data: Mapping[str, Any]) -> MeansContent:
    """Return the file's content. Raises KeyError, TypeError or ValueError for a wrong one."""
    told, people, police = data["credits"], data["staffing"], data["police"]
    return MeansContent(
        credits_reason=told["reason"],
        adjusted=tuple(AdjustedContent(**one) for one in told["adjusted"]),
        corrected=CorrectedContent(**told["corrected"]),
        staffing=StaffingContent(
            reason=people["reason"],
            plan_reason=people["plan_reason"],
            flow_reason=people["flow_reason"],
            unbalanced_line=people["unbalanced"]["line"],
            unbalanced_persons=people["unbalanced"]["persons"],
        ),
        police_plan=police["plan"],
        police=tuple(_police(one) for one in police["values"]),
        shares=tuple(_shares(one) for one in data["shares"]),
    )


def _police(entry: Mapping[str, Any]) -> PoliceContent:
    return PoliceContent(
        figure=entry["figure"],
        years=entry["year"],
        on=day_read(entry["on"]),
        value=Decimal(str(entry["value"])),
        source=entry["source"],
    )


def _shares(entry: Mapping[str, Any]) -> SharesContent:
    return SharesContent(
        credits=entry.get("credits", ""),
        staffing=entry.get("staffing", ""),
        unit=entry["unit"],
        shares=tuple(Fraction(share) for share in entry["shares"]),
    )

"""A small staffing table: two envelopes with a unit each, as the plan would print them."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from personnel.choices import FigureOrigin
from personnel.models import OrganisationUnit, StaffingFigure, StaffingLine, User
from personnel.services.staffing import StaffingSheet, staffing_set
from tests.factories import Ministry, roles_assign, text

DAY: Final = date(2024, 12, 31)
YEAR_END: Final = date(2025, 12, 31)
STATUTES: Final = ("mandate", "statutory", "contractual")

# Line -> who was there and who is planned for 2025, by statute, in thousandths of an FTE.
FTE: Final[dict[str, tuple[tuple[int, ...], tuple[int, ...]]]] = {
    "TOT": ((2_000, 3_100_100, 317_300), (2_000, 3_064_800, 312_500)),
    "ENV1": ((1_000, 1_148_300, 52_100), (1_000, 1_148_300, 52_100)),
    "ADCV": ((1_000, 1_148_300, 52_100), (1_000, 1_148_300, 52_100)),
    "ENV2": ((1_000, 1_951_700, 265_200), (1_000, 1_916_500, 260_400)),
    "DVZ": ((1_000, 1_951_700, 265_200), (1_000, 1_916_500, 260_400)),
}


def make_lines(adcv: OrganisationUnit, dvz: OrganisationUnit) -> dict[str, StaffingLine]:
    """Make the lines with their printed FTE; the statutory total is a tenth off."""
    lines: dict[str, StaffingLine] = {}
    tree: list[tuple[str, str, OrganisationUnit | None]] = [
        ("TOT", "", None),
        ("ENV1", "TOT", None),
        ("ADCV", "ENV1", adcv),
        ("ENV2", "TOT", None),
        ("DVZ", "ENV2", dvz),
    ]
    for order, (code, above, unit) in enumerate(tree):
        lines[code] = StaffingLine.objects.create(
            code=code,
            title=text(f"Lijn {code}", f"Ligne {code}"),
            parent=lines.get(above),
            unit=unit,
            order=order,
        )
    StaffingFigure.objects.bulk_create(
        printed_figure(lines[code], statute, amount, kind=kind, on=on)
        for code, both in FTE.items()
        for (kind, on), row in zip((("actual", DAY), ("plan", YEAR_END)), both, strict=True)
        for statute, amount in zip(STATUTES, row, strict=True)
    )
    return lines


def printed_figure(line: StaffingLine, statute: str, amount: int, **values: Any) -> StaffingFigure:
    """Return a printed FTE figure that is still to be stored."""
    return StaffingFigure(
        line=line,
        measure="fte",
        statute=statute,
        amount=amount,
        printed=f"{amount / 1000:.1f}".replace(".", ","),
        origin=FigureOrigin.PRINTED,
        **values,
    )


def make_officer() -> User:
    """Make the account of a P&O officer."""
    officer = User.objects.create(username="officer")
    roles_assign([(officer, "resources", {})])
    return officer


def lines_of(ministry: Ministry) -> dict[str, StaffingLine]:
    """Make the lines of the units of the small ministry."""
    return make_lines(ministry.adcv, ministry.dvz)


def enter(officer: User, line: StaffingLine, on: date, reason: str = "", **amounts: str) -> bool:
    """Enter who was there in FTE, by statute."""
    sheet = StaffingSheet(
        measure="fte",
        kind="actual",
        on=on,
        amounts={name: Decimal(value) for name, value in amounts.items()},
    )
    return staffing_set(actor=officer, line=line, sheet=sheet, reason=reason)

"""The rule against allocating more than all of a line, or the same money twice."""

from fractions import Fraction

from django.conf import settings
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.numbers import format_share
from objectives.allocation.choices import LineKind, OverRule
from objectives.allocation.models import CreditAllocation, StaffAllocation
from objectives.allocation.selectors.lines import Line
from objectives.allocation.selectors.overs import overlap
from objectives.allocation.selectors.structure import lines_above, lines_below, unit_of
from objectives.allocation.share_texts import share_text
from objectives.planning.models import OperationalObjective
from personnel.choices import Statute


def refuses() -> bool:
    """Tell whether too much is refused; else it is taken, and warned of on the pages."""
    return str(settings.ALLOCATION_OVER) == OverRule.REFUSE.value


def check_over(
    *, line: Line, statute: str, objective: OperationalObjective, share: Fraction
) -> None:
    """Raise DomainError when a share makes it too much: of the line alone, or with one above or
    below it. Nothing where the setting only warns. Two queries, three for a line below others.
    """
    if not refuses():
        return
    year = objective.plan.year
    rows = [
        row
        for row in _rows(line, year)
        if not (row.objective_id == objective.pk and row.line_id == line.pk)
        or (isinstance(row, StaffAllocation) and row.statute != statute)
    ]
    own = [row for row in rows if row.line_id == line.pk]
    same = [row for row in own if _statute(row) == statute]
    _refuse_sum(line, statute, sum((row.share for row in same), share), share)
    twice = [row for row in rows if row not in same and overlap(_statute(row), statute)]
    if twice:
        _refuse_twice(line, twice[0])


def _rows(line: Line, year: int) -> "list[CreditAllocation | StaffAllocation]":
    """Return what counts now of the line, those above it and those below it."""
    branch = [line.pk, *lines_above(line), *lines_below(line)]
    model = CreditAllocation if kind_of(line) == LineKind.CREDITS else StaffAllocation
    held = model._default_manager.filter(
        year=year, line__in=branch, withdrawn_at=None, objective__withdrawn_at=None
    )
    return list(held.select_related("line", "objective"))


def kind_of(line: Line) -> LineKind:
    """Return of which tree a line is."""
    is_credit = line._meta.model_name == "creditline"
    return LineKind.CREDITS if is_credit else LineKind.STAFFING


def _statute(row: "CreditAllocation | StaffAllocation") -> str:
    return row.statute if isinstance(row, StaffAllocation) else ""


def _refuse_sum(line: Line, statute: str, total: Fraction, share: Fraction) -> None:
    if total <= 1:
        return
    unit = unit_of(line)
    left = 1 - (total - share)
    values = {
        "line": line.code,
        "unit": unit.code if unit else "–",
        "sum": format_share(total, 2),
        "left": share_text(max(left, Fraction(0))),
    }
    if left > 0:
        message = _(
            "With this %(sum)s of line %(line)s (unit: %(unit)s) would be allocated, which is more "
            "than all of it. Give at most %(left)s, or lower the share of another objective first."
        )
    else:
        message = _(
            "With this %(sum)s of line %(line)s (unit: %(unit)s) would be allocated, which is more "
            "than all of it. Nothing is left: lower the share of another objective first."
        )
    raise DomainError("over_allocated", message % values, "share")


def _refuse_twice(line: Line, other: "CreditAllocation | StaffAllocation") -> None:
    values = {
        "line": line.code,
        "other": other.line.code,
        "objective": other.objective.code,
    }
    if other.line_id == line.pk:
        assert isinstance(other, StaffAllocation)  # noqa: S101 (a credit line has one pool)
        raise DomainError(
            "allocated_twice",
            _(
                "Of line %(line)s, “%(statute)s” is allocated already: the same people would count "
                "twice. Allocate all statutes together or each of them apart."
            )
            % {**values, "statute": Statute(other.statute).label},
            "statute",
        )
    raise DomainError(
        "allocated_twice",
        _(
            "Line %(other)s, in the same branch as line %(line)s, is allocated already: the same "
            "money or people would count twice. Allocate of one of the two only."
        )
        % values,
        "share",
    )

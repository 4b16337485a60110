"""Reading credits and their execution."""

from budget.selectors.amounts import credits_of_units, latest_year
from budget.selectors.book import (
    CreditBook,
    Figure,
    Node,
    Split,
    Standing,
    YearFigure,
    amounts_standing,
    credit_book,
)
from budget.selectors.execution import (
    ExecutionDay,
    execution_days,
    execution_of_day,
    execution_standing,
)
from budget.selectors.history import line_history
from budget.selectors.importing import AmountChange, ImportCheck, import_check
from budget.selectors.lines import amount_entered, line_known, may_stand_above, standing_now
from budget.selectors.means import (
    CreditMeans,
    YearMeans,
    credit_means,
    differences_by_class,
    largest,
    year_means,
)
from budget.selectors.people import PeopleMeans, people_means, uncounted
from budget.selectors.units import UnitCredits, UnitMeans, unit_means

__all__ = [
    "AmountChange",
    "CreditBook",
    "CreditMeans",
    "ExecutionDay",
    "Figure",
    "ImportCheck",
    "Node",
    "PeopleMeans",
    "Split",
    "Standing",
    "UnitCredits",
    "UnitMeans",
    "YearFigure",
    "YearMeans",
    "amount_entered",
    "amounts_standing",
    "credit_book",
    "credit_means",
    "credits_of_units",
    "differences_by_class",
    "execution_days",
    "execution_of_day",
    "execution_standing",
    "import_check",
    "largest",
    "latest_year",
    "line_history",
    "line_known",
    "may_stand_above",
    "people_means",
    "standing_now",
    "uncounted",
    "unit_means",
    "year_means",
]

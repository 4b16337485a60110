"""The pages of the credits."""

from budget.views.amounts import amount_edit, amount_withdrawal
from budget.views.execution import execution_new
from budget.views.importing import import_apply, import_page, import_table
from budget.views.line import line_detail, line_edit, line_new
from budget.views.lines import line_list

__all__ = [
    "amount_edit",
    "amount_withdrawal",
    "execution_new",
    "import_apply",
    "import_page",
    "import_table",
    "line_detail",
    "line_edit",
    "line_list",
    "line_new",
]

"""Everything that changes credits: lines, what budgets give them, and what of it was used."""

from budget.services.amounts import AmountSheet, credit_set, credit_withdraw, needs_reason
from budget.services.execution import ExecutionSheet, execution_record
from budget.services.imports import changes_need_reason, credits_import
from budget.services.lines import LineSheet, line_create, line_update
from budget.services.rights import may_keep_credits

__all__ = [
    "AmountSheet",
    "ExecutionSheet",
    "LineSheet",
    "changes_need_reason",
    "credit_set",
    "credit_withdraw",
    "credits_import",
    "execution_record",
    "line_create",
    "line_update",
    "may_keep_credits",
    "needs_reason",
]

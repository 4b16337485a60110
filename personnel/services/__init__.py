"""Writes about users, their roles, and management functions with their holders."""

from personnel.services.functions import (
    FunctionSheet,
    HolderSheet,
    function_create,
    function_end,
    function_update,
    holder_set,
    may_keep_functions,
)
from personnel.services.users import (
    client_create,
    role_assign,
    role_check,
    role_withdraw,
    user_create,
    user_record,
)

__all__ = [
    "FunctionSheet",
    "HolderSheet",
    "client_create",
    "function_create",
    "function_end",
    "function_update",
    "holder_set",
    "may_keep_functions",
    "role_assign",
    "role_check",
    "role_withdraw",
    "user_create",
    "user_record",
]

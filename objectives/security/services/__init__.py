"""Writes about the National Security Plan."""

from objectives.security.services.resources import (
    FactSheet,
    may_follow_resources,
    resource_target_record,
    resource_value_record,
)

__all__ = [
    "FactSheet",
    "may_follow_resources",
    "resource_target_record",
    "resource_value_record",
]

"""Writes about progress reports."""

from reporting.services.reports import (
    ReportFailed,
    report_check,
    report_fail,
    report_issue,
    report_make,
    report_request,
)

__all__ = [
    "ReportFailed",
    "report_check",
    "report_fail",
    "report_issue",
    "report_make",
    "report_request",
]

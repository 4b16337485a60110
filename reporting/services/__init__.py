"""Writes about progress reports."""

from reporting.services.reports import (
    ReportFailed,
    figures_shown,
    report_fail,
    report_issue,
    report_make,
    report_request,
)

__all__ = [
    "ReportFailed",
    "figures_shown",
    "report_fail",
    "report_issue",
    "report_make",
    "report_request",
]

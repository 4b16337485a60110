"""Writes about progress reports."""

from reporting.services.report_again import report_cancel, report_format_retry, report_retry
from reporting.services.report_asking import report_request, reports_request
from reporting.services.report_issuing import report_check, report_issue
from reporting.services.report_making import report_fail, report_make
from reporting.services.report_steps import ReportFailed

__all__ = [
    "ReportFailed",
    "report_cancel",
    "report_check",
    "report_fail",
    "report_format_retry",
    "report_issue",
    "report_make",
    "report_request",
    "report_retry",
    "reports_request",
]

"""Writes about progress reports."""

from reporting.services.report_asking import report_request
from reporting.services.report_issuing import report_check, report_issue
from reporting.services.report_making import report_fail, report_make
from reporting.services.report_steps import ReportFailed

__all__ = [
    "ReportFailed",
    "report_check",
    "report_fail",
    "report_issue",
    "report_make",
    "report_request",
]

"""Verification of archived reports: recomputed, hashed, rendered again (design.md section 7)."""

from reporting.verifying.checks import CheckKind, Finding, Outcome, Verification, report_verify

__all__ = ["CheckKind", "Finding", "Outcome", "Verification", "report_verify"]

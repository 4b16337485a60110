"""The frozen facts of a progress report: one consistent read, as canonical JSON."""

from reporting.snapshot.build import snapshot_build
from reporting.snapshot.canonical import canonical_json, sha256_of
from reporting.snapshot.facts import measurements_shown
from reporting.snapshot.frame import SCHEMA_VERSION
from reporting.snapshot.question import ReportQuestion, question_of

__all__ = [
    "SCHEMA_VERSION",
    "ReportQuestion",
    "canonical_json",
    "measurements_shown",
    "question_of",
    "sha256_of",
    "snapshot_build",
]

"""The frozen facts of a progress report: one consistent read, as canonical JSON."""

from reporting.snapshot.build import SCHEMA_VERSION, snapshot_build
from reporting.snapshot.canonical import canonical_json, sha256_of
from reporting.snapshot.facts import measurements_shown

__all__ = ["SCHEMA_VERSION", "canonical_json", "measurements_shown", "sha256_of", "snapshot_build"]

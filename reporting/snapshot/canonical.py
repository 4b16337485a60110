"""Canonical JSON of a snapshot: see ibzplan.core.canonical."""

from ibzplan.core.canonical import canonical_json, sha256_of

__all__ = ["canonical_json", "sha256_of"]

"""A report as sheets, one a subject: what the workbook writes and the gates read."""

from collections.abc import Mapping
from typing import Any

from reporting.render.sheets import follow_up, indicators, means, security, structure
from reporting.render.sheets.cells import Sheet, cells_of
from reporting.render.sheets.method import method
from reporting.render.wording import FactReader
from reporting.snapshot.canonical import canonical_json, sha256_of
from reporting.snapshot.older import in_full
from reporting.snapshot.reading import SECURITY_REPORT

__all__ = ["Sheet", "cells_of", "sheets_of"]

Part = Mapping[str, Any]


def sheets_of(snapshot: Part, seal: Part | None = None, *, sha256: str = "") -> tuple[Sheet, ...]:
    """Return the sheets of a report in the active language; those without rows are left out.

    `sha256` is the hash of the snapshot, for who has it already.
    """
    sha256 = sha256 or sha256_of(canonical_json(snapshot))
    snapshot = in_full(snapshot)
    facts = FactReader(snapshot["facts"])
    is_security = snapshot["schema"] == SECURITY_REPORT
    first = _security(snapshot, seal, facts) if is_security else _plan(snapshot, seal, facts)
    found = (
        *first,
        indicators.indicators(snapshot, facts),
        indicators.figures(snapshot, facts),
        indicators.aims(snapshot, facts),
        follow_up.changes(snapshot, facts),
        follow_up.restated(snapshot, facts),
        follow_up.edition_changes(snapshot, facts),
        follow_up.edition_restated(snapshot, facts),
        follow_up.explanations(snapshot, facts),
        follow_up.questions(snapshot),
        follow_up.amendments(snapshot, facts),
        follow_up.narratives(snapshot),
        follow_up.milestones(snapshot),
        follow_up.risks(snapshot, facts),
        follow_up.gaps(snapshot, facts),
        means.credit_sheet(snapshot, facts),
        means.staffing_sheet(snapshot, facts),
        means.reconciliation_sheet(snapshot, facts),
        indicators.late(snapshot),
        indicators.definitions(snapshot),
        method(snapshot, seal, sha256),
    )
    return tuple(sheet for sheet in found if sheet.rows)


def _plan(snapshot: Part, seal: Part | None, facts: FactReader) -> list[Sheet]:
    return [
        structure.overview(snapshot, seal, facts),
        structure.structure(snapshot, facts),
        structure.objectives(snapshot, facts),
    ]


def _security(snapshot: Part, seal: Part | None, facts: FactReader) -> list[Sheet]:
    return [
        security.overview(snapshot, seal, facts),
        security.themes(snapshot, facts),
        security.objectives(snapshot, facts),
        security.changes(snapshot, facts),
        security.milestones(snapshot),
        security.dimensions(snapshot, facts),
        security.frameworks(snapshot),
        security.conditions(snapshot),
        structure.objectives(snapshot, facts),
    ]

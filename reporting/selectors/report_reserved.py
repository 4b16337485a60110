"""Questions in a report that its reader sees nowhere else: what a directorate's own people read.

A report tells every question of the minister. Whoever reads it for a directorate, in its review or
after, sees questions of other directorates nowhere else (design.md, section 9); so not here.
"""

import json
from typing import Any, Final
from uuid import UUID

from ibzplan.core.questions.selectors import questions_visible
from personnel.access import Access
from reporting.models import ProgressReport
from reporting.selectors.reports import reads_for_units

# What begins the anchors of a question, at the front of the report and in its own section.
_PREFIXES: Final = ("question", "decision")


def questions_reserved(report: ProgressReport, access: Access) -> frozenset[str]:
    """Return the ids of the questions in a report that the reader may not see: one query, none for
    whoever reads whole reports.
    """
    if not reads_for_units(access, report) or not report.snapshot:
        return frozenset()
    snapshot: dict[str, Any] = json.loads(report.snapshot)
    told = {str(row["id"]) for row in snapshot.get("questions", ())}
    if not told:
        return frozenset()
    seen = questions_visible(access).filter(uuid__in=[UUID(one) for one in told])
    return frozenset(told - {str(uuid) for uuid in seen.values_list("uuid", flat=True)})


def is_reserved(anchor: str, questions: frozenset[str]) -> bool:
    """Tell whether a paragraph of a report belongs to one of these questions."""
    kind, _colon, rest = anchor.partition(":")
    return kind in _PREFIXES and rest.partition(".")[0] in questions

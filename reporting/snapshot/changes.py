"""The parts of a snapshot that compare it with issued reports: since, changes, edition, decisions.

Computed from the two snapshots alone, once everything else of the later one is there.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ibzplan.core.choices import QuestionKind
from reporting.snapshot.compare import compare_snapshots
from reporting.snapshot.facts import FactBook
from reporting.snapshot.question import ReportQuestion
from reporting.snapshot.sides import BEFORE, CORRECTED
from reporting.snapshot.since import ReportBefore, corrects_part, since_part, snapshot_of

Part = dict[str, Any]


def with_changes(snapshot: Part, question: ReportQuestion, earlier: ReportBefore | None) -> Part:
    """Return a snapshot with what changed since the report before it, and what it corrects.

    `changes`, how many `movements` of which kind they are, and `restated` are None where there is
    no report to compare with; `securityChanges` too, and in a report on a plan year. Facts of the
    earlier report come along under ids of their own.
    """
    before = snapshot_of(earlier.report if earlier is not None else None)
    found: Part = {"changes": None, "movements": None, "restated": None, "securityChanges": None}
    facts = dict(snapshot["facts"])
    if before is not None:
        compared = compare_snapshots(before, snapshot, everything=False, prefix=BEFORE)
        movements, counts = _movements(compared.changes)
        found = {
            "changes": compared.changes,
            "movements": movements,
            "restated": compared.restated,
            "securityChanges": compared.security,
        }
        facts |= compared.facts | counts
    edition, taken = _edition(snapshot, question)
    return {
        **snapshot,
        "since": since_part(earlier) if earlier is not None else None,
        **found,
        "edition": edition,
        "decisions": decisions_of(snapshot.get("questions", [])),
        "facts": facts | taken,
    }


def _movements(changes: list[Part]) -> tuple[dict[str, str], Part]:
    """Return the ids of the facts that say how many objectives moved how, and these facts."""
    book = FactBook()
    counts = Counter(change["kind"] for change in changes)
    keys = {kind: book.count(f"f:moved:{kind}", number) for kind, number in counts.items()}
    return keys, book.facts


def _edition(snapshot: Part, question: ReportQuestion) -> tuple[Part, Part]:
    """Return which edition it is, with everything that differs from the one it corrects."""
    edition: Part = {
        "number": question.edition,
        "corrects": None,
        "reason": question.correction_reason,
        "changes": None,
        "restated": None,
        "others": None,
        "securityChanges": None,
    }
    before = snapshot_of(question.corrects)
    if question.corrects is None or before is None:
        return edition, {}
    compared = compare_snapshots(before, snapshot, everything=True, prefix=CORRECTED)
    told = {
        "corrects": corrects_part(question.corrects),
        "changes": compared.changes,
        "restated": compared.restated,
        "others": compared.others,
        "securityChanges": compared.security,
    }
    return edition | told, compared.facts


def decisions_of(questions: list[Mapping[str, Any]]) -> list[str]:
    """Return the decisions that were asked of the minister: those that wait, and those taken."""
    return [row["id"] for row in questions if row["kind"] == QuestionKind.REQUEST]

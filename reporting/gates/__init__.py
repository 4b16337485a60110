"""What stops the issue of a report: pure rules over its snapshot, which read no database.

`parity_findings(snapshot, sibling_snapshot)` compares Dutch and French; a waiver names its hash.
`typed_numbers(document, snapshot)` are the numbers in typed text, `number_findings(numbers,
reviews)` those that a reviewer decides on.
"""

from reporting.gates.findings import Finding, FindingKind, Findings
from reporting.gates.numbers import (
    NumberFinding,
    TypedNumber,
    number_findings,
    numbers_of_approval,
    typed_numbers,
)
from reporting.gates.parity import other_language, parity_findings, text_findings
from reporting.gates.texts import TypedKind
from reporting.render.agreement import Disagreement, FiguresDisagree, figure_disagreements

__all__ = [
    "Disagreement",
    "FiguresDisagree",
    "Finding",
    "FindingKind",
    "Findings",
    "NumberFinding",
    "TypedKind",
    "TypedNumber",
    "figure_disagreements",
    "number_findings",
    "numbers_of_approval",
    "other_language",
    "parity_findings",
    "text_findings",
    "typed_numbers",
]

"""What pytest did, read from its report."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Outcome:
    """What pytest did on one pair of database and broker."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def lines(self, name: str) -> list[str]:
        """Return the closing lines of this run."""
        counts = f"{name}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return [
            counts,
            *(f"    {count} skipped: {reason}" for reason, count in self.reasons.most_common()),
        ]


def read_outcome(report: Path) -> Outcome:
    """Return the counts of a JUnit report, or of nothing when pytest wrote none."""
    if not report.is_file():
        return Outcome()
    outcome = Outcome()
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314 (our own file)
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skipped is not None:
            outcome.skipped += 1
            outcome.reasons[skipped.get("message") or "no reason given"] += 1
        else:
            outcome.passed += 1
    return outcome

"""What a load did, for the one who ran it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class SubjectCount:
    """Rows of one subject: new and changed rows, and values kept against the fixture."""

    name: str
    new: int = 0
    changed: int = 0
    kept_edits: int = 0
    conflicts: int = 0


@dataclass(frozen=True)
class Finding:
    """One value of one record that a user edited, with the three versions of it."""

    record: str
    field: str
    stored: Any
    loaded: Any
    fixture: Any


@dataclass(frozen=True)
class Vanished:
    """A loaded record whose entry is gone from its fixture; `kept_because` after a prune."""

    record: str
    kept_because: str = ""


@dataclass
class LoadReport:
    """The counts by subject, in load order, and what asks for a person's eye.

    A conflict comes back at every load until the record or the fixture is made to agree.
    """

    subjects: list[SubjectCount] = field(default_factory=list)
    kept_edits: list[Finding] = field(default_factory=list)
    conflicts: list[Finding] = field(default_factory=list)
    vanished: list[Vanished] = field(default_factory=list)
    pruned: list[str] = field(default_factory=list)

    @property
    def new(self) -> int:
        """Return the number of new rows."""
        return sum(subject.new for subject in self.subjects)

    @property
    def changed(self) -> int:
        """Return the number of existing rows that took something from a fixture."""
        return sum(subject.changed for subject in self.subjects)

    @property
    def is_unchanged(self) -> bool:
        """Tell whether the load left everything as it was."""
        return not (self.new or self.changed or self.pruned)

"""What an import tells: where it stands, what stands there, what is wrong and how to mend it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the list. A remark keeps nothing from being applied.

    `row` is the number that Excel shows, 0 for a sheet as a whole; `column` its letter.
    """

    code: str
    message: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    found: str = ""
    is_remark: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the form in which it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Problem":
        """Read that form back."""
        return cls(**data)

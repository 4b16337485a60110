"""Ways through the parts of a snapshot."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Part = Mapping[str, Any]

# The schema of a snapshot on the National Security Plan as a whole.
SECURITY_REPORT: Final = "securityReport"


def objectives_of(snapshot: Part) -> Iterator[Part]:
    """Give the operational objectives of a snapshot, in the order of the plan.

    A report on a plan as a whole names them below the objectives that they serve: each comes once.
    """
    if "strategicObjectives" not in snapshot:
        once = {row["id"]: row for row in _with_indicators(snapshot)}
        yield from once.values()
        return
    for strategic in snapshot["strategicObjectives"]:
        for werf in strategic["werven"]:
            yield from werf["objectives"]


def _with_indicators(part: Any) -> Iterator[Part]:
    """Give what has a status and indicators, wherever it stands."""
    if isinstance(part, list):
        for value in part:
            yield from _with_indicators(value)
    elif isinstance(part, Mapping):
        if isinstance(part.get("indicators"), list) and "status" in part:
            yield part
            return
        for value in part.values():
            yield from _with_indicators(value)


def indicators_of(snapshot: Part) -> list[Part]:
    """Return each indicator once, as the first objective that it serves has it."""
    once: dict[str, Part] = {}
    for objective in objectives_of(snapshot):
        for row in objective["indicators"]:
            once.setdefault(row["id"], row)
    return list(once.values())

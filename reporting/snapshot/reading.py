"""Ways through the parts of a snapshot."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

Part = Mapping[str, Any]

# The schema of a snapshot on the National Security Plan as a whole.
SECURITY_REPORT: Final = "securityReport"


def objectives_of(snapshot: Part) -> Iterator[Part]:
    """Give the operational objectives of a snapshot, each once, in the order of the plan.

    A report on a plan as a whole has them in one list, which its objectives refer to.
    """
    if "strategicObjectives" not in snapshot:
        yield from snapshot.get("objectives", ())
        return
    for strategic in snapshot["strategicObjectives"]:
        for werf in strategic["werven"]:
            yield from werf["objectives"]


def indicators_of(snapshot: Part) -> list[Part]:
    """Return each indicator once, as the first objective that it serves has it."""
    once: dict[str, Part] = {}
    for objective in objectives_of(snapshot):
        for row in objective["indicators"]:
            once.setdefault(row["id"], row)
    return list(once.values())

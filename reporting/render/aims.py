"""What an indicator comes from and goes to: baseline, targets, range, each bound to its fact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Part = Mapping[str, Any]

# The parts of a range, by their name in a snapshot.
_RANGE: Final[Mapping[str, Promise]] = {
    "low": _("Lower bound"),
    "high": _("Upper bound"),
    "tolerance": _("Tolerance"),
}


@dataclass(frozen=True, slots=True)
class Aim:
    """One of them: `on` is the day it is of or due on, `set_on` when a target was recorded.

    `reason` is what was typed with a target, `source` where a baseline comes from (localised).
    """

    label: str
    fact: str
    on: str | None
    set_on: str | None = None
    reason: str = ""
    source: Part | None = None


def aims_of(indicator: Part) -> Iterator[Aim]:
    """Give the baseline, then the targets that a plan year is judged by, by date; last the range.

    Nothing of a snapshot that does not tell the targets of the year.
    """
    if "targets" not in indicator:
        return
    if indicator["baseline"] and indicator["baseline"]["fact"]:
        baseline = indicator["baseline"]
        source = indicator["dataSource"]
        yield Aim(str(_("Baseline")), baseline["fact"], baseline["on"], source=source)
    for row in indicator["targets"]:
        label = _("Target") if row["isFinal"] else _("Interim target")
        yield Aim(str(label), row["fact"], row["dueOn"], row["setOn"], row["reason"])
    target = indicator["target"] or {}
    for name, bound in _RANGE.items():
        if key := target.get(name):
            yield Aim(str(bound), key, target["dueOn"])

"""The groups in which a definition sheet shows its fields, and how wide each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# How wide a field stands from a tablet on; what is not named here has a line to itself.
HALVES: Final = frozenset(
    {
        *("indicator_type", "target_kind", "accumulation", "trajectory", "frequency", "compiler"),
        *("approver", "is_confidential", "target_level", "period_aggregation", "unit_aggregation"),
    }
)
QUARTERS: Final = frozenset(
    {
        *(
            "decimals",
            "is_ratio",
            "possible_low",
            "possible_high",
            "baseline",
            "baseline_date",
            "target",
        ),
        *("target_due_on", "range_low", "range_high", "tolerance", "threshold_on_track"),
        *("threshold_at_risk", "days_until_due", "grace_days", "weight", "valid_from"),
    }
)
# What stands beside a quarter, to the end of the line.
REMAINDERS: Final = frozenset({"is_series_break", "takes_break_back", "is_key"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A field, and its width beside its neighbours on a wide screen."""

    field: BoundField

    @property
    def width(self) -> str:
        """Return the class of the stylesheet: the French text stands right of the Dutch one."""
        name = self.field.name
        if name.endswith(("_nl", "_fr")):
            return name[-2:]
        if name in HALVES:
            return "half"
        if name in REMAINDERS:
            return "remainder"
        return "quarter" if name in QUARTERS or name.startswith("interim_") else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; `rare` fold away until they hold something."""

    legend: Promise | str
    fields: Sequence[BoundField]
    rare: Sequence[BoundField] = ()
    rare_label: Promise | str = ""
    is_open: bool = False

    @property
    def cells(self) -> list[Cell]:
        """Return the fields that always show, each with its width."""
        return [Cell(field) for field in self.fields]

    @property
    def rare_cells(self) -> list[Cell]:
        """Return the fields that fold away, each with its width."""
        return [Cell(field) for field in self.rare]


@dataclass(frozen=True, slots=True)
class GroupNames:
    legend: Promise
    fields: tuple[str, ...]
    rare: tuple[str, ...] = ()
    rare_label: Promise | str = ""


def _both(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}_{language}" for name in names for language in ("nl", "fr"))


WHAT: Final = GroupNames(
    _("What it measures"),
    (*_both("title"), "indicator_type", "target_kind", *_both("unit", "definition")),
    _both("inclusions", "exclusions", "rationale"),
    _("What counts, what does not, and why it is measured"),
)
COUNTED: Final = GroupNames(
    _("How it is counted"),
    ("accumulation", "decimals", "is_ratio", *_both("source")),
    (
        *_both("numerator_definition", "denominator_definition", "method"),
        *("period_aggregation", "unit_aggregation", "possible_low", "possible_high"),
        "disaggregations",
    ),
    _("Numerator and denominator, method, breakdowns, possible values"),
)
JUDGED: Final = ("baseline", "baseline_date")
JUDGED_RARE: Final = (
    *("levels", "range_low", "range_high", "tolerance", "trajectory"),
    *("threshold_on_track", "threshold_at_risk"),
)
WHEN: Final = GroupNames(
    _("When and by whom"),
    ("frequency",),
    ("days_until_due", "grace_days", "compiler", "approver", "is_confidential"),
    _("Due dates, who makes the figure, who answers for it"),
)
LIMITS: Final = GroupNames(
    _("What it cannot say"),
    (),
    _both("limitations", "misuse_risk"),
    _("Limitations and risk of misuse"),
)

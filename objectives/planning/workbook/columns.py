"""Which sheets the workbook has, and which columns each of them.

A column is known by its key, which stands in a hidden row: its header is for people, in their
language, and a workbook of one language can be imported under another.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.indicators.choices import Accumulation, Frequency, TargetKind
from objectives.planning.choices import Origin, PlanState, RiskResponse
from objectives.strategy.choices import ActivityKind

OBJECTIVES: Final = "objectives"
ACTIVITIES: Final = "activities"
MILESTONES: Final = "milestones"
RISKS: Final = "risks"
INDICATORS: Final = "indicators"
TARGETS: Final = "targets"

IDENTITY: Final = "identity"
VERSION: Final = "version"

# Lists that a cell chooses from, on the hidden sheet.
UNITS: Final = "units"
SUB_UNITS: Final = "sub_units"
CO_OWNERS: Final = "co_owner_units"
HOLDERS: Final = "holders"
WERVEN: Final = "werven"
GOALS: Final = "goals"
SECURITY: Final = "security_objectives"

TITLE_LENGTH: Final = 200


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    CODE = "code"  # one of a list of the database
    CODES = "codes"  # several of one, separated by ';'
    CHOICE = "choice"  # one of our own words
    YES_NO = "yes_no"
    DATE = "date"
    NUMBER = "number"
    INTEGER = "integer"


class TargetPlace(TextChoices):
    """Where a target stands on the way of its indicator."""

    FINAL = "final", _("Final target")
    INTERIM = "interim", _("Interim target")


class YesNo(TextChoices):
    """The two answers."""

    YES = "yes", _("Yes")
    NO = "no", _("No")


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `is_fixed`: given with a new row, never changed afterwards.

    `or_else`: the column that a new row may fill instead of this required one.
    `is_shown`: nobody types there. `is_spoken`: what is typed explains this change alone and is
    empty in the next export. `is_reported`: what became of a row that exists, never of a new one.
    """

    key: str
    label: Promise
    kind: Kind = Kind.TEXT
    width: int = 14
    list_name: str = ""
    choices: type[TextChoices] | None = None
    is_fixed: bool = False
    is_required: bool = False
    or_else: str = ""
    is_shown: bool = False
    is_spoken: bool = False
    is_reported: bool = False
    max_length: int = 0
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet; `reference` is the column by which other sheets name its rows ('' if none do)."""

    key: str
    label: Promise
    columns: tuple[Column, ...]
    reference: str = ""

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


def _texts(name: str, dutch: Promise, french: Promise, *, is_title: bool = False) -> list[Column]:
    return [
        Column(
            f"{name}_nl",
            dutch,
            width=40,
            is_required=is_title,
            or_else=f"{name}_fr" if is_title else "",
            max_length=TITLE_LENGTH if is_title else 0,
        ),
        Column(f"{name}_fr", french, width=40, max_length=TITLE_LENGTH if is_title else 0),
    ]


def _title() -> list[Column]:
    return _texts("title", _("Name in Dutch"), _("Name in French"), is_title=True)


def _description() -> list[Column]:
    return _texts("description", _("Description in Dutch"), _("Description in French"))


_OBJECTIVE: Final = Column("objective", _("Objective"), is_fixed=True, is_required=True)

SHEETS: Final = (
    SheetSpec(
        OBJECTIVES,
        _("Objectives"),
        (
            Column("code", _("Number"), is_fixed=True, is_required=True, max_length=20),
            Column(
                "unit",
                _("Directorate"),
                Kind.CODE,
                list_name=UNITS,
                is_fixed=True,
                is_required=True,
            ),
            Column("werf", _("Werf"), Kind.CODE, list_name=WERVEN, is_fixed=True, is_required=True),
            *_title(),
            *_description(),
            Column("sub_unit", _("Sub-unit"), Kind.CODE, list_name=SUB_UNITS),
            Column(
                "holder",
                _("Responsible holder"),
                Kind.CODE,
                width=20,
                list_name=HOLDERS,
                is_required=True,
            ),
            Column("co_owners", _("Co-owners"), Kind.CODES, width=20, list_name=CO_OWNERS),
            Column("goals", _("Goals"), Kind.CODES, width=20, list_name=GOALS),
            Column(
                "security_objectives",
                _("Objectives of the NVP"),
                Kind.CODES,
                width=20,
                list_name=SECURITY,
            ),
            Column("origin", _("Origin"), Kind.CHOICE, width=20, choices=Origin),
            Column("origin_reference", _("Place in that text"), width=30, max_length=300),
            Column("starts_on", _("From"), Kind.DATE, is_required=True),
            Column("ends_on", _("Until"), Kind.DATE, is_required=True),
            *_texts("means", _("Means in Dutch"), _("Means in French")),
            Column("state", _("State"), Kind.CHOICE, choices=PlanState, is_shown=True),
        ),
        reference="code",
    ),
    SheetSpec(
        ACTIVITIES,
        _("Activities"),
        (
            _OBJECTIVE,
            Column("code", _("Activity"), is_fixed=True, is_required=True, max_length=40),
            Column("kind", _("Kind"), Kind.CHOICE, choices=ActivityKind, is_required=True),
            *_title(),
            *_description(),
            Column("starts_on", _("From"), Kind.DATE),
            Column("ends_on", _("Until"), Kind.DATE),
        ),
        reference="code",
    ),
    SheetSpec(
        MILESTONES,
        _("Milestones"),
        (
            Column("activity", _("Activity"), is_fixed=True, is_required=True),
            *_title(),
            Column("due_on", _("Due on"), Kind.DATE, is_required=True),
            Column("forecast_on", _("Expected on"), Kind.DATE, is_reported=True),
            Column("done_on", _("Done on"), Kind.DATE, is_reported=True),
        ),
    ),
    SheetSpec(
        RISKS,
        _("Risks"),
        (
            _OBJECTIVE,
            *_title(),
            Column(
                "likelihood",
                _("Likelihood (1 to 5)"),
                Kind.INTEGER,
                is_required=True,
                least=1,
                most=5,
            ),
            Column("impact", _("Impact (1 to 5)"), Kind.INTEGER, is_required=True, least=1, most=5),
            Column("response", _("Response"), Kind.CHOICE, choices=RiskResponse, is_required=True),
            *_texts("measure", _("Measure in Dutch"), _("Measure in French")),
        ),
    ),
    SheetSpec(
        INDICATORS,
        _("Indicators"),
        (
            _OBJECTIVE,
            Column("code", _("Indicator"), is_fixed=True, is_required=True, max_length=20),
            *_title(),
            *_texts("unit_of_measure", _("Unit in Dutch"), _("Unit in French")),
            Column("target_kind", _("Kind"), Kind.CHOICE, 20, choices=TargetKind, is_required=True),
            Column("accumulation", _("Kind of figure"), Kind.CHOICE, 20, choices=Accumulation),
            Column("frequency", _("How often"), Kind.CHOICE, choices=Frequency, is_required=True),
            Column("decimals", _("Decimals"), Kind.INTEGER, least=0, most=4),
            Column("baseline", _("Baseline"), Kind.NUMBER),
            Column("baseline_date", _("Baseline date"), Kind.DATE),
            Column("range_low", _("Lower bound"), Kind.NUMBER),
            Column("range_high", _("Upper bound"), Kind.NUMBER),
            Column("tolerance", _("Tolerance"), Kind.NUMBER),
            Column("levels_nl", _("Levels in Dutch, lowest first (a; b; c)"), width=40),
            Column("levels_fr", _("Levels in French, lowest first (a; b; c)"), width=40),
            Column("threshold_on_track", _("On track from"), Kind.NUMBER),
            Column("threshold_at_risk", _("At risk from"), Kind.NUMBER),
            *_texts("source", _("Source in Dutch"), _("Source in French")),
            Column("weight", _("Weight"), Kind.INTEGER, least=1, most=100),
            Column("is_key", _("Key indicator"), Kind.YES_NO, choices=YesNo),
            Column("reason", _("Why it changes"), width=40, is_spoken=True, max_length=500),
        ),
        reference="code",
    ),
    SheetSpec(
        TARGETS,
        _("Targets"),
        (
            _OBJECTIVE,
            Column("indicator", _("Indicator"), is_fixed=True, is_required=True),
            Column(
                "place",
                _("Kind of target"),
                Kind.CHOICE,
                choices=TargetPlace,
                is_fixed=True,
                is_required=True,
            ),
            Column("due_on", _("To be reached by"), Kind.DATE, is_required=True),
            Column("value", _("Target"), Kind.NUMBER),
            Column("reason", _("Why it changes"), width=40, is_spoken=True, max_length=500),
        ),
    ),
)

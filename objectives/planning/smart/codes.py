"""Words of the SMART check: its rules, which aspect each belongs to and how much it weighs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

SMART_VERSION: Final = 1

# The languages an objective is written in; each has its own rules.
LANGUAGES: Final = ("nl", "fr")


class Aspect(StrEnum):
    """The five letters."""

    SPECIFIC = "S"
    MEASURABLE = "M"
    ASSIGNABLE = "A"
    REALISTIC = "R"
    TIME_BOUND = "T"


class Severity(StrEnum):
    """What a finding does: it stops the submission, or asks for a word of motivation."""

    BLOCKING = "blocking"
    ADVISORY = "advisory"


class Part(StrEnum):
    """What makes an indicator measurable; the values of `missing` in INDICATOR_INCOMPLETE."""

    BASELINE = "baseline"
    TARGET = "target"
    UNIT = "unit"
    SOURCE = "source"


class Rule(StrEnum):
    """One thing asked of an objective; the comment names the keys of `Finding.values`."""

    NO_TEXT = "no_text"
    MISSING_TEXT = "missing_text"
    NO_ACTION_VERB = "no_action_verb"
    NO_OBJECT = "no_object"
    VAGUE_WORDS = "vague_words"
    TWO_OBJECTIVES = "two_objectives"
    TOO_LONG = "too_long"  # count, limit
    TOO_SHORT = "too_short"  # count, limit
    NO_INDICATOR = "no_indicator"
    INDICATOR_INCOMPLETE = "indicator_incomplete"  # indicator, missing (parts, by comma)
    NO_UNIT = "no_unit"
    NO_HOLDER = "no_holder"
    NO_MEANS = "no_means"
    JUMP = "jump"  # indicator, target, last, last_on, months, most (change over as many months)
    NO_DATES = "no_dates"
    DATES_REVERSED = "dates_reversed"  # starts_on, ends_on
    DATES_OUTSIDE_YEAR = "dates_outside_year"  # starts_on, ends_on, year
    MILESTONE_OUTSIDE_YEAR = "milestone_outside_year"  # indicator, target_on, year
    NO_INTERIM_TARGET = "no_interim_target"  # indicator


# Those that read a title, and can therefore be wrong.
TEXT_RULES: Final = (
    Rule.NO_ACTION_VERB,
    Rule.NO_OBJECT,
    Rule.VAGUE_WORDS,
    Rule.TWO_OBJECTIVES,
    Rule.TOO_LONG,
    Rule.TOO_SHORT,
)

_OF_ASPECT: Final[Mapping[Aspect, tuple[Rule, ...]]] = {
    Aspect.SPECIFIC: (Rule.NO_TEXT, Rule.MISSING_TEXT, *TEXT_RULES),
    Aspect.MEASURABLE: (Rule.NO_INDICATOR, Rule.INDICATOR_INCOMPLETE),
    Aspect.ASSIGNABLE: (Rule.NO_UNIT, Rule.NO_HOLDER),
    Aspect.REALISTIC: (Rule.NO_MEANS, Rule.JUMP),
    Aspect.TIME_BOUND: (
        Rule.NO_DATES,
        Rule.DATES_REVERSED,
        Rule.DATES_OUTSIDE_YEAR,
        Rule.MILESTONE_OUTSIDE_YEAR,
        Rule.NO_INTERIM_TARGET,
    ),
}
ASPECTS: Final[Mapping[Rule, Aspect]] = {
    rule: aspect for aspect, rules in _OF_ASPECT.items() for rule in rules
}

_BLOCKING: Final = frozenset(
    {
        Rule.NO_TEXT,
        Rule.NO_INDICATOR,
        Rule.NO_UNIT,
        Rule.NO_HOLDER,
        Rule.NO_DATES,
        Rule.DATES_REVERSED,
        Rule.DATES_OUTSIDE_YEAR,
        Rule.MILESTONE_OUTSIDE_YEAR,
    }
)
SEVERITIES: Final[Mapping[Rule, Severity]] = {
    rule: Severity.BLOCKING if rule in _BLOCKING else Severity.ADVISORY for rule in Rule
}

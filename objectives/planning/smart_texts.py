"""The findings of the SMART check in words: which rule, which words, how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.indicators.formatting import number
from objectives.planning.smart import Aspect, Finding, Part, Rule, Severity

ASPECT_LABELS: Final[Mapping[Aspect, Promise]] = {
    Aspect.SPECIFIC: gettext_lazy("Specific"),
    Aspect.MEASURABLE: gettext_lazy("Measurable"),
    Aspect.ASSIGNABLE: gettext_lazy("Assignable"),
    Aspect.REALISTIC: gettext_lazy("Realistic"),
    Aspect.TIME_BOUND: gettext_lazy("Time-bound"),
}

SEVERITY_LABELS: Final[Mapping[Severity, Promise]] = {
    Severity.BLOCKING: gettext_lazy("Stops the submission"),
    Severity.ADVISORY: gettext_lazy("Asks for a motivation"),
}

LABELS: Final[Mapping[Rule, Promise]] = {
    Rule.NO_TEXT: gettext_lazy("No title"),
    Rule.MISSING_TEXT: gettext_lazy("Title not translated"),
    Rule.NO_ACTION_VERB: gettext_lazy("No action verb"),
    Rule.NO_OBJECT: gettext_lazy("An action on nothing in particular"),
    Rule.VAGUE_WORDS: gettext_lazy("Vague words"),
    Rule.TWO_OBJECTIVES: gettext_lazy("Two objectives in one"),
    Rule.TOO_LONG: gettext_lazy("Title too long"),
    Rule.TOO_SHORT: gettext_lazy("Title too short"),
    Rule.NO_INDICATOR: gettext_lazy("No indicator"),
    Rule.INDICATOR_INCOMPLETE: gettext_lazy("Indicator incomplete"),
    Rule.NO_UNIT: gettext_lazy("No unit in charge"),
    Rule.NO_HOLDER: gettext_lazy("No holder of a management function"),
    Rule.NO_MEANS: gettext_lazy("No means allocated"),
    Rule.JUMP: gettext_lazy("Target beyond the history"),
    Rule.NO_DATES: gettext_lazy("No dates"),
    Rule.DATES_REVERSED: gettext_lazy("End before the start"),
    Rule.DATES_OUTSIDE_YEAR: gettext_lazy("Dates outside the plan year"),
    Rule.MILESTONE_OUTSIDE_YEAR: gettext_lazy("Milestone outside the plan year"),
    Rule.NO_INTERIM_TARGET: gettext_lazy("No interim target"),
}

PART_LABELS: Final[Mapping[Part, Promise]] = {
    Part.BASELINE: gettext_lazy("the baseline"),
    Part.TARGET: gettext_lazy("the target"),
    Part.UNIT: gettext_lazy("the unit of measure"),
    Part.SOURCE: gettext_lazy("the source"),
}

TITLE_LABELS: Final[Mapping[str, Promise]] = {
    "nl": gettext_lazy("Dutch title"),
    "fr": gettext_lazy("French title"),
}

# Placeholders are the keys of Finding.values (see smart.Rule), and `words`, those of the title.
SENTENCES: Final[Mapping[Rule, Promise]] = {
    Rule.NO_TEXT: gettext_lazy(
        "The objective has no title. Say in one sentence what will be done."
    ),
    Rule.NO_OBJECT: gettext_lazy(
        "“%(words)s” does not say what the action is about. Name what will be made, changed or "
        "delivered."
    ),
    Rule.VAGUE_WORDS: gettext_lazy(
        "“%(words)s”: nobody can establish afterwards whether this was done. Say what will be "
        "different and by how much, or which result will be there."
    ),
    Rule.TWO_OBJECTIVES: gettext_lazy(
        "“%(words)s” joins two actions: one can succeed and the other fail. Make them two "
        "objectives, or keep the main one and put the other among the activities."
    ),
    Rule.TOO_LONG: gettext_lazy(
        "The title has %(count)s words and may have %(limit)s. Shorten it; what begins at "
        "“%(words)s” can go into the description."
    ),
    Rule.TOO_SHORT: gettext_lazy(
        "“%(words)s” is too short to be understood by itself: a title has at least %(limit)s "
        "words. Add for whom, where or how much."
    ),
    Rule.NO_INDICATOR: gettext_lazy(
        "The objective has no indicator. Add at least one, with a baseline, a target, a unit of "
        "measure and a source."
    ),
    Rule.INDICATOR_INCOMPLETE: gettext_lazy(
        "Of the indicator “%(indicator)s” this is missing: %(missing)s. Complete it, or say when "
        "it will be known."
    ),
    Rule.NO_UNIT: gettext_lazy("No unit is in charge of the objective. Choose one."),
    Rule.NO_HOLDER: gettext_lazy(
        "No holder of a management function answers for the objective. Name the function."
    ),
    Rule.NO_MEANS: gettext_lazy(
        "Neither credits nor staff are allocated to the objective. Allocate them, or explain how "
        "it can be reached without."
    ),
    Rule.JUMP: gettext_lazy(
        "“%(indicator)s” stood at %(last)s on %(last_on)s; the target is %(target)s. In as much "
        "time the series never moved more than %(most)s in that direction. Choose a target within "
        "reach, or explain what will be different this time."
    ),
    Rule.NO_DATES: gettext_lazy("The start or the end of the objective is missing. Give both."),
    Rule.DATES_REVERSED: gettext_lazy(
        "The end, %(ends_on)s, comes before the start, %(starts_on)s. Correct one of them."
    ),
    Rule.DATES_OUTSIDE_YEAR: gettext_lazy(
        "From %(starts_on)s to %(ends_on)s is not within the plan year %(year)s. Choose dates "
        "within it; what takes longer is continued in the plan of the next year."
    ),
    Rule.MILESTONE_OUTSIDE_YEAR: gettext_lazy(
        "The milestone “%(indicator)s” is set for %(target_on)s, outside the plan year %(year)s. "
        "Choose a date within it, or an earlier step that can be reached by then."
    ),
    Rule.NO_INTERIM_TARGET: gettext_lazy(
        "“%(indicator)s” is measured once a year and has no interim target: until the year is "
        "over nothing shows whether it goes well. Add an interim target, or measure more often."
    ),
}

# Where the sentence depends on the language of the title.
IN_LANGUAGE: Final[Mapping[tuple[Rule, str], Promise]] = {
    (Rule.MISSING_TEXT, "nl"): gettext_lazy("There is no Dutch title. Have it translated."),
    (Rule.MISSING_TEXT, "fr"): gettext_lazy("There is no French title. Have it translated."),
    (Rule.NO_ACTION_VERB, "nl"): gettext_lazy(
        "“%(words)s” does not say what will be done. Close or open the Dutch title with the "
        "infinitive of an action: “Een meldpunt openen”, “Opstellen van een gids”."
    ),
    (Rule.NO_ACTION_VERB, "fr"): gettext_lazy(
        "The French title begins with “%(words)s”, which is no action. Begin it with an "
        "infinitive: “Ouvrir un guichet”, “Mieux répartir les effectifs”."
    ),
}

# What history entries about motivations are called: this, then the rule.
MOTIVATED: Final = "motivated:"

MEASURED: Final = frozenset({"target", "last", "most"})
DATES: Final = frozenset({"last_on", "starts_on", "ends_on", "target_on"})


@dataclass(frozen=True, slots=True)
class IndicatorWords:
    """How an indicator and its figures are written, in the active language."""

    title: str
    decimals: int = 0
    unit: str = ""


def aspect_label(aspect: Aspect) -> str:
    """Return what a letter of SMART stands for, in the active language."""
    return str(ASPECT_LABELS[aspect])


def severity_label(severity: Severity) -> str:
    """Return what a finding does, in the active language."""
    return str(SEVERITY_LABELS[severity])


def rule_label(rule: Rule) -> str:
    """Return the short name of a rule, in the active language."""
    return str(LABELS[rule])


def motivated_text(action: str) -> str:
    """Return what a history entry says of a motivation: which rule it answers."""
    name = action.removeprefix(MOTIVATED)
    label = LABELS[Rule(name)] if name in LABELS else name
    return _("motivation for the SMART check: %(rule)s") % {"rule": label}


def place_label(finding: Finding) -> str:
    """Return which title a finding is about; '' when it is not about a title."""
    return str(TITLE_LABELS[finding.language]) if finding.language else ""


def finding_words(finding: Finding, title: str) -> str:
    """Return the words of a title that a finding names; an ellipsis stands for those between."""
    text, last = "", None
    for start, end in finding.words:
        between = "" if last is None else title[last:start]
        text += between if not between.strip() else " \N{HORIZONTAL ELLIPSIS} "
        text += title[start:end]
        last = end
    return text


def finding_text(
    finding: Finding,
    *,
    title: str = "",
    indicators: Mapping[str, IndicatorWords] | None = None,
) -> str:
    """Return a finding as sentences: what is wrong, and how to mend it.

    `title` is the text in the language of the finding. `indicators` says by code how an indicator
    is written; one that it does not have is shown by its code.
    """
    code = finding.values.get("indicator", "")
    written = (indicators or {}).get(code, IndicatorWords(code))
    values = {name: _readable(name, text, written) for name, text in finding.values.items()} | {
        "words": finding_words(finding, title)
    }
    sentence = IN_LANGUAGE.get((finding.rule, finding.language)) or SENTENCES[finding.rule]
    return str(sentence % values)


def _readable(name: str, text: str, indicator: IndicatorWords) -> str:
    if name in MEASURED:
        figure = number(Fraction(text), indicator.decimals)
        return f"{figure}\N{NO-BREAK SPACE}{indicator.unit}" if indicator.unit else figure
    if name in DATES:
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
    if name == "missing":
        return ", ".join(str(PART_LABELS[Part(part)]) for part in text.split(","))
    return indicator.title if name == "indicator" else text

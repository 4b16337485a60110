"""The SMART check of an operational objective (design, section 6): pure functions, no Django.

    findings = check(
        SmartObjective(
            titles={"nl": "Het masterplan uitvoeren", "fr": "Exécuter le plan directeur"},
            plan_year=2026,
            unit="ADCV",
            ...
        )
    )
    score(findings).whole

A title is judged by the rules of its own language, with word lists and no guessing model; see
fixtures/smart and `manage.py smart_score` for how well that works. A blocking finding stops the
submission of an objective, an advisory one asks for a word of motivation. Whatever could be built
gets an answer, never an exception.
"""

from .check import check, check_parts, check_title
from .codes import (
    ASPECTS,
    LANGUAGES,
    SEVERITIES,
    SMART_VERSION,
    TEXT_RULES,
    Aspect,
    Part,
    Rule,
    Severity,
)
from .history import MINIMUM_FIGURES
from .inputs import SmartIndicator, SmartObjective
from .results import Finding
from .scoring import ADVISORY_COST, LEAST_WITHOUT_BLOCKING, Score, score
from .titles import MINIMUM_WORDS, maximum_words

__all__ = [
    "ADVISORY_COST",
    "ASPECTS",
    "LANGUAGES",
    "LEAST_WITHOUT_BLOCKING",
    "MINIMUM_FIGURES",
    "MINIMUM_WORDS",
    "SEVERITIES",
    "SMART_VERSION",
    "TEXT_RULES",
    "Aspect",
    "Finding",
    "Part",
    "Rule",
    "Score",
    "Severity",
    "SmartIndicator",
    "SmartObjective",
    "check",
    "check_parts",
    "check_title",
    "maximum_words",
    "score",
]

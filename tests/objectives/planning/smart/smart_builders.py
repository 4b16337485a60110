"""A complete objective, and changes to it."""

from datetime import date
from fractions import Fraction
from typing import Any

from objectives.indicators.engine import TargetKind
from objectives.planning.smart import Rule, SmartIndicator, SmartObjective, check, check_title

YEAR = 2026


def indicator(**changes: Any) -> SmartIndicator:
    """A complete quarterly indicator that goes from 20 to 26 zones."""
    fields: dict[str, Any] = {
        "code": "I1",
        "kind": TargetKind.INCREASE,
        "months": 3,
        "baseline": Fraction(20),
        "target": Fraction(26),
        "target_on": date(YEAR, 12, 31),
        "unit": "zones",
        "source": "count of the zones",
    }
    return SmartIndicator(**{**fields, **changes})


def objective(**changes: Any) -> SmartObjective:
    """An objective without any finding."""
    fields: dict[str, Any] = {
        "titles": {
            "nl": "Een meldpunt voor branden openen",
            "fr": "Ouvrir un point de contact pour les incendies",
        },
        "plan_year": YEAR,
        "unit": "ADCV",
        "holder": "directeur-generaal",
        "starts_on": date(YEAR, 1, 1),
        "ends_on": date(YEAR, 12, 31),
        "means": True,
        "indicators": (indicator(),),
    }
    return SmartObjective(**{**fields, **changes})


def rules(**changes: Any) -> list[Rule]:
    """The rules found on a changed objective."""
    return [finding.rule for finding in check(objective(**changes))]


def words(title: str, language: str = "nl") -> dict[Rule, list[str]]:
    """The words of a title that each rule names."""
    return {
        finding.rule: [title[start:end] for start, end in finding.words]
        for finding in check_title(title, language)
    }

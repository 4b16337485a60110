"""What the planners of the demo say to the advice of the SMART check."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Final

from objectives.indicators.models import Indicator
from objectives.planning.models import OperationalObjective, SmartMotivation
from objectives.planning.selectors.smart import FindingKey, finding_key
from objectives.planning.smart import LANGUAGES, TEXT_RULES, Rule, check_title
from objectives.planning.smart.results import found
from objectives.planning.smart_texts import MOTIVATED
from reporting.demo.content import MotivationContent, ObjectiveContent
from reporting.demo.workshop import Workshop

# So long after the objective was made: its indicators are there, and the head did not hand it in.
_AFTER: Final = timedelta(minutes=55)


def motivations_write(
    workshop: Workshop, objective: OperationalObjective, told: ObjectiveContent
) -> None:
    """Write what the planner of a draft says. Raises ValueError when there is nothing to say."""
    planner = workshop.desk(told.unit).planner
    for one in told.motivated:
        keys = list(_keys(workshop, objective, one, told))
        if not keys:
            raise ValueError(f"{told.title['nl']}: the check does not find {one.rule}")
        for key, indicator in keys:
            row = SmartMotivation(
                uuid=workshop.identity.of("motivation", str(objective.uuid), *key[:3]),
                objective=objective,
                rule=key.rule,
                language=key.language,
                indicator=indicator,
                answers=key.answers,
                reason=one.text,
                recorded_by=planner,
                is_demo=True,
            )
            workshop.rows.motivations.append(row)
            objective.version += 1
            place = key.language or key.indicator
            workshop.note(
                objective,
                planner,
                objective.created_at + _AFTER,
                f"{MOTIVATED}{key.rule}",
                {f"motivation {place}": ("", one.text)},
                reason=one.text,
                about=place,
                also=[(row, "recorded_at")],
            )


def _keys(
    workshop: Workshop,
    objective: OperationalObjective,
    one: MotivationContent,
    told: ObjectiveContent,
) -> Iterator[tuple[FindingKey, Indicator | None]]:
    """Return what is motivated: a rule in each title that breaks it, or that of an indicator."""
    rule = Rule(one.rule)
    if rule in TEXT_RULES:
        for language in LANGUAGES:
            title = objective.title[language]
            for finding in check_title(title, language):
                if finding.rule is rule:
                    yield finding_key(finding, title), None
        return
    used = [link.indicator for link in workshop.rows.links if link.objective is objective]
    for indicator in used:
        if indicator.title["nl"] == one.indicator:
            target = {row.title: row.target for row in told.series}.get(one.indicator)
            if rule is Rule.JUMP and target is not None:
                finding = found(rule, indicator=indicator.code, target=Fraction(target))
            else:
                finding = found(rule, indicator=indicator.code)
            yield finding_key(finding, ""), indicator

"""The rules of the status engine in words, by rule version: what a reader is told of them.

The rules themselves are `engine.registry.RULE_SETS`; docs/status-rules.md explains them at length.
A version that has judged figures keeps its words, as it keeps its code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from objectives.indicators.choices import Status


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """What each status asks of an indicator, in the order of the statuses, and the notes to it.

    `path`: how a figure is compared; `milestones`; `roll_up`: objectives and werven.
    """

    statuses: Mapping[Status, Promise]
    path: Promise
    milestones: Promise
    roll_up: Promise


RULE_TEXTS: Final[dict[int, RuleTexts]] = {
    1: RuleTexts(
        statuses={
            Status.ACHIEVED: _(
                "The final target is met at the due period, or before it where it cannot fall back."
            ),
            Status.ON_TRACK: _("Attainment of 0.90 or more, or within the tolerance."),
            Status.AT_RISK: _(
                "Attainment from 0.70 to below 0.90. Also the best that a series with a missing "
                "latest figure can get."
            ),
            Status.OFF_TRACK: _("Attainment below 0.70."),
            Status.NOT_STARTED: _("No figure was due yet."),
            Status.NO_DATA: _("A figure was due and there is none."),
        },
        path=_(
            "From the baseline to the target runs a path. On the reference date the path says what "
            "is expected; the attainment says how the actual figure compares with that. An "
            "attainment of 1 is exactly as expected."
        ),
        milestones=_(
            "Done is achieved, late or not. Not done is judged on the expected date: on time is on "
            "track, up to 30 days late is at risk, later is off track."
        ),
        roll_up=_(
            "An objective takes the weighted mean of its indicators; a key indicator that is off "
            "track keeps it at risk at best. It has no data when more than half of the due weight "
            "has no figure. A werf does the same with its objectives, and one objective off track "
            "keeps it at risk at best."
        ),
    ),
}


def rule_texts(rule_version: int) -> RuleTexts:
    """Return the words of a version. Raises ValueError for a version that has none."""
    try:
        return RULE_TEXTS[rule_version]
    except KeyError:
        raise ValueError(f"there are no words for rule version {rule_version}") from None

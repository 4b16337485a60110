"""Fixed words of a report, in the active language."""

from collections.abc import Mapping
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from objectives.indicators import definition_texts
from objectives.indicators.choices import (
    Accumulation,
    Aggregation,
    Frequency,
    IndicatorType,
    TargetKind,
    Trajectory,
)
from objectives.indicators.templatetags.status import labelled
from reporting.snapshot.definitions import camel

_CHOICES: Final[Mapping[str, type[TextChoices]]] = {
    "indicatorType": IndicatorType,
    "targetKind": TargetKind,
    "accumulation": Accumulation,
    "periodAggregation": Aggregation,
    "unitAggregation": Aggregation,
    "trajectory": Trajectory,
    "frequency": Frequency,
}
# Columns of the definition sheet, by their name in a snapshot.
_DEFINITION_FIELDS: Final[Mapping[str, Promise]] = {
    camel(name): label for name, label in definition_texts.LABELS.items()
}


def labels() -> dict[str, str]:
    """Return headings and column heads by their name in the template."""
    return {
        "contents": _("Contents"),
        "summary": _("Summary"),
        "strategic_objective": _("Strategic objective"),
        "strategic_objectives": _("Strategic objectives"),
        "attention": _("Needs attention"),
        "no_attention": _("Nothing is at risk or off track."),
        "werf": _("Werf"),
        "werven": _("Werven"),
        "no_werven": _("No operational objectives of this minister."),
        "objective": _("Operational objective"),
        "objectives": _("Objectives"),
        "indicator": _("Indicator"),
        "indicators": _("Indicators"),
        "directorate": _("Directorate"),
        "directorates": _("Directorates"),
        "holder": _("Responsible holder"),
        "status": _("Status"),
        "realised": _("Realised"),
        "expected": _("Expected"),
        "baseline": _("Baseline"),
        "latest": _("Actual"),
        "target": _("Target"),
        "milestone": _("Next milestone"),
        "provisional": _("provisional"),
        "key": _("Key"),
        "remarks": _("Remarks"),
        "why": _("Why"),
        "narrative": _("Narrative"),
        "late": _("Late figures"),
        "no_late": _("No figure is late."),
        "questions": _("Questions and decisions"),
        "no_questions": _("Nothing was asked since the previous report, and nothing waits."),
        "period": _("Period"),
        "due": _("Due on"),
        "method": _("Method"),
        "origin": _("Origin of this report"),
        "no_indicators": _("No indicators."),
        "page": _("Page"),
        "of": _("of"),
        # What stands between a label and its value, where the template sets them apart.
        "colon": labelled("", ""),
        "chart_legend": " ".join(
            [
                _("Solid line: measured. Dashed line: expected. Ring: target. Square: baseline."),
                _("Diamond: forecast of the end of the year, which changes no status."),
                _("Upright line: series break, figures on either side do not compare."),
            ]
        ),
        "judgement": _("Judgement of the head"),
        "locked": _("locked"),
        "returned": _("returned"),
        "notes": _("Notes on the indicators"),
        "changes": _("Definitions that changed"),
    }


def status_rules() -> list[dict[str, str]]:
    """Return each status with its rule, in the words of the page that explains them."""
    rules = {
        _("Achieved"): _(
            "The final target is met at the due period, or before it where it cannot fall back."
        ),
        _("On track"): _("Attainment of 0.90 or more, or within the tolerance."),
        _("At risk"): _(
            "Attainment from 0.70 to below 0.90. Also the best that a series with a missing latest "
            "figure can get."
        ),
        _("Off track"): _("Attainment below 0.70."),
        _("Not started"): _("No figure was due yet."),
        _("No data"): _("A figure was due and there is none."),
    }
    keys = ("achieved", "on_track", "at_risk", "off_track", "not_started", "no_data")
    return [
        {"status": key, "word": word, "rule": rule}
        for key, (word, rule) in zip(keys, rules.items(), strict=True)
    ]


def method_notes() -> list[str]:
    """Return how statuses follow from figures, paragraph by paragraph."""
    return [
        _(
            "From the baseline to the target runs a path. On the reference date the path says what "
            "is expected; the attainment says how the actual figure compares with that. An "
            "attainment of 1 is exactly as expected."
        ),
        _(
            "Done is achieved, late or not. Not done is judged on the expected date: on time is on "
            "track, up to 30 days late is at risk, later is off track."
        ),
        _(
            "An objective takes the weighted mean of its indicators; a key indicator that is off "
            "track keeps it at risk at best. It has no data when more than half of the due weight "
            "has no figure. A werf does the same with its objectives, and one objective off track "
            "keeps it at risk at best."
        ),
        _(
            "A strategic objective, a minister or the whole plan never gets one score: always the "
            "distribution."
        ),
        _(
            "The report shows the objectives of the units that answer to the minister and the "
            "objectives common to the department. Drafts are not in it."
        ),
        _(
            "Figures, validations, targets, definitions of indicators, judgements of heads and the "
            "texts of operational objectives are those known at the moment on the cover. Titles of "
            "the strategic plan and its werven, units, ministers, office-holders and which "
            "indicators are confidential are those of the day on which the report was made."
        ),
    ]


def unofficial_note() -> str:
    """Return the remark about titles that the plan does not have in this language."""
    return _("Titles of the plan in this language are an unofficial translation.")


def left_out(count: int, shown: str) -> str:
    """Return the remark at an objective that has confidential indicators."""
    return ngettext(
        "%(count)s confidential indicator is not in this report.",
        "%(count)s confidential indicators are not in this report.",
        count,
    ) % {"count": shown}


def confidential_note(left_out: str, total: str) -> str:
    """Return how many indicators are left out, and what that means for the statuses."""
    return _(
        "Confidential indicators are not in this report: %(left_out)s of %(total)s. Every status "
        "and every count in it is computed without them."
    ) % {"left_out": left_out, "total": total}


def judgement_note() -> str:
    """Return what a head's judgement does to the counts: nothing."""
    return _(
        "A judgement of a head stands beside the computed status. Counts, bars and the statuses of "
        "werven keep to the computed status."
    )


def change_heading(number: int, valid_from: str) -> str:
    """Return what a version of a definition is called; `valid_from` '' is the whole series."""
    if not valid_from:
        return _("Version %(number)s, for the whole series") % {"number": number}
    return _("Version %(number)s, for figures from %(day)s on") % {
        "number": number,
        "day": valid_from,
    }


def break_note() -> str:
    """Return what a series break means."""
    return _("Series break: figures of before that day do not compare with those after it.")


def definition_field(name: str) -> str:
    """Return what a column of the definition sheet is called; `name` as in a snapshot."""
    return str(_DEFINITION_FIELDS.get(name, name))


def definition_choice(field: str, code: str) -> str:
    """Return the words of a choice on the definition sheet."""
    kind = _CHOICES.get(field)
    if kind is not None and code in kind.values:
        return str(kind(code).label)
    return {"yes": _("yes"), "no": _("no")}.get(code, code)


def aggregation_note(period: str, unit: str) -> str:
    """Return how figures come together over the periods of a year and over units."""
    return _("Over the periods of a year: %(period)s. Over units: %(unit)s.") % {
        "period": str(Aggregation(period).label).lower(),
        "unit": str(Aggregation(unit).label).lower(),
    }

"""Fixed words of a report, in the active language."""

from collections.abc import Mapping
from typing import Any, Final

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
from objectives.indicators.rule_texts import rule_texts
from reporting.render.blocks import Inline, Run
from reporting.render.sentences import sentence
from reporting.snapshot.definitions import camel
from reporting.snapshot.reading import SECURITY_REPORT

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

# From this version of the report's data on nothing is read as of the day of its making.
ALL_AS_KNOWN: Final = 6


def chart_legend() -> str:
    """Return what the lines and marks of a trajectory mean."""
    return " ".join(
        [
            _("Solid line: measured. Dashed line: expected. Ring: target. Square: baseline."),
            _("Diamond: forecast of the end of the year, which changes no status."),
            _("Upright line: series break, figures on either side do not compare."),
        ]
    )


def status_rules(rule_version: int) -> list[tuple[str, str]]:
    """Return each status with its rule, in the words of that rule version."""
    return [(code, str(rule)) for code, rule in rule_texts(rule_version).statuses.items()]


def method_notes(schema_version: int, rule_version: int) -> dict[str, str]:
    """Return how statuses follow from figures, paragraph by paragraph by its anchor.

    `schema_version` is that of the report's data: what it tells of a moment grew.
    """
    rules = rule_texts(rule_version)
    return {
        "path": str(rules.path),
        "milestones": str(rules.milestones),
        "rollUp": str(rules.roll_up),
        "noScore": _(
            "A strategic objective, a minister or the whole plan never gets one score: always the "
            "distribution."
        ),
        "scope": _(
            "The report shows the objectives of the units that answer to the minister and the "
            "objectives common to the department. Drafts are not in it."
        ),
        "knownAt": _known_at_note(schema_version),
    }


def notes_of(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """Return the notes of a report, on a plan year or on the NVP, by their anchor."""
    notes = method_notes(snapshot["schemaVersion"], snapshot["ruleVersion"])
    if snapshot["schema"] != SECURITY_REPORT:
        return notes
    return {
        **notes,
        "scope": _(
            "The report tells the objectives of the National Security Plan, and the operational "
            "objectives of %(year)s that contribute to one of them, of whichever directorate. "
            "Figures that are not validated yet are in it only for the directorates of the "
            "minister and what is common to the department. Drafts are not in it."
        )
        % {"year": snapshot["plan"]["year"]},
        "measured": _(
            "The National Security Plan sets no indicators of its own. One of its objectives has "
            "an indicator when an operational objective that contributes to it has one that may "
            "be shown. It has no status of its own: what is done for it says how far that is, not "
            "whether the objective is met."
        ),
    }


def _known_at_note(schema_version: int) -> str:
    """Return what is of the moment on the cover: since version 6 everything."""
    if schema_version >= ALL_AS_KNOWN:
        return _(
            "Everything in this report is as it was known at the moment on the cover: figures, "
            "validations, targets, definitions, narratives, judgements of heads, titles of the "
            "plans, units, ministers and office-holders. Indicators that were confidential then, "
            "or when the report was asked for, are left out."
        )
    return _(
        "Figures, validations, targets, definitions of indicators, judgements of heads and the "
        "texts of operational objectives are those known at the moment on the cover. Titles of "
        "the strategic plan and its werven, units, ministers, office-holders and which "
        "indicators are confidential are those of the day on which the report was made."
    )


def unofficial_note() -> str:
    """Return the remark about titles that the plan does not have in this language."""
    return _("Titles of the plan in this language are an unofficial translation.")


def left_out(count: int, shown: Inline) -> Run:
    """Return the remark at an objective that has confidential indicators."""
    template = ngettext(
        "%(count)s confidential indicator is not in this report.",
        "%(count)s confidential indicators are not in this report.",
        count,
    )
    return sentence(template, count=shown)


def confidential_note(left_out: Inline, total: Inline) -> Run:
    """Return how many indicators are left out, and what that means for the statuses."""
    template = _(
        "Confidential indicators are not in this report: %(left_out)s of %(total)s. Every status "
        "and every count in it is computed without them."
    )
    return sentence(template, left_out=left_out, total=total)


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

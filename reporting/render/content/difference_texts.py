"""What else differs between two reports, in words: texts, dates, figures and parts."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from objectives.indicators.choices import Status
from objectives.planning.choices import PlanState
from reporting.render.blocks import Name, Run, Words
from reporting.render.sentences import joined
from reporting.render.wording import NONE, coded, dated, status_of

Part = Mapping[str, Any]
Told = tuple[str, dict[str, Any]]

_DAYS: Final = ("startsOn", "endsOn")


def _figure(_cause: Part) -> Told:
    return _("%(indicator)s, %(period)s: %(now)s, a figure that was not there"), {}


def _validated(_cause: Part) -> Told:
    return _("%(indicator)s, %(period)s: %(now)s is validated now"), {}


def _text(cause: Part) -> Told:
    parts: dict[str, Any] = {"field": Words(_field(cause.get("part", cause["code"])))}
    if cause["title"] and "periods" in cause:
        return _("%(indicator)s, %(period)s: another text (%(field)s)"), parts
    if cause["title"]:
        return _("%(indicator)s: another text (%(field)s)"), parts
    if "periods" in cause:
        return _("%(period)s: another text (%(field)s)"), parts
    return _("Another text (%(field)s)"), parts


def _changed(cause: Part) -> Told:
    name = cause["code"]
    return _("%(field)s: %(now)s, was %(was)s"), {
        "field": Words(_field(name)),
        "now": _value(name, cause["to"]),
        "was": _value(name, cause["from"]),
    }


def _value(name: str, value: str | None) -> Name | Words:
    if name in _DAYS:
        return dated(value)
    if name == "state" and value in PlanState.values:
        return Words(str(PlanState(value).label).lower())
    return Name(value or NONE)


def _part(cause: Part) -> Told:
    if cause["title"]:
        return _("%(indicator)s: its figures or its definition are other ones"), {}
    return _("Changed: %(field)s"), {"field": Words(_field(cause["code"]))}


DIFFERENCES: Final[Mapping[str, Callable[[Part], Told]]] = {
    "figure": _figure,
    "validated": _validated,
    "text": _text,
    "field": _changed,
    "part": _part,
}


def _field(name: str) -> str:
    """Return what a part of an objective or an indicator is called."""
    names = {
        "title": _("title"),
        "description": _("description"),
        "means": _("means"),
        "narrative": _("narrative"),
        "narrative.done": _("what was done"),
        "narrative.planned": _("what is planned"),
        "narrative.obstacles": _("obstacles"),
        "code": _("Code"),
        "state": _("State"),
        "startsOn": _("First day"),
        "endsOn": _("Last day"),
        "definition": _("definition"),
        "limitations": _("limitations"),
        "numeratorDefinition": _("numerator"),
        "denominatorDefinition": _("denominator"),
        "activities": _("activities and milestones"),
        "risks": _("risks"),
        "securityLinks": _("links with the National Security Plan"),
        "goals": _("goals"),
    }
    return names.get(name, _("data of the objective"))


def other_run(row: Part) -> Run:
    """Return what differs outside of the operational objectives."""
    if row["title"] is None:
        return (Words(_other_parts().get(row["part"], _("other data of the report"))),)
    statuses = [status_of(row[side]) for side in ("from", "to") if row[side] in Status.values]
    moved = joined(*statuses, separator=" \N{RIGHTWARDS ARROW} ") if len(statuses) > 1 else ()
    return joined(coded(row), moved, separator=" \N{MIDDLE DOT} ")


def _other_parts() -> dict[str, str]:
    return {
        "plan": _("The plan on the cover"),
        "minister": _("The minister on the cover"),
        "president": _("Who made the report"),
        "units": _("Names of directorates"),
        "late": _("Late figures"),
        "questions": _("Questions and decisions"),
        "amendments": _("Important amendments"),
        "alignment": _("Alignment of the plans"),
        "means": _("Credits and staffing"),
        "quality": _("Quality of the data"),
        "themes": _("Themes"),
        "securityObjectives": _("Objectives of the NVP"),
        "kiv": _("KIV dimensions"),
        "frameworks": _("Policy frameworks"),
        "conditions": _("Enabling conditions"),
        "ruleVersion": _("Version of the rules of the statuses"),
    }

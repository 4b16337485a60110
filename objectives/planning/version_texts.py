"""What a consolidated version says, in the reader's words: labels, names, sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import Accumulation, Frequency, TargetKind
from objectives.indicators.formatting import exact_number
from objectives.planning.choices import LineageKind, Origin, RiskResponse
from objectives.strategy.choices import ActivityKind

LABELS: Final[Mapping[str, str | Promise]] = {
    "title": gettext_lazy("Name"),
    "description": gettext_lazy("Description"),
    "werf": gettext_lazy("Werf"),
    "unit": gettext_lazy("Directorate"),
    "sub_unit": gettext_lazy("Part of the directorate"),
    "holder": gettext_lazy("Responsible holder"),
    "co_owners": gettext_lazy("Units that share it"),
    "starts_on": gettext_lazy("From"),
    "ends_on": gettext_lazy("Until"),
    "means": gettext_lazy("Means"),
    "goals": gettext_lazy("Goals"),
    "security_objectives": gettext_lazy("Contributes to objectives of the NVP"),
    "origin": gettext_lazy("Origin"),
    "origin_reference": gettext_lazy("Where in that text"),
    "predecessors": gettext_lazy("Goes on from"),
    "activities": gettext_lazy("Activities and milestones"),
    "risks": gettext_lazy("Risks"),
    "indicators": gettext_lazy("Indicators that go along"),
    "final": gettext_lazy("Target"),
    "interim": gettext_lazy("Interim targets"),
}

_LOCALISED: Final = ("title", "description", "means")
_DATES: Final = ("starts_on", "ends_on")
_KINDS: Final[Mapping[str, type[Any]]] = {
    "target_kind": TargetKind,
    "accumulation": Accumulation,
    "frequency": Frequency,
}
_DEFINED: Final[Mapping[str, str | Promise]] = {
    "definition": gettext_lazy("Definition"),
    "unit_of_measure": gettext_lazy("Unit of measure"),
    "target_kind": gettext_lazy("Kind of target"),
    "accumulation": gettext_lazy("How figures count"),
    "frequency": gettext_lazy("Measured"),
    "baseline": gettext_lazy("Baseline"),
    "baseline_date": gettext_lazy("Date of the baseline"),
    "range_low": gettext_lazy("Lower limit"),
    "range_high": gettext_lazy("Upper limit"),
    "levels": gettext_lazy("Levels"),
    "source": gettext_lazy("Source"),
}


# A change of an amendment names one of these with its UUID.
_PARTS: Final[Mapping[str, str | Promise]] = {
    "activity": gettext_lazy("Activity"),
    "risk": gettext_lazy("Risk"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called now: the frozen text names other records by code."""

    units: Mapping[str, str] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)
    security_objectives: Mapping[str, str] = field(default_factory=dict)
    werven: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str, code: str) -> str:
        """Return 'ADCV Algemene Directie ...' for a code of a field; the code when unknown."""
        known = {
            "unit": self.units,
            "sub_unit": self.units,
            "co_owners": self.units,
            "holder": self.holders,
            "goals": self.goals,
            "security_objectives": self.security_objectives,
            "werf": self.werven,
        }.get(name, {})
        return f"{code} {known[code]}" if code in known else code


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that an objective says; `language` when it is a text in that language."""

    key: str
    label: str
    lines: tuple[str, ...]
    language: str = ""

    @property
    def text(self) -> str:
        """Return the lines under each other."""
        return "\n".join(self.lines)


def objective_said(content: Mapping[str, Any], names: Names) -> list[Said]:
    """Return everything that a version says of an objective, in the order of its page."""
    said = [
        row
        for name in LABELS
        if name in content and name != "indicators"
        for row in value_said(name, content[name], names)
    ]
    return [*said, *_indicators_said(content.get("indicators", {}))]


def value_said(name: str, value: Any, names: Names) -> list[Said]:
    """Return what one field says: a row a language for a text, else one row."""
    part, _separator, _uuid = name.partition(":")
    if part in _PARTS:
        return [Said(name, str(_PARTS[part]), tuple(_part_lines(part, value)))]
    label = str(LABELS.get(name, name))
    if name in _LOCALISED:
        return [
            Said(f"{name}_{code}", f"{label} ({code.upper()})", (text,), code)
            for code, text in sorted(value.items(), key=lambda pair: pair[0] != "nl")
        ]
    return [Said(name, label, tuple(_lines(name, value, names)))]


def _lines(name: str, value: Any, names: Names) -> list[str]:
    if name in _DATES:
        return [day_text(value)]
    if name == "origin":
        return [str(Origin(value).label)] if value else []
    if name == "activities":
        return [line for activity in value for line in _activity(activity)]
    if name == "risks":
        return [_risk(risk) for risk in value]
    if name == "predecessors":
        return [f"{row['year']} {row['code']} ({LineageKind(row['kind']).label})" for row in value]
    if name == "final":
        return [target_text({**value, "is_final": True})] if value else []
    if name == "interim":
        return [target_text({"level": None, **row, "is_final": False}) for row in value]
    if isinstance(value, list):
        return [names.of(name, str(code)) for code in value]
    return [names.of(name, str(value))] if value else []


def _part_lines(part: str, value: Mapping[str, Any] | None) -> list[str]:
    """Return what a change says of one activity or risk; nothing where it begins or ends."""
    if value is None:
        return []
    return _activity(value) if part == "activity" else [_risk(value)]


def _activity(activity: Mapping[str, Any]) -> list[str]:
    head = f"{ActivityKind(activity['kind']).label}: {both(activity['title'])}"
    days = [day_text(day) for day in (activity["starts_on"], activity["ends_on"]) if day]
    lines = [f"{head} ({' – '.join(days)})" if days else head]
    if activity["description"]:
        lines.append(both(activity["description"]))
    steps = [
        f"· {day_text(step['due_on'])} {both(step['title'])}" for step in activity["milestones"]
    ]
    return [*lines, *steps]


def _risk(risk: Mapping[str, Any]) -> str:
    parts = [
        both(risk["title"]),
        _("likelihood %(likelihood)s, impact %(impact)s")
        % {"likelihood": risk["likelihood"], "impact": risk["impact"]},
        str(RiskResponse(risk["response"]).label),
    ]
    if risk["measure"]:
        parts.append(both(risk["measure"]))
    return "; ".join(parts)


def _indicators_said(indicators: Mapping[str, Any]) -> list[Said]:
    rows: list[Said] = []
    ordered = sorted(indicators.items(), key=lambda pair: (pair[1]["order"], pair[0]))
    for code, content in ordered:
        label = _("Indicator %(code)s") % {"code": code}
        rows.append(Said(f"indicator:{code}", label, tuple(_indicator(content))))
        targets = tuple(target_text(row) for row in content["targets"])
        label = _("Targets of %(code)s") % {"code": code}
        rows.append(Said(f"targets:{code}", label, targets))
    return rows


def _indicator(content: Mapping[str, Any]) -> list[str]:
    defined = content["definition"]
    weight = _("weight %(weight)s") % {"weight": content["weight"]}
    key = _("key indicator")
    lines = [
        both(defined["title"]),
        f"{weight}, {key}" if content["is_key"] else weight,
        _("version %(number)s of its definition") % {"number": content["version"]},
    ]
    for name, label in _DEFINED.items():
        value = defined.get(name)
        if value not in (None, "", {}, []):
            lines.append(f"{label}: {_defined(name, value)}")
    return lines


def _defined(name: str, value: Any) -> str:
    if name in _KINDS:
        return str(_KINDS[name](value).label)
    if name == "baseline_date":
        return day_text(value)
    if name == "levels":
        return ", ".join(
            both(level) if isinstance(level, Mapping) else str(level) for level in value
        )
    if isinstance(value, Mapping):
        return both(value)
    return number_said(str(value))


def both(texts: Mapping[str, str]) -> str:
    """Return a text in all its languages: a difference in any of them shows."""
    known = LocalisedText(texts)
    return " / ".join(dict.fromkeys(known.values()))


def day_text(iso: str) -> str:
    """Return an ISO date as the reader writes it."""
    day = parse_date(iso)
    return date_format(day, "SHORT_DATE_FORMAT") if day else iso


def number_said(text: str) -> str:
    """Return an exact number with the reader's decimal mark."""
    return exact_number(Decimal(text))


def target_text(row: Mapping[str, Any]) -> str:
    """Return '31/12/2026: 95', or with the word that it is on the way there."""
    value = row["value"] if row["value"] is not None else row["level"]
    text = day_text(row["due_on"])
    if value is not None:
        text = f"{text}: {number_said(str(value))}"
    return text if row["is_final"] else _("%(target)s (on the way)") % {"target": text}


def said_by_key(rows: Iterable[Said]) -> dict[str, Said]:
    """Return the rows by their key."""
    return {row.key: row for row in rows}


def keys_in_order(old: Sequence[Said], new: Sequence[Said]) -> list[str]:
    """Return every key once: those of the new text, then what only the old one has."""
    return list(dict.fromkeys([row.key for row in (*new, *old)]))

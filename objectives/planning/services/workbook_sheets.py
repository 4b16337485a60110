"""What the cells of a workbook say, as the sheets that the services take."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import Accumulation
from objectives.indicators.services import IndicatorSheet
from objectives.planning.models import OperationalObjective, Risk
from objectives.planning.services.activities import ActivitySheet
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.risks import RiskSheet
from objectives.planning.workbook.book import Value
from objectives.planning.workbook.cells import codes_in
from objectives.strategy.models import Activity
from personnel.models import ManagementFunction, OrganisationUnit

_LANGUAGES: Final = ("nl", "fr")
Values = Mapping[str, Value]


def text_of(values: Values, name: str, before: LocalisedText | None = None) -> LocalisedText:
    """Return a text with the languages that changed; the other one becomes outdated."""
    typed = {
        language: str(values[key] or "")
        for language in _LANGUAGES
        if (key := f"{name}_{language}") in values
    }
    return (before or LocalisedText()).edited(typed) if typed else before or LocalisedText()


def whole(value: Value) -> int:
    """Return a number of a cell as a whole one, 0 for an empty cell."""
    return int(value) if isinstance(value, Decimal) else 0


def number_of(value: Value) -> Decimal | None:
    """Return the number of a cell, None for an empty one."""
    return value if isinstance(value, Decimal) else None


def day_of(value: Value) -> date | None:
    """Return the date of a cell, None for an empty one."""
    return value if isinstance(value, date) else None


def required_day(value: Value) -> date:
    """Return the date of a cell that is not empty."""
    assert isinstance(value, date)  # noqa: S101 (the comparison refuses an empty required cell)
    return value


def codes_of(value: Value) -> list[str]:
    """Return the codes of a cell."""
    return codes_in(str(value or ""))


def objective_sheet(values: Values, before: OperationalObjective | None) -> ObjectiveSheet:
    """Return an objective with what the workbook says of it; the rest stays as it is."""

    def code(name: str) -> str:
        return str(values[name] or "")

    sheet = ObjectiveSheet(
        title=text_of(values, "title", before.title if before else None),
        description=text_of(values, "description", before.description if before else None),
        means=text_of(values, "means", before.means if before else None),
        starts_on=before.starts_on if before else required_day(values["starts_on"]),
        ends_on=before.ends_on if before else required_day(values["ends_on"]),
        holder=before.holder if before else None,
        sub_unit=before.sub_unit if before else None,
        origin=before.origin if before else "",
        origin_reference=before.origin_reference if before else "",
    )
    changes: dict[str, Any] = {
        name: required_day(values[name]) for name in ("starts_on", "ends_on") if name in values
    }
    changes |= {name: code(name) for name in ("origin", "origin_reference") if name in values}
    if "holder" in values:
        changes["holder"] = (
            ManagementFunction.objects.select_related("unit").filter(code=code("holder")).first()
        )
    if "sub_unit" in values:
        changes["sub_unit"] = OrganisationUnit.objects.filter(code=code("sub_unit")).first()
    return replace(sheet, **changes)


def activity_sheet(values: Values, before: Activity | None) -> ActivitySheet:
    """Return an activity with what the workbook says of it."""
    return ActivitySheet(
        kind=str(values["kind"]) if "kind" in values else before.kind if before else "",
        title=text_of(values, "title", before.title if before else None),
        description=text_of(values, "description", before.description if before else None),
        starts_on=_day_or(values, "starts_on", before.starts_on if before else None),
        ends_on=_day_or(values, "ends_on", before.ends_on if before else None),
    )


def _day_or(values: Values, key: str, before: date | None) -> date | None:
    return day_of(values[key]) if key in values else before


def risk_sheet(values: Values, before: Risk | None) -> RiskSheet:
    """Return a risk with what the workbook says of it."""
    return RiskSheet(
        title=text_of(values, "title", before.title if before else None),
        likelihood=whole(values["likelihood"])
        if "likelihood" in values
        else (before.likelihood if before else 0),
        impact=whole(values["impact"]) if "impact" in values else (before.impact if before else 0),
        response=str(values["response"])
        if "response" in values
        else (before.response if before else ""),
        measure=text_of(values, "measure", before.measure if before else None),
    )


def _levels(values: Values, before: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the ordinal levels with the names that the workbook gives, lowest first.

    A level has the place of its name; a French name that is missing stays empty.
    """
    known = [LocalisedText.from_json(level) for level in before]
    names: dict[str, list[str]] = {}
    for language in _LANGUAGES:
        key = f"levels_{language}"
        if key in values:
            typed = str(values[key] or "").rstrip("; ")
            names[language] = [name.strip() for name in typed.split(";")] if typed else []
        else:
            names[language] = [level.get(language, "") for level in known]
    dutch, french = names["nl"], names["fr"]
    if len(french) > len(dutch) and any(french[len(dutch) :]):
        raise DomainError(
            "levels_differ",
            _("There are more levels in French, %(french)s, than in Dutch, %(dutch)s.")
            % {"french": len(french), "dutch": len(dutch)},
            "levels_fr" if "levels_fr" in values else "levels_nl",
        )
    french += [""] * (len(dutch) - len(french))
    levels = []
    for place, name in enumerate(dutch):
        level = known[place] if place < len(known) else LocalisedText()
        levels.append(level.edited({"nl": name, "fr": french[place]}).as_json())
    return levels


def indicator_sheet(values: Values, before: IndicatorSheet | None) -> IndicatorSheet:
    """Return a definition with what the workbook says of it; the rest stays as it is."""
    sheet = before or IndicatorSheet(
        title=LocalisedText(), unit_of_measure=LocalisedText(), target_kind=""
    )
    changes: dict[str, Any] = {
        name: text_of(values, name, getattr(sheet, name))
        for name in ("title", "unit_of_measure", "source")
    }
    for name in ("target_kind", "frequency"):
        if name in values:
            changes[name] = str(values[name])
    if "accumulation" in values:
        changes["accumulation"] = str(values["accumulation"] or Accumulation.LEVEL)
        changes["period_aggregation"] = ""  # follows from the kind of figure
    if "decimals" in values:
        changes["decimals"] = whole(values["decimals"])
    if "baseline" in values:
        changes["baseline"] = number_of(values["baseline"])
    if "baseline_date" in values:
        changes["baseline_date"] = day_of(values["baseline_date"])
    changes |= {
        name: number_of(values[name])
        for name in (
            *("range_low", "range_high", "tolerance"),
            *("threshold_on_track", "threshold_at_risk"),
        )
        if name in values
    }
    if "levels_nl" in values or "levels_fr" in values:
        changes["levels"] = _levels(values, sheet.levels)
    changed = replace(sheet, **changes)
    return replace(changed, baseline_date=None) if changed.baseline is None else changed

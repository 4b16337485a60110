"""Writing what a workbook changes, row by row, through the services that the forms use.

A refusal becomes a problem at its cell, and the next row is looked at: the caller takes everything
back when there is one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from ibzplan.core.localised import LocalisedText
from objectives.indicators.choices import Accumulation, TargetKind
from objectives.indicators.models import Indicator
from objectives.indicators.services import IndicatorSheet, sheet_of
from objectives.planning.models import OperationalObjective, OperationalPlan, Risk
from objectives.planning.selectors.workbooks import DEFINITION_KEYS, IDENTITY_SEPARATOR
from objectives.planning.services.activities import (
    ActivitySheet,
    MilestoneSheet,
    activity_add,
    activity_update,
    milestone_add,
    milestone_update,
)
from objectives.planning.services.indicators import (
    indicator_add,
    indicator_redefine,
    indicator_weigh,
    value_and_level,
)
from objectives.planning.services.links import current_link
from objectives.planning.services.objective_sheets import ObjectiveSheet
from objectives.planning.services.objectives import objective_create, objective_update
from objectives.planning.services.risks import RiskSheet, risk_add, risk_update
from objectives.planning.services.targets import indicator_retarget, planned_targets
from objectives.planning.workbook import Comparison, Problem, RowChange
from objectives.planning.workbook.book import Value
from objectives.planning.workbook.cells import codes_in
from objectives.planning.workbook.columns import (
    ACTIVITIES,
    INDICATORS,
    MILESTONES,
    OBJECTIVES,
    RISKS,
    TARGETS,
)
from objectives.security.models import SecurityObjective
from objectives.strategy.models import Activity, Goal, Milestone, Werf
from personnel.models import ManagementFunction, OrganisationUnit, User

_LANGUAGES: Final = ("nl", "fr")
Values = Mapping[str, Value]


def comparison_write(
    *, actor: User, plan: OperationalPlan, comparison: Comparison
) -> list[Problem]:
    """Write every change; return what the services refused, each at its cell.

    Call it in a transaction, under the record clock, and take all of it back when anything was
    refused: the rows that went well are written by then.
    """
    return _Writer(actor, plan, comparison).write()


def _text(values: Values, name: str, before: LocalisedText | None = None) -> LocalisedText:
    """Return a text with the languages that changed; the other one becomes outdated."""
    typed = {
        language: str(values[key] or "")
        for language in _LANGUAGES
        if (key := f"{name}_{language}") in values
    }
    return (before or LocalisedText()).edited(typed) if typed else before or LocalisedText()


def _whole(value: Value) -> int:
    return int(value) if isinstance(value, Decimal) else 0


def _number(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def _required_day(value: Value) -> date:
    assert isinstance(value, date)  # noqa: S101 (the comparison refuses an empty required cell)
    return value


@dataclass(slots=True)
class _Planned:
    """One target on the way, with the row of the workbook that says so, if one does."""

    due_on: date
    value: Decimal | None
    is_final: bool
    change: RowChange | None = None


@dataclass(slots=True)
class _Writer:
    """Writes one comparison. `made` holds the new rows by the name they were given in the file."""

    actor: User
    plan: OperationalPlan
    comparison: Comparison
    problems: list[Problem] = field(default_factory=list)
    objectives: dict[str, OperationalObjective] = field(default_factory=dict)
    activities: dict[str, Activity] = field(default_factory=dict)

    def write(self) -> list[Problem]:
        """Write sheet after sheet: what others refer to comes first."""
        for change in self.comparison.of(OBJECTIVES):
            self._try(change, self._objective)
        for change in self.comparison.of(ACTIVITIES):
            self._try(change, self._activity)
        for change in self.comparison.of(MILESTONES):
            self._try(change, self._milestone)
        for change in self.comparison.of(RISKS):
            self._try(change, self._risk)
        self._indicators()
        return self.problems

    def _try(self, change: RowChange, write: Callable[[RowChange], None]) -> bool:
        try:
            with transaction.atomic():
                write(change)
        except DomainError as error:
            self._refused(change, error)
            return False
        return True

    def _refused(self, change: RowChange, error: DomainError) -> None:
        keys = change.sheet.letters
        wanted = error.field or ""
        names = (wanted, f"{wanted}_nl", *change.values)
        key = next((name for name in names if name in keys), "")
        self.problems.append(
            change.sheet.problem(error.code, error.message, row=change.row, key=key)
        )

    def _objective_named(self, code: Value) -> OperationalObjective:
        """Return the objective that a row belongs to: a new one of this file, or one there is."""
        name = str(code)
        if name not in self.objectives:
            found = (
                OperationalObjective.objects.filter(plan=self.plan, code=name)
                .select_related("plan", "unit")
                .first()
            )
            if found is None:
                raise DomainError(
                    "reference_refused",
                    _("The row of “%(code)s” itself has a problem: mend that one first.")
                    % {"code": name},
                    "objective",
                )
            self.objectives[name] = found
        return self.objectives[name]

    def _links(self, values: Values) -> dict[str, Any]:
        links: dict[str, Any] = {}
        if "security_objectives" in values:
            links["security_objectives"] = list(
                SecurityObjective.objects.filter(code__in=_codes(values["security_objectives"]))
            )
        if "goals" in values:
            links["goals"] = list(
                Goal.objects.filter(
                    objective__plan=self.plan.plan_id, code__in=_codes(values["goals"])
                )
            )
        if "co_owners" in values:
            links["co_owners"] = list(
                OrganisationUnit.objects.filter(code__in=_codes(values["co_owners"]))
            )
        return links

    def _objective(self, change: RowChange) -> None:
        values = change.values
        if change.current is None:
            self.objectives[str(values["code"])] = objective_create(
                actor=self.actor,
                plan=self.plan,
                werf=Werf.objects.get(objective__plan=self.plan.plan_id, code=values["werf"]),
                unit=OrganisationUnit.objects.get(code=values["unit"]),
                sheet=_objective_sheet(values, None),
                **self._links(values),
            )
            return
        objective = OperationalObjective.objects.select_related(
            "plan", "unit", "holder", "sub_unit"
        ).get(uuid=change.current.identity)
        objective_update(
            actor=self.actor,
            objective=objective,
            sheet=_objective_sheet(values, objective),
            expected_version=objective.version,
            **self._links(values),
        )

    def _activity(self, change: RowChange) -> None:
        values = change.values
        if change.current is None:
            self.activities[str(values["code"])] = activity_add(
                actor=self.actor,
                objective=self._objective_named(values["objective"]),
                sheet=_activity_sheet(values, None),
            )
            return
        activity = Activity.objects.get(uuid=change.current.identity)
        activity_update(
            actor=self.actor,
            activity=activity,
            sheet=_activity_sheet(values, activity),
            expected_version=activity.version,
        )

    def _activity_named(self, code: Value) -> Activity:
        name = str(code)
        if name in self.activities:
            return self.activities[name]
        sheet = self.comparison_rows(ACTIVITIES)
        if name not in sheet:
            raise DomainError(
                "reference_refused",
                _("The row of “%(code)s” itself has a problem: mend that one first.")
                % {"code": name},
                "activity",
            )
        return Activity.objects.get(uuid=sheet[name])

    def comparison_rows(self, sheet: str) -> dict[str, str]:
        """Return the identity of the existing rows of a sheet by what they are called."""
        return self.comparison.named.get(sheet, {})

    def _milestone(self, change: RowChange) -> None:
        values = change.values
        if change.current is None:
            sheet = MilestoneSheet(
                title=_text(values, "title"), due_on=_required_day(values["due_on"])
            )
            activity = self._activity_named(values["activity"])
            activity.refresh_from_db()
            milestone_add(actor=self.actor, activity=activity, sheet=sheet)
            return
        milestone = Milestone.objects.select_related("activity").get(uuid=change.current.identity)
        milestone_update(
            actor=self.actor,
            milestone=milestone,
            sheet=MilestoneSheet(
                title=_text(values, "title", milestone.title),
                due_on=_day(values.get("due_on")) or milestone.due_on,
                uuid=milestone.uuid,
            ),
        )

    def _risk(self, change: RowChange) -> None:
        values = change.values
        if change.current is None:
            risk_add(
                actor=self.actor,
                objective=self._objective_named(values["objective"]),
                sheet=_risk_sheet(values, None),
            )
            return
        risk = Risk.objects.select_related("objective__plan", "objective__unit").get(
            uuid=change.current.identity
        )
        risk_update(
            actor=self.actor,
            risk=risk,
            sheet=_risk_sheet(values, risk),
            expected_version=risk.version,
        )

    def _indicators(self) -> None:
        """Write indicators with their targets: each may be right only together with the other."""
        targets: dict[str, list[RowChange]] = {}
        for change in self.comparison.of(TARGETS):
            name = str((change.current.values if change.current else change.values)["indicator"])
            targets.setdefault(name, []).append(change)
        for change in self.comparison.of(INDICATORS):
            if change.current is None:
                own = targets.pop(str(change.values["code"]), [])
                self._new_indicator(change, own)
            elif not change.values.keys() & set(DEFINITION_KEYS):
                self._try(change, self._weigh)
            else:
                own = targets.pop(str(change.current.values["code"]), [])
                self._defined_with_targets(change, own)
        for own in targets.values():
            self._try_targets(own)

    def _defined_with_targets(self, change: RowChange, own: list[RowChange]) -> None:
        """Define, then set the targets; the other way round when that does not go."""
        before = len(self.problems)
        try:
            with transaction.atomic():
                if self._try(change, self._define_and_weigh) and self._try_targets(own):
                    return
                raise _Undo
        except _Undo:
            refused = self.problems[before:]
        if own:
            del self.problems[before:]
            try:
                with transaction.atomic():
                    if self._try_targets(own) and self._try(change, self._define_and_weigh):
                        return
                    raise _Undo
            except _Undo:
                self.problems[before:] = refused

    def _define_and_weigh(self, change: RowChange) -> None:
        indicator = self._indicator_of(change)
        indicator_redefine(
            actor=self.actor,
            indicator=indicator,
            sheet=_indicator_sheet(change.values, sheet_of(indicator)),
            reason=change.said,
            expected_version=indicator.version,
        )
        self._weigh(change)

    def _indicator_of(self, change: RowChange) -> Indicator:
        assert change.current is not None  # noqa: S101 (only rows that exist come here)
        uuid = change.current.identity.split(IDENTITY_SEPARATOR)[0]
        found: Indicator = Indicator.objects.select_related("owner").get(uuid=uuid)
        return found

    def _weigh(self, change: RowChange) -> None:
        values = change.values
        if not values.keys() & {"weight", "is_key"} or change.current is None:
            return
        uuid = UUID(change.current.identity.split(IDENTITY_SEPARATOR)[1])
        objective = OperationalObjective.objects.select_related("plan", "unit").get(uuid=uuid)
        indicator = self._indicator_of(change)
        link = current_link(objective, indicator)
        indicator_weigh(
            actor=self.actor,
            objective=objective,
            indicator=indicator,
            weight=_whole(values["weight"]) if "weight" in values else link.weight,
            is_key=values["is_key"] == "yes" if "is_key" in values else link.is_key,
        )

    def _new_indicator(self, change: RowChange, own: list[RowChange]) -> None:
        values = change.values
        path = [
            _Planned(
                _required_day(row.values["due_on"]),
                _number(row.values.get("value")),
                row.values["place"] == "final",
                row,
            )
            for row in own
        ]
        finals = [target for target in path if target.is_final]
        interim = [target for target in path if not target.is_final]

        def write(_change: RowChange) -> None:
            if len(finals) > 1:
                raise _second_final()
            final = finals[0] if finals else None
            sheet = _indicator_sheet(values, None)
            is_level = sheet.target_kind == TargetKind.ORDINAL
            indicator_add(
                actor=self.actor,
                objective=self._objective_named(values["objective"]),
                sheet=sheet,
                target=None if final is None or is_level else final.value,
                target_level=_whole(final.value) if final and is_level else None,
                target_due_on=final.due_on if final else None,
                interim=[(row.due_on, _valued(row)) for row in interim],
                weight=_whole(values.get("weight")) or 1,
                is_key=values.get("is_key") == "yes",
            )

        self._try_at(change, finals[0] if finals else None, interim, write)

    def _try_at(
        self,
        change: RowChange,
        final: _Planned | None,
        interim: Sequence[_Planned],
        write: Callable[[RowChange], None],
    ) -> bool:
        """Write; a refusal of a target goes to the row of that target."""
        try:
            with transaction.atomic():
                write(change)
        except DomainError as error:
            place, key = _target_cell(error.field or "", final, interim)
            if place is None or place.change is None:
                self._refused(change, DomainError(error.code, error.message, key or error.field))
            else:
                self._refused(place.change, DomainError(error.code, error.message, key))
            return False
        return True

    def _try_targets(self, own: list[RowChange]) -> bool:
        """Give an indicator that exists its other targets, from all rows that speak of it."""
        if not own:
            return True
        change = own[0]
        try:
            objective, indicator = self._target_of(change)
        except DomainError as error:
            self._refused(change, error)
            return False
        path = _path(indicator, self.plan.year, own)
        finals = [row for row in path if row.is_final]
        interim = [row for row in path if not row.is_final]

        def write(_change: RowChange) -> None:
            if len(finals) != 1:
                raise _second_final() if finals else _no_final()
            value, level = (
                (None, None)
                if finals[0].value is None
                else value_and_level(indicator, finals[0].value)
            )
            indicator_retarget(
                actor=self.actor,
                objective=objective,
                indicator=indicator,
                due_on=finals[0].due_on,
                target=value,
                target_level=level,
                interim=[(row.due_on, _valued(row)) for row in interim],
                reason=" ".join(dict.fromkeys(row.said for row in own if row.said)),
            )

        return self._try_at(change, finals[0] if finals else None, interim, write)

    def _target_of(self, change: RowChange) -> tuple[OperationalObjective, Indicator]:
        values = change.current.values if change.current else change.values
        objective = self._objective_named(values["objective"])
        indicator = (
            Indicator.objects.select_related("owner")
            .filter(code=str(values["indicator"]), objective_links__objective=objective)
            .first()
        )
        if indicator is None:
            raise DomainError(
                "reference_refused",
                _("%(objective)s has no indicator “%(code)s”.")
                % {"objective": objective.code, "code": values["indicator"]},
                "indicator",
            )
        return objective, indicator


class _Undo(Exception):
    """Takes back what was tried in one order, to try the other."""


def _codes(value: Value) -> list[str]:
    return codes_in(str(value or ""))


def _second_final() -> DomainError:
    return DomainError(
        "second_final",
        _("There is a final target already: change that row, or make this one an interim target."),
        "place",
    )


def _no_final() -> DomainError:
    return DomainError(
        "final_required", _("Give the final target first: the way there needs an end."), "place"
    )


def _valued(row: _Planned) -> Decimal:
    if row.value is None:
        raise DomainError("target_required", _("Give the target value."), "value")
    return row.value


def _target_cell(
    field_name: str, final: _Planned | None, interim: Sequence[_Planned]
) -> tuple[_Planned | None, str]:
    """Return the target and the column that a refusal of the services speaks of."""
    if field_name in ("target", "value"):
        return final, "value"
    if field_name in ("target_due_on", "due_on"):
        return final, "due_on"
    if field_name.startswith("interim_"):
        _word, number, part = field_name.split("_", 2)
        return interim[int(number) - 1], "due_on" if part == "due_on" else "value"
    if field_name == "place":
        return final, "place"
    return None, field_name


def _path(indicator: Indicator, year: int, own: Iterable[RowChange]) -> list[_Planned]:
    """Return the targets of a plan year after the changes, by date."""
    before = planned_targets(indicator, year)
    path = {
        row.due_on: _Planned(
            row.due_on,
            row.value if row.level is None else Decimal(row.level),
            row.is_final,
        )
        for row in before.by_date.values()
    }
    added = []
    for change in own:
        values = change.values
        if change.current is None:
            added.append(
                _Planned(
                    _required_day(values["due_on"]),
                    _number(values.get("value")),
                    values["place"] == "final",
                    change,
                )
            )
            continue
        day = date.fromisoformat(change.current.identity.split(IDENTITY_SEPARATOR)[1])
        target = path[day]
        target.change = change
        target.due_on = _day(values.get("due_on")) or target.due_on
        target.value = _number(values["value"]) if "value" in values else target.value
    return sorted([*path.values(), *added], key=lambda row: row.due_on)


def _objective_sheet(values: Values, before: OperationalObjective | None) -> ObjectiveSheet:
    def code(name: str) -> str:
        return str(values[name] or "")

    sheet = ObjectiveSheet(
        title=_text(values, "title", before.title if before else None),
        description=_text(values, "description", before.description if before else None),
        starts_on=before.starts_on if before else _required_day(values["starts_on"]),
        ends_on=before.ends_on if before else _required_day(values["ends_on"]),
        holder=before.holder if before else None,
        sub_unit=before.sub_unit if before else None,
        origin=before.origin if before else "",
        origin_reference=before.origin_reference if before else "",
    )
    changes: dict[str, Any] = {
        name: _required_day(values[name]) for name in ("starts_on", "ends_on") if name in values
    }
    changes |= {name: code(name) for name in ("origin", "origin_reference") if name in values}
    if "holder" in values:
        changes["holder"] = (
            ManagementFunction.objects.select_related("unit").filter(code=code("holder")).first()
        )
    if "sub_unit" in values:
        changes["sub_unit"] = OrganisationUnit.objects.filter(code=code("sub_unit")).first()
    return replace(sheet, **changes)


def _activity_sheet(values: Values, before: Activity | None) -> ActivitySheet:
    return ActivitySheet(
        kind=str(values["kind"]) if "kind" in values else before.kind if before else "",
        title=_text(values, "title", before.title if before else None),
        description=_text(values, "description", before.description if before else None),
        starts_on=_day_or(values, "starts_on", before.starts_on if before else None),
        ends_on=_day_or(values, "ends_on", before.ends_on if before else None),
    )


def _day_or(values: Values, key: str, before: date | None) -> date | None:
    return _day(values[key]) if key in values else before


def _risk_sheet(values: Values, before: Risk | None) -> RiskSheet:
    return RiskSheet(
        title=_text(values, "title", before.title if before else None),
        likelihood=_whole(values["likelihood"])
        if "likelihood" in values
        else (before.likelihood if before else 0),
        impact=_whole(values["impact"]) if "impact" in values else (before.impact if before else 0),
        response=str(values["response"])
        if "response" in values
        else (before.response if before else ""),
        measure=_text(values, "measure", before.measure if before else None),
    )


def _indicator_sheet(values: Values, before: IndicatorSheet | None) -> IndicatorSheet:
    """Return a definition with what the workbook says of it; the rest stays as it is."""
    sheet = before or IndicatorSheet(
        title=LocalisedText(), unit_of_measure=LocalisedText(), target_kind=""
    )
    changes: dict[str, Any] = {
        name: _text(values, name, getattr(sheet, name))
        for name in ("title", "unit_of_measure", "source")
    }
    for name in ("target_kind", "frequency"):
        if name in values:
            changes[name] = str(values[name])
    if "accumulation" in values:
        changes["accumulation"] = str(values["accumulation"] or Accumulation.LEVEL)
        changes["period_aggregation"] = ""  # follows from the kind of figure
    if "decimals" in values:
        changes["decimals"] = _whole(values["decimals"])
    if "baseline" in values:
        changes["baseline"] = _number(values["baseline"])
    if "baseline_date" in values:
        changes["baseline_date"] = _day(values["baseline_date"])
    changed = replace(sheet, **changes)
    return replace(changed, baseline_date=None) if changed.baseline is None else changed

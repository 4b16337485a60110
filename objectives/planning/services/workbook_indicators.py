"""Writing the indicators of a workbook with their targets, which may fit only together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError
from objectives.indicators.choices import TargetKind
from objectives.indicators.models import Indicator
from objectives.indicators.services import sheet_of
from objectives.planning.models import OperationalObjective
from objectives.planning.selectors.workbook_source import DEFINITION_KEYS, IDENTITY_SEPARATOR
from objectives.planning.services.indicators import (
    indicator_add,
    indicator_redefine,
    indicator_weigh,
    value_and_level,
)
from objectives.planning.services.links import current_link
from objectives.planning.services.targets import indicator_retarget, planned_targets
from objectives.planning.services.workbook_rows import RowWriter
from objectives.planning.services.workbook_sheets import (
    day_of,
    indicator_sheet,
    number_of,
    required_day,
    whole,
)
from objectives.planning.workbook import RowChange
from objectives.planning.workbook.columns import INDICATORS, TARGETS


@dataclass(slots=True)
class _Planned:
    """One target on the way, with the row of the workbook that says so, if one does."""

    due_on: date
    value: Decimal | None
    is_final: bool
    change: RowChange | None = None


@dataclass(slots=True)
class IndicatorWriter:
    """Writes what a comparison says of indicators and targets, beside the other rows."""

    rows: RowWriter

    def write(self) -> None:
        """Write indicators with their targets: each may be right only together with the other."""
        targets: dict[str, list[RowChange]] = {}
        for change in self.rows.comparison.of(TARGETS):
            name = str((change.current.values if change.current else change.values)["indicator"])
            targets.setdefault(name, []).append(change)
        for change in self.rows.comparison.of(INDICATORS):
            if change.current is None:
                own = targets.pop(str(change.values["code"]), [])
                self._new_indicator(change, own)
            elif not change.values.keys() & set(DEFINITION_KEYS):
                self.rows.attempt(change, self._weigh)
            else:
                own = targets.pop(str(change.current.values["code"]), [])
                self._defined_with_targets(change, own)
        for own in targets.values():
            self._try_targets(own)

    def _defined_with_targets(self, change: RowChange, own: list[RowChange]) -> None:
        """Define, then set the targets; the other way round when that does not go."""
        before = len(self.rows.problems)
        try:
            with transaction.atomic():
                if self.rows.attempt(change, self._define_and_weigh) and self._try_targets(own):
                    return
                raise _Undo
        except _Undo:
            refused = self.rows.problems[before:]
        if own:
            del self.rows.problems[before:]
            try:
                with transaction.atomic():
                    if self._try_targets(own) and self.rows.attempt(change, self._define_and_weigh):
                        return
                    raise _Undo
            except _Undo:
                self.rows.problems[before:] = refused

    def _define_and_weigh(self, change: RowChange) -> None:
        indicator = self._indicator_of(change)
        indicator_redefine(
            actor=self.rows.actor,
            indicator=indicator,
            sheet=indicator_sheet(change.values, sheet_of(indicator)),
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
            actor=self.rows.actor,
            objective=objective,
            indicator=indicator,
            weight=whole(values["weight"]) if "weight" in values else link.weight,
            is_key=values["is_key"] == "yes" if "is_key" in values else link.is_key,
        )

    def _new_indicator(self, change: RowChange, own: list[RowChange]) -> None:
        values = change.values
        path = [
            _Planned(
                required_day(row.values["due_on"]),
                number_of(row.values.get("value")),
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
            sheet = indicator_sheet(values, None)
            is_level = sheet.target_kind == TargetKind.ORDINAL
            indicator_add(
                actor=self.rows.actor,
                objective=self.rows.objective_named(values["objective"]),
                sheet=sheet,
                target=None if final is None or is_level else final.value,
                target_level=whole(final.value) if final and is_level else None,
                target_due_on=final.due_on if final else None,
                interim=[(row.due_on, _valued(row)) for row in interim],
                weight=whole(values.get("weight")) or 1,
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
                self.rows.refused(
                    change, DomainError(error.code, error.message, key or error.field)
                )
            else:
                self.rows.refused(place.change, DomainError(error.code, error.message, key))
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
            self.rows.refused(change, error)
            return False
        path = _path(indicator, self.rows.plan.year, own)
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
                actor=self.rows.actor,
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
        objective = self.rows.objective_named(values["objective"])
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
                    required_day(values["due_on"]),
                    number_of(values.get("value")),
                    values["place"] == "final",
                    change,
                )
            )
            continue
        day = date.fromisoformat(change.current.identity.split(IDENTITY_SEPARATOR)[1])
        target = path[day]
        target.change = change
        target.due_on = day_of(values.get("due_on")) or target.due_on
        target.value = number_of(values["value"]) if "value" in values else target.value
    return sorted([*path.values(), *added], key=lambda row: row.due_on)

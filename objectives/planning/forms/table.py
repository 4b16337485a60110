"""The table in which the objectives of a unit are edited: a small form a row."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ibzplan.core.errors import DomainError, EditConflict
from ibzplan.core.forms import add_domain_error
from objectives.planning.forms.common import DateField, DateInput
from objectives.planning.forms.table_cells import (
    CELLS,
    Cell,
    CellsForm,
    Offers,
    cell_of,
    choices_of,
)
from objectives.planning.models import OperationalObjective, OperationalPlan
from objectives.planning.services.table import NewRow, RowChange, sheet_as_stored
from personnel.models import OrganisationUnit

# What makes an objective of a new row.
_TELLING: Final = ("werf", "title_nl", "title_fr", "holder", "sub_unit")
NEW_ROWS: Final = 3
MORE_ROWS: Final = 10
MOST_NEW_ROWS: Final = 60
_LATEST_VERSION: Final = 2**31 - 1


class RowForm(CellsForm):
    """An objective that can be edited. `seen` is what the row showed, its version included."""

    ticked = forms.BooleanField(label=_("Choose"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None, *, objective: OperationalObjective, offers: Offers
    ) -> None:
        """Find what the user changed; cells left alone show what is stored now."""
        self.objective = objective
        self.stored = stored_cells(objective)
        self.typed: dict[str, str] = {}
        self.conflict: list[dict[str, str]] = []
        self.seen_version = objective.version
        prefix = f"r-{objective.uuid}"
        self.is_ticked = data is not None and f"{prefix}-ticked" in data
        if data is not None and f"{prefix}-seen" in data:
            self._read(data, prefix)
        super().__init__(
            data if self.typed else None,
            prefix=prefix,
            offers=offers,
            initial={**self.stored, "seen": self._now()},
        )
        if objective.holder:
            self.holders.setdefault(objective.holder.code, objective.holder)
        if objective.sub_unit:
            self.sub_units.setdefault(objective.sub_unit.code, objective.sub_unit)
        self.offer()

    def _read(self, data: QueryDict, prefix: str) -> None:
        """Tell what was typed from what was left alone, whatever others saved meanwhile."""
        seen = _seen(data.get(f"{prefix}-seen", ""), self.stored, self.objective.version)
        self.seen_version = seen.pop("version")
        for name in CELLS:
            key = f"{prefix}-{name}"
            text = data.get(key, seen[name])
            if _same(text, seen[name]):
                data[key] = self.stored[name]
            else:
                self.typed[name] = text

    def _now(self) -> str:
        return json.dumps({"version": self.objective.version, **self.stored})

    @property
    def is_changed(self) -> bool:
        """Tell whether the user changed a cell."""
        return bool(self.typed)

    def change(self) -> RowChange:
        """Return the row for the service."""
        return RowChange(
            self.objective, self.filled(sheet_as_stored(self.objective)), self.seen_version
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its cell; of a conflict both texts, and saving again is a choice."""
        add_domain_error(self, error)
        if not isinstance(error, EditConflict):
            return
        self.conflict = [
            {
                "label": str(self.fields[name].label),
                "theirs": self._said(name, self.stored[name]),
                "mine": self._said(name, text),
            }
            for name, text in self.typed.items()
        ]
        data: Any = self.data
        data[self.add_prefix("seen")] = self._now()

    def typed_cells(self) -> list[dict[str, str]]:
        """Return label and text of every cell that was typed, for a row that was closed since."""
        return [
            {"label": str(self.fields[name].label), "mine": self._said(name, text)}
            for name, text in self.typed.items()
        ]

    def _said(self, name: str, text: str) -> str:
        known: dict[str, Mapping[str, Any]] = {"holder": self.holders, "sub_unit": self.sub_units}
        if name in ("starts_on", "ends_on"):
            try:
                return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT")
            except ValueError:
                return text
        return str(known.get(name, {}).get(text, text))


class NewRowForm(CellsForm):
    """An empty row: filled in, it becomes an objective."""

    werf = forms.ChoiceField(label=_("Werf"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, number: int, plan: OperationalPlan, offers: Offers
    ) -> None:
        """Offer the werven; the dates are those of the plan year."""
        prefix = f"n-{number}"
        self.days = {"starts_on": f"{plan.year}-01-01", "ends_on": f"{plan.year}-12-31"}
        is_filled = data is not None and any(
            str(data.get(f"{prefix}-{name}", "")).strip() for name in _TELLING
        )
        super().__init__(
            data if is_filled else None,
            prefix=prefix,
            offers=offers,
            initial={**self.days, "key": uuid4()},
        )
        self.werven = offers.werven
        fields: dict[str, Any] = self.fields
        fields["werf"].choices = choices_of(offers.werven)
        self.offer()

    @property
    def is_filled(self) -> bool:
        """Tell whether anything was typed; dates alone make no objective."""
        return self.is_bound

    def werf_cell(self) -> Cell:
        """Return the cell in the place where other rows have their code."""
        return cell_of(self["werf"])

    def row(self, unit: OrganisationUnit) -> NewRow:
        """Return the row for the service."""
        data = self.cleaned_data
        return NewRow(data["key"], unit, self.werven[data["werf"]], self.filled())


class SetForm(forms.Form):
    """One field for all the ticked rows."""

    field = forms.ChoiceField(label=_("What to fill in"), required=False)
    holder = forms.ChoiceField(label=_("Responsible holder"), required=False)
    sub_unit = forms.ChoiceField(label=_("Sub-unit"), required=False)
    ends_on = DateField(label=_("Until"), required=False, widget=DateInput())

    FIELDS: Final[tuple[tuple[str, Promise], ...]] = (
        ("holder", _("Responsible holder")),
        ("sub_unit", _("Sub-unit")),
        ("ends_on", _("Until")),
    )

    def __init__(self, data: QueryDict | None, *, offers: Offers) -> None:
        """Offer the same choices as the rows."""
        is_asked = data is not None and data.get("action") == "set"
        super().__init__(data if is_asked else None, prefix="set")
        fields: dict[str, Any] = self.fields
        fields["field"].choices = [("", "–"), *self.FIELDS]
        fields["holder"].choices = choices_of(offers.holders)
        fields["sub_unit"].choices = choices_of(offers.sub_units)

    def cells(self) -> list[Cell]:
        """Return the fields, ready to be shown."""
        return [cell_of(self[name]) for name in self.fields]


@dataclass(slots=True)
class ObjectiveTable:
    """All rows of the page, bound to what was posted or to what is stored."""

    plan: OperationalPlan
    unit: OrganisationUnit
    offers: Offers
    open: list[RowForm]
    closed: list[RowForm]
    new: list[NewRowForm]
    set_form: SetForm
    errors: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        plan: OperationalPlan,
        unit: OrganisationUnit,
        objectives: Sequence[OperationalObjective],
        posted: QueryDict | None = None,
    ) -> "ObjectiveTable":
        """Read the rows. A posted table may ask to fill ticked rows, or for more empty ones."""
        offers = Offers.of(plan, unit)
        data = posted.copy() if posted is not None else None
        set_form = SetForm(data, offers=offers)
        errors: list[str] = []
        count = NEW_ROWS
        if data is not None:
            count = _new_rows(data)
            if data.get("action") == "set":
                errors = _set_ticked(data, objectives, set_form)
        rows = [RowForm(data, objective=one, offers=offers) for one in objectives]
        return cls(
            plan,
            unit,
            offers,
            [row for row in rows if row.objective.is_open],
            [row for row in rows if not row.objective.is_open],
            [NewRowForm(data, number=number, plan=plan, offers=offers) for number in range(count)],
            set_form,
            errors,
        )

    def is_valid(self) -> bool:
        """Check every row that was changed or filled in; tell whether all can be saved."""
        wrong = [row for row in self.closed if row.is_changed]
        touched: list[CellsForm] = [*self._changed(), *self._filled()]
        checked = [row.is_valid() for row in touched]
        return all(checked) and not wrong and not self.errors

    @property
    def has_errors(self) -> bool:
        """Tell whether a posted row, or what was asked for all of them, was refused."""
        rows: list[CellsForm] = [*self._changed(), *self._filled()]
        lost = any(row.is_changed for row in self.closed)
        return lost or bool(self.errors) or any(row.errors for row in rows)

    def set_cells(self) -> list[Cell]:
        """Return the fields with which ticked rows are set."""
        return self.set_form.cells()

    def _changed(self) -> list[RowForm]:
        return [row for row in self.open if row.is_changed]

    def _filled(self) -> list[NewRowForm]:
        return [row for row in self.new if row.is_filled]

    def changes(self) -> list[RowChange]:
        """Return the rows to change."""
        return [row.change() for row in self._changed()]

    def additions(self) -> list[NewRow]:
        """Return the rows to make."""
        return [row.row(self.unit) for row in self._filled()]

    def refuse(self, errors: Mapping[UUID, DomainError]) -> None:
        """Show each refusal at its row."""
        for row in self.open:
            if row.objective.uuid in errors:
                row.refuse(errors[row.objective.uuid])
        for one in self._filled():
            error = errors.get(one.cleaned_data["key"])
            if error is not None:
                add_domain_error(one, error)


def stored_cells(objective: OperationalObjective) -> dict[str, str]:
    """Return the cells of a row as texts."""
    return {
        "title_nl": objective.title.get("nl", ""),
        "title_fr": objective.title.get("fr", ""),
        "holder": objective.holder.code if objective.holder else "",
        "sub_unit": objective.sub_unit.code if objective.sub_unit else "",
        "starts_on": objective.starts_on.isoformat(),
        "ends_on": objective.ends_on.isoformat(),
    }


def _same(typed: str, seen: str) -> bool:
    """Compare as a one-line field sends it back."""
    return " ".join(typed.split()) == " ".join(seen.split())


def _seen(text: str, stored: Mapping[str, str], version: int) -> dict[str, Any]:
    """Return what the row showed; what cannot be read counts as what is stored."""
    try:
        told = json.loads(text)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    seen: dict[str, Any] = {name: str(told.get(name, stored[name])) for name in CELLS}
    number = told.get("version", version)
    seen["version"] = number if isinstance(number, int) and 0 <= number <= _LATEST_VERSION else 0
    return seen


def _new_rows(data: QueryDict) -> int:
    text = data.get("new_rows", "")
    count = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else NEW_ROWS
    if data.get("action") == "more":
        count += MORE_ROWS
    return min(max(count, NEW_ROWS), MOST_NEW_ROWS)


def _set_ticked(
    data: QueryDict, objectives: Sequence[OperationalObjective], form: SetForm
) -> list[str]:
    """Write one value in the cells of all ticked rows; return what stands in the way."""
    name = data.get("set-field", "")
    if name not in dict(SetForm.FIELDS):
        return [gettext("Choose which field to set for the ticked rows.")]
    ticked = [one for one in objectives if f"r-{one.uuid}-ticked" in data and one.is_open]
    if not ticked:
        return [gettext("Tick the rows first for which to set it.")]
    if not form.is_valid():
        return [str(problem) for problems in form.errors.values() for problem in problems]
    for one in ticked:
        data[f"r-{one.uuid}-{name}"] = data.get(f"set-{name}", "")
    return []

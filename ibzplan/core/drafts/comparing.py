"""A stored form beside what was typed in it, field by field, as texts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was typed otherwise than it is stored."""

    name: str
    label: str
    theirs: str
    mine: str


def as_post(data: Mapping[str, Sequence[str]]) -> QueryDict:
    """Return kept content as the form would have posted it."""
    posted = QueryDict(mutable=True)
    for name, values in data.items():
        posted.setlist(name, list(values))
    return posted


def typed_values(form: forms.BaseForm, data: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what was typed, as each field's widget reads it; fields that were not there are not.

    What is hidden (keys, versions) is among it.
    """
    posted: Any = as_post(data)
    return {
        name: field.widget.value_from_datadict(posted, {}, form.add_prefix(name))
        for name, field in form.fields.items()
        if not field.widget.value_omitted_from_data(posted, {}, form.add_prefix(name))
    }


def differences(form: forms.BaseForm, data: Mapping[str, Sequence[str]]) -> list[Difference]:
    """Return the fields in which the typed content differs from the form's initial values.

    One query for each choice that differs.
    """
    found = []
    for name, typed in typed_values(form, data).items():
        field = form.fields[name]
        stored = field.prepare_value(form.get_initial_for_field(field, name))
        if field.widget.is_hidden or _plain(field, stored) == _plain(field, typed):
            continue
        label = field.label or name
        found.append(Difference(name, str(label), _shown(field, stored), _shown(field, typed)))
    return found


def _plain(field: forms.Field, value: Any) -> Any:
    """Return a value in the form in which stored and typed ones compare."""
    if isinstance(field, forms.BooleanField):
        return bool(value)
    if isinstance(value, (list, tuple)):
        return sorted(str(one) for one in value)
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _shown(field: forms.Field, value: Any) -> str:
    """Return a value as the user reads it; what cannot be read is shown as it was typed."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if value else _("No")
    if isinstance(value, (list, tuple)):
        return ", ".join(_choice(field, one) for one in value)
    if value in (None, ""):
        return ""
    if isinstance(field, forms.DateField):
        return _day(field, value)
    return _choice(field, value)


def _day(field: forms.DateField, value: Any) -> str:
    try:
        day = value if isinstance(value, date) else field.to_python(value)
    except ValidationError:
        return str(value)
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _choice(field: forms.Field, value: Any) -> str:
    """Return the label of a choice, or the text itself."""
    if isinstance(field, forms.ModelChoiceField):
        return _record(field, value)
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return _labels(choices).get(str(value), str(value))
    return str(value)


def _record(field: "forms.ModelChoiceField[Any]", value: Any) -> str:
    key = field.to_field_name or "pk"
    try:
        row = field.queryset.filter(**{key: value}).first() if field.queryset is not None else None
    except (ValueError, ValidationError):
        row = None
    return str(field.label_from_instance(row)) if row is not None else str(value)


def _labels(choices: Iterable[Any]) -> dict[str, str]:
    """Return the labels of all choices, those in groups too."""
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            found |= _labels(label)
        else:
            found[str(value)] = str(label)
    return found

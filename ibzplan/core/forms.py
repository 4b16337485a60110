"""Form fields and the translation of domain errors into field errors."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ibzplan.core.errors import DomainError


class QuantityField(forms.CharField):
    """An exact number as people type it: 1 234,5 or 1234.5, in every language."""

    def __init__(self, **kwargs: Any) -> None:
        """Ask the phone for its numeric keyboard, and the browser for no history."""
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Return a Decimal, or None when empty. Both comma and point are the decimal mark."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        plain = "".join(str(text).split()).replace("\N{MINUS SIGN}", "-")
        if plain.count(",") + plain.count(".") > 1:
            raise ValidationError(
                _("“%(value)s” has more than one decimal mark. Write 1234,5.") % {"value": text}
            )
        try:
            number = Decimal(plain.replace(",", "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValidationError(
                _("“%(value)s” is not a number. Write for instance 1234,5.") % {"value": text}
            )
        if number.adjusted() >= 11 or -(number.as_tuple().exponent or 0) > 4:  # type: ignore[operator]
            raise ValidationError(
                _("“%(value)s” is too long: at most 11 digits and 4 decimals.") % {"value": text}
            )
        return number

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number without trailing zeros."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def add_domain_error(form: forms.BaseForm, error: DomainError) -> None:
    """Show a broken rule at its field, or above the form when it has none."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, error.message)
